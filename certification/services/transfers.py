"""A certified place passes to another organisation: the holder offers it, the other side accepts and answers for itself,
an officer proposes with their finding, an authorising officer confirms (`services.proposals`).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import editors_of
from accounts.services.users import clean_email
from certification.domain import lifecycle, transfer
from certification.domain import proposals as rules
from certification.domain.transfer import HolderAnswers
from certification.models import Certificate, Proposal, TransferOffer
from certification.notifications import transfers as messages
from certification.policies import certificates as holding
from certification.policies import transfers as policies
from certification.selectors.certificates import subject_of
from certification.selectors.plans import open_plan_of
from certification.services import _offers, _standing, _succession
from certification.services._standing import Held
from certification.services._succession import Successor
from core import notify
from core.errors import Conflict, IllegalMove, InvalidInput
from events.services import handover

__all__ = [
    "Acceptance",
    "accept",
    "decline",
    "expire_due",
    "offer",
    "proposed",
    "receiver_of",
    "refuse",
    "take_effect",
    "withdraw",
]

_CHUNK: Final = 200
_MOST_OFFERS: Final = 5


@dataclass(frozen=True, slots=True)
class Acceptance:
    """`declared`: the new holder takes over the plan, its conditions and its duties, and what was said is true."""

    organisation_id: UUID
    answers: HolderAnswers
    declared: bool


def offer(*, actor: User, certificate_id: UUID, email: str, plan_goes_along: bool) -> TransferOffer:
    """To an owner of another organisation, by their address; whether it has an account is not told.

    Raises InvalidInput ("email", "plan_goes_along"), Conflict while an offer is open, IllegalMove for what is not in force
    or has a plan open.
    """
    with transaction.atomic():
        now = timezone.now()
        held = _standing.lock(certificate_id, at=now)
        certificate = held.certificate
        policies.can_offer(actor, certificate, fresh=True).require()
        address = _address(certificate, email)
        if not plan_goes_along:
            raise InvalidInput(_("Confirm that the plan goes with the place"), "plan_goes_along")
        _require_transferable(held)
        found = certificate.transfer_offers.filter(state__in=transfer.OPEN).first()
        if found is not None:
            raise Conflict(_("An offer of this certificate is open already. Withdraw it to make another."), found)
        _require_few(certificate, at=now)
        made = TransferOffer.objects.create(
            certificate=certificate,
            email=address,
            offered_by=actor,
            offered_at=now,
            expires_at=now + transfer.VALID_FOR,
        )
        _offers.record(actor, "transfer.offered", made)
        _offers.tell_other_side(made, "offered", messages.offered(made))
        return made


def accept(*, actor: User, offer_id: UUID, acceptance: Acceptance) -> TransferOffer:
    """By the owner to whose address it was sent. Raises InvalidInput with the field, IllegalMove once it has ended."""
    with transaction.atomic():
        now = timezone.now()
        held, found = _locked(offer_id, at=now)
        policies.can_accept_for(actor, found, acceptance.organisation_id, fresh=True).require()
        _require_in_time(found, at=now)
        for fault in transfer.holder_faults(acceptance.answers, judged_tier=held.certificate.judged_tier):
            raise InvalidInput(fault.message, fault.place)
        if not acceptance.declared:
            raise InvalidInput(_("Confirm the declaration"), "declared")
        _require_transferable(held)
        _offers.move(found, "accept", at=now)
        found.to_organisation_id = acceptance.organisation_id
        found.accepted_by, found.accepted_at = actor, now
        for name, value in asdict(acceptance.answers).items():
            setattr(found, name, value.strip())
        found.save()
        _offers.record(actor, "transfer.accepted", found)
        for person in editors_of(held.certificate.organisation_id):
            notify.send(to=person, message=messages.accepted(found), key=f"transfer:{found.pk}:accepted:{person.pk}")
        _offers.tell_police(found, "with-police", messages.with_police(found))
        return found


def decline(*, actor: User, offer_id: UUID) -> TransferOffer:
    """Also after accepting, as long as the police have not confirmed."""
    with transaction.atomic():
        now = timezone.now()
        held, found = _locked(offer_id, at=now)
        policies.can_decline(actor, found, fresh=True).require()
        return _end(held, found, "decline", actor=actor, at=now)


def withdraw(*, actor: User, offer_id: UUID) -> TransferOffer:
    """By the holder, as long as the police have not confirmed."""
    with transaction.atomic():
        now = timezone.now()
        held, found = _locked(offer_id, at=now)
        policies.can_withdraw(actor, found, fresh=True).require()
        return _end(held, found, "withdraw", actor=actor, at=now)


def refuse(*, actor: User, offer_id: UUID, reason: str) -> TransferOffer:
    """By one authorising officer: the certificate stays where it is. Both sides read the reason."""
    with transaction.atomic():
        now = timezone.now()
        held, found = _locked(offer_id, at=now)
        policies.can_refuse(actor, found, fresh=True).require()
        text = _standing.tidy_reason(reason)
        return _end(held, found, "refuse", actor=actor, at=now, reason=text)


def expire_due(*, now: datetime) -> int:
    """Offers that nobody answered in time; how many. One that was accepted waits for the police without end."""
    due = TransferOffer.objects.filter(state=transfer.OFFERED, expires_at__lte=now).order_by("expires_at", "pk")
    done = 0
    for pk in list(due.values_list("pk", flat=True)[:_CHUNK]):
        with transaction.atomic():
            held, found = _locked(pk, at=now)
            if found.state == transfer.OFFERED and found.expires_at <= now:
                _end(held, found, "expire", actor=None, at=now)
                done += 1
    return done


# For services.proposals ------------------------------------------------------------------------------------------------


def proposed(actor: User, certificate: Certificate) -> dict[str, object]:
    """The offer that an officer proposes to let take effect. Raises IllegalMove where none has been accepted."""
    found = certificate.transfer_offers.filter(state=transfer.ACCEPTED).first()
    if found is None:
        raise IllegalMove(_("No offer to transfer this certificate has been accepted."))
    holding.can_propose(actor, certificate, to_organisation=found.to_organisation_id).require()
    return {"offer": str(found.pk)}


def receiver_of(proposal: Proposal) -> UUID | None:
    """The organisation that is to hold the certificate; None for what is no transfer."""
    if proposal.kind != rules.TRANSFER:
        return None
    found = TransferOffer.objects.filter(pk=str(proposal.changes["offer"]))
    return found.values_list("to_organisation_id", flat=True).first()


def take_effect(actor: User, held: Held, proposal: Proposal, at: datetime) -> None:
    """The place passes on at once; the new holder's certificate takes the old one's place when its document is made."""
    certificate = held.certificate
    found = (
        TransferOffer.objects.select_for_update(of=("self",))
        .select_related("to_organisation")
        .get(pk=str(proposal.changes["offer"]))
    )
    found.certificate = certificate
    if found.state != transfer.ACCEPTED or found.to_organisation is None:
        raise IllegalMove(_("The offer that this transfer rests on has ended."))
    _require_transferable(held)
    _offers.end(found, "complete", actor=actor, at=at)
    successor = Successor(
        basis=Certificate.Basis.TRANSFER,
        organisation_id=found.to_organisation.pk,
        holder_name=found.to_organisation.name,
        subject_name=certificate.subject_name,
        scope=certificate.scope,
        valid_until=certificate.valid_until,
        conditions=None,
    )
    _succession.create(actor=actor, certificate=certificate, successor=successor, at=at)
    responsible = handover.Responsible(
        **{name: getattr(found, name) for name in handover.Responsible.__dataclass_fields__}
    )
    handover.hand_over(
        actor=actor,
        subject=subject_of(certificate),
        organisation_id=found.to_organisation.pk,
        responsible=responsible,
    )


def _locked(offer_id: UUID, *, at: datetime) -> tuple[Held, TransferOffer]:
    """The certificate first, as everywhere."""
    certificate_id = TransferOffer.objects.values_list("certificate_id", flat=True).get(pk=offer_id)
    held = _standing.lock(certificate_id, at=at)
    found = TransferOffer.objects.select_for_update(of=("self",)).get(pk=offer_id)
    found.certificate = held.certificate
    return held, found


def _end(
    held: Held, found: TransferOffer, action: str, *, actor: User | None, at: datetime, reason: str = ""
) -> TransferOffer:
    _offers.end(found, action, actor=actor, at=at, reason=reason)
    for proposal in held.certificate.proposals.unanswered().filter(kind=rules.TRANSFER):
        proposal.certificate = held.certificate
        _standing.drop(proposal, actor=actor, at=at)
    return found


def _address(certificate: Certificate, email: str) -> str:
    address = clean_email(email)
    if editors_of(certificate.organisation_id).filter(email__iexact=address).exists():
        raise InvalidInput(
            _("This person belongs to your own organisation. Enter the address of another one's owner."), "email"
        )
    return address


def _require_few(certificate: Certificate, *, at: datetime) -> None:
    """Each offer is a mail to an address of the holder's choice."""
    lately = certificate.transfer_offers.filter(offered_at__gt=at - transfer.VALID_FOR)
    if lately.count() >= _MOST_OFFERS:
        raise IllegalMove(_("Too many offers were made in the last 30 days. Speak to the other organisation first."))


def _require_in_time(found: TransferOffer, *, at: datetime) -> None:
    if found.state == transfer.OFFERED and found.expires_at <= at:
        raise IllegalMove(_("This offer has run out. Ask the holder to make another."))


def _require_transferable(held: Held) -> None:
    certificate = held.certificate
    if certificate.state != lifecycle.IN_FORCE or certificate.valid_until < timezone.localdate():
        raise IllegalMove(_("Only a certificate that is in force can be transferred."))
    if held.pending:
        raise IllegalMove(_("A newer certificate is being made for this. Try again when its document is there."))
    if open_plan_of(subject_of(certificate)) is not None:
        raise IllegalMove(
            _("A plan is open for this place. It has to be decided on, or withdrawn, before the place can pass on.")
        )
