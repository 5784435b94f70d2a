"""Revoking a certificate: the one proposal of that kind that is open, found by its certificate."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from certification.domain import proposals as rules
from certification.models import Certificate, Proposal
from certification.services import proposals
from core.errors import IllegalMove

__all__ = ["confirm", "drop", "propose"]


def propose(*, actor: User, certificate_id: UUID, reason: str) -> Proposal:
    """Raises IllegalMove for what is over already, Conflict when a proposal is open, InvalidInput("reason")."""
    wanted = proposals.Wanted(kind=rules.REVOKE, reason=reason)
    return proposals.propose(actor=actor, certificate_id=certificate_id, wanted=wanted)


def confirm(*, actor: User, certificate_id: UUID) -> Certificate:
    return proposals.confirm(actor=actor, proposal_id=_last(certificate_id).pk)


def drop(*, actor: User, certificate_id: UUID) -> Proposal:
    return proposals.drop(actor=actor, proposal_id=_last(certificate_id).pk)


def _last(certificate_id: UUID) -> Proposal:
    found = Proposal.objects.filter(certificate=certificate_id, kind=rules.REVOKE).order_by("-proposed_at", "-pk")
    last = found.first()
    if last is None:
        raise IllegalMove(_("Nobody has proposed to revoke this certificate."))
    return last
