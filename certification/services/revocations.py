"""Revoking a certificate takes two officers: one proposes with the reason, an authorising officer confirms."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import editors_of
from certification.domain import lifecycle
from certification.models import Certificate, Proposal
from certification.notifications import certificates as messages
from certification.policies import certificates as policies
from certification.services._moves import move_certificate
from core import audit, notify
from core.errors import Conflict, IllegalMove, InvalidInput

REASON_LIMIT = 4000


def propose(*, actor: User, certificate_id: UUID, reason: str) -> Proposal:
    """Raises IllegalMove for what is over already, Conflict when a proposal is open, InvalidInput("reason")."""
    reason = reason.strip()
    if not reason:
        raise InvalidInput(_("Say why the certificate should be revoked."), "reason")
    if len(reason) > REASON_LIMIT:
        raise InvalidInput(_("The reason must be %(limit)d characters or fewer.") % {"limit": REASON_LIMIT}, "reason")
    with transaction.atomic():
        certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate_id)
        policies.can_propose_revocation(actor, certificate, fresh=True).require()
        if certificate.state not in lifecycle.CERTIFICATE_LIVE:
            raise IllegalMove(
                _("A certificate that is “%(state)s” cannot be revoked.") % {"state": certificate.get_state_display()}
            )
        current = certificate.proposals.filter(
            kind=Proposal.Kind.REVOKE, confirmed_at__isnull=True, dropped_at__isnull=True
        ).first()
        if current is not None:
            raise Conflict(_("A proposal to revoke this certificate is already waiting for an answer."), current)
        revocation = Proposal.objects.create(
            certificate=certificate,
            kind=Proposal.Kind.REVOKE,
            reason=reason,
            proposed_by=actor,
            proposed_at=timezone.now(),
        )
        _record(actor, "certificate.revocation_proposed", certificate, revocation)
        return revocation


def confirm(*, actor: User, certificate_id: UUID) -> Certificate:
    """The certificate is dead everywhere at once: page, register and check read this row. The holder is told."""
    with transaction.atomic():
        certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate_id)
        revocation = _open_proposal(certificate)
        policies.can_confirm_revocation(actor, revocation, fresh=True).require()
        now = timezone.now()
        move_certificate(certificate, "revoke", at=now)
        certificate.save(update_fields=["state", "ended_at"])
        revocation.confirmed_by, revocation.confirmed_at, revocation.effective_at = actor, now, now
        revocation.save(update_fields=["confirmed_by", "confirmed_at", "effective_at"])
        _record(actor, "certificate.revoked", certificate, revocation)
        for person in editors_of(certificate.organisation_id):
            notify.send(
                to=person,
                message=messages.revoked(certificate),
                key=f"certificate:{certificate.pk}:revoked:{person.pk}",
            )
        return certificate


def drop(*, actor: User, certificate_id: UUID) -> Proposal:
    with transaction.atomic():
        certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate_id)
        revocation = _open_proposal(certificate)
        policies.can_drop_revocation(actor, revocation, fresh=True).require()
        revocation.dropped_at = timezone.now()
        revocation.save(update_fields=["dropped_at"])
        _record(actor, "certificate.revocation_dropped", certificate, revocation)
        return revocation


def _open_proposal(certificate: Certificate) -> Proposal:
    # The certificate's lock is held, so nobody answers the proposal meanwhile.
    found = certificate.proposals.filter(
        kind=Proposal.Kind.REVOKE, confirmed_at__isnull=True, dropped_at__isnull=True
    ).first()
    if found is None:
        raise IllegalMove(_("Nobody has proposed to revoke this certificate, or the proposal has been answered."))
    found.certificate = certificate
    return found


def _record(actor: User, action: str, certificate: Certificate, revocation: Proposal) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=certificate,
        facts={
            "number": certificate.number,
            "state": certificate.state,
            "proposal": revocation.pk,
            "reason_length": len(revocation.reason),
            "reason_sha256": hashlib.sha256(revocation.reason.encode()).hexdigest(),
        },
        case=f"plan:{certificate.plan_id}",
    )
