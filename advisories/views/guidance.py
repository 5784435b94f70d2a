"""Guidance packs: read, printed, written."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.selectors import authority
from advisories.domain import guidance as rules
from advisories.domain import networks
from advisories.domain.sectors import SECTORS
from advisories.forms.guidance import BeginForm, PackForm
from advisories.forms.lessons import WithdrawForm
from advisories.models import GuidancePack, NetworkModerator
from advisories.policies import guidance as policies
from advisories.selectors import guidance as selectors
from advisories.services import guidance as services
from advisories.services.guidance import PackInput
from advisories.views._common import marking_of, member
from core.errors import NotPermitted
from core.http.errors import form_errors
from core.http.ratelimit import rate_limit

__all__ = ["discard", "edit", "listing", "new", "pack", "pdf_file", "publish", "revise", "withdraw"]


@rate_limit("guidance", allowance=60)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    sector = request.GET.get("sector", "")
    page = selectors.listed(request.user, sector=sector, after=request.GET.get("after", ""))
    context = {
        "page": page,
        "rows": [(SECTORS[one.sector].label, one) for one in page.rows],
        "sector": SECTORS.get(sector),
        "marking": marking_of(one.tlp for one in page.rows),
        "may_write": bool(_own_sectors(request)),
    }
    return render(request, "advisories/guidance/list.html", context)


def _own_sectors(request: HttpRequest) -> list[str]:
    """For which the person may write guidance."""
    who = authority(request.user)
    if who.is_administrator:
        return list(SECTORS)
    if not who.is_police:
        return []
    led = NetworkModerator.objects.standing().filter(user=who.user_id, lead=networks.POLICE)
    return [code for code in SECTORS if code in set(led.values_list("sector", flat=True))]


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    sectors = _own_sectors(request)
    if not sectors:
        raise NotPermitted(_("Guidance of a sector is written by its police lead and by national administrators."))
    form = BeginForm(request.POST or None, sectors=sectors, sector=request.GET.get("sector", ""))
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            made = services.begin(actor=member(request), **form.cleaned_data)
            return redirect("advisories:guidance_edit", pk=made.pk)
    return render(request, "advisories/guidance/new.html", {"form": form}, status=422 if form.errors else 200)


@rate_limit("guidance", allowance=60)
@require_safe
def pack(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = selectors.get_pack(request.user, pk)
    context = {
        "pack": found,
        "content": selectors.content(found),
        "versions": selectors.versions_of(request.user, found),
        "may_edit": bool(policies.can_edit(request.user, found.sector)),
        "released": found.state in rules.RELEASED,
    }
    return render(request, "advisories/guidance/pack.html", context)


@rate_limit("guidance", allowance=60)
@require_safe
def pdf_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    made = services.download(pack=selectors.get_pack(request.user, pk))
    response = HttpResponse(made.content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _editable(request, pk)
    form = PackForm(request.POST or None, choices=selectors.choices(found), initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            services.change(actor=member(request), pack_id=found.pk, given=_given(form))
            messages.success(request, _("The draft is saved."))
            return redirect("advisories:guidance_pack", pk=pk)
    context = {"form": form, "pack": found, "sector": SECTORS[found.sector]}
    return render(request, "advisories/guidance/edit.html", context, status=422 if form.errors else 200)


def _initial(found: GuidancePack) -> dict[str, Any]:
    names = ("title", "introduction", "tlp", "criteria", "lessons")
    return {**{name: getattr(found, name) for name in names}, "actions": "\n".join(found.actions)}


def _given(form: PackForm) -> PackInput:
    clean = form.cleaned_data
    return PackInput(
        title=clean["title"],
        introduction=clean["introduction"],
        actions=form.lines,
        criteria=clean["criteria"],
        lessons=clean["lessons"],
        tlp=clean["tlp"],
    )


@login_required
@require_POST
def publish(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _editable(request, pk)
    services.publish(actor=member(request), pack_id=found.pk)
    messages.success(request, _("The guidance is published. Its PDF is being made."))
    return redirect("advisories:guidance_pack", pk=pk)


@login_required
@require_POST
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _editable(request, pk)
    services.discard(actor=member(request), pack_id=found.pk)
    messages.success(request, _("The draft is discarded."))
    return redirect("advisories:guidance")


@login_required
@require_POST
def revise(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _editable(request, pk)
    made = services.revise(actor=member(request), pack_id=found.pk)
    return redirect("advisories:guidance_edit", pk=made.pk)


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _editable(request, pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            services.withdraw(actor=member(request), pack_id=found.pk, reason=form.cleaned_data["reason"])
            messages.success(request, _("The guidance is withdrawn."))
            return redirect("advisories:guidance_pack", pk=pk)
    return render(
        request, "advisories/guidance/withdraw.html", {"form": form, "pack": found}, status=422 if form.errors else 200
    )


def _editable(request: HttpRequest, pk: UUID) -> GuidancePack:
    """404 for a stranger, 403 for a reader who is no editor."""
    found = selectors.get_pack(request.user, pk)
    policies.can_edit(request.user, found.sector).require()
    return found
