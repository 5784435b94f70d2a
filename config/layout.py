"""What stands in the navigation bar and the footer, by role: the only place that knows every app's pages."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies as people
from accounts.models import User
from accounts.selectors import Authority, authority
from advisories.domain import threat
from advisories.models import ResponseLevel
from advisories.selectors import threat as threats
from advisories.selectors import threat_words
from certification.policies import plans, reviews
from core.govuk.formats import uk_datetime
from core.govuk.navigation import Layout, NavItem, Strip, StripPart

__all__ = ["build"]


# The police come to a plan from their queue, its authors from their place.
_PLANS: Final = ("/plans/",)
_SUBJECTS: Final = ("/venues/", "/events/", "/projects/", "/subjects/")
_SECTORS: Final = ("/networks/", "/lessons/", "/guidance/", "/sightings/")


def build(request: HttpRequest) -> Layout:
    """A request that failed before it had a user is drawn as signed out."""
    user = getattr(request, "user", None) or AnonymousUser()
    who = authority(user)
    member = user if isinstance(user, User) and user.is_active else None
    return Layout(
        items=_sections(member, who) if member else _public(),
        account=_own() if member else _way_in(),
        footer=_inside() + _footer() if member else _footer(),
        demo=[NavItem(_("See the mail it has sent"), reverse("accounts:sent_mail"))] if settings.DEMO else [],
        home_url=reverse("certification:home"),
        who=str(member) if member else "",
        contact_email=settings.CONTACT_EMAIL,
        strip=_threat_level(who) if member else None,
    )


def _public() -> list[NavItem]:
    return [
        NavItem(_("Find out what applies"), reverse("events:triage")),
        NavItem(_("Check a certificate"), reverse("certification:check")),
        NavItem(_("Register of certificates"), reverse("certification:register")),
    ]


def _sections(user: User, who: Authority) -> list[NavItem]:
    """A person may act in more than one part; each section is there once, and only if its page would open."""
    cases = bool(who.organisations or who.is_police or who.is_auditor)
    queue = reviews.can_see_queue(user).allowed
    sections: list[tuple[bool, str, str, tuple[str, ...]]] = [
        (True, _("Home"), "certification:home", ()),
        (queue, _("Queue"), "certification:queue", _PLANS),
        (cases, _("Places and events"), "events:places", _SUBJECTS if queue else _SUBJECTS + _PLANS),
        (cases, _("Certificates"), "certification:certificates", ()),
        # The strip on every page leads to the threat level: no bar of this width holds both.
        (cases or who.is_administrator, _("Advisories"), "advisories:bulletins", ()),
        # An auditor's bar is full: the footer of every page leads there.
        (
            bool(who.organisations or who.is_police or who.is_administrator),
            _("Sectors"),
            "advisories:sectors",
            _SECTORS,
        ),
        (plans.can_list_standards(user).allowed, _("Standards"), "certification:standards", ()),
        (people.can_see_people(user).allowed, _("Police areas"), "accounts:areas", ()),
        (people.can_see_people(user).allowed, _("People"), "accounts:people", ()),
    ]
    items = [NavItem(label, reverse(name), also=also) for shown, label, name, also in sections if shown]
    return items + _team(who)


def _team(who: Authority) -> list[NavItem]:
    """Whoever has several organisations finds their teams on the account page; whoever has no role may begin one."""
    if len(who.organisations) == 1:
        return [NavItem(_("Team"), reverse("accounts:team", args=[next(iter(who.organisations))]))]
    if not who.organisations and not who.needs_second_factor:
        return [NavItem(_("Register your organisation"), reverse("accounts:organisation_new"))]
    return []


def _threat_level(who: Authority) -> Strip:
    """Out of the cache. Whoever has something to confirm is reminded of it on every page."""
    picture = threats.picture()
    links = [NavItem(_("What this means"), reverse("advisories:threat"))]
    if picture.running and who.organisations and threats.is_asked(who.organisations):
        links.append(NavItem(_confirm_words(picture), reverse("advisories:confirmations")))
    responses = [found for zone in threat.ZONES if (found := picture.response_in(zone))]
    highest = max(responses, key=threat.RESPONSES.index, default=None)
    return Strip(_("Threat level"), _strip_parts(picture), threat_words.TONES[highest], links)


def _confirm_words(picture: threats.Picture) -> str:
    due = min(running.due_at for running in picture.running)
    if due <= timezone.now():
        return _("Overdue: confirm your measures")
    return _("Confirm your measures by %(when)s") % {"when": uk_datetime(due)}


def _strip_parts(picture: threats.Picture) -> list[StripPart]:
    if not picture.standings:
        return [StripPart(_("Threat level:"), _("none recorded"))]
    parts = []
    for standing in picture.standings:
        name = _("Threat level") if standing.scope == threat.UK else _("Northern Ireland-related")
        parts.append(StripPart(name, standing.level_words, threat_words.LIKELIHOOD[standing.level]))
    here, there = picture.response_in(threat.GB_ZONE), picture.response_in(threat.NI_ZONE)
    if here:
        parts.append(StripPart(_("Response level"), ResponseLevel(here).label))
    if there and there != here:
        parts.append(StripPart(_("Response level in Northern Ireland"), ResponseLevel(there).label))
    return parts


def _own() -> list[NavItem]:
    return [
        NavItem(_("Your account"), reverse("accounts:account")),
        NavItem(_("Sign out"), reverse("account_logout"), post=True),
    ]


def _way_in() -> list[NavItem]:
    return [NavItem(_("Sign in"), reverse("account_login"))]


def _inside() -> list[NavItem]:
    """Within reach of every page: what somebody saw must not wait until they have found the place for it."""
    return [
        NavItem(_("Report something suspicious"), reverse("advisories:sighting_new")),
        NavItem(_("Sectors"), reverse("advisories:sectors")),
    ]


def _footer() -> list[NavItem]:
    return [
        NavItem(_("About the scheme"), reverse("about")),
        NavItem(_("The standard"), reverse("certification:standard")),
        NavItem(_("Register of certificates"), reverse("certification:register")),
        NavItem(_("Threat level"), reverse("advisories:threat")),
        NavItem(_("Lessons"), reverse("advisories:lessons")),
        NavItem(_("Accessibility"), reverse("accessibility")),
        NavItem(_("Privacy"), reverse("privacy")),
    ]
