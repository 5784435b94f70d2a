"""What has changed about a certified place, event or project: told by its holder, read by the police of its area."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from certification.domain import changes as rules
from certification.forms.changes import ReclassForm, ReportForm
from certification.models import Certificate, MaterialChange
from certification.policies import changes as policies
from certification.selectors import changes as selectors
from certification.selectors.certificates import subject_of
from certification.services import changes as services
from certification.services.changes import Report
from certification.views import _changes
from certification.views._police import officer
from core.http.errors import form_errors


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    visible = Certificate.objects.visible_to(request.user).select_related("venue", "event__venue", "project")
    certificate = get_object_or_404(visible, pk=certificate_id)
    policies.can_report(request.user, certificate).require()
    form = ReportForm(request.POST or None)
    if form.is_valid():
        given = Report(
            declared=frozenset(form.cleaned_data["declared"]),
            description=form.cleaned_data["description"],
            starts_on=form.cleaned_data["starts_on"],
        )
        with form_errors(form):
            made = services.report(actor=officer(request), certificate_id=certificate.pk, given=given)
            messages.success(request, _changes.thanks(made))
            return redirect("certification:change", made.pk)
    subject = subject_of(certificate)
    context = {
        "certificate": certificate,
        "subject": subject,
        "form": form,
        "differences": selectors.differences(selectors.certified(certificate), selectors.registered(subject)),
        "possible": selectors.can_change(certificate, today=timezone.localdate()),
        "edit_url": _changes.edit_url(subject),
    }
    return render(request, "certification/changes/report.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(
        MaterialChange.objects.visible_to(request.user).select_related(
            "certificate", "area", "plan", "reported_by", "reclassed_by"
        ),
        pk=pk,
    )
    may_reclass = policies.can_reclass(request.user, found)
    form = ReclassForm(request.POST or None)
    if request.method == "POST":
        may_reclass.require()
    if form.is_valid():
        act = services.raise_ if found.state == rules.RECORDED else services.lower
        with form_errors(form):
            act(actor=officer(request), change_id=found.pk, reason=form.cleaned_data["reason"])
            messages.success(request, _("The change is classed anew. The holder has been told."))
            return redirect("certification:change", found.pk)
    context = {
        "change": found,
        "certificate": found.certificate,
        "form": form,
        "may_reclass": may_reclass and _changes.can_be_reclassed(found),
        "page": _changes.page_of(found),
        "holder": policies.can_report(request.user, found.certificate),
    }
    return render(request, "certification/changes/change.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    policies.can_list(request.user).require()
    state = request.GET.get("state", "")
    page = selectors.listed_for(request.user, state=state, after=request.GET.get("after", ""))
    context = {
        "page": page,
        "rows": [_changes.row_of(row) for row in page.rows],
        "state": state if state in rules.STATES else "",
        "states": [("", _("All")), *MaterialChange.State.choices],
    }
    return render(request, "certification/changes/list.html", context)
