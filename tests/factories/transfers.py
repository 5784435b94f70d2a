"""Offers of certified places, made by the services."""

from __future__ import annotations

from accounts.models import Organisation, User
from certification.domain.transfer import HolderAnswers
from certification.models import Certificate, TransferOffer
from certification.services import transfers
from certification.services.transfers import Acceptance
from tests.factories import accounts as people

# Never in a mail, nor before the holder that hands over.
ANSWER = "SECRET-CAPABILITY"


def holder_answers(**changed: str) -> HolderAnswers:
    given = {
        "responsible_kind": "organisation",
        "responsible_name": "Lantern Houses",
        "responsible_ground": "Leaseholder from the spring",
        "capability": ANSWER,
        "declared_position": "Director",
        **changed,
    }
    return HolderAnswers(**given)


def receiver(name: str = "Lantern Houses") -> Organisation:
    return people.make_organisation(name=name)


def made_offer(certificate: Certificate, to: User) -> TransferOffer:
    holder = certificate.organisation.created_by
    return transfers.offer(actor=holder, certificate_id=certificate.pk, email=to.email, plan_goes_along=True)


def accepted_offer(certificate: Certificate, to: Organisation | None = None, **changed: str) -> TransferOffer:
    organisation = to or receiver()
    made = made_offer(certificate, organisation.created_by)
    return accept(made, organisation, **changed)


def accept(offer: TransferOffer, organisation: Organisation, **changed: str) -> TransferOffer:
    acceptance = Acceptance(organisation.pk, holder_answers(**changed), declared=True)
    return transfers.accept(actor=organisation.created_by, offer_id=offer.pk, acceptance=acceptance)
