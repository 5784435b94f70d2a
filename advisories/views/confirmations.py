"""What a change of the threat level asked of holders: the list, and one answer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.selectors import authority, signed_in
from advisories.forms.threat import ON, AnswerForm, ConfirmationFilterForm
from advisories.models import ThreatConfirmation
from advisories.policies import threat as policies
from advisories.selectors import confirmations as pages
from advisories.selectors import threat as selectors
from advisories.selectors.confirmations import ConfirmationPage
from advisories.services import threat_answers
from advisories.views._threat import running_lines, shares
from core.http.errors import form_errors

__all__ = ["confirmation", "confirmations"]


@login_required
@require_safe
def confirmations(request: HttpRequest) -> HttpResponse:
    """Whoever is late comes first."""
    user, now = signed_in(request.user), timezone.now()
    who = authority(user)
    filters = ConfirmationFilterForm.filters_in(request.GET)
    areas = pages.areas_of(user)
    counts = selectors.counts(user, now=now, area=filters.area)
    page = selectors.listed(user, filters, after=request.GET.get("after", ""))
    context = {
        "running": running_lines(selectors.picture()),
        "page": page,
        "rows": [pages.row_of(row, now) for row in page.rows],
        "counts": counts,
        "shares": shares(counts),
        "filters": filters,
        "form": ConfirmationFilterForm(request.GET, areas=areas),
        "areas": areas,
        "police": who.is_police or who.is_auditor,
    }
    return render(request, "advisories/threat/confirmations.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirmation(request: HttpRequest, confirmation_id: UUID) -> HttpResponse:
    user = signed_in(request.user)
    found = ThreatConfirmation.objects.visible_to(user).select_related(
        "response__change", "certificate", "organisation", "area", "answered_by"
    )
    row = get_object_or_404(found, pk=confirmation_id)
    page = pages.page_of(row, readable=bool(policies.can_read_measures(user, row)), now=timezone.now())
    if request.method == "POST":
        policies.can_answer(user, row).require()
    form = AnswerForm(
        request.POST or None, level=row.response.response, initial={"measures_version": page.measures_version}
    )
    if form.is_valid() and _answer(request, user, row, form):
        return redirect("advisories:confirmation", row.pk)
    return _show(request, page, form, may_answer=bool(policies.can_answer(user, row)))


def _answer(request: HttpRequest, user: User, row: ThreatConfirmation, form: AnswerForm) -> bool:
    """Whether it was taken; what was not is told to the form."""
    said = form.cleaned_data
    with form_errors(form):
        if said["answer"] == ON:
            threat_answers.confirm(actor=user, confirmation_id=row.pk, measures_version=said["measures_version"])
            messages.success(request, _("You have confirmed. The police of your area see it now."))
        else:
            threat_answers.defer(
                actor=user, confirmation_id=row.pk, reason=said["reason"], expected_at=said["expected_at"]
            )
            messages.success(request, _("The police of your area see that you are not ready yet, and until when."))
    return not form.errors


def _show(request: HttpRequest, page: ConfirmationPage, form: AnswerForm, *, may_answer: bool) -> HttpResponse:
    if form.errors:
        # What is shown beside the question is what is confirmed next.
        form.data = {**dict(form.data.items()), "measures_version": page.measures_version}
    context = {
        "page": page,
        "row": page.row,
        "confirmation": page.confirmation,
        "form": form,
        "may_answer": may_answer and page.row.open,
        "may_read": page.readable,
    }
    return render(request, "advisories/threat/confirmation.html", context, status=422 if form.errors else 200)
