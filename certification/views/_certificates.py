"""Shapes that the pages of certificates draw: the plot of what runs out, and what has happened so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from certification.domain import lifecycle, transfer
from certification.domain import proposals as rules
from certification.models import Certificate, Proposal, TransferOffer
from certification.policies import certificates as policies
from certification.policies import transfers as transfer_policies
from certification.selectors import offers
from certification.selectors.certificates import CertificatePage, Month, Row, with_neighbours
from certification.selectors.moves import Move, open_to_police
from certification.selectors.variations import Difference, differences, present_of
from core.govuk import formats, statuses
from core.govuk.panels import TimelineItem
from core.http import routes
from core.policies import Decision

_WIDTH: Final = 44
_HEIGHT: Final = 90
_SOON_MONTHS: Final = 3
# The list below says all there is to say of one or two.
_WORTH_A_PLOT: Final = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """In units of the drawing; `middle` is where the labels stand."""

    first: date
    count: int
    x: int
    y: int
    height: int
    middle: int
    is_soon: bool

    @property
    def label_y(self) -> int:
        return self.y - 5


def printed(rows: Iterable[Row]) -> list[dict[str, str]]:
    """Rows of a list, every word made ready: dictionaries, in which a template finds a name at its first try."""
    address = routes.to_each("certification:certificate")
    # Said once, not in each of fifty rows: looking a word up costs more than the rest of its cell.
    soon = _("Runs out soon")
    return [
        {
            "url": address(row.certificate.pk),
            "number": row.certificate.number,
            "subject": row.certificate.subject_name,
            "place": row.certificate.subject_place,
            "state": statuses.tag(soon if row.is_expiring else row.words, statuses.status_colour(row.tag)),
            "until": formats.uk_date(row.certificate.valid_until),
            "left": formats.day_count(row.days_left) if row.is_expiring else "",
            "area": row.certificate.area.name,
        }
        for row in rows
    ]


def bars(months: Sequence[Month]) -> list[Bar]:
    """Heights against the fullest month; empty when fewer run out than are worth a plot."""
    if sum(month.count for month in months) < _WORTH_A_PLOT:
        return []
    most = max(month.count for month in months)
    drawn = []
    for place, month in enumerate(months):
        # At least a sliver for one certificate beside a month of hundreds.
        height = max(3, round(_HEIGHT * month.count / most)) if month.count else 0
        x = place * _WIDTH
        drawn.append(
            Bar(month.first, month.count, x + 8, 20 + _HEIGHT - height, height, x + _WIDTH // 2, place < _SOON_MONTHS)
        )
    return drawn


def certificate_or_404(request: HttpRequest, certificate_id: UUID) -> Certificate:
    """404 for a stranger."""
    found = Certificate.objects.visible_to(request.user).select_related("area", "standard", "supersedes", "decision")
    return get_object_or_404(with_neighbours(found), pk=certificate_id)


@dataclass(frozen=True, slots=True)
class Moves:
    """What this person can do with a certificate now. `waiting` and `answered` are empty for those who may not see proposals."""

    police: bool
    propose: Decision
    to_propose: Sequence[Move]
    waiting: Sequence[Proposal]
    answered: Sequence[Proposal]
    offer: TransferOffer | None
    surrender: bool
    transfer: bool


def moves_of(user: User, page: CertificatePage) -> Moves:
    """One query, for the offer."""
    certificate = page.certificate
    police = bool(policies.can_see_proposals(user, certificate))
    offer = offers.latest_of(certificate)
    open_offer = offer if offer is not None and offer.state in transfer.OPEN else None
    is_open = page.state in lifecycle.CERTIFICATE_LIVE
    return Moves(
        police=police,
        propose=policies.can_propose(user, certificate),
        to_propose=open_to_police(
            certificate,
            page.state,
            open_kinds=frozenset(p.kind for p in page.waiting if not p.makes_way),
            offer_accepted=open_offer is not None and open_offer.state == transfer.ACCEPTED,
        ),
        waiting=page.waiting if police else (),
        answered=[p for p in page.proposals if p not in page.waiting] if police else (),
        offer=open_offer if open_offer is not None and transfer_policies.can_view(user, open_offer) else None,
        surrender=is_open and bool(policies.can_surrender(user, certificate)),
        transfer=page.state == lifecycle.IN_FORCE and bool(transfer_policies.can_offer(user, certificate)),
    )


def varied_of(page: CertificatePage) -> Sequence[Difference]:
    """What a variation made different in the certificate that takes this one's place; queries only where there is one."""
    done = next((p for p in page.effective if p.kind == rules.VARY), None)
    if done is None:
        return ()
    return differences(page.certificate, done.changes, present_of(page.certificate))


