"""Reads over offers to hand a certified place over."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Organisation, User
from accounts.selectors import Viewer, authority
from certification.domain import transfer
from certification.models import Certificate, TransferOffer

__all__ = ["accepting_organisations", "latest_of", "made_of", "offered_to", "visible"]


def visible(user: Viewer) -> QuerySet[TransferOffer]:
    """With all that its page names."""
    return TransferOffer.objects.visible_to(user).select_related(
        "certificate__area", "certificate__organisation", "to_organisation", "accepted_by", "offered_by"
    )


def latest_of(certificate: Certificate) -> TransferOffer | None:
    return certificate.transfer_offers.select_related("to_organisation").order_by("-offered_at", "-pk").first()


def offered_to(user: User, *, now: datetime) -> list[TransferOffer]:
    """What waits for this person's answer; one query."""
    mine = TransferOffer.objects.filter(email=user.email.lower(), state=transfer.OFFERED, expires_at__gt=now)
    return list(mine.select_related("certificate").order_by("expires_at", "pk")[:10])


def made_of(user: Viewer, offer: TransferOffer) -> Certificate | None:
    """The new holder's certificate, for those who may see it."""
    if offer.state != transfer.COMPLETED:
        return None
    made = Certificate.objects.visible_to(user).filter(supersedes=offer.certificate_id, basis="transfer")
    return made.order_by("-created_at").first()


def accepting_organisations(user: User, offer: TransferOffer) -> QuerySet[Organisation]:
    """For which the person could take the certificate over."""
    who = authority(user)
    owned = [pk for pk in who.organisations if who.owns(pk) and pk != offer.certificate.organisation_id]
    return Organisation.objects.filter(pk__in=owned).order_by("name", "pk")
