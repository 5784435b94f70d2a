"""Police and national roles get nowhere without the second factor; nobody gets around it."""

from __future__ import annotations

import json
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Appointment, User
from core.models import AuditEvent, OutgoingMail
from tests.conftest import ClientFor
from tests.factories import accounts as people
from tests.factories.accounts import PASSWORD, TOTP_SEED

pytestmark = pytest.mark.django_db(transaction=True)
DEMANDED = {
    "adviser": lambda second_factor: people.make_officer("adviser", second_factor=second_factor),
    "authoriser": lambda second_factor: people.make_officer("authoriser", second_factor=second_factor),
    "administrator": lambda second_factor: people.make_administrator(second_factor=second_factor),
    "auditor": lambda second_factor: people.make_auditor(second_factor=second_factor),
}
ACCOUNT = "/account/"


def code(seed: str = TOTP_SEED) -> str:
    return format_hotp_value(hotp_value(seed, int(time.time()) // 30))


def by_password(user: User) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


@pytest.mark.parametrize("role", DEMANDED)
def test_without_one_every_page_leads_to_setting_it_up(role: str) -> None:
    client = by_password(DEMANDED[role](False))
    for address in (ACCOUNT, "/people/", "/organisations/new/", reverse("account_email"), reverse("usersessions_list")):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (302, reverse("mfa_index"))
        assert client.post(address)["Location"] == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200


@pytest.mark.parametrize("role", DEMANDED)
def test_with_one_the_password_alone_signs_nobody_in(role: str) -> None:
    client = by_password(DEMANDED[role](True))
    assert "_auth_user_id" not in client.session
    assert client.get(ACCOUNT)["Location"].startswith(reverse("account_login"))
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.context["form"].errors == {"code": ["Incorrect code."]}
    client.post(reverse("mfa_authenticate"), {"code": code()})
    assert client.get(ACCOUNT).status_code == 200


@pytest.mark.parametrize("role", DEMANDED)
def test_setting_up_in_the_browser_lets_in_at_once(role: str) -> None:
    user = DEMANDED[role](False)
    client = by_password(user)
    page = client.get(reverse("mfa_activate_totp"))
    seed = page.context["form"].secret
    assert "<svg" in page.content.decode()
    answer = client.post(reverse("mfa_activate_totp"), {"code": code(seed)})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    assert len(client.get(answer["Location"]).context["unused_codes"]) == 10
    assert client.get(ACCOUNT).status_code == 200
    trail = AuditEvent.objects.filter(chain__key=f"user:{user.pk}", action="second_factor.added").order_by("seq")
    assert [e.facts["type"] for e in trail] == ["totp", "recovery_codes"]


def test_seeds_and_codes_are_ciphertext_in_the_database() -> None:
    user = people.make_officer(second_factor=False)
    client = by_password(user)
    seed = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code(seed)})
    shown = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT type, data FROM mfa_authenticator")
        rows = {kind: data if isinstance(data, str) else json.dumps(data) for kind, data in cursor.fetchall()}
    assert set(rows) == {"totp", "recovery_codes"}
    stored = " ".join(rows.values())
    assert not [secret for secret in (seed, *shown) if secret in stored]
    assert all(json.loads(data).get("secret", json.loads(data).get("seed")).count(".") == 1 for data in rows.values())


def test_a_recovery_code_works_once() -> None:
    user = people.make_officer(second_factor=False)
    client = by_password(user)
    seed = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code(seed)})
    one = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]
    reached = []
    for _ in range(2):
        again = by_password(user)
        again.post(reverse("mfa_authenticate"), {"code": one})
        reached.append(again.get(ACCOUNT).status_code)
    assert reached == [200, 302]


def test_a_code_is_not_taken_twice() -> None:
    user = people.make_officer()
    used = code()
    first, second = by_password(user), by_password(user)
    first.post(reverse("mfa_authenticate"), {"code": used})
    second.post(reverse("mfa_authenticate"), {"code": used})
    assert [c.get(ACCOUNT).status_code for c in (first, second)] == [200, 302]


def test_guessing_codes_is_limited() -> None:
    user = people.make_officer()
    client = by_password(user)
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    limited = client.post(reverse("mfa_authenticate"), {"code": code()})
    assert limited.context["form"].errors["code"] != ["Incorrect code."]
    assert client.get(ACCOUNT).status_code == 302


