"""Two at the same instant: one wins, the other is told. Holds on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import User
from certification.models import Certificate, CertificateCondition, ConditionDischarge, ConditionExtension, Decision
from certification.services import conditions, discharges, reviews
from core import audit
from core.errors import DomainError, IllegalMove
from core.models import AuditEvent, OutgoingMail
from tests.certification.changes.test_changes import submitted as plan_submitted
from tests.certification.changes.test_changes import told
from tests.certification.conditions.test_going_along import render, transferred, varied
from tests.certification.organiser.test_races import at_once
from tests.factories import conditions as make
from tests.factories.reviews import judge_all, recommend_as_scored, sign_as_recommended
from tests.factories.transfers import receiver

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_officers_decide_one_discharge(
    condition: CertificateCondition, organiser: User, adviser: User, second_adviser: User
) -> None:
    sent = make.submitted(condition, organiser)
    accepted, back = at_once(
        lambda: discharges.accept(actor=adviser, discharge_id=sent.pk),
        lambda: discharges.send_back(actor=second_adviser, discharge_id=sent.pk, reason="More."),
    )
    assert [isinstance(accepted, IllegalMove), isinstance(back, IllegalMove)].count(True) == 1
    sent.refresh_from_db()
    condition.refresh_from_db()
    won = isinstance(accepted, ConditionDischarge)
    assert (sent.state, condition.discharged_at is not None) == (("accepted", True) if won else ("sent_back", False))
    decided = AuditEvent.objects.filter(action__in=["condition.discharged", "condition.discharge_sent_back"])
    assert decided.count() == 1
    assert OutgoingMail.objects.filter(kind__in=["condition.accepted", "condition.sent_back"]).count() == 1


def test_two_colleagues_send_in_at_once(condition: CertificateCondition, organiser: User, colleague: User) -> None:
    results = at_once(lambda: make.submitted(condition, organiser), lambda: make.submitted(condition, colleague))
    assert sum(isinstance(one, ConditionDischarge) for one in results) == 1
    assert sum(isinstance(one, DomainError) for one in results) == 1
    assert ConditionDischarge.objects.count() == 1


def test_taken_back_while_it_is_accepted(condition: CertificateCondition, organiser: User, adviser: User) -> None:
    sent = make.submitted(condition, organiser)
    results = at_once(
        lambda: discharges.withdraw(actor=organiser, discharge_id=sent.pk),
        lambda: discharges.accept(actor=adviser, discharge_id=sent.pk),
    )
    sent.refresh_from_db()
    condition.refresh_from_db()
    assert sum(isinstance(one, IllegalMove) for one in results) == 1
    assert (sent.state == "accepted") is (condition.discharged_at is not None)


def test_two_officers_answer_one_wish(
    condition: CertificateCondition, organiser: User, adviser: User, second_adviser: User
) -> None:
    wish = make.asked(condition, organiser)
    results = at_once(
        lambda: conditions.grant(actor=adviser, extension_id=wish.pk),
        lambda: conditions.refuse(actor=second_adviser, extension_id=wish.pk, answer="No."),
    )
    assert sum(isinstance(one, IllegalMove) for one in results) == 1
    before = condition.due_on
    condition.refresh_from_db()
    wish.refresh_from_db()
    assert condition.due_on - before == timedelta(days=30 if wish.state == "granted" else 0)
    assert ConditionExtension.objects.count() == 1


# While the certificate is replaced ---------------------------------------------------------------------------------------


def test_decided_while_the_varied_document_comes_into_force(
    certificate: Certificate, condition: CertificateCondition, organiser: User, adviser: User, authoriser: User
) -> None:
    """Accepted under the old certificate it is met under the new one; else it waits there for its decision."""
    sent, wish = make.submitted(condition, organiser), make.asked(condition, organiser)
    made = varied(certificate, adviser, authoriser)
    accepted, issued = at_once(
        lambda: discharges.accept(actor=adviser, discharge_id=sent.pk),
        lambda: render(made),
    )
    assert isinstance(issued, Certificate)
    assert isinstance(accepted, ConditionDischarge | IllegalMove)
    sent.refresh_from_db()
    wish.refresh_from_db()
    condition.refresh_from_db()
    row = made.conditions.get()
    first = isinstance(accepted, ConditionDischarge)
    expected = ("accepted", condition, "lapsed", True) if first else ("submitted", row, "asked", False)
    assert (sent.state, sent.condition, wish.state, row.discharged_at is not None) == expected
    assert row.discharged_at == condition.discharged_at
    assert audit.verify_all().problem == ""


def test_a_date_moved_while_the_varied_document_comes_into_force(
    certificate: Certificate, condition: CertificateCondition, organiser: User, adviser: User, authoriser: User
) -> None:
    wish = make.asked(condition, organiser)
    made = varied(certificate, adviser, authoriser)
    granted, _issued = at_once(
        lambda: conditions.grant(actor=adviser, extension_id=wish.pk),
        lambda: render(made),
    )
    wish.refresh_from_db()
    row = made.conditions.get()
    first = isinstance(granted, ConditionExtension)
    expected = ("granted", condition, wish.until) if first else ("asked", row, condition.due_on)
    assert (wish.state, wish.condition, row.due_on) == expected


def test_sent_in_while_the_varied_document_comes_into_force(
    certificate: Certificate, condition: CertificateCondition, organiser: User, adviser: User, authoriser: User
) -> None:
    made = varied(certificate, adviser, authoriser)
    sent, _issued = at_once(lambda: make.submitted(condition, organiser), lambda: render(made))
    if isinstance(sent, ConditionDischarge):
        assert ConditionDischarge.objects.get().condition == made.conditions.get()
    else:
        assert isinstance(sent, IllegalMove)
        assert not ConditionDischarge.objects.exists()


def test_accepted_while_the_change_is_signed(
    certificate: Certificate,
    condition: CertificateCondition,
    owner: User,
    organiser: User,
    adviser: User,
    second_adviser: User,
    authoriser: User,
) -> None:
    """Before, in between or after: met it is, once, when the new certificate is in force."""
    plan = plan_submitted(told(certificate, owner), owner)
    reviews.claim(actor=second_adviser, plan_id=plan.pk)
    judge_all(plan, reviewer=second_adviser)
    recommend_as_scored(plan, reviewer=second_adviser)
    sent = make.submitted(condition, organiser)
    accepted, signed = at_once(
        lambda: discharges.accept(actor=adviser, discharge_id=sent.pk),
        lambda: sign_as_recommended(plan, by=authoriser),
    )
    assert isinstance(accepted, ConditionDischarge)
    assert isinstance(signed, Decision)
    made = render(Certificate.objects.get(plan=plan))
    condition.refresh_from_db()
    assert condition.discharged_at is not None
    assert made.conditions.get().discharged_at == condition.discharged_at
    assert audit.verify_all().problem == ""


def test_sent_in_while_the_place_passes_on(
    certificate: Certificate, condition: CertificateCondition, organiser: User, adviser: User, authoriser: User
) -> None:
    """Whoever comes second, nothing of it is the new holder's."""
    made = transferred(certificate, receiver(), adviser, authoriser)
    sent, _issued = at_once(lambda: make.submitted(condition, organiser), lambda: render(made))
    assert isinstance(sent, ConditionDischarge | IllegalMove)
    states = list(ConditionDischarge.objects.values_list("state", "condition"))
    assert states == ([("lapsed", condition.pk)] if isinstance(sent, ConditionDischarge) else [])
