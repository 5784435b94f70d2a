"""What mails about the transfer of a certified place say. Nothing of the plan, no answers, no reasons."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from certification.domain import transfer
from certification.models import TransferOffer
from core.govuk.formats import uk_date
from core.notify import Message

__all__ = ["accepted", "ended", "offered", "with_police"]


def offered(offer: TransferOffer) -> Message:
    """To an address that may have no account yet."""
    return Message(
        kind="transfer.offered",
        subject=_("You have been offered a certified place: %(subject)s") % _names(offer),
        body=_(
            "%(holder)s would like to hand over %(subject)s, with its protective security certificate, to an organisation of "
            "yours.\n\nRead what that means, and accept or decline by %(until)s:\n%(link)s\n\nSign in with this email "
            "address as an owner of the organisation that is to hold the certificate. If you have no account, make one and "
            "register the organisation first. If you did not expect this, do nothing: the offer runs out by itself.\n"
        )
        % {**_names(offer), "until": uk_date(offer.expires_at)},
    )


def accepted(offer: TransferOffer) -> Message:
    """To the holder."""
    return Message(
        kind="transfer.accepted",
        subject=_("Your offer has been accepted: %(subject)s") % _names(offer),
        body=_(
            "The offer to hand over %(subject)s with certificate %(number)s has been accepted. The police now look at the new "
            "holder. Until they have confirmed the transfer the certificate stays yours, with its duties.\n\n%(link)s\n"
        )
        % _names(offer),
    )


def with_police(offer: TransferOffer) -> Message:
    return Message(
        kind="transfer.with_police",
        subject=_("A transfer is waiting for the police"),
        body=_(
            "A certificate of your area is to be transferred to another holder, who has accepted and answered the questions "
            "about themselves. An officer needs to propose the transfer and another one to confirm it, or an authorising "
            "officer to refuse it.\n\n%(link)s\n"
        )
        % _names(offer),
    )


def ended(offer: TransferOffer) -> Message:
    words = {
        transfer.DECLINED: _("was declined"),
        transfer.WITHDRAWN: _("was withdrawn"),
        transfer.EXPIRED: _("has run out"),
        transfer.REFUSED: _("was refused by the police"),
        transfer.COMPLETED: _("has been completed"),
    }[offer.state]
    return Message(
        kind=f"transfer.{offer.state}",
        subject=_("The transfer of %(subject)s %(what)s") % {**_names(offer), "what": words},
        body=_("The transfer of %(subject)s with certificate %(number)s %(what)s.\n\nRead more here:\n%(link)s\n")
        % {**_names(offer), "what": words},
    )


def _names(offer: TransferOffer) -> dict[str, str]:
    certificate = offer.certificate
    return {
        "subject": certificate.subject_name,
        "holder": certificate.holder_name,
        "number": certificate.number,
        "link": settings.SITE_URL + reverse("certification:transfer_offer", args=[offer.pk]),
    }
