"""Two at the same instant: one wins, the other is told. Holds on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import User
from certification.models import CertificateCondition, ConditionDischarge, ConditionExtension
from certification.services import conditions, discharges
from core.errors import DomainError, IllegalMove
from core.models import AuditEvent, OutgoingMail
from tests.certification.organiser.test_races import at_once
from tests.factories import conditions as make

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
