"""Signing up, in and out, and forgetting: without ever saying who has an account."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from accounts import notifications
from accounts.models import User
from core.models import AuditEvent, OutgoingMail
from tests.conftest import ClientFor
from tests.factories import accounts as people
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db
SIGN_UP = {"name": "Nia New", "password1": PASSWORD, "password2": PASSWORD}


def latest_link(kind: str) -> str:
    return link_in(OutgoingMail.objects.filter(kind=f"identity.{kind}").latest("pk").body)


def link_in(body: str) -> str:
    found = re.search(r"https?://\S+", body)
    assert found is not None
    assert found[0].startswith(settings.SITE_URL)
    return found[0].removeprefix(settings.SITE_URL)


def sign_in(client: Client, email: str, password: str = PASSWORD) -> object:
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_sign_up_confirm_and_sign_in(
    client: Client, run_outbox: Callable[[], int], mailoutbox: list[EmailMessage]
) -> None:
    answer = client.post(reverse("account_signup"), {**SIGN_UP, "email": "Nia@Example.org"})
    assert answer["Location"] == reverse("account_email_verification_sent")
    user = User.objects.get(email="nia@example.org")
    assert (user.name, EmailAddress.objects.get(user=user).verified) == ("Nia New", False)
    sign_in(client, user.email)
    assert client.get(reverse("accounts:account")).status_code == 302, "not before the address is confirmed"
    assert (run_outbox(), len(mailoutbox)) == (1, 1)
    link = link_in(str(mailoutbox[0].body))
    assert client.get(link).status_code == 200
    assert EmailAddress.objects.get(user=user).verified is False, (
        "opening a link is not confirming: mail scanners open it"
    )
    client.post(link)
    assert EmailAddress.objects.get(user=user).verified is True
    sign_in(client, user.email)
    assert client.get(reverse("accounts:account")).status_code == 200
    trail = AuditEvent.objects.filter(chain__key=f"user:{user.pk}").order_by("seq")
    assert [e.action for e in trail][:3] == ["user.signed_up", "user.email_confirmed", "user.signed_in"]


def test_signing_up_twice_says_the_same_and_tells_the_owner(client: Client, organiser: User) -> None:
    known = client.post(reverse("account_signup"), {**SIGN_UP, "email": organiser.email})
    unknown = Client().post(reverse("account_signup"), {**SIGN_UP, "email": "free@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert User.objects.filter(email=organiser.email).get().name == organiser.name
    assert list(OutgoingMail.objects.order_by("pk").values_list("to", "kind")) == [
        (organiser.email, "identity.account_already_exists"),
        ("free@example.org", "identity.email_confirmation_signup"),
    ]


def test_forgetting_says_the_same_for_known_and_unknown(client: Client, organiser: User) -> None:
    answers = [
        client.post(reverse("account_reset_password"), {"email": email})
        for email in (organiser.email, "nobody@example.org")
    ]
    assert {(a.status_code, a["Location"]) for a in answers} == {(302, reverse("account_reset_password_done"))}
    kinds = dict(OutgoingMail.objects.values_list("to", "kind"))
    assert kinds == {
        organiser.email: "identity.password_reset_key",
        "nobody@example.org": "identity.unknown_account",
    }


def test_wrong_password_and_unknown_address_read_alike(client: Client, organiser: User) -> None:
    errors = [
        client.post(reverse("account_login"), {"login": email, "password": "wrong-password-1"}).context["form"].errors
        for email in (organiser.email, "nobody@example.org")
    ]
    assert errors[0] == errors[1] != {}


def test_only_whoever_knows_the_password_learns_that_an_account_is_closed(client: Client, organiser: User) -> None:
    User.objects.filter(pk=organiser.pk).update(is_active=False)
    known = client.post(reverse("account_login"), {"login": organiser.email, "password": PASSWORD})
    assert (known["Location"], "_auth_user_id" in client.session) == (reverse("account_inactive"), False)
    errors = [
        client.post(reverse("account_login"), {"login": email, "password": "wrong-password-1"}).context["form"].errors
        for email in (organiser.email, "nobody@example.org")
    ]
    assert errors[0] == errors[1] != {}


def test_reset_ends_the_other_sessions(client: Client, organiser: User) -> None:
    elsewhere = Client()
    sign_in(elsewhere, organiser.email)
    assert elsewhere.get(reverse("accounts:account")).status_code == 200
    client.post(reverse("account_reset_password"), {"email": organiser.email})
    page = client.get(latest_link("password_reset_key"), follow=True)
    new = "another-long-password-7"
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    assert elsewhere.get(reverse("accounts:account")).status_code == 302
    sign_in(client, organiser.email, new)
    assert client.get(reverse("accounts:account")).status_code == 200
    assert AuditEvent.objects.filter(action="user.password_reset", target_id=str(organiser.pk)).exists()


def test_changing_the_password_ends_every_session(client: Client, organiser: User) -> None:
    elsewhere = Client()
    for one in (client, elsewhere):
        sign_in(one, organiser.email)
    new = "another-long-password-7"
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert [one.get(reverse("accounts:account")).status_code for one in (client, elsewhere)] == [302, 302]
    assert OutgoingMail.objects.filter(kind="identity.password_changed", to=organiser.email).exists()


def test_links_in_mail_do_not_follow_the_host_header(client: Client, organiser: User) -> None:
    client.post(reverse("account_reset_password"), {"email": organiser.email}, headers={"host": "localhost"})
    assert latest_link("password_reset_key").startswith("/accounts/password/reset/key/")


def test_sign_in_is_limited_for_an_account_and_for_an_address(client: Client, organiser: User) -> None:
    for _ in range(5):
        sign_in(client, organiser.email, "wrong-password-1")
    limited = client.post(reverse("account_login"), {"login": organiser.email, "password": PASSWORD})
    assert limited.context["form"].non_field_errors() == ["Too many failed login attempts. Try again later."]
    assert "_auth_user_id" not in client.session


def test_sign_up_is_limited_for_an_address(client: Client) -> None:
    codes = [
        client.post(reverse("account_signup"), {**SIGN_UP, "email": f"n{n}@example.org"}).status_code for n in range(11)
    ]
    assert codes == [302] * 10 + [429]


def test_a_forwarded_header_does_not_lift_the_limit(client: Client) -> None:
    codes = [
        client.post(
            reverse("account_signup"),
            {**SIGN_UP, "email": f"n{n}@example.org"},
            headers={"x-forwarded-for": f"203.0.113.{n}"},
        ).status_code
        for n in range(11)
    ]
    assert codes[-1] == 429


@pytest.mark.parametrize("password", ["short-1", "password1234", "harbour"])
def test_weak_passwords_are_refused(client: Client, password: str) -> None:
    answer = client.post(
        reverse("account_signup"),
        {"name": "N", "email": "n@example.org", "password1": password, "password2": password},
    )
    assert "password1" in answer.context["form"].errors


def test_leaving_for_another_site_after_signing_in_is_refused(client: Client, organiser: User) -> None:
    answer = client.post(
        reverse("account_login"),
        {"login": organiser.email, "password": PASSWORD, "next": "https://evil.example.com/"},
    )
    assert answer["Location"] == settings.LOGIN_REDIRECT_URL


def test_a_new_address_counts_from_its_confirmation(client_for: ClientFor, organiser: User) -> None:
    client = Client()
    sign_in(client, organiser.email)
    client.post(reverse("account_email"), {"email": "moved@example.org", "action_add": "1"})
    organiser.refresh_from_db()
    assert organiser.email == "organiser@example.org"
    client.post(latest_link("email_confirmation"))
    organiser.refresh_from_db()
    assert organiser.email == "moved@example.org"


def test_sessions_are_listed_and_ended(organiser: User) -> None:
    here, elsewhere = Client(), Client()
    for one in (here, elsewhere):
        sign_in(one, organiser.email)
    assert len(here.get(reverse("usersessions_list")).context["sessions"]) == 2
    here.post(reverse("usersessions_list"))
    assert elsewhere.get(reverse("accounts:account")).status_code == 302
    assert here.get(reverse("accounts:account")).status_code == 200


def _prefixes() -> Iterator[str]:
    """Every message that allauth can send in this configuration, read from its templates."""
    from pathlib import Path

    import allauth

    root = Path(allauth.__file__).parent / "templates"
    for app in ("account", "mfa"):
        for path in sorted((root / app / "email").glob("*_subject.txt")):
            yield f"{app}/email/{path.name.removesuffix('_subject.txt')}"


def test_every_message_of_allauth_has_our_words() -> None:
    by_code = {"account/email/login_code", "account/email/password_reset_code"}
    links = dict.fromkeys(["activate_url", "password_reset_url", "signup_url"], "https://here.example.org/x")
    missing = []
    for prefix in set(_prefixes()) - by_code:
        try:
            message = notifications.identity(prefix, links)
        except KeyError:
            missing.append(prefix)
            continue
        assert "%(" not in message.body
    assert missing == []


SIGNED_OUT = [
    "account_login", "account_signup", "account_reset_password", "account_reset_password_done",
    "account_email_verification_sent", "account_reset_password_from_key_done", "account_inactive",
]  # fmt: skip
SIGNED_IN = [
    "account_logout", "account_email", "account_change_password", "account_reauthenticate", "mfa_index",
    "usersessions_list", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn",
]  # fmt: skip
WITH_FACTOR = [
    "mfa_reauthenticate", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
]  # fmt: skip


def _check_page(client: Client, name: str) -> None:
    response = client.get(reverse(name))
    page = response.content.decode()
    assert response.status_code == 200, name
    assert page.count("<h1") == 1
    assert "govuk-template" in page
    assert "placeholder=" not in page
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=", page), "the content security policy forbids it"
    inline = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", page)
    assert all('type="application/json"' in attributes for attributes in inline)


@pytest.mark.parametrize("name", SIGNED_OUT)
def test_signed_out_pages_are_ours(client: Client, name: str) -> None:
    _check_page(client, name)


@pytest.mark.parametrize("name", SIGNED_IN)
def test_signed_in_pages_are_ours(name: str, organiser: User) -> None:
    client = Client()
    sign_in(client, organiser.email)
    _check_page(client, name)


@pytest.mark.parametrize("name", WITH_FACTOR)
def test_second_factor_pages_are_ours(name: str, adviser: User, client_for: ClientFor) -> None:
    client = client_for(adviser)
    client.post(reverse("mfa_generate_recovery_codes"))
    _check_page(client, name)


def test_every_page_of_allauth_is_overridden() -> None:
    """A page of theirs that we forgot would come in another dress, and with inline style."""
    from pathlib import Path

    import allauth

    theirs = Path(allauth.__file__).parent / "templates"
    ours = settings.BASE_DIR / "templates"
    by_code_or_phone = re.compile(r"code\.html$|phone|passkey|signup_form|trust\.html|base|snippets|messages|email/")
    pages = [
        p.relative_to(theirs) for app in ("account", "mfa", "usersessions") for p in (theirs / app).rglob("*.html")
    ]
    assert [str(p) for p in sorted(pages) if not by_code_or_phone.search(str(p)) and not (ours / p).exists()] == []


def test_people_factories_sign_in(client: Client) -> None:
    user = people.make_user()
    sign_in(client, user.email)
    assert client.get(reverse("accounts:account")).context["person"] == user
