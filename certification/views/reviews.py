"""The review of a plan: its overview, one page for each criterion, and the change requests."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from certification.domain import lifecycle
from certification.forms.reviews import NOT_APPLICABLE, CriterionReviewForm
from certification.policies import reviews as policies
from certification.selectors import criterion_extras, criterion_pages, decisions, extras
from certification.selectors.facts import kind_of, subject_of
from certification.selectors.reviews import CriterionCase, ReviewCase
from certification.services import reviews
from certification.services.reviews import Judgement
from certification.views._police import (
    blocker_lines,
    case_for,
    criterion_or_404,
    officer,
    overall_met,
    score_rows,
    steps_of,
    submitted_plan,
)
from core.http.errors import form_errors

__all__ = ["change_requests", "drop_request", "review", "review_criterion", "send_requests"]

_UNPROCESSABLE: Final = 422
_SHOWN: Final = ("to_judge", "changed", "requested", "differs")


@login_required
@require_GET
def review(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    case = case_for(request, plan_id)
    plan, user = case.plan, officer(request)
    show = request.GET.get("show", "")
    running = case.running_score
    context = {
        "case": case,
        "plan": plan,
        "subject": subject_of(plan),
        "kind": kind_of(plan),
        "steps": steps_of(plan),
        "show": show if show in _SHOWN else "",
        "sections": criterion_pages.shown_sections(case, show),
        "counts": criterion_pages.counts(case),
        "running": running,
        "rows": score_rows(case, running) if running else [],
        "overall_met": overall_met(running),
        "blockers": blocker_lines(running, case.standard) if running else [],
        "sent_back": decisions.sent_back(plan) if plan.state == lifecycle.UNDER_REVIEW else None,
        "can": _abilities(case, user),
        "extras": extras.extra_questions(user, plan),
    }
    return render(request, "certification/reviews/review.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def review_criterion(request: HttpRequest, plan_id: UUID, code: str) -> HttpResponse:
    case = case_for(request, plan_id)
    item = criterion_or_404(case, code)
    labels = {level.value: level.label for level in case.standard.levels}
    form = CriterionReviewForm(request.POST or None, case=item, labels=labels)
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            _save(request, case, item, form)
        if not form.errors:
            return _after_saving(request, case, code)
    page = criterion_pages.page_of(case, item)
    context = {
        "page": page,
        "case": case,
        "item": item,
        "plan": case.plan,
        "subject": subject_of(case.plan),
        "form": form,
        "labels": labels,
        "can_review": _reviewing(case, officer(request)),
        "lessons": criterion_extras.of_criterion(request.user, code),
    }
    return render(
        request, "certification/reviews/criterion.html", context, status=_UNPROCESSABLE if form.errors else None
    )


@login_required
@require_GET
def change_requests(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    case = case_for(request, plan_id)
    context = {
        "case": case,
        "plan": case.plan,
        "subject": subject_of(case.plan),
        "drafts": criterion_pages.requests_of(case, "draft"),
        "open": criterion_pages.requests_of(case, "open"),
        "answered": criterion_pages.requests_of(case, "answered"),
        "can_review": _reviewing(case, officer(request)),
    }
    return render(request, "certification/reviews/change_requests.html", context)


@login_required
@require_POST
def send_requests(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    plan = submitted_plan(request, plan_id)
    sent = len(reviews.request_changes(actor=officer(request), plan_id=plan.pk))
    text = ngettext(
        "%d change request was sent to the organiser.", "%d change requests were sent to the organiser.", sent
    )
    messages.success(request, text % sent)
    return redirect("certification:review", plan_id=plan.pk)


@login_required
@require_POST
def drop_request(request: HttpRequest, plan_id: UUID, code: str) -> HttpResponse:
    plan = submitted_plan(request, plan_id)
    reviews.drop_change_request(actor=officer(request), plan_id=plan.pk, code=code)
    messages.success(request, _("The draft for %(code)s was deleted.") % {"code": code})
    return redirect("certification:change_requests", plan_id=plan.pk)


def _save(request: HttpRequest, case: ReviewCase, item: CriterionCase, form: CriterionReviewForm) -> None:
    """The judgement, and the draft of a change request where its text changed: two facts, saved in this order."""
    user, clean = officer(request), form.cleaned_data
    plan_id = case.plan.pk
    wanted = clean["change"].strip()
    drafted = item.request is not None and item.request.state == item.request.State.DRAFT
    if wanted:
        reviews.draft_change_request(actor=user, plan_id=plan_id, code=item.code, message=wanted)
    elif drafted:
        reviews.drop_change_request(actor=user, plan_id=plan_id, code=item.code)
    if wanted and not clean["level"] and "agree" not in request.POST:
        # Asking is allowed before judging: the answer that is judged will be another one.
        return
    reviews.save_criterion(
        actor=user,
        plan_id=plan_id,
        code=item.code,
        judgement=_judgement(request, item, form),
        expected_version=form.expected_version,
    )


def _judgement(request: HttpRequest, item: CriterionCase, form: CriterionReviewForm) -> Judgement:
    comment, chosen = form.cleaned_data["comment"], form.cleaned_data["level"]
    if "agree" in request.POST:
        return Judgement(item.claimed.level, not_applicable=item.claimed.not_applicable, comment=comment)
    if chosen == NOT_APPLICABLE:
        return Judgement(not_applicable=True, comment=comment)
    return Judgement(int(chosen) if chosen else None, comment=comment)


def _after_saving(request: HttpRequest, case: ReviewCase, code: str) -> HttpResponse:
    messages.success(request, _("%(code)s saved.") % {"code": code})
    following = "" if "back" in request.POST else case.next_unsettled(code)
    if following:
        return redirect("certification:review_criterion", plan_id=case.plan.pk, code=following)
    return redirect("certification:review", plan_id=case.plan.pk)


def _reviewing(case: ReviewCase, user: User) -> bool:
    """Whether this person's review of the plan is open for writing."""
    return case.plan.state == lifecycle.UNDER_REVIEW and case.plan.reviewer == user


def _abilities(case: ReviewCase, user: User) -> dict[str, bool]:
    """What buttons to show. Each service asks again, under its lock."""
    plan = case.plan
    return {
        "claim": plan.state == lifecycle.SUBMITTED and bool(policies.can_claim(user, plan)),
        "release": plan.state == lifecycle.UNDER_REVIEW and bool(policies.can_release(user, plan)),
        "review": _reviewing(case, user),
        "decide": plan.state == lifecycle.RECOMMENDED and bool(policies.can_decide(user, plan)),
    }
