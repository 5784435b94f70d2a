"""What a mail says of a report: that there is one, or an answer. Not its number, its kind or its place."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from advisories.models import Sighting
from core.notify import Message

__all__ = ["file_refused", "replied", "reported"]


def reported(sighting: Sighting) -> Message:
    return Message(
        kind="sighting.reported",
        subject=_("New report of something suspicious"),
        body=_("There is a new report for %(area)s. Sign in to read it:\n%(link)s")
        % {"area": sighting.area, "link": _link(sighting)},
    )


def replied(sighting: Sighting) -> Message:
    return Message(
        kind="sighting.replied",
        subject=_("The police have answered your report"),
        body=_("There is news of a report that you made. Sign in to read it:\n%(link)s") % {"link": _link(sighting)},
    )


def file_refused(sighting: Sighting) -> Message:
    return Message(
        kind="sighting.file_refused",
        subject=_("A file of your report was refused"),
        body=_("Malware was found in a file that you sent with a report, and the file was deleted:\n%(link)s")
        % {"link": _link(sighting)},
    )


def _link(sighting: Sighting) -> str:
    return f"{settings.SITE_URL}{reverse('advisories:sighting', args=[sighting.pk])}"
