"""The first way in: no demonstration, no account, only the machine."""

from __future__ import annotations

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation, User
from accounts.services import appointments
from core.models import AuditEvent, OutgoingMail
from tests.factories import accounts as people

pytestmark = pytest.mark.django_db
EMAIL, NEW = "first@force.example", "a-long-enough-password-7"


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("create_administrator", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def set_password(client: Client, link: str) -> int:
    assert link.startswith(f"{settings.SITE_URL}/")
    page = client.get(link.removeprefix(settings.SITE_URL), follow=True)
    answer = client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    return answer.status_code


def test_from_nothing_to_appointing_an_officer(client: Client) -> None:
    link = run(EMAIL, "--name", "Fay First")
    assert set_password(client, link) == 302
    client.post(reverse("account_login"), {"login": EMAIL, "password": NEW})
    answer = client.get(reverse("accounts:people"))
    assert (answer.status_code, answer["Location"]) == (302, reverse("mfa_index")), "not without a second factor"
    admin, officer = User.objects.get(email=EMAIL), people.make_user("Olly Officer")
    appointments.appoint(actor=admin, user_id=officer.pk, area_code=people.AREA, role="adviser")
    actions = list(AuditEvent.objects.filter(chain__key=f"user:{admin.pk}").values_list("action", flat=True))
    assert actions[:2] == ["user.created", "user.password_link_made"]


def test_the_link_works_once_and_is_kept_nowhere(client: Client) -> None:
    link = run(EMAIL, "--name", "Fay First")
    key = link.rstrip("/").rsplit("-", 1)[-1]
    kept = str(list(AuditEvent.objects.values("facts"))) + str([mail.body for mail in OutgoingMail.objects.all()])
    assert key not in kept
    set_password(client, link)
    page = Client().get(link.removeprefix(settings.SITE_URL), follow=True)
    assert page.context["token_fail"] is True


def test_mailed_it_is_not_printed(run_outbox: object) -> None:
    said = run(EMAIL, "--name", "Fay First", "--mail")
    mail = OutgoingMail.objects.get(kind="administrator.link")
    assert (mail.to, settings.SITE_URL in mail.body, settings.SITE_URL in said) == (EMAIL, True, False)


def test_the_other_administrators_are_told_once(national_admin: User) -> None:
    for _run in range(2):
        run(EMAIL, "--name", "Fay First")
    assert list(OutgoingMail.objects.values_list("to", "kind")) == [(national_admin.email, "administrator.made")]


def test_an_administrator_who_lost_everything(national_admin: User, client: Client) -> None:
    run(national_admin.email)
    assert Authenticator.objects.filter(user=national_admin).exists(), "only when told so"
    link = run(national_admin.email, "--reset-second-factor")
    assert not Authenticator.objects.filter(user=national_admin).exists()
    assert set_password(client, link) == 302


def test_what_it_refuses(organisation: Organisation) -> None:
    organiser = organisation.created_by
    with pytest.raises(CommandError, match="belongs to an organisation"):
        run(organiser.email)
    with pytest.raises(CommandError, match="full name"):
        run(EMAIL)
    with pytest.raises(CommandError, match="email address"):
        run("nobody", "--name", "Fay First")
    gone = people.make_user("Gus Gone")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    with pytest.raises(CommandError, match="closed"):
        run(gone.email)
    assert not User.objects.filter(national_role="administrator").exists()
