"""What mails about a response say: sign in and confirm, by when. Neither the level, nor the place, nor a measure."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from advisories.models import ThreatChange
from core.govuk.formats import uk_datetime
from core.notify import Message


def _confirmations() -> str:
    return settings.SITE_URL + reverse("advisories:confirmations")


def asked(*, due_at: datetime) -> Message:
    return Message(
        kind="threat.asked",
        subject=_("Sign in and confirm by %(when)s") % {"when": uk_datetime(due_at)},
        body=_("Your organisation is asked to confirm something by %(when)s.\n\nSign in and confirm:\n%(link)s\n")
        % {"when": uk_datetime(due_at), "link": _confirmations()},
    )


def chaser(*, due_at: datetime) -> Message:
    return Message(
        kind="threat.chaser",
        subject=_("Still to do: sign in and confirm by %(when)s") % {"when": uk_datetime(due_at)},
        body=_(
            "Half of the time has passed and your organisation has not answered. It is asked to confirm by %(when)s.\n\n"
            "Sign in and confirm:\n%(link)s\n"
        )
        % {"when": uk_datetime(due_at), "link": _confirmations()},
    )


def overdue(*, due_at: datetime) -> Message:
    """To owners."""
    return Message(
        kind="threat.overdue",
        subject=_("Overdue since %(when)s: sign in and confirm") % {"when": uk_datetime(due_at)},
        body=_(
            "Your organisation was asked to confirm by %(when)s and has not done so. You get this because you are an owner "
            "of it. The police of your area see that it is overdue.\n\nSign in and confirm:\n%(link)s\n"
        )
        % {"when": uk_datetime(due_at), "link": _confirmations()},
    )


def area_overdue(*, due_at: datetime) -> Message:
    """To advisers."""
    return Message(
        kind="threat.area_overdue",
        subject=_("Holders in your area have not confirmed"),
        body=_(
            "Holders in your area were asked to confirm by %(when)s and have not done so. Their owners have been told.\n\n"
            "Sign in to see who:\n%(link)s\n"
        )
        % {"when": uk_datetime(due_at), "link": _confirmations()},
    )


def proposed(change: ThreatChange) -> Message:
    """To the other administrators. What is proposed is not public yet, so it is not in the mail."""
    return Message(
        kind="threat.proposed",
        subject=_("A change waits for a second administrator"),
        body=_("Another national administrator has proposed a change. Sign in to read and confirm it:\n%(link)s\n")
        % {"link": settings.SITE_URL + reverse("advisories:threat_change", args=[change.pk])},
    )
