"""The front door: what the service is for those outside, what is to be done for those inside."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.selectors import authority
from certification.selectors import extras
from certification.selectors import home as selectors
from certification.selectors.offers import offered_to


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """A person with several roles gets a part for each."""
    if not isinstance(request.user, User):
        return render(request, "certification/home/landing.html")
    who = authority(request.user)
    today = timezone.localdate()
    national = who.is_administrator or who.is_auditor
    context = {
        "who": who,
        "today": today,
        "organisation": selectors.for_organisations(request.user, who, today=today) if who.organisations else None,
        "police": selectors.for_police(request.user, who, today=today) if who.is_police else None,
        "national": selectors.national(today=today) if national else None,
        # Police and national roles hold nothing.
        "offers": offered_to(request.user, now=timezone.now()) if not (who.is_police or national) else [],
        "notes": extras.home_notes(request.user),
        "nobody": not (who.organisations or who.is_police or national),
    }
    return render(request, "certification/home/dashboard.html", context)
