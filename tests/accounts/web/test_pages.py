"""Each page of people and teams: who may open it, and in how many queries."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import ApiToken, Appointment, Invitation, Membership, Organisation, User
from accounts.services import invitations, tokens
from tests.conftest import ClientFor
from tests.factories import accounts as people

pytestmark = pytest.mark.django_db

OK, FORBIDDEN, NOT_FOUND, SIGN_IN = 200, 403, 404, 302


@pytest.fixture
def addresses(organisation: Organisation, owner: User, colleague: User, adviser: User) -> dict[str, str]:
    """One address of each page, on the cast's rows."""
    member = Membership.objects.get(user=colleague)
    invitation = invitations.invite(
        actor=owner, organisation_id=organisation.pk, email="new@example.org", role="viewer"
    )
    appointment = Appointment.objects.get(user=adviser)
    token, _ = tokens.create(actor=owner, user=owner, label="Bookings", scopes=["plans:read"], days=5)
    team, one = {"pk": organisation.pk}, {"pk": adviser.pk}
    arguments: dict[str, dict[str, object]] = {
        "account": {}, "change_name": {}, "tokens": {}, "token_new": {}, "token_revoke": {"pk": token.pk},
        "organisation_new": {}, "organisation_rename": team, "team": team, "invite": team,
        "member_role": {**team, "membership": member.pk}, "member_remove": {**team, "membership": member.pk},
        "invitation_withdraw": {**team, "invitation": invitation.pk},
        "people": {}, "person": one, "appoint": one, "appointment_end": {**one, "appointment": appointment.pk},
        "national_role": one, "person_close": one, "person_reopen": one, "second_factor_reset": one, "areas": {}, "area": {"code": people.AREA},
    }  # fmt: skip
    return {name: reverse(f"accounts:{name}", kwargs=kwargs) for name, kwargs in arguments.items()}


OWN = dict.fromkeys(["account", "change_name", "tokens", "token_new"], OK)
TEAM = ["organisation_rename", "team", "invite", "member_role", "member_remove", "invitation_withdraw"]
PEOPLE_READ = ["people", "person", "areas", "area"]
PEOPLE_CHANGE = ["second_factor_reset", "appoint", "appointment_end", "national_role", "person_close", "person_reopen"]
NO_PEOPLE = {"people": FORBIDDEN, "areas": FORBIDDEN, "area": FORBIDDEN} | dict.fromkeys(
    ["person", *PEOPLE_CHANGE], NOT_FOUND
)
NO_TEAM = dict.fromkeys(TEAM, NOT_FOUND)
READS_TEAM = {"team": OK} | dict.fromkeys(TEAM[:1] + TEAM[2:], FORBIDDEN)

GRID: dict[str, dict[str, int]] = {
    "owner": {**OWN, **dict.fromkeys(TEAM, OK), **NO_PEOPLE, "organisation_new": OK, "token_revoke": OK},
    "colleague": {**OWN, **READS_TEAM, "member_remove": OK, **NO_PEOPLE, "organisation_new": OK, "token_revoke": NOT_FOUND},
    "viewer": {**OWN, **READS_TEAM, **NO_PEOPLE, "organisation_new": OK, "token_revoke": NOT_FOUND},
    "stranger": {**OWN, **NO_TEAM, **NO_PEOPLE, "organisation_new": OK, "token_revoke": NOT_FOUND},
    "adviser": {
        **OWN, **NO_TEAM, **NO_PEOPLE, "person": FORBIDDEN, **dict.fromkeys(PEOPLE_CHANGE, FORBIDDEN),
        "organisation_new": OK, "token_revoke": NOT_FOUND,
    },
    "authoriser": {**OWN, **NO_TEAM, **NO_PEOPLE, "organisation_new": OK, "token_revoke": NOT_FOUND},
    "national_admin": {
        **OWN, **NO_TEAM, **dict.fromkeys([*PEOPLE_READ, *PEOPLE_CHANGE], OK),
        "organisation_new": FORBIDDEN, "token_revoke": NOT_FOUND,
    },
    "auditor": {
        **OWN, **READS_TEAM, **dict.fromkeys(PEOPLE_READ, OK), **dict.fromkeys(PEOPLE_CHANGE, FORBIDDEN),
        "organisation_new": FORBIDDEN, "token_revoke": NOT_FOUND,
    },
}  # fmt: skip


