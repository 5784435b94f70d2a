"""The end of a review: what the adviser recommends to the authorising officer, bound to the submission that was judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from certification.domain import explanation
from certification.domain.departures import Condition
from certification.domain.scoring import AnswersError, Score
from certification.models import Plan, Recommendation
from certification.notifications import reviews as messages
from certification.selectors import decisions as selectors
from certification.selectors import reviews as cases
from certification.selectors.reviews import ReviewCase
from certification.selectors.standing import Standing, standing_of
from certification.services import _outcomes, reviews
from certification.services._moves import move_plan
from core import audit, notify
from core.errors import Incomplete, InvalidInput

__all__ = ["LONGEST_SUMMARY", "RecommendationInput", "recommend"]

LONGEST_SUMMARY: Final = 6000


@dataclass(frozen=True, slots=True)
class RecommendationInput:
    """`summary` is for the authorising officer alone; the organiser never reads it."""

    outcome: str
    summary: str
    departure_reason: str = ""
    conditions: tuple[Condition, ...] = ()


def recommend(*, actor: User, plan_id: UUID, recommendation: RecommendationInput) -> Recommendation:
    """Incomplete until every criterion that applies is judged against the answer as submitted last."""
    now = timezone.now()
    with transaction.atomic():
        plan = reviews.locked(plan_id)
        review = reviews.under_review(actor, plan)
        case = cases.case_of(plan)
        _check_complete(case)
        result = _score(case)
        standing = standing_of(case)
        outcome = _outcomes.checked(
            case,
            result,
            standing,
            outcome=recommendation.outcome,
            departure_reason=recommendation.departure_reason,
            conditions=recommendation.conditions,
        )
        move_plan(plan, "recommend", at=now)
        plan.save(update_fields=["state", "updated_at"])
        made = Recommendation.objects.create(
            plan=plan,
            review=review,
            submission=case.submission,
            outcome=outcome.outcome,
            engine_outcome=outcome.called_for,
            departure_reason=outcome.departure_reason,
            summary=_summary(recommendation.summary),
            conditions=[condition.as_dict() for condition in outcome.conditions],
            score=explanation.as_dict(result),
            recommended_by=actor,
            recommended_at=now,
        )
        if review.submission_id != case.submission.pk:
            review.submission = case.submission
            review.save(update_fields=["submission"])
        _record(actor, made, case, standing)
        _tell_authorisers(plan, made)
        return made


def _check_complete(case: ReviewCase) -> None:
    if case.drafts:
        codes = ", ".join(request.criterion_code for request in case.drafts)
        raise Incomplete(
            _("You have change requests that were not sent: %(codes)s. Send or delete them.") % {"codes": codes}
        )
    if case.unsettled:
        raise Incomplete(
            _("Judge every criterion first."),
            [_missing(item.code, item.status) for item in case.unsettled],
        )


def _missing(code: str, status: str) -> str:
    if status == "changed":
        return _("%(code)s: the organiser changed the answer since you judged it") % {"code": code}
    return _("%(code)s: not judged yet") % {"code": code}


def _score(case: ReviewCase) -> Score:
    try:
        return case.judged_score()
    except AnswersError as error:
        raise Incomplete(_("Everything is judged as not applicable, so nothing is left to score.")) from error


def _summary(value: str) -> str:
    text = reviews.tidy(value)
    if not text:
        raise InvalidInput(_("Write a summary for the authorising officer"), "summary")
    if len(text) > LONGEST_SUMMARY:
        raise InvalidInput(_("The summary must be %(most)s characters or fewer") % {"most": LONGEST_SUMMARY}, "summary")
    return text


def _record(actor: User, made: Recommendation, case: ReviewCase, standing: Standing) -> None:
    facts = {
        "outcome": made.outcome,
        "engine_outcome": made.engine_outcome,
        "departs": bool(made.departure_reason),
        "conditions": [item["code"] for item in made.conditions],
        **standing.facts,
        "overall": made.score["overall"],
        "submission": case.submission.number,
        "content_hash": case.submission.content_hash,
    }
    audit.record(actor=actor, action="plan.recommended", target=made, facts=facts, case=f"plan:{made.plan_id}")


def _tell_authorisers(plan: Plan, made: Recommendation) -> None:
    message = messages.ready_to_sign(plan)
    for officer in selectors.possible_signers(plan):
        notify.send(to=officer, message=message, key=f"recommendation:{made.pk}:{officer.pk}")
