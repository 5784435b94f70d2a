"""Two officers at once, each on a connection of their own: one wins, the other is told, nothing is doubled."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.models import Organisation, User
from certification.models import Certificate, CriterionReview, Decision, Plan, Review
from certification.services import decisions, reviews
from certification.services.decisions import DecisionInput
from certification.services.reviews import Judgement
from core import audit
from core.errors import Conflict, DomainError
from core.models import AuditEvent, OutboxJob
from tests.factories import accounts as people
from tests.factories import reviews as made
from tests.factories.certification import submitted_plan

pytestmark = pytest.mark.django_db(transaction=True)

Outcome = tuple[str, str]


def at_once(*actions: Callable[[], object]) -> list[Outcome]:
    """Each action in a thread of its own; "won", or the name of the error and what it says."""
    barrier = Barrier(len(actions))

    def run(action: Callable[[], object]) -> Outcome:
        try:
            barrier.wait(timeout=20)
            action()
        except DomainError as error:
            return type(error).__name__, error.message
        else:
            return "won", ""
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return sorted(pool.map(run, actions))


def test_two_officers_sign_at_once(organisation: Organisation, adviser: User, authoriser: User) -> None:
    plan = made.recommended_plan(organisation, reviewer=adviser)
    other = people.make_officer("authoriser", name="Ott Other")
    outcomes = at_once(
        lambda: decisions.sign(actor=authoriser, plan_id=plan.pk, decision=DecisionInput(outcome="certify")),
        lambda: decisions.sign(
            actor=other, plan_id=plan.pk, decision=DecisionInput(outcome="refuse", departure_reason="No.")
        ),
    )
    assert [name for name, _message in outcomes] == ["Conflict", "won"]
    decision = Decision.objects.get()
    assert decision.decided_by.name in outcomes[0][1]
    approved = decision.outcome == "certify"
    assert Plan.objects.get().state == ("approved" if approved else "refused")
    assert Certificate.objects.count() == OutboxJob.objects.filter(kind="certificate.render").count() == int(approved)
    assert AuditEvent.objects.filter(action="plan.decided").count() == 1
    assert audit.verify_all().problem == ""


def test_one_signs_while_the_other_sends_back(organisation: Organisation, adviser: User, authoriser: User) -> None:
    plan = made.recommended_plan(organisation, reviewer=adviser)
    other = people.make_officer("authoriser", name="Ott Other")
    outcomes = at_once(
        lambda: decisions.sign(actor=authoriser, plan_id=plan.pk, decision=DecisionInput(outcome="certify")),
        lambda: decisions.send_back(actor=other, plan_id=plan.pk, reason="Look again."),
    )
    assert [name for name, _message in outcomes if name == "won"] == ["won"]
    state = Plan.objects.get().state
    assert (state, Decision.objects.count(), Certificate.objects.count()) in {
        ("approved", 1, 1),
        ("under_review", 0, 0),
    }


def test_two_advisers_claim_at_once(organisation: Organisation, adviser: User, second_adviser: User) -> None:
    plan = submitted_plan(organisation)
    outcomes = at_once(
        lambda: reviews.claim(actor=adviser, plan_id=plan.pk),
        lambda: reviews.claim(actor=second_adviser, plan_id=plan.pk),
    )
    assert [name for name, _message in outcomes] == ["Conflict", "won"]
    review = Review.objects.get()
    assert review.reviewer == Plan.objects.get().reviewer
    assert review.reviewer.name in outcomes[0][1]


def test_one_adviser_judges_in_two_windows_at_once(organisation: Organisation, adviser: User) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    outcomes = at_once(
        *(
            lambda level=level: reviews.save_criterion(
                actor=adviser, plan_id=plan.pk, code="GOV-01", judgement=Judgement(level), expected_version=0
            )
            for level in (3, 4)
        )
    )
    assert [name for name, _message in outcomes] == [Conflict.__name__, "won"]
    assert CriterionReview.objects.get().version == 1
