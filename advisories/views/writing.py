"""Bulletins as their authors meet them: writing, having them approved, publishing, updating, retracting."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import PoliceArea
from accounts.selectors import authority, signed_in
from advisories.domain import bulletins as rules
from advisories.forms.bulletins import ApprovalForm, BulletinForm, ReasonForm, WrittenFilterForm, initial_of
from advisories.models import Bulletin
from advisories.policies import bulletins as policies
from advisories.selectors import audience as audiences
from advisories.selectors import bulletins as selectors
from advisories.services import bulletins as services
from advisories.services.bulletins import BulletinInput
from core.errors import Conflict
from core.http.errors import form_errors

__all__ = [
    "approval",
    "discard",
    "edit",
    "manage",
    "new",
    "publish",
    "reopen",
    "retract",
    "submit",
    "update",
    "written",
]

_UNPROCESSABLE: Final = 422


@login_required
@require_safe
def written(request: HttpRequest) -> HttpResponse:
    """Drafts and what became of them, of the sides that the person writes for."""
    user = signed_in(request.user)
    if not authority(user).is_auditor:
        policies.can_write_any(user).require()
    form = WrittenFilterForm(request.GET)
    state = form.chosen()
    context = {
        "form": form,
        "state": state,
        "filters_on": int(bool(state)),
        "page": selectors.written(user, state=state, after=request.GET.get("after", "")),
        "may_write": policies.can_write_any(user),
    }
    return render(request, "advisories/bulletins/written.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """`area` in the address says for which one, where a person writes for several."""
    user = signed_in(request.user)
    policies.can_write_any(user).require()
    who = authority(user)
    chosen = request.GET.get("area", "")
    sides = sorted(who.areas)
    area = chosen if chosen in sides else "" if who.is_administrator else sides[0]
    policies.can_draft(user, area).require()
    form = _form(request, area)
    if form.is_valid():
        with form_errors(form):
            made = services.draft(actor=user, area_code=area, data=_input(form))
            messages.success(request, _("The draft is saved. Check whom it reaches, then send it on."))
            return redirect("advisories:bulletin_manage", made.pk)
    context = {
        "form": form,
        "area": PoliceArea.objects.filter(pk=area).first(),
        "sides": PoliceArea.objects.filter(pk__in=sides).order_by("name") if len(sides) > 1 else (),
    }
    return render(request, "advisories/bulletins/compose.html", context, status=_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _issued(request, pk)
    policies.can_edit(request.user, found).require()
    form = _form(request, found.area_id or "", found)
    if form.is_valid():
        with form_errors(form):
            services.change(actor=signed_in(request.user), bulletin_id=pk, data=_input(form))
            messages.success(request, _("The draft is saved."))
            return redirect("advisories:bulletin_manage", pk)
    context = {"form": form, "area": found.area, "bulletin": found}
    return render(request, "advisories/bulletins/compose.html", context, status=_status(form))


@login_required
@require_safe
def manage(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The preview with its marking, whom it reaches, and the next step."""
    found = _issued(request, pk)
    audience = selectors.audience_of(found)
    names = dict(PoliceArea.objects.filter(pk__in=audience.areas).values_list("code", "name"))
    newer = Bulletin.objects.filter(replaces=found).exclude(state=rules.DISCARDED).first()
    context = {
        "bulletin": found,
        "audience": selectors.audience_lines(audience, names),
        "size": None if found.is_released else audiences.size(audience, today=timezone.localdate()),
        "newer": newer,
        "needs_second": rules.needs_second_person(
            severity=found.severity, marking=found.tlp, mark=services.approval_mark()
        ),
        "can_edit": policies.can_edit(request.user, found),
        "can_issue": policies.can_issue(request.user, found),
        "can_approve": policies.can_approve(request.user, found),
        "later": found.publish_at is not None and found.publish_at > timezone.now(),
    }
    return render(request, "advisories/bulletins/manage.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def approval(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _issued(request, pk)
    allowed = policies.can_approve(request.user, found)
    allowed.require()
    form = ApprovalForm(request.POST or None, initial={"read": found.content_hash})
    if form.is_valid():
        with form_errors(form):
            return _decided(request, found, form)
    audience = selectors.audience_of(found)
    names = dict(PoliceArea.objects.filter(pk__in=audience.areas).values_list("code", "name"))
    context = {
        "bulletin": found,
        "audience": selectors.audience_lines(audience, names),
        "size": audiences.size(audience, today=timezone.localdate()),
        "waiting": found.state == rules.AWAITING,
        "form": form,
    }
    return render(request, "advisories/bulletins/approval.html", context, status=_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def retract(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _issued(request, pk)
    policies.can_issue(request.user, found).require()
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        with form_errors(form):
            services.retract(actor=signed_in(request.user), bulletin_id=pk, reason=form.cleaned_data["reason"])
            messages.success(request, _("The advisory is retracted. Everybody who got it is being told."))
            return redirect("advisories:bulletin_manage", pk)
    context = {"bulletin": found, "form": form}
    return render(request, "advisories/bulletins/retract.html", context, status=_status(form))


@login_required
@require_POST
def submit(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = services.submit(actor=signed_in(request.user), bulletin_id=_issued(request, pk).pk)
    if found.state == rules.AWAITING:
        messages.success(request, _("Sent to a second person, who has been told by mail."))
    else:
        messages.success(request, _("No second person is needed. It can be published."))
    return redirect("advisories:bulletin_manage", pk)


@login_required
@require_POST
def publish(request: HttpRequest, pk: UUID) -> HttpResponse:
    now_please = request.POST.get("when") == "now"
    found = services.publish(actor=signed_in(request.user), bulletin_id=_issued(request, pk).pk, now_please=now_please)
    if found.state == rules.SCHEDULED:
        messages.success(request, _("It is scheduled."))
        return redirect("advisories:bulletin_manage", pk)
    messages.success(request, _("It is published. The messages are on their way."))
    return redirect("advisories:bulletin_reach", pk)


@login_required
@require_POST
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    services.reopen(actor=signed_in(request.user), bulletin_id=_issued(request, pk).pk)
    messages.success(request, _("It is a draft again. An approval that it had is void."))
    return redirect("advisories:bulletin_manage", pk)


@login_required
@require_POST
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    services.discard(actor=signed_in(request.user), bulletin_id=_issued(request, pk).pk)
    messages.success(request, _("The draft is discarded."))
    return redirect("advisories:bulletins_written")


@login_required
@require_POST
def update(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Two who begin one at once both land in the one draft."""
    try:
        made = services.begin_update(actor=signed_in(request.user), bulletin_id=_issued(request, pk).pk)
    except Conflict as error:
        if not isinstance(error.current, Bulletin):
            raise
        messages.info(request, error.message)
        return redirect("advisories:bulletin_manage", error.current.pk)
    return redirect("advisories:bulletin_edit", made.pk)


def _issued(request: HttpRequest, pk: UUID) -> Bulletin:
    """404 for a stranger; whoever reads it and did not issue it is refused."""
    found = Bulletin.objects.visible_to(request.user).select_related("area", "drafted_by", "approved_by", "replaces")
    one = get_object_or_404(found, pk=pk)
    if not authority(request.user).is_auditor:
        policies.can_issue(request.user, one).require()
    return one


def _decided(request: HttpRequest, found: Bulletin, form: ApprovalForm) -> HttpResponse:
    actor, clean = signed_in(request.user), form.cleaned_data
    if request.POST.get("action") == "send_back":
        services.send_back(actor=actor, bulletin_id=found.pk, reason=clean["reason"])
        messages.success(request, _("Sent back. The author has been told by mail."))
        return redirect("advisories:bulletin_manage", found.pk)
    services.approve(actor=actor, bulletin_id=found.pk, expected_hash=clean["read"])
    messages.success(request, _("Approved. It can be published."))
    return redirect("advisories:bulletin_manage", found.pk)


def _form(request: HttpRequest, area: str, found: Bulletin | None = None) -> BulletinForm:
    names = {} if area else dict(PoliceArea.objects.order_by("name").values_list("code", "name"))
    initial: dict[str, Any] | None = initial_of(found) if found is not None else None
    return BulletinForm(request.POST or None, initial=initial, areas=names, national=not area)


def _input(form: BulletinForm) -> BulletinInput:
    return BulletinInput(**form.words(), audience=form.audience)


def _status(form: BulletinForm | ApprovalForm | ReasonForm) -> int:
    return _UNPROCESSABLE if form.errors else 200
