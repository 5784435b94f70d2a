"""Moves of a certificate that take a reason and, as a rule, two officers: one proposes, another one confirms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import authority
from certification.domain import lifecycle
from certification.domain import proposals as rules
from certification.models import Certificate, Proposal
from certification.notifications import proposals as messages
from certification.policies import certificates as policies
from certification.selectors import officers
from certification.services import _standing, transfers, variations
from certification.services._standing import Held
from core import notify
from core.errors import Conflict, IllegalMove, InvalidInput

__all__ = ["Wanted", "confirm", "drop", "propose"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """`changes` of a variation (`domain.variation.Changes.as_dict`). `urgent` of a suspension: it acts at once."""

    kind: str
    reason: str
    urgent: bool = False
    changes: Mapping[str, object] = field(default_factory=dict)


def propose(*, actor: User, certificate_id: UUID, wanted: Wanted) -> Proposal:
    """Raises IllegalMove where the certificate's state has no such move, Conflict when one of the kind is open already,
    InvalidInput ("reason", "kind", "urgent", or a field of the changes).
    """
    with transaction.atomic():
        now = timezone.now()
        held = _standing.lock(certificate_id, at=now)
        certificate = held.certificate
        policies.can_propose(actor, certificate, fresh=True).require()
        kind = _kind(wanted)
        reason = _standing.tidy_reason(wanted.reason)
        _require_possible(held, kind)
        _require_no_other(actor, certificate, wanted, at=now)
        proposal = Proposal.objects.create(
            certificate=certificate,
            kind=kind.code,
            urgent=wanted.urgent,
            changes=_changes(actor, held, wanted, at=now),
            reason=reason,
            proposed_by=actor,
            proposed_as=policies.office_of(authority(actor), certificate.area_id),
            proposed_at=now,
            effective_at=now if wanted.urgent else None,
            lapses_at=now + settings.URGENT_SUSPENSION if wanted.urgent else None,
        )
        if proposal.urgent:
            _standing.move(certificate, "suspend", at=now)
        _standing.record(actor, f"certificate.{kind.code}_proposed", proposal)
        _tell_proposed(proposal)
        return proposal


def confirm(*, actor: User, proposal_id: int) -> Certificate:
    """Page, register and check read the row that this moves, so it is true everywhere at once. The holder is told.

    Returns the certificate that was proposed about. Raises Conflict when somebody has answered the proposal already,
    IllegalMove when it lapsed, was dropped, or the certificate has moved on.
    """
    with transaction.atomic():
        now = timezone.now()
        held, proposal = _locked(proposal_id, at=now)
        policies.can_confirm(actor, proposal, to_organisation=transfers.receiver_of(proposal), fresh=True).require()
        _require_open(proposal)
        kind = rules.KINDS[proposal.kind]
        if not proposal.urgent:
            _require_possible(held, kind)
        proposal.confirmed_by, proposal.confirmed_at = actor, now
        proposal.confirmed_as = policies.office_of(authority(actor), held.certificate.area_id)
        proposal.effective_at = proposal.effective_at or now
        proposal.save(update_fields=["confirmed_by", "confirmed_at", "confirmed_as", "effective_at"])
        _EFFECTS[kind.code](actor, held, proposal, now)
        _standing.record(actor, f"certificate.{kind.done}", proposal)
        _standing.tell_done(proposal)
        return held.certificate


def drop(*, actor: User, proposal_id: int) -> Proposal:
    """An urgent suspension that is dropped is over: it never had its second signature."""
    with transaction.atomic():
        now = timezone.now()
        _held, proposal = _locked(proposal_id, at=now)
        policies.can_drop(actor, proposal, fresh=True).require()
        _require_open(proposal)
        if proposal.urgent:
            _standing.end_urgent(proposal, actor=actor, at=now, action="certificate.suspension_withdrawn")
        else:
            _standing.drop(proposal, actor=actor, at=now)
        return proposal


def _locked(proposal_id: int, *, at: datetime) -> tuple[Held, Proposal]:
    certificate_id = Proposal.objects.values_list("certificate_id", flat=True).get(pk=proposal_id)
    held = _standing.lock(certificate_id, at=at)
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal_id)
    proposal.certificate = held.certificate
    return held, proposal


def _kind(wanted: Wanted) -> rules.Kind:
    kind = rules.KINDS.get(wanted.kind)
    if kind is None or kind.by != "officer":
        raise InvalidInput(_("Choose what to propose"), "kind")
    if wanted.urgent and not kind.may_be_urgent:
        raise InvalidInput(_("Only a suspension can be urgent"), "urgent")
    if wanted.changes and kind.code != rules.VARY:
        raise InvalidInput(_("Only a variation changes what the certificate says"), "changes")
    return kind


def _require_possible(held: Held, kind: rules.Kind) -> None:
    certificate = held.certificate
    if certificate.state not in kind.states or certificate.valid_until < timezone.localdate():
        raise IllegalMove(
            _("This cannot be done with a certificate that is “%(state)s”.")
            % {"state": certificate.get_state_display()}
        )
    if certificate.state == lifecycle.BEING_ISSUED and certificate.basis != Certificate.Basis.DECISION:
        raise IllegalMove(_("Its document is being made. Until then the certificate before it holds: act on that one."))


def _require_no_other(actor: User, certificate: Certificate, wanted: Wanted, *, at: datetime) -> None:
    same = certificate.proposals.unanswered().filter(kind=wanted.kind).select_related("proposed_by").first()
    if same is None:
        return
    if wanted.urgent and same.makes_way:
        # What was to wait for a second officer cannot wait any longer.
        same.certificate = certificate
        _standing.drop(same, actor=actor, at=at)
        return
    raise Conflict(_("A proposal of this kind is already waiting for an answer."), same)


def _require_open(proposal: Proposal) -> None:
    if proposal.confirmed_at is not None:
        by = proposal.confirmed_by
        raise Conflict(_("%(name)s has confirmed this already.") % {"name": by.name if by else ""}, proposal)
    if proposal.dropped_at is not None:
        lapsed = rules.has_lapsed(lapses_at=proposal.lapses_at, now=proposal.dropped_at)
        raise IllegalMove(
            _("This suspension has lapsed: nobody confirmed it in time. Propose it again if it is still needed.")
            if lapsed
            else _("This proposal has been dropped.")
        )
    if proposal.kind == rules.SURRENDER:
        raise IllegalMove(_("A surrender needs nobody's confirmation."))


def _changes(actor: User, held: Held, wanted: Wanted, *, at: datetime) -> dict[str, object]:
    """What the row keeps of what is asked for; a transfer names the offer that was accepted."""
    if wanted.kind == rules.VARY:
        return variations.checked(held.certificate, wanted.changes, today=timezone.localdate(at))
    if wanted.kind == rules.TRANSFER:
        return transfers.proposed(actor, held.certificate)
    if wanted.kind == rules.REINSTATE:
        _require_confirmed_suspension(held.certificate)
    return {}


def _require_confirmed_suspension(certificate: Certificate) -> None:
    if certificate.proposals.unanswered().filter(kind=rules.SUSPEND).exists():
        raise IllegalMove(
            _("The suspension waits for a second officer. Drop it, and the certificate is in force again.")
        )


def _tell_proposed(proposal: Proposal) -> None:
    message = messages.waiting(proposal)
    receiver = transfers.receiver_of(proposal)
    for officer in officers.possible_seconds(proposal, apart_from=[receiver] if receiver else []):
        notify.send(to=officer, message=message, key=f"proposal:{proposal.pk}:waiting:{officer.pk}")
    if proposal.urgent:
        _standing.tell_holder(proposal, "suspended", messages.suspended_at_once(proposal))


# Effects ---------------------------------------------------------------------------------------------------------------


def _suspend(_actor: User, held: Held, proposal: Proposal, at: datetime) -> None:
    if not proposal.urgent:
        _standing.move(held.certificate, "suspend", at=at)


def _reinstate(_actor: User, held: Held, proposal: Proposal, at: datetime) -> None:
    _standing.move(held.certificate, "reinstate", at=at)
    _standing.resume(held.certificate, because=proposal)


def _revoke(actor: User, held: Held, _proposal: Proposal, at: datetime) -> None:
    _standing.end(held, "revoke", actor=actor, at=at)


Effect = Callable[[User, Held, Proposal, datetime], None]
_EFFECTS: Final[Mapping[str, Effect]] = MappingProxyType(
    {
        rules.SUSPEND: _suspend,
        rules.REINSTATE: _reinstate,
        rules.REVOKE: _revoke,
        rules.VARY: variations.take_effect,
        rules.TRANSFER: transfers.take_effect,
    }
)
