"""The holder gives a certificate up: at once, by an owner alone."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from certification.domain import proposals as rules
from certification.models import Certificate, Proposal
from certification.notifications import proposals as messages
from certification.policies import certificates as policies
from certification.selectors import officers
from certification.services import _standing
from certification.services._standing import Held
from core import notify
from core.errors import IllegalMove

__all__ = ["surrender"]


def surrender(*, actor: User, certificate_id: UUID, reason: str) -> Certificate:
    """It cannot be taken back. What officers had proposed falls with it; the police are told.

    Raises IllegalMove for what is over, InvalidInput("reason").
    """
    kind = rules.KINDS[rules.SURRENDER]
    with transaction.atomic():
        now = timezone.now()
        held = _standing.lock(certificate_id, at=now)
        certificate = held.certificate
        policies.can_surrender(actor, certificate, fresh=True).require()
        text = _standing.tidy_reason(reason)
        _require_possible(held, kind)
        proposal = Proposal.objects.create(
            certificate=certificate,
            kind=kind.code,
            reason=text,
            proposed_by=actor,
            proposed_as=rules.OWNER,
            proposed_at=now,
            effective_at=now,
        )
        _standing.end(held, kind.action, actor=actor, at=now)
        _standing.record(actor, f"certificate.{kind.done}", proposal)
        _standing.tell_done(proposal)
        message = messages.surrendered_to_police(proposal)
        for officer in officers.concerned(certificate):
            notify.send(to=officer, message=message, key=f"proposal:{proposal.pk}:surrendered:{officer.pk}")
        return certificate


def _require_possible(held: Held, kind: rules.Kind) -> None:
    certificate = held.certificate
    if certificate.state not in kind.states or certificate.valid_until < timezone.localdate():
        raise IllegalMove(
            _("A certificate that is “%(state)s” cannot be given up.") % {"state": certificate.get_state_display()}
        )
    if any(made.organisation_id != certificate.organisation_id for made in held.pending):
        raise IllegalMove(_("This certificate has been transferred; the new holder's document is being made."))
    if certificate.state == "being_issued" and certificate.basis != Certificate.Basis.DECISION:
        raise IllegalMove(_("Its document is being made. Give it up when it is there."))
