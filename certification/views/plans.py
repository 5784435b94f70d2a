"""Plans: the page of one, the list of a subject's, beginning and withdrawing."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.selectors import Viewer
from certification.models import Certificate, Plan
from certification.policies import certificates as holding
from certification.policies import plans as policies
from certification.selectors import extras, history, plan_page, terms
from certification.selectors import plans as selectors
from certification.services import plans as services
from core.errors import Conflict
from events import selectors as events


@login_required
@require_GET
def plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Officers of the area are sent to the review: what is being written is not theirs to read. Whoever wrote it for a
    place that has passed on is sent to what they submitted.
    """
    found = get_object_or_404(selectors.visible(request.user), pk=pk)
    if not policies.can_read_answers(request.user, found):
        last = selectors.last_submission(found) if policies.wrote(request.user, found) else None
        return redirect("certification:submission", pk, last) if last else redirect("certification:review", pk)
    only_open = request.GET.get("show") == "open"
    may_edit = policies.can_edit(request.user, found)
    context = {
        "plan": found,
        "page": plan_page.build(found, editable=bool(may_edit), only_open=only_open),
        "may_edit": may_edit,
        "only_open": only_open,
        "submissions": selectors.submissions_of(found),
        "history": history.of_plan(found),
        "extras": extras.extra_questions(request.user, found),
        "renewing": terms.renewing(found, today=timezone.localdate()),
    }
    return render(request, "certification/plans/plan.html", context)


@login_required
@require_GET
def score(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The side bar alone, asked for again after each autosave."""
    found = get_object_or_404(selectors.visible(request.user), pk=pk)
    policies.can_read_answers(request.user, found).require()
    page = plan_page.build(found, editable=False)
    return render(request, "certification/plans/_score.html", {"panel": page.panel, "plan": found})


@login_required
@require_GET
def subject_plans(request: HttpRequest, kind: str, pk: UUID) -> HttpResponse:
    subject = events.get_subject(kind, pk, request.user)
    certificates = selectors.certificates_of_subject(request.user, subject)
    context = {
        "subject": subject,
        "page": selectors.of_subject(request.user, subject, after=request.GET.get("after", "")),
        "certificates": certificates,
        "renewable": _renewable(request.user, certificates),
        "may_begin": policies.can_begin(request.user, subject) and subject.archived_at is None,
        "open_plan": selectors.open_plan_of(subject),
    }
    return render(request, "certification/plans/subject.html", context)


def _renewable(user: Viewer, certificates: list[Certificate]) -> Certificate | None:
    """The newest one, if this person may renew it now."""
    newest = certificates[0] if certificates else None
    return newest if newest and holding.can_renew(user, newest, today=timezone.localdate()) else None


@login_required
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Two people who press the button at once both land in the one plan.

    Whoever could renew is shown that first: an empty plan would make them answer again what they have answered.
    """
    assert isinstance(request.user, User)  # noqa: S101 - by login_required
    try:
        subject_id = UUID(request.POST.get("pk", ""))
    except ValueError as error:
        raise Http404 from error
    subject = events.get_subject(request.POST.get("kind", ""), subject_id, request.user)
    policies.can_begin(request.user, subject).require()
    settled = "anew" in request.POST or selectors.open_plan_of(subject) is not None
    if not settled and _renewable(request.user, selectors.certificates_of_subject(request.user, subject)):
        return redirect("certification:subject_plans", kind=subject.kind, pk=subject.pk)
    try:
        begun = services.begin(actor=request.user, subject=subject)
    except Conflict as error:
        if not isinstance(error.current, Plan):
            raise
        begun = error.current
        messages.info(request, error.message)
    return redirect("certification:plan", pk=begun.pk)


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101 - by login_required
    found = get_object_or_404(selectors.visible(request.user), pk=pk)
    policies.can_withdraw(request.user, found).require()
    if request.method == "POST":
        services.withdraw(actor=request.user, plan_id=pk)
        messages.success(request, _("The plan has been withdrawn."))
        return redirect("certification:plan", pk=pk)
    return render(request, "certification/plans/withdraw.html", {"plan": found})