def test_being_appointed_while_signed_in_stops_at_the_next_page(organiser: User) -> None:
    client = by_password(organiser)
    assert client.get(ACCOUNT).status_code == 200
    Appointment.objects.create(user=organiser, area_id="kent", role="adviser", appointed_at=timezone.now())
    assert client.get(ACCOUNT)["Location"] == reverse("mfa_index")


def test_a_stolen_password_session_cannot_add_a_key_of_its_own(organiser: User) -> None:
    """The owner has a factor; a session from before it must pass that one, not make another."""
    stolen = by_password(organiser)
    people.make_second_factor(organiser)
    Appointment.objects.create(user=organiser, area_id="kent", role="adviser", appointed_at=timezone.now())
    for name in (
        "mfa_index",
        "mfa_add_webauthn",
        "mfa_activate_totp",
        "mfa_view_recovery_codes",
        "mfa_deactivate_totp",
    ):
        answer = stolen.get(reverse(name))
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("mfa_reauthenticate"))
    stolen.post(reverse("mfa_reauthenticate"), {"code": code()})
    assert stolen.get(ACCOUNT).status_code == 200


@pytest.mark.parametrize("role", DEMANDED)
def test_the_last_factor_stays(role: str) -> None:
    user = DEMANDED[role](True)
    client = by_password(user)
    client.post(reverse("mfa_authenticate"), {"code": code()})
    refused = client.post(reverse("mfa_deactivate_totp"))
    assert refused.context["form"].errors
    Authenticator.objects.filter(user=user).delete()
    key = Authenticator.objects.create(user=user, type="webauthn", data={"name": "k", "credential": {}})
    assert client.post(reverse("mfa_remove_webauthn", args=[key.pk]))["Location"] == reverse("mfa_index")
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_organisers_may_have_one_and_may_give_it_up(organiser: User) -> None:
    people.make_second_factor(organiser)
    client = by_password(organiser)
    client.post(reverse("mfa_authenticate"), {"code": code()})
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=organiser).exists()
    assert by_password(organiser).get(ACCOUNT).status_code == 200


def test_a_session_without_it_gets_problem_json_from_the_interface_for_programs(client: Client) -> None:
    from django.http import HttpResponse
    from django.test import RequestFactory

    from accounts.middleware import RequireSecondFactor

    user = people.make_officer(second_factor=False)
    request = RequestFactory().get("/api/v1/plans/")
    request.user, request.session, request.resolver_match = user, by_password(user).session, None  # type: ignore[assignment]
    answer = RequireSecondFactor(lambda _r: HttpResponse()).process_view(request, lambda: None, (), {})
    assert answer is not None
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert isinstance(answer, HttpResponse)
    assert json.loads(answer.content)["code"] == "not-permitted"


def test_failures_are_recorded() -> None:
    user = people.make_officer()
    client = by_password(user)
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert AuditEvent.objects.filter(action="second_factor.failed", chain__key=f"user:{user.pk}").count() == 1


def test_an_administrator_resets_what_was_lost(national_admin: User, client_for: ClientFor) -> None:
    user = people.make_officer()
    theirs = by_password(user)
    theirs.post(reverse("mfa_authenticate"), {"code": code()})
    client_for(national_admin).post(reverse("accounts:second_factor_reset", args=[user.pk]))
    assert theirs.get(ACCOUNT)["Location"].startswith(reverse("account_login"))
    again = by_password(user)
    assert again.get(ACCOUNT)["Location"] == reverse("mfa_index")
    event = AuditEvent.objects.get(action="second_factor.reset")
    assert (event.actor, event.facts) == (national_admin, {"removed": 1, "sessions_ended": 1})
    assert OutgoingMail.objects.filter(recipient=user, kind="second_factor.reset").count() == 1


def test_nobody_resets_their_own(national_admin: User, client_for: ClientFor) -> None:
    answer = client_for(national_admin).post(reverse("accounts:second_factor_reset", args=[national_admin.pk]))
    assert answer.status_code == 403
    assert Authenticator.objects.filter(user=national_admin).exists()
