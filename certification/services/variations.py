"""A certificate with other words on the same decision: a new document that takes the old one's place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from certification.domain import lifecycle, variation
from certification.domain.variation import Changes, Term
from certification.models import Certificate, Proposal
from certification.selectors.variations import present_of
from certification.services import _succession
from certification.services._standing import Held
from certification.services._succession import Successor
from core.errors import IllegalMove, InvalidInput

__all__ = ["checked", "create_varied", "take_effect"]


def create_varied(
    *,
    actor: User,
    certificate: Certificate,
    scope: str | None = None,
    conditions: Sequence[Term] | None = None,
    valid_until: date | None = None,
    basis: str = Certificate.Basis.VARIATION,
) -> Certificate:
    """For a service that has locked `certificate`, asked authority and judged the changes; inside its transaction.

    None leaves a thing as it is. `conditions` are all that are to be outstanding afterwards; what was met is carried over,
    and so is all that is recorded with a condition that stays. The old certificate holds until the new document exists.
    Raises IllegalMove unless it is in force, or while another one is being made for the same subject, or something else is
    proposed of it.
    """
    changes = Changes(
        scope=scope, valid_until=valid_until, conditions=None if conditions is None else tuple(conditions)
    )
    return _create(actor, certificate, changes, basis=basis, at=timezone.now())


def checked(certificate: Certificate, given: Mapping[str, object], *, today: date) -> dict[str, object]:
    """What a proposal keeps: the changes that are changes. Raises InvalidInput with the name of the field."""
    try:
        changes = Changes.from_dict(given)
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput(_("The changes cannot be read."), "changes") from error
    changes = _tidy(changes)
    present = present_of(certificate)
    for fault in variation.faults(changes, present, today=today):
        raise InvalidInput(fault.message, fault.place)
    return present.without_what_stays(changes).as_dict()


def take_effect(actor: User, held: Held, proposal: Proposal, at: datetime) -> None:
    """Judged again by today: a day that was proposed may have passed. What was met since is not asked for anew."""
    given = Changes.from_dict(proposal.changes)
    if given.conditions is not None:
        since = held.certificate.conditions.filter(discharged_at__gte=proposal.proposed_at)
        met = set(since.values_list("criterion_code", flat=True))
        given = replace(given, conditions=tuple(term for term in given.conditions if term.code not in met))
    changes = checked(held.certificate, given.as_dict(), today=timezone.localdate(at))
    _create(actor, held.certificate, Changes.from_dict(changes), basis=Certificate.Basis.VARIATION, at=at)


def _create(actor: User, certificate: Certificate, changes: Changes, *, basis: str, at: datetime) -> Certificate:
    if certificate.state != lifecycle.IN_FORCE:
        raise IllegalMove(
            _("Only a certificate that is in force can be varied; this one is “%(state)s”.")
            % {"state": certificate.get_state_display()}
        )
    successor = Successor(
        basis=basis,
        organisation_id=certificate.organisation_id,
        holder_name=certificate.holder_name if changes.holder_name is None else changes.holder_name,
        subject_name=certificate.subject_name if changes.subject_name is None else changes.subject_name,
        scope=certificate.scope if changes.scope is None else changes.scope,
        valid_until=min(changes.valid_until or certificate.valid_until, certificate.valid_until),
        conditions=changes.conditions,
    )
    return _succession.create(actor=actor, certificate=certificate, successor=successor, at=at)


def _tidy(changes: Changes) -> Changes:
    """As text fields come back: no stray white space at the ends, one kind of line break."""
    terms = changes.conditions
    return replace(
        changes,
        scope=_line(changes.scope),
        holder_name=_line(changes.holder_name),
        subject_name=_line(changes.subject_name),
        conditions=None if terms is None else tuple(replace(term, text=_text(term.text)) for term in terms),
    )


def _line(text: str | None) -> str | None:
    return None if text is None else _text(text)


def _text(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\x00", "").strip()
