"""Submitting: what is missing, the declaration, the receipt, and the frozen copy to read."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from certification.domain import lifecycle
from certification.forms.submissions import DeclarationForm
from certification.policies import plans as policies
from certification.selectors import cases, facts, plan_page, readiness, submission_page
from certification.selectors import plans as selectors
from certification.services import submissions
from certification.services.submissions import Declaration
from core.http.errors import form_errors


@login_required
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, pk: UUID) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101 - by login_required
    plan = get_object_or_404(selectors.visible(request.user), pk=pk)
    policies.can_submit(request.user, plan).require()
    if request.method == "GET" and plan.state not in lifecycle.PLAN_EDITABLE:
        return redirect("certification:plan", pk=pk)
    form = DeclarationForm(request.POST or None, initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            done = submissions.submit(actor=request.user, plan_id=pk, declaration=Declaration(**form.cleaned_data))
            return redirect("certification:receipt", pk=pk, number=done.number)
    case = cases.load(plan)
    questions = {item.code: item.question for _section, criteria in case.sections for item in criteria}
    context = {
        "plan": plan,
        "form": form,
        "case": case,
        "missing": [(item, questions.get(item.code, "")) for item in readiness.blocking(case)],
        "warnings": readiness.warnings(case),
        "panel": plan_page.panel_of(case, cases.score(case)),
    }
    return render(request, "certification/plans/submit.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def receipt(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    plan = get_object_or_404(selectors.visible(request.user), pk=pk)
    found = get_object_or_404(selectors.submission(request.user, pk).defer("snapshot"), number=number)
    context = {"plan": plan, "submission": found, "subject": facts.subject_of(plan)}
    return render(request, "certification/plans/receipt.html", context)


@login_required
@require_GET
def submission(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """What was frozen, to read and print. It shows the copy, whatever has been written since."""
    plan = get_object_or_404(selectors.visible(request.user), pk=pk)
    found = get_object_or_404(selectors.submission(request.user, pk), number=number)
    context = {"plan": plan, "submission": found, "page": submission_page.build(plan, found)}
    return render(request, "certification/plans/submission.html", context)
