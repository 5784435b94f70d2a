"""The sectors' hub, the page of one network, and joining and leaving it."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.selectors import authority
from advisories.domain import networks as rules
from advisories.forms.networks import JoinForm, MailForm, SearchForm
from advisories.policies import admissions as admission_policies
from advisories.policies import lessons as lesson_policies
from advisories.policies import networks as policies
from advisories.policies import sightings as sighting_policies
from advisories.selectors import admissions, guidance, network_search, sightings
from advisories.selectors import networks as selectors
from advisories.services import networks as services
from advisories.views._common import marking_of, member, sector_or_404
from core.http.errors import form_errors
from core.http.ratelimit import rate_limit

__all__ = ["hub", "join", "leave", "mail", "network", "search"]

# Each opens as many posts as LOOKED_AT says.
_SEARCHES: Final = 30


@login_required
@require_GET
def hub(request: HttpRequest) -> HttpResponse:
    user = member(request)
    who = authority(user)
    context = {
        "hub": selectors.hub(user),
        "new_reports": sightings.new_in_areas(user) if who.is_police else None,
        "sees_queue": bool(sighting_policies.can_see_queue(user)),
        "sees_waiting": bool(lesson_policies.can_see_waiting(user)),
    }
    return render(request, "advisories/networks/hub.html", context)


@login_required
@require_GET
def network(request: HttpRequest, sector: str) -> HttpResponse:
    found = sector_or_404(sector)
    user = member(request)
    page = selectors.network_page(found, user, after=request.GET.get("after", ""))
    joined = page.standing.member
    context = {
        "page": page,
        "sector": found,
        "join_form": JoinForm(organisations=page.asking.admitted) if len(page.asking.admitted) > 1 else None,
        "mail_form": MailForm({"mail": joined.mail}) if joined else None,
        "search_form": SearchForm(),
        "waiting": admissions.waiting(sector) if admission_policies.decides(page.standing) else 0,
        "packs": guidance.of_sector(user, sector),
        "sees_members": bool(
            policies.can_see_members(user, page.standing) or policies.can_appoint(user, sector, rules.POLICE)
        ),
    }
    return render(request, "advisories/networks/network.html", context)


@login_required
@require_GET
@rate_limit("network-search", allowance=_SEARCHES)
def search(request: HttpRequest, sector: str) -> HttpResponse:
    found = sector_or_404(sector)
    form = SearchForm(request.GET)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    result = network_search.search(found, member(request), words)
    context = {
        "sector": found,
        "form": form,
        "words": words,
        "found": result,
        "marking": marking_of(hit.tlp for hit in result.hits),
    }
    return render(request, "advisories/networks/search.html", context)


@login_required
@require_POST
def join(request: HttpRequest, sector: str) -> HttpResponse:
    sector_or_404(sector)
    user = member(request)
    organisations = selectors.network_page(sector_or_404(sector), user).asking.admitted
    form = JoinForm(request.POST, organisations=organisations)
    if form.is_valid():
        chosen = form.cleaned_data["organisation"]
        with form_errors(form):
            services.join(actor=user, sector=sector, organisation_id=chosen.pk if chosen else None)
    if form.errors:
        messages.error(request, str(next(iter(form.errors.values()))[0]))
    else:
        messages.success(request, _("You are in this network."))
    return redirect("advisories:network", sector=sector)


@login_required
@require_POST
def leave(request: HttpRequest, sector: str) -> HttpResponse:
    sector_or_404(sector)
    services.leave(actor=member(request), sector=sector)
    messages.success(request, _("You have left this network. What you wrote stays in it."))
    return redirect("advisories:network", sector=sector)


@login_required
@require_POST
def mail(request: HttpRequest, sector: str) -> HttpResponse:
    sector_or_404(sector)
    services.set_mail(actor=member(request), sector=sector, mail=request.POST.get("mail", ""))
    messages.success(request, _("Saved."))
    return redirect("advisories:network", sector=sector)
