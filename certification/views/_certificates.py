"""Shapes that the pages of certificates draw: the plot of what runs out, and what has happened so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from certification.domain import lifecycle
from certification.selectors.certificates import CertificatePage, Month
from core.govuk.panels import TimelineItem

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
    if certificate.ended_at:
        items.append(TimelineItem(title=_end(certificate.state), when=certificate.ended_at))
    return sorted(items, key=lambda item: item.when, reverse=True)


def _office(page: CertificatePage) -> str:
    return _("Authorising officer, %(area)s") % {"area": page.certificate.area.name}


def _end(state: str) -> str:
    return {
        lifecycle.REVOKED: _("Revoked"),
        lifecycle.EXPIRED: _("Expired"),
        lifecycle.SUPERSEDED: _("Superseded by a newer certificate"),
        lifecycle.SURRENDERED: _("Surrendered by its holder"),
    }[state]
