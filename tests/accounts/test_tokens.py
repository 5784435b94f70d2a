"""API tokens: shown once, hashed, narrowed, ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.domain import scopes
from accounts.domain import tokens as form
from accounts.models import ApiToken, Appointment, User
from accounts.selectors import authority
from accounts.services import tokens, users
from core.errors import Conflict, InvalidInput, NotPermitted
from core.models import AuditEvent, OutgoingMail
from tests.factories import accounts as people

pytestmark = pytest.mark.django_db


def made(user: User, days: int = 10) -> tuple[ApiToken, str]:
    return tokens.create(actor=user, user=user, label="Bookings", scopes=["plans:write", "plans:read"], days=days)


def test_it_opens_what_it_says_and_its_secret_is_nowhere(organiser: User) -> None:
    token, text = made(organiser)
    prefix, secret = text.removeprefix("wm_").split("_", 1)
    assert (token.prefix, token.secret_hash) == (prefix, form.digest(secret))
    assert token.scopes == ["plans:read", "plans:write"]
    assert tokens.authenticate(text) == token
    stored = str(list(ApiToken.objects.values())) + str(list(AuditEvent.objects.values("facts")))
    assert secret not in stored + str([mail.body for mail in OutgoingMail.objects.all()])


def test_wrong_ones_open_nothing(organiser: User) -> None:
    _, text = made(organiser)
    flipped = text[:-1] + ("A" if text[-1] != "A" else "B")
    other_prefix = "wm_" + "z" * 10 + "_" + text.split("_", 2)[2]
    for wrong in (flipped, other_prefix, text[3:], text + "x" * 30, "", "wm__", "wm_\0_" + "x" * 43):
        assert tokens.authenticate(wrong) is None


def test_revoked_run_out_and_closed(organiser: User, national_admin: User) -> None:
    token, text = made(organiser, days=2)
    with time_machine.travel(timezone.now() + timedelta(days=2, seconds=1)):
        assert tokens.authenticate(text) is None
    tokens.revoke(actor=organiser, token_id=token.pk)
    assert tokens.authenticate(text) is None
    _, other = made(organiser)
    users.close(actor=national_admin, user_id=organiser.pk)
    assert tokens.authenticate(other) is None


@pytest.mark.parametrize("make", [people.make_officer, people.make_administrator, people.make_auditor])
def test_whoever_needs_a_second_factor_needs_it_for_tokens(make: object) -> None:
    assert callable(make)
    with pytest.raises(NotPermitted):
        made(make(second_factor=False))
    person = make()
    _, text = made(person)
    assert tokens.authenticate(text) is not None
    Authenticator.objects.filter(user=person).delete()
    assert tokens.authenticate(text) is None


def test_a_token_from_before_the_appointment_stops(organiser: User) -> None:
    _, text = made(organiser)
    Appointment.objects.create(user=organiser, area_id="kent", role="adviser", appointed_at=timezone.now())
    assert tokens.authenticate(text) is None


def test_use_is_noted_at_most_once_a_minute(organiser: User) -> None:
    token, text = made(organiser)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for seconds, expected in ((0, 0), (59, 0), (1, 60), (30, 60)):
            clock.shift(seconds)
            tokens.authenticate(text)
            token.refresh_from_db()
            assert token.last_used_at is not None
            first = token.last_used_at if (seconds, expected) == (0, 0) else first  # noqa: F821 - set in the first round
            assert round((token.last_used_at - first).total_seconds()) == expected


def test_it_takes_one_query_and_brings_the_owners_authority(
    organiser: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Memberships and appointments come as pairs: each is there once, and none that has ended."""
    people.make_second_factor(organiser)
    for name in ("One", "Two"):
        people.make_organisation(organiser, name=name)
    for area, role in (("kent", "adviser"), ("kent", "authoriser"), (people.AREA, "adviser")):
        people.appointments.appoint(actor=None, user_id=organiser.pk, area_code=area, role=role)
    Appointment.objects.filter(user=organiser, area_id=people.AREA).update(ended_at=timezone.now())
    _, text = made(organiser)
    tokens.authenticate(text)
    with django_assert_num_queries(1):
        token = tokens.authenticate(text)
        assert token is not None
        brought = authority(token.user)
    assert brought == authority(organiser, fresh=True)
    assert (len(brought.organisations), dict(brought.areas)) == (2, {"kent": frozenset({"adviser", "authoriser"})})
    with django_assert_num_queries(0):
        tokens.authenticate("wm_short_secret")
    assert connection.vendor in {"sqlite", "postgresql"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"days": 0}, "days"),
        ({"days": 366}, "days"),
        ({"label": " "}, "label"),
    ],
)
def test_what_cannot_be_made(organiser: User, change: dict[str, object], field: str) -> None:
    wanted: dict[str, object] = {"label": "x", "scopes": ["plans:read"], "days": 1} | change
    with pytest.raises(InvalidInput) as refused:
        tokens.create(actor=organiser, user=organiser, **wanted)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_there_is_a_limit(organiser: User) -> None:
    for _ in range(tokens.MAX_OPEN):
        made(organiser)
    with pytest.raises(Conflict):
        made(organiser)


def test_only_for_oneself_and_revoked_by_owner_or_administrator(
    organiser: User, stranger: User, auditor: User, national_admin: User
) -> None:
    with pytest.raises(NotPermitted):
        tokens.create(actor=national_admin, user=organiser, label="x", scopes=["plans:read"], days=1)
    token, _ = made(organiser)
    for actor in (stranger, auditor):
        with pytest.raises(NotPermitted):
            tokens.revoke(actor=actor, token_id=token.pk)
    tokens.revoke(actor=national_admin, token_id=token.pk)
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_the_command_prints_the_token_alone(organiser: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_token", organiser.email.upper(), "--scopes", "plans:read", "subjects:read", "--days", "3")
    text = capsys.readouterr().out.strip()
    token = tokens.authenticate(text)
    assert token is not None
    assert (token.user, token.scopes) == (organiser, ["subjects:read", "plans:read"])


@pytest.mark.parametrize(
    "arguments", [["no@example.org", "--scopes", "plans:read"], ["organiser@example.org", "--scopes", "x"]]
)
def test_the_command_refuses(organiser: User, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("create_token", *arguments)
    assert not ApiToken.objects.exists()


def test_scopes_are_all_labelled() -> None:
    from accounts.forms.own import TokenForm

    assert [value for value, _label in TokenForm.base_fields["scopes"].choices] == list(scopes.SCOPES)  # type: ignore[attr-defined]
