"""Who may see, make and answer the offer of a certified place. `can_view` and `TransferOffer.objects.visible_to` agree."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import Authority, Viewer, authority
from certification.models import Certificate, TransferOffer
from core.policies import ALLOWED, Decision, denied


def can_view(user: Viewer, offer: TransferOffer, *, fresh: bool = False) -> Decision:
    who = authority(user, fresh=fresh)
    if who.is_auditor or who.member_of(offer.certificate.organisation_id) or _is_addressee(user, who, offer):
        return ALLOWED
    if offer.to_organisation_id is not None and who.member_of(offer.to_organisation_id):
        return ALLOWED
    if offer.accepted_at is not None and who.serves(offer.certificate.area_id):
        return ALLOWED
    return denied(_("This offer is between two other organisations."))


def can_read_answers(user: Viewer, offer: TransferOffer, *, fresh: bool = False) -> Decision:
    """What the new holder said of itself: not for the old one."""
    who = authority(user, fresh=fresh)
    if who.is_auditor or who.serves(offer.certificate.area_id):
        return ALLOWED
    if offer.to_organisation_id is not None and who.member_of(offer.to_organisation_id):
        return ALLOWED
    return denied(_("What the new holder has answered is for the police."))


def can_offer(user: Viewer, certificate: Certificate, *, fresh: bool = False) -> Decision:
    if not authority(user, fresh=fresh).owns(certificate.organisation_id):
        return denied(_("Only an owner of the holding organisation can hand its certificate over."))
    if certificate.event_id is not None:
        return denied(_("A certificate for an event stays with its organiser and ends with the event."))
    return ALLOWED


def can_withdraw(user: Viewer, offer: TransferOffer, *, fresh: bool = False) -> Decision:
    if authority(user, fresh=fresh).owns(offer.certificate.organisation_id):
        return ALLOWED
    return denied(_("Only an owner of the holding organisation can withdraw its offer."))


def can_accept(user: Viewer, offer: TransferOffer, *, fresh: bool = False) -> Decision:
    """The right to answer; for which organisation is asked by `can_accept_for`."""
    who = authority(user, fresh=fresh)
    if not _is_addressee(user, who, offer):
        return denied(_("This offer was sent to another email address. Sign in with that one."))
    return ALLOWED


def can_accept_for(user: Viewer, offer: TransferOffer, organisation_id: UUID, *, fresh: bool = False) -> Decision:
    allowed = can_accept(user, offer, fresh=fresh)
    if not allowed:
        return allowed
    if organisation_id == offer.certificate.organisation_id:
        return denied(_("This organisation holds the certificate already."))
    if not authority(user).owns(organisation_id):
        return denied(_("Only an owner of an organisation can take over a certificate for it."))
    return ALLOWED


def can_decline(user: Viewer, offer: TransferOffer, *, fresh: bool = False) -> Decision:
    """Whoever it was sent to, and an owner of the organisation that has accepted it."""
    who = authority(user, fresh=fresh)
    if _is_addressee(user, who, offer):
        return ALLOWED
    if offer.to_organisation_id is not None and who.owns(offer.to_organisation_id):
        return ALLOWED
    return denied(_("Only whoever the offer was made to can decline it."))


def can_refuse(user: Viewer, offer: TransferOffer, *, fresh: bool = False) -> Decision:
    """One signature is enough: the certificate stays where it is."""
    who = authority(user, fresh=fresh)
    if not who.authorises(offer.certificate.area_id):
        return denied(_("Only an authorising officer of the certificate's police area can refuse a transfer."))
    sides = [offer.certificate.organisation_id, offer.to_organisation_id]
    if any(side is not None and who.member_of(side) for side in sides):
        return denied(_("You belong to one of the two organisations."))
    return ALLOWED


def _is_addressee(user: Viewer, who: Authority, offer: TransferOffer) -> bool:
    return who.user_id is not None and isinstance(user, User) and user.email.lower() == offer.email