@pytest.mark.parametrize("role", GRID)
def test_each_role_against_each_page(
    role: str, addresses: dict[str, str], request: pytest.FixtureRequest, client_for: ClientFor
) -> None:
    client = client_for(request.getfixturevalue(role))
    found = {name: client.get(address).status_code for name, address in addresses.items()}
    assert found == GRID[role]


def test_signed_out_people_are_sent_to_sign_in(addresses: dict[str, str], client: Client) -> None:
    found = {name: client.get(address) for name, address in addresses.items()}
    assert {name: (r.status_code, r["Location"].split("?")[0]) for name, r in found.items()} == {
        name: (SIGN_IN, reverse("account_login")) for name in addresses
    }


def test_refused_posts_change_nothing(
    addresses: dict[str, str], client_for: ClientFor, viewer: User, adviser: User
) -> None:
    client = client_for(viewer)
    answers = {
        "name": "Other", "email": "x@example.org", "role": "owner", "area": people.AREA, "national_role": "auditor",
    }  # fmt: skip
    before = _state()
    codes = {client.post(addresses[name], answers).status_code for name in [*TEAM[:1], *TEAM[2:], *PEOPLE_CHANGE]}
    assert codes == {FORBIDDEN, NOT_FOUND}
    assert _state() == before


def _state() -> list[object]:
    return [
        list(Organisation.objects.values_list("name", flat=True)),
        list(Membership.objects.order_by("pk").values_list("user_id", "role")),
        list(Invitation.objects.order_by("pk").values_list("email", "withdrawn_at")),
        list(Appointment.objects.order_by("pk").values_list("user_id", "ended_at")),
        list(User.objects.order_by("pk").values_list("pk", "national_role", "is_active")),
    ]


