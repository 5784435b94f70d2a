from __future__ import annotations

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from certification.domain import departures
from certification.domain.scoring import Score
from certification.forms.outcomes import ConditionsForms, RecommendationForm
from certification.policies import reviews as policies
from certification.selectors import criterion_pages, decisions
from certification.selectors.facts import subject_of
from certification.selectors.reviews import ReviewCase
from certification.selectors.standing import Standing, standing_of
from certification.services import recommendations
from certification.services.recommendations import RecommendationInput
from certification.views._police import blocker_lines, case_for, officer, overall_met, score_rows
from core.http.errors import form_errors

__all__ = ["recommend"]

_UNPROCESSABLE: Final = 422


@login_required
@require_http_methods(["GET", "POST"])
def recommend(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    case = case_for(request, plan_id)
    policies.can_review(request.user, case.plan).require()
    result = case.running_score
    standing = standing_of(case)
    called_for = departures.called_for(result.outcome, outstanding=standing.outstanding) if result else ""
    form = RecommendationForm(request.POST or None, initial={"outcome": called_for})
    conditions = _conditions(request, case, result, standing)
    if request.method == "POST" and _valid(form, conditions):
        with form_errors(form):
            recommendations.recommend(actor=officer(request), plan_id=plan_id, recommendation=_input(form, conditions))
        if not form.errors:
            messages.success(request, _("Your recommendation is with the authorising officers of the area."))
            return redirect("certification:review", plan_id=plan_id)
    context = {
        "case": case,
        "plan": case.plan,
        "subject": subject_of(case.plan),
        "counts": criterion_pages.counts(case),
        "result": result,
        "rows": score_rows(case, result) if result else [],
        "overall_met": overall_met(result),
        "blockers": blocker_lines(result, case.standard) if result else [],
        "standing": standing,
        "called_for": called_for,
        "form": form,
        "conditions": conditions,
        "has_errors": bool(form.errors),
    }
    status = _UNPROCESSABLE if request.method == "POST" else None
    return render(request, "certification/decisions/recommend.html", context, status=status)


def _conditions(request: HttpRequest, case: ReviewCase, result: Score | None, standing: Standing) -> ConditionsForms:
    drafted = decisions.drafted_conditions(case.standard, result, standing) if result else ()
    return ConditionsForms(
        request.POST or None,
        offered=[(condition, True) for condition in drafted],
        questions={item.code: item.criterion.question for item in case.criteria if item.code not in standing.closed},
        for_event=case.plan.event_id is not None,
    )


def _valid(form: RecommendationForm, conditions: ConditionsForms) -> bool:
    """Conditions count for their outcome alone; the rows of another outcome are left as they are."""
    if not form.is_valid():
        return False
    return form.cleaned_data["outcome"] != departures.CONDITIONS or conditions.is_valid()


def _input(form: RecommendationForm, conditions: ConditionsForms) -> RecommendationInput:
    clean = form.cleaned_data
    conditional = clean["outcome"] == departures.CONDITIONS
    return RecommendationInput(
        outcome=clean["outcome"],
        summary=clean["summary"],
        departure_reason=clean["departure_reason"],
        conditions=conditions.chosen() if conditional else (),
    )
