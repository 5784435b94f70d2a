"""What a holder answers, who may, and what keeps two answers apart."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Organisation, User
from advisories.domain import threat
from advisories.models import ResponseMeasures, ThreatConfirmation
from advisories.policies import threat as policies
from advisories.services import measures, threat_answers
from certification.models import Certificate
from core import crypto
from core.errors import Conflict, IllegalMove, InvalidInput, NotPermitted
from core.models import AuditEvent
from tests.factories import certificates as make
from tests.factories import threat as given

pytestmark = pytest.mark.django_db


def confirm(row: ThreatConfirmation, by: User, version: int = 0) -> ThreatConfirmation:
    return threat_answers.confirm(actor=by, confirmation_id=row.pk, measures_version=version)


def defer(row: ThreatConfirmation, by: User, **change: object) -> ThreatConfirmation:
    said = {"reason": given.REASON, "expected_at": timezone.now() + timedelta(hours=5), **change}
    return threat_answers.defer(actor=by, confirmation_id=row.pk, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize("role", ["organiser", "colleague"])
def test_owners_and_editors_confirm(
    confirmation: ThreatConfirmation, role: str, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(role)
    confirm(confirmation, person)
    confirmation.refresh_from_db()
    assert (confirmation.state, confirmation.answered_by) == ("confirmed", person)
    assert confirmation.answered_at is not None
    event = AuditEvent.objects.get(action="threat.measures_confirmed")
    assert (event.actor, event.chain.key) == (person, f"plan:{confirmation.certificate.plan_id}")


def test_not_yet_has_a_reason_and_a_time_and_can_be_confirmed_later(
    confirmation: ThreatConfirmation, organiser: User, colleague: User
) -> None:
    defer(confirmation, colleague)
    confirmation.refresh_from_db()
    assert (confirmation.state, confirmation.reason) == ("not_yet", given.REASON)

    confirm(confirmation, organiser)
    confirmation.refresh_from_db()
    assert (confirmation.state, confirmation.reason, confirmation.expected_at) == ("confirmed", "", None)


def test_what_broke_down_after_it_was_confirmed_is_said(confirmation: ThreatConfirmation, organiser: User) -> None:
    confirm(confirmation, organiser)
    defer(confirmation, organiser)
    confirmation.refresh_from_db()
    assert confirmation.state == "not_yet"


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("organiser", True),
        ("colleague", True),
        ("viewer", False),
        ("stranger", False),
        ("adviser", False),
        ("authoriser", False),
        ("other_area_adviser", False),
        ("national_admin", False),
        ("auditor", False),
    ],
)
def test_who_may_answer(confirmation: ThreatConfirmation, role: str, may: bool, request: pytest.FixtureRequest) -> None:
    person = request.getfixturevalue(role)
    assert bool(policies.can_answer(person, confirmation)) is may
    if not may:
        for act in (confirm, defer):
            with pytest.raises(NotPermitted):
                act(confirmation, person)
        confirmation.refresh_from_db()
        assert confirmation.state == "asked"


@pytest.mark.parametrize(
    ("role", "sees", "reads"),
    [
        ("organiser", True, True),
        ("colleague", True, True),
        ("viewer", True, True),
        ("stranger", False, False),
        ("adviser", True, True),
        ("authoriser", True, True),
        ("other_area_adviser", False, False),
        ("national_admin", False, False),
        ("auditor", True, False),
    ],
)
def test_who_sees_it_and_who_reads_what_was_agreed(
    confirmation: ThreatConfirmation, role: str, sees: bool, reads: bool, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(role)
    assert ThreatConfirmation.objects.visible_to(person).exists() is sees
    assert bool(policies.can_view_confirmation(person, confirmation)) is sees
    assert bool(policies.can_read_measures(person, confirmation)) is reads
    assert bool(policies.can_read_measures(person, confirmation.certificate)) is reads


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
        ({"expected_at": timezone.now() - timedelta(minutes=1)}, "expected_at"),
        ({"expected_at": timezone.now() + timedelta(days=31)}, "expected_at"),
    ],
)
def test_what_cannot_be_taken(
    confirmation: ThreatConfirmation, organiser: User, change: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as error:
        defer(confirmation, organiser, **change)
    assert error.value.field == field


@pytest.mark.parametrize("state", threat.STATES)
@pytest.mark.parametrize("action", ["confirm", "defer"])
def test_the_whole_grid_of_answers(confirmation: ThreatConfirmation, organiser: User, state: str, action: str) -> None:
    act = {"confirm": confirm, "defer": defer}[action]
    if state == "closed":
        ThreatConfirmation.objects.filter(pk=confirmation.pk).update(state="closed", closed_at=timezone.now())
    elif state != "asked":
        {"confirmed": confirm, "not_yet": defer}[state](confirmation, organiser)
    before = ThreatConfirmation.objects.values().get()
    expected = threat.after(state, action)
    if expected is None:
        with pytest.raises(Conflict if state == "confirmed" else IllegalMove):
            act(confirmation, organiser)
        assert ThreatConfirmation.objects.values().get() == before
    else:
        act(confirmation, organiser)
        assert ThreatConfirmation.objects.get().state == expected


def test_a_certificate_that_ended_is_no_longer_asked_of(confirmation: ThreatConfirmation, organiser: User) -> None:
    make.put_in("revoked", confirmation.certificate)
    with pytest.raises(IllegalMove, match="no longer in force"):
        confirm(confirmation, organiser)


def test_what_a_newer_change_superseded_is_no_longer_asked(confirmation: ThreatConfirmation, organiser: User) -> None:
    given.record("critical")
    with pytest.raises(IllegalMove, match="has changed since"):
        confirm(confirmation, organiser)


def test_the_version_that_was_read_is_the_one_that_is_confirmed(
    confirmation: ThreatConfirmation, organiser: User
) -> None:
    given.write_measures(confirmation.certificate, by=organiser)
    with pytest.raises(Conflict, match="changed since you opened"):
        confirm(confirmation, organiser, version=0)
    confirm(confirmation, organiser, version=1)
    confirmation.refresh_from_db()
    assert confirmation.measures_version == 1


@pytest.mark.parametrize(
    "values",
    [
        {"state": "confirmed"},
        {"state": "not_yet"},
        {"state": "closed"},
        {"answered_at": timezone.now()},
        {"closed_at": timezone.now()},
    ],
)
def test_the_database_refuses_half_an_answer(confirmation: ThreatConfirmation, values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ThreatConfirmation.objects.filter(pk=confirmation.pk).update(**values)


def test_neither_measures_nor_reason_stand_in_the_database_or_the_trail(
    confirmation: ThreatConfirmation, organiser: User
) -> None:
    given.write_measures(confirmation.certificate, by=organiser)
    defer(confirmation, organiser)
    with connection.cursor() as cursor:
        for table in ("advisories_responsemeasures", "advisories_threatconfirmation", "core_auditevent"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - names of the test's own
            assert "SECRET" not in str(cursor.fetchall())
    assert ResponseMeasures.objects.get().text == given.MEASURES


def test_a_sealed_text_does_not_open_in_another_row(held: Certificate, organiser: User) -> None:
    given.write_measures(held, by=organiser)
    stored = ResponseMeasures.objects.get()
    stored.response = "exceptional"
    with pytest.raises(crypto.SealBroken):
        assert stored.text


def save(held: Certificate, by: User, text: str, version: int, response: str = "heightened") -> ResponseMeasures:
    return measures.save(actor=by, certificate_id=held.pk, response=response, text=text, expected_version=version)


def test_measures_are_saved_against_the_version_that_was_read(
    held: Certificate, organiser: User, colleague: User
) -> None:
    assert save(held, organiser, "One", 0).version == 1
    with pytest.raises(Conflict) as error:
        save(held, colleague, "Two", 0)
    assert isinstance(error.value.current, ResponseMeasures)
    assert error.value.current.text == "One"
    assert save(held, colleague, "Two", 1).version == 2
    assert save(held, organiser, "Two", 0).version == 2


@pytest.mark.parametrize(
    ("response", "text", "field"),
    [("normal", "x", "response"), ("heightened", " ", "text"), ("heightened", "x" * 10_001, "text")],
)
def test_measures_that_cannot_be_taken(
    held: Certificate, organiser: User, response: str, text: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as error:
        save(held, organiser, text, 0, response)
    assert (error.value.field, ResponseMeasures.objects.count()) == (field, 0)


@pytest.mark.parametrize("role", ["viewer", "stranger", "adviser", "national_admin", "auditor"])
def test_others_do_not_write_measures(held: Certificate, role: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotPermitted):
        save(held, request.getfixturevalue(role), "Mine", 0)
    assert not ResponseMeasures.objects.exists()


@pytest.mark.parametrize("state", ["expired", "revoked", "superseded"])
def test_nothing_is_agreed_for_a_certificate_that_is_over(held: Certificate, organiser: User, state: str) -> None:
    make.put_in(state, held)
    with pytest.raises(IllegalMove):
        save(held, organiser, "Late", 0)


def test_a_renewal_finds_the_measures_of_its_place(
    organisation: Organisation, held: Certificate, organiser: User
) -> None:
    given.write_measures(held, by=organiser)
    make.put_in("superseded", held)
    renewed = given.enhanced(make.decided_certificate(organisation, subject=held.venue))
    assert save(renewed, organiser, given.MEASURES, 0).version == 1
