"""What every move of a certificate begins and ends with: its lock, a lapse that is due, what falls with it, the trail."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import editors_of
from certification.domain import lifecycle, proposals, transfer
from certification.models import Certificate, Proposal, TransferOffer
from certification.notifications import proposals as messages
from certification.selectors import officers
from certification.services import _offers, _succession
from certification.services._moves import move_certificate
from core import audit, notify, outbox
from core.errors import InvalidInput

REASON_LIMIT: Final = 4000
_NOTHING: Final[Mapping[str, object]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate under lock. `pending`: what is being made to take its place, under lock too."""

    certificate: Certificate
    pending: tuple[Certificate, ...]


def lock(certificate_id: UUID, *, at: datetime) -> Held:
    """A suspension that has lapsed by now has lapsed for whoever acts next, sweep or no sweep."""
    certificate, pending = _succession.locked(certificate_id)
    lapse_due(certificate, at=at)
    return Held(certificate, pending)


def lapse_due(certificate: Certificate, *, at: datetime) -> int:
    """The caller holds its lock. How many lapsed: none, or one."""
    due = list(certificate.proposals.lapsed(now=at))
    for proposal in due:
        proposal.certificate = certificate
        end_urgent(proposal, actor=None, at=at, action="certificate.suspension_lapsed")
    return len(due)


def tidy_reason(text: str) -> str:
    reason = text.replace("\r\n", "\n").strip()
    if not reason:
        raise InvalidInput(_("Say why"), "reason")
    if len(reason) > REASON_LIMIT:
        raise InvalidInput(_("The reason must be %(limit)d characters or fewer.") % {"limit": REASON_LIMIT}, "reason")
    return reason


def move(certificate: Certificate, action: str, *, at: datetime) -> None:
    move_certificate(certificate, action, at=at)
    certificate.save(update_fields=["state", "ended_at"])


def end(held: Held, action: str, *, actor: User, at: datetime) -> None:
    """Revoked or surrendered: what was being made in its place and what was waiting for an answer fall with it."""
    move(held.certificate, action, at=at)
    for certificate in held.pending:
        move(certificate, action, at=at)
        audit.record(
            actor=actor,
            action=f"certificate.{certificate.state}",
            target=certificate,
            facts={"number": certificate.number, "state": certificate.state, "with": held.certificate.number},
            case=f"plan:{certificate.plan_id}",
        )
    let_go([held.certificate], at=at)


def let_go(certificates: Sequence[Certificate], *, at: datetime) -> None:
    """They have ended: nobody can answer what was proposed or offered of them any more, and whoever did so is told."""
    known = {certificate.pk: certificate for certificate in certificates}
    for proposal in Proposal.objects.unanswered().filter(certificate__in=known):
        proposal.certificate = known[proposal.certificate_id]
        drop(proposal, actor=None, at=at)
    for offer in TransferOffer.objects.filter(certificate__in=known, state__in=transfer.OPEN):
        offer.certificate = known[offer.certificate_id]
        _offers.end(offer, "expire", actor=None, at=at)


def drop(proposal: Proposal, *, actor: User | None, at: datetime) -> None:
    proposal.dropped_at = at
    proposal.save(update_fields=["dropped_at"])
    record(actor, f"certificate.{proposal.kind}_dropped", proposal)
    if actor is None or actor.pk != proposal.proposed_by_id:
        _tell_proposer(proposal, "dropped", messages.dropped(proposal))


def end_urgent(proposal: Proposal, *, actor: User | None, at: datetime, action: str) -> None:
    """Nobody confirmed it in time, or an officer said no. Whoever it concerned is told that it is over."""
    certificate = proposal.certificate
    if certificate.state != lifecycle.SUSPENDED or certificate.valid_until < timezone.localdate(at):
        drop(proposal, actor=actor, at=at)
        return
    proposal.dropped_at = at
    proposal.save(update_fields=["dropped_at"])
    move(certificate, "lapse", at=at)
    resume(certificate, because=proposal)
    record(actor, action, proposal)
    message = messages.lapsed(proposal)
    tell_holder(proposal, "lapsed", message)
    for officer in officers.concerned(certificate):
        notify.send(to=officer, message=message, key=_key(proposal, "lapsed", officer))
    _tell_proposer(proposal, "lapsed", message)


def resume(certificate: Certificate, *, because: Proposal) -> None:
    """What waited for the end of the suspension to take its place need not wait for the outbox's patience."""
    pending = Certificate.objects.filter(supersedes=certificate, state=lifecycle.BEING_ISSUED)
    for pk in pending.values_list("pk", flat=True):
        outbox.enqueue(
            kind="certificate.render", key=f"certificate:{pk}:render:{because.pk}", payload={"certificate": str(pk)}
        )


def record(actor: User | None, action: str, proposal: Proposal, facts: Mapping[str, object] = _NOTHING) -> None:
    certificate = proposal.certificate
    audit.record(
        actor=actor,
        action=action,
        target=certificate,
        facts={
            "number": certificate.number,
            "state": certificate.state,
            "proposal": proposal.pk,
            "kind": proposal.kind,
            "urgent": proposal.urgent,
            "reason_length": len(proposal.reason),
            "reason_sha256": hashlib.sha256(proposal.reason.encode()).hexdigest(),
            **facts,
        },
        case=f"plan:{certificate.plan_id}",
    )


def tell_done(proposal: Proposal) -> None:
    """The holder, and the officer who proposed what another one confirmed. Both sides of a transfer are told by its offer."""
    if proposal.kind != proposals.TRANSFER:
        tell_holder(proposal, "done", messages.done(proposal))
    if proposal.kind != proposals.SURRENDER:
        _tell_proposer(proposal, "confirmed", messages.confirmed(proposal))


def tell_holder(proposal: Proposal, event: str, message: notify.Message) -> None:
    for person in editors_of(proposal.certificate.organisation_id):
        notify.send(to=person, message=message, key=_key(proposal, event, person))


def _tell_proposer(proposal: Proposal, event: str, message: notify.Message) -> None:
    person = proposal.proposed_by
    if person.is_active:
        notify.send(to=person, message=message, key=_key(proposal, event, person))


def _key(proposal: Proposal, event: str, person: User) -> str:
    return f"proposal:{proposal.pk}:{event}:{person.pk}"
