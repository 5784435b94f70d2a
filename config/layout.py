"""What stands in the navigation bar and the footer, by role: the only place that knows every app's pages."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import policies as people
from accounts.models import User
from accounts.selectors import Authority, authority
from certification.policies import plans, reviews
from core.govuk.navigation import Layout, NavItem

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
        # An auditor's bar is full: the footer of every page leads there.
        (bool(who.organisations or who.is_police or who.is_administrator), _("Sectors"), "advisories:sectors", _SECTORS),
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
        NavItem(_("Lessons"), reverse("advisories:lessons")),
        NavItem(_("Accessibility"), reverse("accessibility")),
        NavItem(_("Privacy"), reverse("privacy")),
    ]
