"""What the pages of the police side share: who asks, which plan, and a score as the layout draws it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from certification.domain import explanation, lifecycle
from certification.domain.scoring import Score
from certification.domain.standard import Standard
from certification.models import Plan
from certification.policies import reviews as policies
from certification.selectors import reviews as selectors
from certification.selectors.reviews import ReviewCase
from core.govuk.charts import ScoreRow
from core.govuk.panels import Step, StepState

__all__ = [
    "blocker_lines",
    "case_for",
    "criterion_or_404",
    "officer",
    "overall_met",
    "score_rows",
    "steps_of",
    "submitted_plan",
]

_STAGES = (
    (lifecycle.SUBMITTED, _("Submitted")),
    (lifecycle.UNDER_REVIEW, _("Under review")),
    (lifecycle.RECOMMENDED, _("Awaiting signature")),
    (lifecycle.APPROVED, _("Decided")),
)
_STAGE_OF = {
    lifecycle.SUBMITTED: 0,
    lifecycle.UNDER_REVIEW: 1,
    lifecycle.CHANGES_REQUESTED: 1,
    lifecycle.RECOMMENDED: 2,
    lifecycle.APPROVED: 3,
    lifecycle.REFUSED: 3,
}


def officer(request: HttpRequest) -> User:
    """The signed-in person of a view behind `login_required`."""
    assert isinstance(request.user, User)  # noqa: S101 - login_required saw to it
    return request.user


def submitted_plan(request: HttpRequest, plan_id: UUID) -> Plan:
    """404 for a stranger, and for a plan that no police officer was ever sent."""
    plans = Plan.objects.visible_to(request.user).filter(first_submitted_at__isnull=False)
    return get_object_or_404(selectors.with_subject(plans), pk=plan_id)


def case_for(request: HttpRequest, plan_id: UUID) -> ReviewCase:
    """The review's working papers: 404 for a stranger, 403 for the organisation that wrote the plan."""
    plan = submitted_plan(request, plan_id)
    policies.can_read_review(request.user, plan).require()
    return selectors.case_of(plan)


def criterion_or_404(case: ReviewCase, code: str) -> selectors.CriterionCase:
    found = case.by_code.get(code)
    if found is None:
        raise Http404
    return found


def score_rows(case: ReviewCase, score: Score) -> list[ScoreRow]:
    """A section each, with its mark; `met` from the exact figures."""
    page = reverse("certification:review", args=[case.plan.pk])
    shown = {section.section.code for section in case.sections}
    return [
        ScoreRow(
            label=section.title,
            percent=section.display,
            pass_mark=case.standard.pass_mark.section,
            met=section.passes,
            url=f"{page}#section-{section.code}",
        )
        for section in score.sections
        if section.code in shown
    ]


def overall_met(score: Score | None) -> bool | None:
    """From the exact figures: 69.96 is shown as 70.0 and does not reach 70."""
    return None if score is None else all(blocker.kind != "overall" for blocker in score.blockers)


def blocker_lines(score: Score, standard: Standard) -> list[str]:
    return [explanation.blocker_text(blocker, standard) for blocker in score.blockers]


def steps_of(plan: Plan) -> list[Step]:
    at = _STAGE_OF.get(plan.state, 0)
    return [
        Step(label=label, state=_step(plan, number, at), note=_note(plan, number, at))
        for number, (_code, label) in enumerate(_STAGES)
    ]


def _step(plan: Plan, number: int, at: int) -> StepState:
    if number == at:
        if plan.state in (lifecycle.REFUSED, lifecycle.WITHDRAWN):
            return "stopped"
        return "done" if plan.state == lifecycle.APPROVED else "current"
    return "done" if number < at else "todo"


def _note(plan: Plan, number: int, at: int) -> str:
    if number != at:
        return ""
    if plan.state in (lifecycle.CHANGES_REQUESTED, lifecycle.APPROVED, lifecycle.REFUSED, lifecycle.WITHDRAWN):
        return str(plan.get_state_display()).capitalize()
    return ""
