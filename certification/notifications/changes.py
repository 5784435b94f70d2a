"""What mail about a material change says: that it was told, and where to read it."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from certification.models import MaterialChange
from certification.notifications.plans import advisers_of
from core.notify import Message


def readers_of(change: MaterialChange) -> Iterable[User]:
    return advisers_of(change.area_id)


def reported(change: MaterialChange) -> Message:
    return Message(
        kind="change.reported",
        subject=_("Something has changed: certificate %(number)s") % {"number": change.certificate.number},
        body=_(
            "The holder of certificate %(number)s has told that something has changed. What it is, and how the rules "
            "class it, can be read here:\n%(link)s\n\nYou will be asked to sign in.\n"
        )
        % {"number": change.certificate.number, "link": _link(change)},
    )


def reclassed(change: MaterialChange) -> Message:
    return Message(
        kind="change.reclassed",
        subject=_("A change has been classed anew: certificate %(number)s") % {"number": change.certificate.number},
        body=_(
            "A police officer of your area has looked at the change that you told for certificate %(number)s and has "
            "classed it anew. What that means, and what is to be done:\n%(link)s\n\nYou will be asked to sign in.\n"
        )
        % {"number": change.certificate.number, "link": _link(change)},
    )


def _link(change: MaterialChange) -> str:
    return settings.SITE_URL + reverse("certification:change", args=[change.pk])
