"""Who is in a network, and who looks after it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from advisories.domain import networks as rules
from advisories.forms.networks import AppointForm, RemoveForm
from advisories.models import NetworkMember, NetworkModerator
from advisories.policies import admissions as admission_policies
from advisories.policies import networks as policies
from advisories.selectors import admissions
from advisories.selectors import networks as selectors
from advisories.services import networks as services
from advisories.views._common import member, sector_or_404
from core.http.errors import form_errors

__all__ = ["appoint", "end", "members", "readmit", "remove"]


@login_required
@require_GET
def members(request: HttpRequest, sector: str) -> HttpResponse:
    found = sector_or_404(sector)
    user = member(request)
    standing = selectors.standing_in(sector, user)
    may_appoint = {lead: _may_appoint(user, standing, lead) for lead in (rules.POLICE, rules.INDUSTRY)}
    sees = policies.can_see_members(user, standing)
    if not any(may_appoint.values()):
        sees.require()
    sees_admissions = bool(admission_policies.can_see_list(user, standing))
    context = {
        "sector": found,
        "standing": standing,
        "sees_members": bool(sees),
        "members": selectors.members(sector, after=request.GET.get("after", ""), moderates=standing.moderates),
        "may_appoint_police": may_appoint[rules.POLICE],
        "may_appoint_industry": may_appoint[rules.INDUSTRY],
        "may_readmit": bool(policies.can_readmit(standing)),
        "sees_admissions": sees_admissions,
        "waiting": admissions.waiting(sector) if sees_admissions else 0,
        "me": user.pk,
    }
    return render(request, "advisories/networks/members.html", context)


def _may_appoint(user: User, standing: selectors.Standing, lead: str) -> bool:
    if lead == rules.INDUSTRY:
        return standing.lead == rules.POLICE
    return bool(policies.can_appoint(user, standing.sector, lead))


@login_required
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, sector: str, member_id: int) -> HttpResponse:
    found = sector_or_404(sector)
    user = member(request)
    standing = selectors.standing_in(sector, user)
    policies.can_see_members(user, standing).require()
    one = get_object_or_404(
        NetworkMember.objects.select_related("user", "organisation"), pk=member_id, sector=sector, left_at=None
    )
    policies.can_remove(user, standing, one).require()
    form = RemoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            services.remove(actor=user, member_id=one.pk, reason=form.cleaned_data["reason"])
            messages.success(request, _("%(name)s is no longer in the network.") % {"name": one.user})
            return redirect("advisories:network_members", sector=sector)
    context = {"form": form, "one": one, "sector": found}
    return render(request, "advisories/networks/remove.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def readmit(request: HttpRequest, sector: str, member_id: int) -> HttpResponse:
    sector_or_404(sector)
    user = member(request)
    policies.can_see_members(user, selectors.standing_in(sector, user)).require()
    one = get_object_or_404(NetworkMember.objects.select_related("user"), pk=member_id, sector=sector)
    services.readmit(actor=user, member_id=one.pk)
    messages.success(request, _("%(name)s can join again.") % {"name": one.user})
    return redirect("advisories:network_members", sector=sector)


@login_required
@require_http_methods(["GET", "POST"])
def appoint(request: HttpRequest, sector: str, lead: str) -> HttpResponse:
    found = sector_or_404(sector)
    if lead not in NetworkModerator.Lead.values:
        raise Http404
    user = member(request)
    policies.can_appoint(user, sector, lead).require()
    candidates = [one for one in selectors.candidates(sector, lead) if one.user_id != user.pk]
    form = AppointForm(request.POST or None, candidates=candidates)
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            services.appoint(actor=user, sector=sector, user_id=UUID(form.cleaned_data["user"]), lead=lead)
            messages.success(request, _("Appointed. They have been told by email."))
            return redirect("advisories:network_members", sector=sector)
    context = {"form": form, "sector": found, "lead": NetworkModerator.Lead(lead).label, "candidates": candidates}
    return render(request, "advisories/networks/appoint.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def end(request: HttpRequest, sector: str, moderator_id: int) -> HttpResponse:
    sector_or_404(sector)
    user = member(request)
    one = get_object_or_404(NetworkModerator, pk=moderator_id, sector=sector)
    services.end_moderator(actor=user, moderator_id=one.pk)
    messages.success(request, _("The appointment has ended. It stays in the history."))
    return redirect("advisories:network_members", sector=sector)
