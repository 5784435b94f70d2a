"""Reporting something suspicious, one's own reports, the officers' queue and what they do with a report."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from advisories.domain import sightings as rules
from advisories.forms.sightings import CloseForm, FileForm, PassOnForm, ReaddressForm, ReportForm
from advisories.models import Sighting, SightingFile
from advisories.policies import sightings as policies
from advisories.selectors import sightings as selectors
from advisories.selectors.sightings import Report
from advisories.services import sighting_files, sightings
from advisories.services.sightings import ReportInput
from advisories.views._common import member
from core.errors import InvalidInput
from core.http import drafts
from core.http.errors import form_errors
from core.http.ratelimit import rate_limit

__all__ = ["act", "add_file", "file", "own", "queue", "report", "sighting"]

_FORMS: Final = ("pass_on", "close", "readdress")
_ACTIONS: Final = ("see", "pass_on", "close", "readdress", "reopen")


@drafts.kept
@login_required
@require_http_methods(["GET", "POST"])
@rate_limit("sightings", allowance=20, methods=("POST",))
def report(request: HttpRequest) -> HttpResponse:
    """The report goes first: a file that cannot be taken must not hold it up, nor lose a word of it."""
    user = member(request)
    subjects, areas = selectors.own_subjects(user), selectors.areas_with_officers()
    if request.method == "GET":
        form = ReportForm(drafts.restored(request), subjects=subjects, areas=areas)
        form.initial["happened_at"] = timezone.localtime()
        return _form_page(request, form)
    form = ReportForm(request.POST, request.FILES, subjects=subjects, areas=areas)
    sent: list[Sighting] = []
    if form.is_valid():
        with form_errors(form):
            sent.append(sightings.report(actor=user, given=_given(form)))
    if not sent:
        return _form_page(request, form, status=422)
    made = sent[0]
    _attach(request, made, form.cleaned_data.get("file"))
    messages.success(request, _("Your report is with the police of %(area)s.") % {"area": made.area})
    return redirect("advisories:sighting", pk=made.pk)


def _form_page(request: HttpRequest, form: ReportForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "draft_of": drafts.mark(request)}
    return render(request, "advisories/sightings/report.html", context, status=status)


def _given(form: ReportForm) -> ReportInput:
    clean = form.cleaned_data
    return ReportInput(
        category=clean["category"],
        happened_at=clean["happened_at"],
        report=Report(clean["where"], clean["description"], clean["people"], clean["vehicles"]),
        area=form.chosen_area,
        subject=form.chosen_subject,
        ongoing=clean["ongoing"],
    )


def _attach(request: HttpRequest, made: Sighting, upload: Any) -> None:
    if upload is None:
        return
    try:
        sighting_files.attach(actor=member(request), sighting_id=made.pk, upload=upload.file, name=upload.name or "")
    except InvalidInput as error:
        messages.error(request, _("The report was sent, but not its file: %(why)s") % {"why": error.message})


@login_required
@require_GET
def own(request: HttpRequest) -> HttpResponse:
    user = member(request)
    page = selectors.own(user, after=request.GET.get("after", ""))
    context = {"page": page, "sees_queue": bool(policies.can_see_queue(user))}
    return render(request, "advisories/sightings/own.html", context)


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    user = member(request)
    policies.can_see_queue(user).require()
    state = request.GET.get("state", "")
    page = selectors.queue(user, state=state, after=request.GET.get("after", ""))
    states = [("", _("Open")), *[(value, str(Sighting.State(value).label).capitalize()) for value in rules.STATES]]
    context = {"page": page, "state": state, "states": states}
    return render(request, "advisories/sightings/queue.html", context)


@login_required
@require_GET
def sighting(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _show(request, _found(request, pk))


@login_required
@require_POST
def add_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _found(request, pk)
    policies.can_add_file(request.user, found).require()
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        with form_errors(form):
            sighting_files.attach(
                actor=member(request), sighting_id=found.pk, upload=upload.file, name=upload.name or ""
            )
            messages.success(request, _("The file is with the report. It is scanned before anybody can open it."))
            return redirect("advisories:sighting", pk=pk)
    return _show(request, found, file=form)


@login_required
@require_GET
def file(request: HttpRequest, pk: UUID, file_id: UUID) -> HttpResponseBase:
    """An attachment of a type that no browser runs, with a policy that would let nothing in it run either."""
    found = _found(request, pk)
    policies.can_read(request.user, found).require()
    kept = get_object_or_404(SightingFile, pk=file_id, sighting=found)
    opened = sighting_files.open_for(actor=member(request), file_id=kept.pk)
    response = StreamingHttpResponse(opened.chunks, content_type=opened.content_type)
    response["Content-Length"] = str(opened.size)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(opened.name, safe='')}"
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@login_required
@require_POST
def act(request: HttpRequest, pk: UUID, action: str) -> HttpResponse:
    if action not in _ACTIONS:
        raise Http404
    found = _found(request, pk)
    policies.can_handle(request.user, found).require()
    form = _action_forms(request.POST).get(action)
    if form is not None and not form.is_valid():
        return _show(request, found, **{action: form})
    if form is None:
        _do(member(request), found, action, {})
    else:
        with form_errors(form):
            _do(member(request), found, action, form.cleaned_data)
        if form.errors:
            return _show(request, found, **{action: form})
    messages.success(request, _("Done."))
    # Who has sent it to another area may not open it any more.
    return redirect("advisories:sightings_queue") if action == "readdress" else redirect("advisories:sighting", pk=pk)


def _do(user: User, found: Sighting, action: str, given: dict[str, Any]) -> None:
    if action == "see":
        sightings.see(actor=user, sighting_id=found.pk)
    elif action == "reopen":
        sightings.reopen(actor=user, sighting_id=found.pk)
    elif action == "pass_on":
        sightings.pass_on(actor=user, sighting_id=found.pk, reply=given["reply"])
    elif action == "close":
        sightings.close(actor=user, sighting_id=found.pk, outcome=given["outcome"], reply=given["reply"])
    else:
        sightings.readdress(actor=user, sighting_id=found.pk, area_code=given["area"].pk)


def _found(request: HttpRequest, pk: UUID) -> Sighting:
    """404 for everybody but its reporter, its area's officers and the auditor."""
    found = Sighting.objects.visible_to(request.user).select_related("area", "reporter", "handler")
    return get_object_or_404(found, pk=pk)


def _action_forms(data: Any = None) -> dict[str, forms.Form]:
    return {
        "pass_on": PassOnForm(data),
        "close": CloseForm(data),
        "readdress": ReaddressForm(data, areas=selectors.areas_with_officers()),
    }


def _show(request: HttpRequest, found: Sighting, **bound: forms.Form) -> HttpResponse:
    """`bound`: the one form that came back with errors, by its name."""
    user = member(request)
    may_handle = bool(policies.can_handle(user, found))
    actions = rules.open_actions(found.state) if may_handle else ()
    offered = {name: form for name, form in _action_forms().items() if name in actions} if actions else {}
    context = {
        "page": selectors.sighting_page(found, user, may_read=bool(policies.can_read(user, found))),
        "actions": actions,
        "forms": {**offered, **bound},
        "file_form": bound.get("file") or (FileForm() if policies.can_add_file(user, found) else None),
        "bad": next(iter(bound.values()), None),
        "has_errors": bool(bound),
        "officer": may_handle,
    }
    return render(request, "advisories/sightings/sighting.html", context, status=422 if bound else 200)
