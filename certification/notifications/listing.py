"""Mail about keeping a site off the register. It names no site: a mailbox is no place for what is to stay private."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from certification.models import ListingRequest
from core.notify import Message
from events.models import Subject


def asked(request: ListingRequest) -> Message:
    return Message(
        kind="listing.asked",
        subject=_("A holder asks to be kept off the public register"),
        body=_(
            "A request to keep a site off the public register waits for a national administrator.\n\n"
            "Read it and answer:\n%(link)s\n\nYou will be asked to sign in.\n"
        )
        % {"link": settings.SITE_URL + reverse("certification:listing_request", args=[request.pk])},
    )


def answered(subject: Subject) -> Message:
    return Message(
        kind="listing.answered",
        subject=_("Your request about the public register has been answered"),
        body=_(
            "A national administrator has answered your request to keep a site off the public register.\n\n"
            "Read the answer:\n%(link)s\n\nYou will be asked to sign in.\n"
        )
        % {"link": settings.SITE_URL + reverse("certification:listing", args=[subject.kind, subject.pk])},
    )
