"""Organisations that ask to come into a network, and the answers of moderators and officers."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.selectors import authority
from advisories.domain import admissions as rules
from advisories.forms.admissions import ADMIT, AskForm, DecideForm, EndForm
from advisories.models import NetworkAdmission
from advisories.policies import admissions as policies
from advisories.selectors import admissions as selectors
from advisories.selectors import networks
from advisories.selectors.networks import standing_in
from advisories.services import admissions as services
from advisories.views._common import member, sector_or_404
from core.http.errors import form_errors

__all__ = ["admission", "admissions", "ask", "withdraw"]


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, sector: str) -> HttpResponse:
    found = sector_or_404(sector)
    user = member(request)
    policies.can_ask_at_all(user, sector).require()
    asking = networks.asking(authority(user), sector, now=timezone.now())
    form = AskForm(request.POST or None, organisations=asking.can_ask) if asking.can_ask else None
    if request.method == "POST" and form is not None and form.is_valid():
        with form_errors(form):
            given = form.cleaned_data
            services.ask(actor=user, sector=sector, organisation_id=given["organisation"].pk, words=given["words"])
            messages.success(
                request, _("Your organisation has asked to join. You are told by email when there is an answer.")
            )
            return redirect("advisories:network", sector=sector)
    context = {"form": form, "sector": found, "asking": asking}
    status = 422 if form is not None and form.errors else 200
    return render(request, "advisories/networks/ask.html", context, status=status)


@login_required
@require_GET
def admissions(request: HttpRequest, sector: str) -> HttpResponse:
    found = sector_or_404(sector)
    user = member(request)
    policies.can_see_list(user, standing_in(sector, user)).require()
    listed = selectors.listed(user, sector, after=request.GET.get("after", ""))
    return render(request, "advisories/networks/admissions.html", {"sector": found, "listed": listed})


@login_required
@require_http_methods(["GET", "POST"])
def admission(request: HttpRequest, sector: str, pk: int) -> HttpResponse:
    """Posting to it answers what waits, and ends what was admitted."""
    found = sector_or_404(sector)
    user = member(request)
    rows = NetworkAdmission.objects.visible_to(user).select_related("organisation", "asked_by", "decided_by")
    one = get_object_or_404(rows, pk=pk, sector=sector)
    decision = policies.can_decide(user, standing_in(sector, user), one)
    if request.method == "POST":
        decision.require()
    asked = one.state == rules.ASKED
    form = (DecideForm if asked else EndForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            given = form.cleaned_data
            act = services.end if not asked else services.admit if given["decision"] == ADMIT else services.refuse
            done = act(actor=user, admission_id=one.pk, reason=given["reason"])
            messages.success(
                request, _("Saved: %(state)s. They have been told by email.") % {"state": done.get_state_display()}
            )
            return redirect("advisories:network_admissions", sector=sector)
    context = {
        "form": form if decision and one.state in rules.OPEN else None,
        "one": one,
        "places": selectors.places(one),
        "sector": found,
        "own": one.organisation_id in authority(user).organisations,
    }
    return render(request, "advisories/networks/admission.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def withdraw(request: HttpRequest, sector: str, pk: int) -> HttpResponse:
    sector_or_404(sector)
    user = member(request)
    one = get_object_or_404(NetworkAdmission.objects.visible_to(user), pk=pk, sector=sector)
    services.withdraw(actor=user, admission_id=one.pk)
    messages.success(request, _("Your organisation no longer asks to join."))
    return redirect("advisories:network", sector=sector)