def timeline_of(page: CertificatePage) -> list[TimelineItem]:
    """Newest first, in words for people. Who decided is an office, not a name: the name is in the case's trail."""
    certificate = page.certificate
    signed = certificate.decision.decided_at
    # Only where the demonstration has moved the dates of a story that cannot wait for its end.
    moved = certificate.decided_on != timezone.localdate(signed)
    note = _("For the demonstration the dates of the certificate lie further back than its signature.") if moved else ""
    items = [TimelineItem(title=_("Decision signed"), when=signed, who=_office(page), body=note)]
    if certificate.issued_at:
        items.append(TimelineItem(title=_("Issued: the document was made"), when=certificate.issued_at))
    items += [
        TimelineItem(title=_("Condition on %(code)s met") % {"code": met.criterion_code}, when=met.discharged_at)
        for met in page.conditions
        if met.discharged_at
    ]
    items += [item for proposal in page.effective for item in _proposal_items(page, proposal)]
    if certificate.ended_at and certificate.state in _ENDS:
        items.append(TimelineItem(title=_ENDS[certificate.state], when=certificate.ended_at))
    return sorted(items, key=lambda item: item.when, reverse=True)


def _proposal_items(page: CertificatePage, proposal: Proposal) -> Iterator[TimelineItem]:
    """What took effect, and how an urgent suspension went on. The holder's own act has its name."""
    assert proposal.effective_at is not None  # noqa: S101 - asked of those alone
    office = proposal.proposed_as if proposal.urgent or proposal.kind == rules.SURRENDER else proposal.confirmed_as
    title = _URGENT if proposal.urgent else _DONE[proposal.kind]
    # Told above in full, or the officers' finding about somebody else.
    untold = proposal == page.in_effect or proposal.kind == rules.TRANSFER
    yield TimelineItem(
        title=title,
        when=proposal.effective_at,
        who=_office(page, office),
        body="" if untold else proposal.reason,
    )
    if not proposal.urgent:
        return
    if proposal.confirmed_at is not None:
        who = _office(page, proposal.confirmed_as)
        yield TimelineItem(title=_("Suspension confirmed by a second officer"), when=proposal.confirmed_at, who=who)
    elif page.state not in (lifecycle.SUSPENDED, lifecycle.REVOKED, lifecycle.SURRENDERED):
        yield from _how_it_ended(proposal)


def _how_it_ended(proposal: Proposal) -> Iterator[TimelineItem]:
    """By the time that it had, whenever the sweep came by."""
    lapses_at, dropped_at = proposal.lapses_at, proposal.dropped_at
    assert lapses_at is not None  # noqa: S101 - by certification_proposal_urgent_lapses
    if dropped_at is not None and dropped_at < lapses_at:
        yield TimelineItem(title=_("Suspension withdrawn: in force again"), when=dropped_at)
    else:
        yield TimelineItem(title=_("Suspension lapsed: nobody confirmed it in time"), when=lapses_at)


_URGENT: Final = _lazy("Suspended at once, by one officer")
_DONE: Final = {
    rules.SUSPEND: _lazy("Suspended"),
    rules.REINSTATE: _lazy("Reinstated: in force again"),
    rules.REVOKE: _lazy("Revoked"),
    rules.SURRENDER: _lazy("Surrendered by its holder"),
    rules.VARY: _lazy("Variation confirmed: a new certificate is made"),
    rules.TRANSFER: _lazy("Transfer to another holder confirmed"),
}
# Those that no proposal tells of already.
_ENDS: Final = {
    lifecycle.EXPIRED: _lazy("Expired"),
    lifecycle.SUPERSEDED: _lazy("Superseded by a newer certificate"),
}


def _office(page: CertificatePage, office: str = rules.AUTHORISER) -> str:
    """An office, not a name: the name is in the case's trail."""
    if office == rules.OWNER:
        return _("Owner, %(holder)s") % {"holder": page.certificate.holder_name}
    area = page.certificate.area.name
    if office == rules.ADVISER:
        return _("Police adviser, %(area)s") % {"area": area}
    return _("Authorising officer, %(area)s") % {"area": area}
