"""Appointments, national roles, closing accounts: the administrator's work, and what stands alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import Appointment, Organisation, User
from accounts.selectors import NOBODY, authority
from accounts.services import appointments, second_factors, tokens, users
from core.errors import Conflict, InvalidInput, NotPermitted
from core.models import AuditEvent, OutgoingMail
from tests.factories import accounts as people

pytestmark = pytest.mark.django_db
OTHERS = ["owner", "colleague", "stranger", "adviser", "authoriser", "auditor"]

WORK: dict[str, Callable[[User, User], object]] = {
    "appoint": lambda actor, p: appointments.appoint(actor=actor, user_id=p.pk, area_code="kent", role="adviser"),
    "end": lambda actor, p: appointments.end(actor=actor, appointment_id=Appointment.objects.get(user=p).pk),
    "set_national_role": lambda actor, p: users.set_national_role(actor=actor, user_id=p.pk, role="auditor"),
    "close": lambda actor, p: users.close(actor=actor, user_id=p.pk),
    "reset": lambda actor, p: second_factors.reset(actor=actor, user_id=p.pk),
    "reopen": lambda actor, p: users.reopen(actor=actor, user_id=p.pk),
    "create_user": lambda actor, _p: users.create_user(actor=actor, email="n@example.org", name="N", password="x"),
}


@pytest.mark.parametrize("work", WORK)
@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_does_the_administrators_work(
    work: str, role: str, second_adviser: User, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(role)
    before = AuditEvent.objects.count()
    with pytest.raises(NotPermitted):
        WORK[work](actor, second_adviser)
    assert (AuditEvent.objects.count(), authority(second_adviser, fresh=True).areas) == (
        before,
        {people.AREA: frozenset({"adviser"})},
    )


def test_appointing_is_told_recorded_and_done_once(national_admin: User, stranger: User) -> None:
    first = appointments.appoint(actor=national_admin, user_id=stranger.pk, area_code="kent", role="authoriser")
    again = appointments.appoint(actor=national_admin, user_id=stranger.pk, area_code="kent", role="authoriser")
    assert first == again
    event = AuditEvent.objects.get(action="appointment.made")
    assert (event.chain.key, event.facts) == (f"user:{stranger.pk}", {"area": "kent", "role": "authoriser"})
    assert OutgoingMail.objects.filter(recipient=stranger, kind="appointment.made").count() == 1
    assert authority(stranger, fresh=True).authorises("kent")


def test_an_ended_appointment_gives_nothing_and_may_be_given_again(national_admin: User, adviser: User) -> None:
    held = Appointment.objects.get(user=adviser)
    appointments.end(actor=national_admin, appointment_id=held.pk)
    assert authority(adviser, fresh=True).needs_second_factor is False
    appointments.appoint(actor=national_admin, user_id=adviser.pk, area_code=people.AREA, role="adviser")
    assert Appointment.objects.filter(user=adviser).count() == 2


def test_nobody_gives_themselves_a_role(national_admin: User) -> None:
    with pytest.raises(NotPermitted):
        users.set_national_role(actor=national_admin, user_id=national_admin.pk, role="")
    with pytest.raises(NotPermitted):
        appointments.appoint(actor=national_admin, user_id=national_admin.pk, area_code="kent", role="adviser")
    with pytest.raises(NotPermitted):
        users.close(actor=national_admin, user_id=national_admin.pk)


@pytest.mark.parametrize("holder", ["adviser", "owner"])
def test_national_roles_stand_alone(holder: str, national_admin: User, request: pytest.FixtureRequest) -> None:
    person = request.getfixturevalue(holder)
    with pytest.raises(Conflict):
        users.set_national_role(actor=national_admin, user_id=person.pk, role="auditor")
    assert authority(person, fresh=True).national_role == ""


def test_whoever_has_a_national_role_is_not_appointed(national_admin: User, auditor: User) -> None:
    with pytest.raises(Conflict):
        appointments.appoint(actor=national_admin, user_id=auditor.pk, area_code="kent", role="adviser")


@pytest.mark.parametrize(("area", "role", "field"), [("atlantis", "adviser", "area"), ("kent", "chief", "role")])
def test_unknown_areas_and_roles(national_admin: User, stranger: User, area: str, role: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        appointments.appoint(actor=national_admin, user_id=stranger.pk, area_code=area, role=role)
    assert refused.value.field == field


def test_closing_ends_everything_that_opens_a_door(national_admin: User, adviser: User) -> None:
    _, secret = tokens.create(actor=adviser, user=adviser, label="t", scopes=["plans:read"], days=1)
    users.close(actor=national_admin, user_id=adviser.pk)
    adviser.refresh_from_db()
    assert (authority(adviser, fresh=True), tokens.authenticate(secret)) == (NOBODY, None)
    event = AuditEvent.objects.get(action="user.closed")
    assert event.facts == {"tokens_revoked": 1, "appointments_ended": 1, "sessions_ended": 0}
    users.reopen(actor=national_admin, user_id=adviser.pk)
    adviser.refresh_from_db()
    assert (adviser.is_active, authority(adviser, fresh=True).is_police) == (True, False)


def test_an_address_is_one_account_whatever_its_case(national_admin: User, stranger: User) -> None:
    with pytest.raises(Conflict):
        users.create_user(actor=national_admin, email="STRANGER@Example.ORG", name="N", password="x")


def test_visible_to_says_what_the_policies_say(
    organisation: Organisation,
    other_organisation: Organisation,
    request: pytest.FixtureRequest,
) -> None:
    from accounts import policies

    roles = [*OTHERS, "viewer", "national_admin", "second_adviser", "other_area_adviser"]
    cast: list[User | AnonymousUser] = [*(request.getfixturevalue(role) for role in roles), AnonymousUser()]
    for person in cast:
        seen = set(Organisation.objects.visible_to(person))
        assert seen == {o for o in Organisation.objects.all() if policies.can_view_organisation(person, o)}
        known = set(User.objects.visible_to(person))
        assert known == {u for u in User.objects.all() if policies.can_view_person(person, u)}
    counts = {role: Organisation.objects.visible_to(request.getfixturevalue(role)).count() for role in roles}
    assert counts == {
        "owner": 1, "colleague": 1, "viewer": 1, "stranger": 1, "auditor": 2, "adviser": 0, "authoriser": 0,
        "national_admin": 0, "second_adviser": 0, "other_area_adviser": 0,
    }  # fmt: skip
