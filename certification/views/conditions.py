"""A condition of a certificate: the holder says that it is met or asks for time, an officer of the area answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.selectors import authority
from certification.forms.conditions import AnswerForm, DischargeForm, OwnerForm, SendBackForm, TimeForm, WaitForm
from certification.models import CertificateCondition, ConditionDischarge, ConditionExtension, Evidence
from certification.policies import conditions as policies
from certification.selectors import conditions as selectors
from certification.services import conditions as services
from certification.services import discharges
from certification.views._conditions import file_rows, rounds_of
from certification.views._police import officer
from core.http.downloads import streamed
from core.http.errors import form_errors


@login_required
@require_safe
def to_look_at(request: HttpRequest) -> HttpResponse:
    user = officer(request)
    policies.can_see_list(user).require()
    page = selectors.to_look_at(user, today=timezone.localdate(), after=request.GET.get("after", ""))
    return render(request, "certification/conditions/list.html", {"page": page})


@login_required
@require_safe
def condition(request: HttpRequest, certificate_id: UUID, pk: int) -> HttpResponse:
    return _show(request, _condition(request, certificate_id, pk))


@login_required
@require_POST
def assign(request: HttpRequest, certificate_id: UUID, pk: int) -> HttpResponse:
    found = _condition(request, certificate_id, pk)
    policies.can_fulfil(request.user, found).require()
    form = OwnerForm(request.POST, members=selectors.members(found))
    if form.is_valid():
        with form_errors(form):
            services.assign(actor=officer(request), condition_id=found.pk, owner_id=form.owner_id)
            return _done(request, found, _("Saved."))
    return _show(request, found, owner_form=form)


@login_required
@require_POST
def discharge(request: HttpRequest, certificate_id: UUID, pk: int) -> HttpResponse:
    """Words first, so that they are safe if the file is refused; sent to the police only with that button."""
    found = _condition(request, certificate_id, pk)
    policies.can_fulfil(request.user, found).require()
    form, user = DischargeForm(request.POST, request.FILES), officer(request)
    if form.is_valid():
        note, upload = form.cleaned_data["note"], form.cleaned_data["file"]
        with form_errors(form):
            discharges.write(actor=user, condition_id=found.pk, note=note)
            if upload is not None:
                discharges.attach(actor=user, condition_id=found.pk, upload=upload.file, name=upload.name or "")
            if request.POST.get("action") != "submit":
                return _done(request, found, _("Saved. Nothing has been sent to the police yet."), "#discharge")
            if upload is None:
                discharges.submit(actor=user, condition_id=found.pk, note=note)
                return _done(request, found, _("Sent to the police. An officer of your area will look at it."))
            words = _("The file is saved and being scanned. Look at it below, then send it to the police.")
            return _done(request, found, words, "#discharge")
    return _show(request, found, discharge_form=form)


@login_required
@require_POST
def withdraw(request: HttpRequest, certificate_id: UUID, pk: int, discharge_id: int) -> HttpResponse:
    found = _condition(request, certificate_id, pk)
    policies.can_fulfil(request.user, found).require()
    discharges.withdraw(actor=officer(request), discharge_id=_discharge(found, discharge_id).pk)
    return _done(request, found, _("Taken back."))


@login_required
@require_POST
def accept(request: HttpRequest, certificate_id: UUID, pk: int, discharge_id: int) -> HttpResponse:
    found = _condition(request, certificate_id, pk)
    discharges.accept(actor=officer(request), discharge_id=_discharge(found, discharge_id).pk)
    return _done(request, found, _("The condition is met. The holder has been told."))


@login_required
@require_POST
def send_back(request: HttpRequest, certificate_id: UUID, pk: int, discharge_id: int) -> HttpResponse:
    found = _condition(request, certificate_id, pk)
    asked = _discharge(found, discharge_id)
    policies.can_decide(request.user, asked).require()
    form = SendBackForm(request.POST, prefix="back")
    return _posted(
        request,
        found,
        "back_form",
        form,
        lambda said: discharges.send_back(actor=officer(request), discharge_id=asked.pk, reason=said["reason"]),
    )


@login_required
@require_POST
def ask_time(request: HttpRequest, certificate_id: UUID, pk: int) -> HttpResponse:
    found = _condition(request, certificate_id, pk)
    policies.can_fulfil(request.user, found).require()
    return _posted(
        request,
        found,
        "ask_form",
        TimeForm(request.POST, prefix="ask"),
        lambda said: services.ask(actor=officer(request), condition_id=found.pk, **said),
    )


@login_required
@require_POST
def grant(request: HttpRequest, certificate_id: UUID, pk: int, extension_id: int) -> HttpResponse:
    found = _condition(request, certificate_id, pk)
    services.grant(actor=officer(request), extension_id=_extension(found, extension_id).pk)
    return _done(request, found, _("The new date is set. The holder has been told."))


@login_required
@require_POST
def refuse(request: HttpRequest, certificate_id: UUID, pk: int, extension_id: int) -> HttpResponse:
    found = _condition(request, certificate_id, pk)
    asked = _extension(found, extension_id)
    policies.can_answer(request.user, asked).require()
    return _posted(
        request,
        found,
        "refuse_form",
        AnswerForm(request.POST),
        lambda said: services.refuse(actor=officer(request), extension_id=asked.pk, answer=said["answer"]),
    )


@login_required
@require_POST
def extend(request: HttpRequest, certificate_id: UUID, pk: int) -> HttpResponse:
    found = _condition(request, certificate_id, pk)
    policies.can_judge(request.user, found).require()
    return _posted(
        request,
        found,
        "extend_form",
        TimeForm(request.POST, prefix="extend"),
        lambda said: services.extend(actor=officer(request), condition_id=found.pk, **said),
    )


@login_required
@require_POST
def wait(request: HttpRequest, certificate_id: UUID, pk: int) -> HttpResponse:
    found = _condition(request, certificate_id, pk)
    policies.can_judge(request.user, found).require()
    return _posted(
        request,
        found,
        "wait_form",
        WaitForm(request.POST, prefix="wait"),
        lambda said: services.wait(actor=officer(request), condition_id=found.pk, **said),
    )


@login_required
@require_safe
def condition_file(request: HttpRequest, certificate_id: UUID, pk: int, evidence_id: UUID) -> HttpResponseBase:
    found = get_object_or_404(Evidence, pk=evidence_id, discharge__condition=_condition(request, certificate_id, pk))
    opened = discharges.open_file(actor=officer(request), evidence_id=found.pk)
    return streamed(opened.chunks, name=opened.name, content_type=opened.content_type, size=opened.size)


@login_required
@require_POST
def file_remove(request: HttpRequest, certificate_id: UUID, pk: int, evidence_id: UUID) -> HttpResponse:
    about = _condition(request, certificate_id, pk)
    policies.can_fulfil(request.user, about).require()
    found = get_object_or_404(Evidence, pk=evidence_id, discharge__condition=about)
    discharges.remove_file(actor=officer(request), evidence_id=found.pk)
    return _done(request, about, _("“%(name)s” has been removed.") % {"name": found.name}, "#discharge")


def _condition(request: HttpRequest, certificate_id: UUID, pk: int) -> CertificateCondition:
    return get_object_or_404(selectors.visible(request.user), pk=pk, certificate_id=certificate_id)


def _discharge(condition: CertificateCondition, discharge_id: int) -> ConditionDischarge:
    found = get_object_or_404(selectors.discharges_of(condition), pk=discharge_id)
    services.require_here(found, condition)
    return found


def _extension(condition: CertificateCondition, extension_id: int) -> ConditionExtension:
    found = get_object_or_404(selectors.extensions_of(condition), pk=extension_id)
    services.require_here(found, condition)
    return found


def _done(request: HttpRequest, condition: CertificateCondition, words: str, where: str = "") -> HttpResponse:
    messages.success(request, words)
    page = redirect("certification:condition", condition.certificate_id, condition.pk)
    page["Location"] += where
    return page


def _posted(
    request: HttpRequest, found: CertificateCondition, name: str, form: Any, act: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    if form.is_valid():
        with form_errors(form):
            act(form.cleaned_data)
            return _done(request, found, _("Saved. Those concerned have been told."))
    return _show(request, found, **{name: form})


def _show(request: HttpRequest, found: CertificateCondition, **bound: Any) -> HttpResponse:
    user, today = officer(request), timezone.localdate()
    page = selectors.page_of(found, user, today=today)
    may_fulfil = page.open and policies.can_fulfil(user, found)
    may_judge = policies.can_judge(user, found)
    draft, sent, asked = page.draft, page.submitted, page.asked
    rounds = rounds_of(page.certificate, page.rounds)
    # Where an officer decides on it, it stands with the buttons; the rest is history.
    waiting = next((one for one in rounds if one.discharge == sent), None) if page.open and may_judge else None
    context: dict[str, Any] = {
        "page": page,
        "condition": found,
        "certificate": page.certificate,
        "may_fulfil": may_fulfil,
        "may_judge": page.open and may_judge,
        "why_not_judge": may_judge.reason if authority(user).serves(page.certificate.area_id) else "",
        "may_decide": sent is not None and page.open and policies.can_decide(user, sent),
        "may_answer": asked is not None and page.open and policies.can_answer(user, asked),
        "draft_files": file_rows(draft, editable=bool(may_fulfil)) if draft else [],
        "rounds": [one for one in rounds if one is not waiting],
        "waiting": waiting,
        "discharge_form": DischargeForm(initial={"note": draft.note if draft else ""}),
        "owner_form": OwnerForm(initial={"owner": str(found.owner_id or "")}, members=selectors.members(found))
        if may_fulfil
        else None,
        "ask_form": TimeForm(prefix="ask"),
        "back_form": SendBackForm(prefix="back"),
        "refuse_form": AnswerForm(),
        "extend_form": TimeForm(prefix="extend"),
        "wait_form": WaitForm(prefix="wait"),
        "has_errors": bool(bound),
        **bound,
    }
    context["wrong"] = list(bound.values())
    return render(request, "certification/conditions/condition.html", context, status=422 if bound else 200)
