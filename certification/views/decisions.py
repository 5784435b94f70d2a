"""Signing, sending back, and the decision as the organisation and the police read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from certification.domain import departures, lifecycle
from certification.domain.departures import Condition
from certification.forms.outcomes import ConditionsForms, DecisionForm, SendBackForm
from certification.models import Recommendation
from certification.policies import reviews as policies
from certification.selectors import decisions as selectors
from certification.selectors.facts import kind_of, subject_of
from certification.selectors.reviews import ReviewCase
from certification.selectors.standing import Standing, standing_of
from certification.services import decisions
from certification.services.decisions import DecisionInput
from certification.views._police import (
    blocker_lines,
    case_for,
    officer,
    overall_met,
    score_rows,
    steps_of,
    submitted_plan,
)
from core.http.errors import form_errors

__all__ = ["decide", "decision", "send_back"]

_UNPROCESSABLE: Final = 422


@dataclass(frozen=True, slots=True)
class _Forms:
    signing: DecisionForm
    conditions: ConditionsForms
    sending_back: SendBackForm

    @property
    def wrong(self) -> bool:
        return bool(self.signing.errors or self.sending_back.errors)


@login_required
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    case = case_for(request, plan_id)
    recommendation = selectors.current_recommendation(case.plan)
    if recommendation is None or (request.method == "GET" and case.plan.state != lifecycle.RECOMMENDED):
        return _nothing_to_decide(request, case)
    standing = standing_of(case)
    forms = _forms(case, recommendation, standing, signed=request.POST or None)
    if request.method == "POST" and _valid(forms):
        with form_errors(forms.signing):
            decisions.sign(actor=officer(request), plan_id=plan_id, decision=_input(forms))
        if not forms.signing.errors:
            messages.success(request, _("You have signed the decision."))
            return redirect("certification:decision", plan_id=plan_id)
    return _page(request, case, recommendation, standing, forms)


@login_required
@require_POST
def send_back(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    case = case_for(request, plan_id)
    recommendation = selectors.current_recommendation(case.plan)
    if recommendation is None:
        return _nothing_to_decide(request, case)
    standing = standing_of(case)
    forms = _forms(case, recommendation, standing, returned=request.POST)
    if forms.sending_back.is_valid():
        with form_errors(forms.sending_back):
            reason = forms.sending_back.cleaned_data["reason"]
            decisions.send_back(actor=officer(request), plan_id=plan_id, reason=reason)
        if not forms.sending_back.errors:
            messages.success(request, _("The recommendation is back with the reviewer."))
            return redirect("certification:queue")
    return _page(request, case, recommendation, standing, forms)


@login_required
@require_GET
def decision(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """For the organisation and the police. The reviewer's summary stays with the police."""
    plan = submitted_plan(request, plan_id)
    page = selectors.decision_page(plan)
    if page is None:
        raise Http404
    context = {
        "page": page,
        "decision": page.decision,
        "plan": plan,
        "subject": subject_of(plan),
        "kind": kind_of(plan),
        "is_police": bool(policies.can_read_review(request.user, plan)),
    }
    return render(request, "certification/decisions/decision.html", context)


def _page(
    request: HttpRequest, case: ReviewCase, recommendation: Recommendation, standing: Standing, forms: _Forms
) -> HttpResponse:
    plan, result = case.plan, case.judged_score()
    context = {
        "case": case,
        "plan": plan,
        "subject": subject_of(plan),
        "kind": kind_of(plan),
        "steps": steps_of(plan),
        "recommendation": recommendation,
        "recommended_conditions": _recommended(recommendation, standing),
        "standing": standing,
        "called_for": departures.called_for(result.outcome, outstanding=standing.outstanding),
        "result": result,
        "rows": score_rows(case, result),
        "overall_met": overall_met(result),
        "blockers": blocker_lines(result, case.standard),
        "differing": [item for item in case.criteria if item.differs],
        "forms": forms,
        "may_decide": policies.can_decide(request.user, plan),
        "has_errors": forms.wrong,
    }
    status = _UNPROCESSABLE if request.method == "POST" else None
    return render(request, "certification/decisions/decide.html", context, status=status)


def _nothing_to_decide(request: HttpRequest, case: ReviewCase) -> HttpResponse:
    if case.plan.state in lifecycle.PLAN_DECIDED:
        return redirect("certification:decision", plan_id=case.plan.pk)
    messages.info(request, _("This plan does not await a signature."))
    return redirect("certification:review", plan_id=case.plan.pk)


def _forms(
    case: ReviewCase,
    recommendation: Recommendation,
    standing: Standing,
    *,
    signed: QueryDict | None = None,
    returned: QueryDict | None = None,
) -> _Forms:
    set_already = _recommended(recommendation, standing)
    codes = {condition.code for condition in set_already}
    drafted = selectors.drafted_conditions(case.standard, case.judged_score(), standing)
    left_out = [item for item in drafted if item.code not in codes]
    return _Forms(
        signing=DecisionForm(signed, initial=_initial(recommendation)),
        conditions=ConditionsForms(
            signed,
            offered=[*((item, True) for item in set_already), *((item, False) for item in left_out)],
            questions={
                item.code: item.criterion.question for item in case.criteria if item.code not in standing.closed
            },
            for_event=case.plan.event_id is not None,
        ),
        sending_back=SendBackForm(returned, prefix="back"),
    )


def _recommended(recommendation: Recommendation, standing: Standing) -> list[Condition]:
    """Without one that was recommended on what stands, before that was left alone."""
    return [item for item in selectors.conditions_of(recommendation) if item.code not in standing.closed]


def _initial(recommendation: Recommendation) -> dict[str, Any]:
    return {
        "recommendation": recommendation.pk,
        "outcome": recommendation.outcome,
        "departure_reason": recommendation.departure_reason,
    }


def _valid(forms: _Forms) -> bool:
    if not forms.signing.is_valid():
        return False
    return forms.signing.cleaned_data["outcome"] != departures.CONDITIONS or forms.conditions.is_valid()


def _input(forms: _Forms) -> DecisionInput:
    clean = forms.signing.cleaned_data
    conditional = clean["outcome"] == departures.CONDITIONS
    return DecisionInput(
        outcome=clean["outcome"],
        departure_reason=clean["departure_reason"],
        note=clean["note"],
        conditions=forms.conditions.chosen() if conditional else (),
        recommendation_id=clean["recommendation"],
    )
