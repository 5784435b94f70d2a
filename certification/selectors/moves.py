"""The moves of a certificate in words, as its pages offer them, and what waits for a second officer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.selectors import authority
from certification.domain import lifecycle, transfer
from certification.domain import proposals as rules
from certification.models import Certificate, Proposal, TransferOffer
from core import keyset

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

__all__ = [
    "MOVES",
    "URGENT_HOURS",
    "Move",
    "open_to_police",
    "transfers_waiting",
    "waiting_count",
    "waiting_for_second",
]

URGENT_HOURS: Final = settings.URGENT_SUSPENSION // timedelta(hours=1)
_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Move:
    """`title` begins a page, `what_happens` is what an officer reads before, `button` proposes, `confirm` signs."""

    kind: str
    title: _StrOrPromise
    what_happens: _StrOrPromise
    ask: _StrOrPromise
    button: _StrOrPromise
    confirm: _StrOrPromise
    warns: bool = False


MOVES: Final[Mapping[str, Move]] = MappingProxyType(
    {
        move.kind: move
        for move in (
            Move(
                rules.SUSPEND,
                _("Suspend this certificate"),
                format_lazy(
                    _(
                        "While it is suspended the certificate is not valid, wherever it is checked, and it can be "
                        "reinstated. An urgent suspension acts at once and lapses after {hours} hours unless a second "
                        "officer confirms it."
                    ),
                    hours=URGENT_HOURS,
                ),
                _("Why should this certificate be suspended?"),
                _("Propose to suspend"),
                _("Confirm: suspend this certificate"),
                warns=True,
            ),
            Move(
                rules.REINSTATE,
                _("Reinstate this certificate"),
                _("The suspension is over and the certificate is in force again, with the same number and dates."),
                _("Why can this certificate be reinstated?"),
                _("Propose to reinstate"),
                _("Confirm: reinstate this certificate"),
            ),
            Move(
                rules.REVOKE,
                _("Revoke this certificate"),
                _("The certificate stops being valid at once, wherever it is checked, and cannot be brought back."),
                _("Why should this certificate be revoked?"),
                _("Propose to revoke"),
                _("Confirm: revoke this certificate now"),
                warns=True,
            ),
            Move(
                rules.VARY,
                _("Vary this certificate"),
                _(
                    "A new certificate with other words takes the place of this one, on the same decision: a correction, "
                    "narrower cover, an earlier end, other conditions. This one holds until the new document is made."
                ),
                _("Why should it be varied?"),
                _("Propose to vary"),
                _("Confirm: vary this certificate"),
            ),
            Move(
                rules.TRANSFER,
                _("Transfer this certificate"),
                _(
                    "The place passes to the organisation that has accepted it, and a certificate for the new holder takes the "
                    "place of this one. The new holder can read the plan that it rests on."
                ),
                _("What did you find about the new holder?"),
                _("Propose to transfer"),
                _("Confirm: transfer this certificate"),
            ),
        )
    }
)


def open_to_police(
    certificate: Certificate, state: str, *, open_kinds: frozenset[str], offer_accepted: bool
) -> list[Move]:
    """What officers may propose now. `open_kinds`: what is proposed already."""
    if state == lifecycle.BEING_ISSUED and certificate.basis != Certificate.Basis.DECISION:
        return []
    kinds = [kind for kind in rules.possible(state) if kind not in open_kinds]
    if not offer_accepted:
        kinds = [kind for kind in kinds if kind != rules.TRANSFER]
    if rules.SUSPEND in open_kinds and state == lifecycle.SUSPENDED:
        # An urgent one: it is confirmed or dropped first.
        kinds = [kind for kind in kinds if kind != rules.REINSTATE]
    return [MOVES[kind] for kind in kinds]


def waiting_for_second(
    user: User, *, now: datetime, after: str = "", size: int = keyset.DEFAULT_SIZE
) -> keyset.Page[Proposal]:
    """Of the officer's areas, for an auditor of all, longest waiting first. One query."""
    found = _waiting(user, now=now).select_related("certificate__area", "proposed_by")
    return keyset.page(found, order=("proposed_at", "id"), after=after, size=size)


def waiting_count(user: User, *, now: datetime) -> int:
    return _waiting(user, now=now).count()


def transfers_waiting(user: User) -> list[TransferOffer]:
    """Accepted, and no officer has proposed anything yet; the longest waiting first."""
    proposed = Proposal.objects.unanswered().filter(kind=rules.TRANSFER).values("certificate_id")
    found = TransferOffer.objects.filter(_reach(user), state=transfer.ACCEPTED).exclude(certificate__in=proposed)
    return list(found.select_related("certificate", "to_organisation").order_by("accepted_at", "pk")[:_SHOWN])


def _waiting(user: User, *, now: datetime) -> QuerySet[Proposal]:
    return Proposal.objects.waiting(now=now).filter(_reach(user))


def _reach(user: User) -> Q:
    """Of the officer's areas; not of their own organisation's certificates, in which they take no part."""
    who = authority(user)
    if who.is_auditor:
        return Q()
    reach = Q(certificate__area_id__in=list(who.areas))
    return reach & ~Q(certificate__organisation_id__in=list(who.organisations)) if who.organisations else reach