@pytest.mark.parametrize("members", [1, 300])
def test_team_takes_the_same_queries_at_any_size(
    members: int,
    organisation: Organisation,
    owner: User,
    client_for: ClientFor,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    _fill(organisation, members - 1)
    client = client_for(owner)
    # One each: session, user, organisation, members, invitations, mail that came back; two: authority.
    with django_assert_num_queries(8):
        response = client.get(reverse("accounts:team", args=[organisation.pk]))
    assert len(response.context["team"].members.rows) == min(members, 50)


@pytest.mark.parametrize("members", [1, 300])
def test_people_take_the_same_queries_at_any_size(
    members: int,
    organisation: Organisation,
    national_admin: User,
    client_for: ClientFor,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    _fill(organisation, members)
    client = client_for(national_admin)
    # One each: session, user, people; two: authority.
    with django_assert_num_queries(5):
        client.get(reverse("accounts:people"))


def _fill(organisation: Organisation, number: int) -> None:
    made = User.objects.bulk_create(
        [User(email=f"{uuid4().hex}@example.org", name=f"Member {n}") for n in range(number)]
    )
    Membership.objects.bulk_create(
        [Membership(organisation=organisation, user=u, role="viewer", joined_at=timezone.now()) for u in made]
    )


def test_second_page_of_a_team_follows_the_first(
    organisation: Organisation, owner: User, client_for: ClientFor
) -> None:
    _fill(organisation, 60)
    client = client_for(owner)
    address = reverse("accounts:team", args=[organisation.pk])
    first = client.get(address).context["team"].members
    second = client.get(address, {"cursor": first.next_cursor}).context["team"].members
    assert (len(first.rows), len(second.rows)) == (50, 11)
    assert not {m.pk for m in first.rows} & {m.pk for m in second.rows}


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_site_after_registering(
    elsewhere: str, organiser: User, client_for: ClientFor
) -> None:
    client, address = client_for(organiser), reverse("accounts:organisation_new")
    assert elsewhere not in client.get(address, {"next": elsewhere}).content.decode()
    made = client.post(address, {"name": "Quay Players", "kind": "charity", "next": elsewhere})
    organisation = Organisation.objects.get(name="Quay Players")
    assert made["Location"] == reverse("accounts:team", args=[organisation.pk])


def test_register_invite_accept_change_and_leave(
    stranger: User, organiser: User, client_for: ClientFor, run_outbox: Callable[[], int], mailoutbox: list[object]
) -> None:
    client = client_for(organiser)
    made = client.post(reverse("accounts:organisation_new"), {"name": "  Quay   Players ", "kind": "charity"})
    organisation = Organisation.objects.get(name="Quay Players")
    assert made["Location"] == reverse("accounts:team", args=[organisation.pk])
    client.post(reverse("accounts:invite", args=[organisation.pk]), {"email": "Stranger@Example.org", "role": "editor"})
    run_outbox()
    link = _link(str(mailoutbox[0].body), "/invitations/")  # type: ignore[attr-defined]
    guest = client_for(stranger)
    assert guest.get(link).status_code == OK
    assert guest.post(link).status_code == SIGN_IN
    member = Membership.objects.get(organisation=organisation, user=stranger)
    assert member.role == "editor"
    client.post(reverse("accounts:member_role", args=[organisation.pk, member.pk]), {"role": "viewer"})
    member.refresh_from_db()
    assert member.role == "viewer"
    left = guest.post(reverse("accounts:member_remove", args=[organisation.pk, member.pk]))
    assert (left.status_code, Membership.objects.filter(pk=member.pk).exists()) == (SIGN_IN, False)


def _link(body: str, part: str) -> str:
    [line] = [line for line in body.splitlines() if part in line]
    return line.removeprefix(settings.SITE_URL)


def test_a_refusal_of_the_service_comes_back_in_the_form(
    organisation: Organisation, owner: User, client_for: ClientFor
) -> None:
    member = Membership.objects.get(user=owner)
    response = client_for(owner).post(
        reverse("accounts:member_role", args=[organisation.pk, member.pk]), {"role": "viewer"}
    )
    assert response.context["form"].non_field_errors() == [
        "An organisation must keep an owner. Make somebody else an owner first."
    ]


def test_an_invitation_shows_nothing_to_whoever_guesses(client: Client) -> None:
    response = client.get(reverse("accounts:invitation_accept", args=["not-a-token"]))
    assert response.status_code == NOT_FOUND


def test_a_token_is_shown_once(owner: User, client_for: ClientFor) -> None:
    client = client_for(owner)
    response = client.post(
        reverse("accounts:token_new"), {"label": "Bookings", "scopes": ["plans:read", "subjects:read"], "days": "30"}
    )
    token = ApiToken.objects.get()
    secret = response.context["secret"]
    assert secret in response.content.decode()
    assert response["Cache-Control"] == "no-store"
    assert (token.scopes, token.user) == (["subjects:read", "plans:read"], owner)
    assert secret.split("_", 2)[2] not in client.get(reverse("accounts:tokens")).content.decode()
    client.post(reverse("accounts:token_revoke", args=[token.pk]))
    assert tokens.authenticate(secret) is None


def test_administrator_appoints_and_ends(national_admin: User, stranger: User, client_for: ClientFor) -> None:
    client = client_for(national_admin)
    found = client.get(reverse("accounts:people"), {"search": "stranger@"})
    assert [p.pk for p in found.context["page"].rows] == [stranger.pk]
    client.post(reverse("accounts:appoint", args=[stranger.pk]), {"area": "kent", "role": "adviser"})
    appointment = Appointment.objects.get(user=stranger)
    assert (appointment.area_id, appointment.role, appointment.appointed_by) == ("kent", "adviser", national_admin)
    client.post(reverse("accounts:appointment_end", args=[stranger.pk, appointment.pk]))
    appointment.refresh_from_db()
    assert appointment.ended_at is not None


def test_closing_an_account_signs_the_person_out(national_admin: User, stranger: User, client_for: ClientFor) -> None:
    theirs = client_for(stranger)
    assert theirs.get(reverse("accounts:account")).status_code == OK
    client_for(national_admin).post(reverse("accounts:person_close", args=[stranger.pk]))
    assert theirs.get(reverse("accounts:account")).status_code == SIGN_IN


def test_sent_mail_is_for_the_demonstration_alone(
    client: Client, settings: Settings, organisation: Organisation, owner: User
) -> None:
    invitations.invite(actor=owner, organisation_id=organisation.pk, email="new@example.org", role="viewer")
    settings.DEMO = False
    assert client.get(reverse("accounts:sent_mail")).status_code == NOT_FOUND
    settings.DEMO = True
    listed = client.get(reverse("accounts:sent_mail"))
    [mail] = listed.context["page"].rows
    assert mail.to == "new@example.org"
    assert "/invitations/" in client.get(reverse("accounts:sent_mail_message", args=[mail.pk])).content.decode()
    settings.DEMO = False
    assert client.get(reverse("accounts:sent_mail_message", args=[mail.pk])).status_code == NOT_FOUND
