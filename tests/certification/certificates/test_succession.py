"""One certificate takes the place of another on the same decision: what comes along, and who waits for whom."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, User
from certification.domain import certificate_number
from certification.domain.variation import Term
from certification.models import Certificate, CertificateCondition, Plan, Reminder
from certification.services import certificates, documents, variations
from core import outbox
from core.errors import IllegalMove
from core.models import AuditEvent, OutboxJob
from tests.factories import certificates as make
from tests.factories.reviews import recommended_plan, sign_as_recommended


def varied(actor: User, certificate: Certificate, **changes: object) -> Certificate:
    with transaction.atomic():
        locked = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
        return variations.create_varied(actor=actor, certificate=locked, **changes)  # type: ignore[arg-type]


def states(*certificates: Certificate) -> list[str]:
    return [Certificate.objects.get(pk=one.pk).state for one in certificates]


def render(certificate: Certificate) -> None:
    documents.render({"certificate": str(certificate.pk)})


def test_a_varied_certificate_stands_on_the_same_decision_and_takes_the_old_one_s_place_when_its_document_is_made(
    issued: Certificate, authoriser: User
) -> None:
    Certificate.objects.filter(pk=issued.pk).update(listed=False)
    made = varied(authoriser, issued, scope="The hall without its cellar.")
    assert states(issued, made) == ["in_force", "being_issued"]
    render(made)
    assert states(issued, made) == ["superseded", "in_force"]
    made.refresh_from_db()
    same = ("plan_id", "decision_id", "venue_id", "organisation_id", "holder_name", "content_hash", "decided_on")
    assert [getattr(made, name) for name in same] == [getattr(issued, name) for name in same]
    assert (made.basis, made.scope, made.supersedes, made.valid_until, made.listed) == (
        "variation",
        "The hall without its cellar.",
        issued,
        issued.valid_until,
        False,
    )
    assert made.number == certificate_number.make(timezone.localdate().year, 2)
    assert made.token != issued.token
    event = AuditEvent.objects.get(action="certificate.created", target_id=str(made.pk))
    assert (event.actor, event.facts["basis"], event.facts["supersedes"]) == (authoriser, "variation", issued.number)


def test_an_end_is_brought_forward_and_never_put_off(issued: Certificate, authoriser: User) -> None:
    later = varied(authoriser, issued, valid_until=issued.valid_until + timedelta(days=1))
    assert later.valid_until == issued.valid_until
    render(later)
    later.refresh_from_db()
    sooner = varied(authoriser, later, valid_until=issued.valid_until - timedelta(days=30))
    assert sooner.valid_until == issued.valid_until - timedelta(days=30)


def with_conditions(certificate: Certificate) -> tuple[CertificateCondition, CertificateCondition]:
    """One that was met and one that is outstanding."""
    outstanding = certificate.conditions.get()
    met = CertificateCondition.objects.create(
        certificate=certificate, criterion_code="GOV-01", text="Done.", due_on=date(2026, 1, 1)
    )
    CertificateCondition.objects.filter(pk=met.pk).update(discharged_at=timezone.now())
    met.refresh_from_db()
    return met, outstanding


def lines(certificate: Certificate) -> list[tuple[str, str, bool]]:
    rows = certificate.conditions.order_by("criterion_code")
    return [(row.criterion_code, row.text, row.discharged_at is not None) for row in rows]


def test_conditions_come_along_as_they_are(issued: Certificate, authoriser: User) -> None:
    with_conditions(issued)
    made = varied(authoriser, issued, scope="Other words.")
    assert lines(made) == lines(issued) == [("GOV-01", "Done.", True), ("GOV-02", "Put GOV-02 in place.", False)]


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ((), [("GOV-01", "Done.", True)]),
        ((("GOV-02", "In other words."),), [("GOV-01", "Done.", True), ("GOV-02", "In other words.", False)]),
        (
            (("GOV-02", "Put GOV-02 in place."), ("PHY-01", "New.")),
            [("GOV-01", "Done.", True), ("GOV-02", "Put GOV-02 in place.", False), ("PHY-01", "New.", False)],
        ),
        # A new condition on what was met once.
        ((("GOV-01", "Again."),), [("GOV-01", "Again.", False)]),
    ],
)
def test_the_conditions_that_are_given_are_what_is_outstanding(
    issued: Certificate, authoriser: User, terms: tuple[tuple[str, str], ...], expected: list[tuple[str, str, bool]]
) -> None:
    _met, outstanding = with_conditions(issued)
    given = [Term(code, text, outstanding.due_on) for code, text in terms]
    assert lines(varied(authoriser, issued, conditions=given)) == expected


def test_reminders_of_the_same_end_are_not_sent_again(issued: Certificate, authoriser: User) -> None:
    Reminder.objects.create(certificate=issued, milestone=90, created_at=timezone.now())
    same = varied(authoriser, issued, scope="Other words.")
    assert [row.milestone for row in same.reminders.all()] == [90]
    render(same)
    same.refresh_from_db()
    other = varied(authoriser, same, valid_until=issued.valid_until - timedelta(days=1))
    assert not other.reminders.exists()


def test_a_renewal_that_was_begun_is_of_the_new_one(issued: Certificate, authoriser: User, owner: User) -> None:
    from certification.services import plans

    make.running_until(issued, timezone.localdate() + timedelta(days=20))
    plan = plans.begin_renewal(actor=owner, certificate_id=issued.pk)
    made = varied(authoriser, issued, scope="Other words.")
    assert Plan.objects.get(pk=plan.pk).renews == made


@pytest.mark.parametrize("state", [s for s in Certificate.State.values if s != "in_force"])
def test_only_what_is_in_force_is_varied(decided: Certificate, authoriser: User, state: str) -> None:
    make.put_in(state, decided)
    with pytest.raises(IllegalMove):
        varied(authoriser, decided, scope="Other words.")
    assert Certificate.objects.count() == 1


def test_one_at_a_time(issued: Certificate, authoriser: User) -> None:
    varied(authoriser, issued, scope="Other words.")
    with pytest.raises(IllegalMove):
        varied(authoriser, issued, scope="And others.")
    assert Certificate.objects.count() == 2


def suspend(certificate: Certificate) -> None:
    Certificate.objects.filter(pk=certificate.pk).update(state="suspended")


def test_nothing_comes_into_force_in_place_of_what_is_suspended(issued: Certificate, authoriser: User) -> None:
    made = varied(authoriser, issued, scope="Other words.")
    suspend(issued)
    with pytest.raises(outbox.TryLater):
        render(made)
    assert states(issued, made) == ["suspended", "being_issued"]
    Certificate.objects.filter(pk=issued.pk).update(state="in_force")
    render(made)
    assert states(issued, made) == ["superseded", "in_force"]


def signed(plan: Plan, authoriser: User) -> Certificate:
    sign_as_recommended(plan, by=authoriser)
    return Certificate.objects.get(plan=plan)


def test_a_later_decision_waits_for_the_variation_before_it(
    issued: Certificate, organisation: Organisation, adviser: User, authoriser: User
) -> None:
    plan = recommended_plan(organisation, reviewer=adviser, subject=issued.venue)
    made = varied(authoriser, issued, scope="Other words.")
    renewed = signed(plan, authoriser)
    with pytest.raises(outbox.TryLater):
        render(renewed)
    render(made)
    render(renewed)
    assert states(issued, made, renewed) == ["superseded", "superseded", "in_force"]


def test_a_later_decision_does_not_wait_for_a_variation_that_a_suspension_holds(
    issued: Certificate, organisation: Organisation, adviser: User, authoriser: User
) -> None:
    plan = recommended_plan(organisation, reviewer=adviser, subject=issued.venue)
    made = varied(authoriser, issued, scope="Other words.")
    suspend(issued)
    renewed = signed(plan, authoriser)
    render(renewed)
    assert states(issued, made, renewed) == ["superseded", "superseded", "in_force"]
    render(made)
    assert states(made) == ["superseded"]


def test_a_number_that_is_rolled_back_is_given_again(issued: Certificate, authoriser: User) -> None:
    with transaction.atomic():
        certificates.next_number(timezone.localdate().year)
        transaction.set_rollback(True)
    assert varied(authoriser, issued, scope="x").number == certificate_number.make(timezone.localdate().year, 2)


def test_its_document_is_promised_once(issued: Certificate, authoriser: User) -> None:
    made = varied(authoriser, issued, scope="Other words.")
    assert OutboxJob.objects.filter(key=f"certificate:{made.pk}:render").count() == 1
