"""Shapes that the pages of the threat level draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import authority
from advisories.domain import threat
from advisories.models import ResponseLevel, ThreatChange, ThreatConfirmation, Zone
from advisories.selectors import measures, threat_words
from advisories.selectors import threat as selectors
from advisories.selectors.measures import Held
from advisories.selectors.threat import Counts, Filters, Picture
from advisories.services.responses import hours_for

SHOWN: Final = 5
_WIDTH: Final = 600


@dataclass(frozen=True, slots=True)
class ZoneCard:
    """The response level of a zone; `due_at` while its holders are asked."""

    words: str
    response: str
    response_words: str
    meaning: str
    tone: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Part:
    """What the threat level asks of one person. Each is empty where it is not theirs."""

    counts: Counts | None
    waiting: Sequence[ThreatConfirmation]
    held: Sequence[Held]
    proposals: Sequence[ThreatChange]
    member: bool
    police: bool
    national: bool


@dataclass(frozen=True, slots=True)
class ShiftWords:
    """What confirming a proposal would move; `hours` that holders have."""

    where: str
    before: str
    after: str
    hours: int


def shifts_in_words(change: ThreatChange) -> list[ShiftWords]:
    return [
        ShiftWords(
            where=str(Zone(shift.zone).label),
            before=str(ResponseLevel(shift.before).label),
            after=str(ResponseLevel(shift.after).label),
            hours=hours_for(shift.after),
        )
        for shift in selectors.shifts_of(change)
    ]


def zones_of(picture: Picture) -> list[ZoneCard]:
    """One for the whole of the United Kingdom where both zones are at the same level and nobody is asked in one alone."""
    cards = [_card(picture, zone) for zone in threat.ZONES if picture.response_in(zone)]
    if len(cards) == len(threat.ZONES) and len({(card.response, card.due_at) for card in cards}) == 1:
        return [replace(cards[0], words=_("United Kingdom"))]
    return cards


def _card(picture: Picture, zone: str) -> ZoneCard:
    response = picture.response_in(zone)
    assert response is not None  # noqa: S101 - by the filter
    running = next((one for one in picture.running if one.zone == zone), None)
    return ZoneCard(
        words=str(Zone(zone).label),
        response=response,
        response_words=str(ResponseLevel(response).label),
        meaning=str(threat_words.RESPONSE_MEANING[response]),
        tone=threat_words.TONES[response],
        due_at=running.due_at if running else None,
    )


def part_of(user: User, picture: Picture, *, now: datetime) -> Part:
    """Four queries at most, whatever there is."""
    who = authority(user)
    member, national = bool(who.organisations), who.is_administrator or who.is_auditor
    running = bool(picture.running) and (member or who.is_police or national)
    return Part(
        counts=selectors.counts(user, now=now) if running else None,
        waiting=selectors.listed(user, Filters(), size=SHOWN).rows if running and member else (),
        held=measures.held_by(list(who.organisations), today=timezone.localdate(now)) if member else (),
        proposals=selectors.open_proposals() if national else (),
        member=member,
        police=who.is_police,
        national=national,
    )


@dataclass(frozen=True, slots=True)
class RunningLine:
    where: str
    response_words: str
    started_at: datetime
    due_at: datetime


def running_lines(picture: Picture) -> list[RunningLine]:
    """A line for each zone, or one where a change of the whole country asked the same of both."""
    lines = [RunningLine(one.zone_words, one.response_words, one.started_at, one.due_at) for one in picture.running]
    if len(lines) == len(threat.ZONES) and lines[0].started_at == lines[1].started_at:
        return [replace(lines[0], where=_("United Kingdom"))]
    return lines


@dataclass(frozen=True, slots=True)
class Share:
    """A piece of the bar, in units of the drawing."""

    key: str
    words: str
    count: int
    x: str
    width: str


def shares(counts: Counts) -> list[Share]:
    """The whole bar is everybody who was asked; a piece of nothing is in the key and not in the bar."""
    pieces = [
        ("confirmed", _("Measures on"), counts.confirmed),
        ("waiting", _("No answer yet"), counts.waiting),
        ("not_yet", _("Not yet on"), counts.not_yet),
        ("late", _("Overdue"), counts.late),
    ]
    drawn, x = [], 0.0
    for key, words, count in pieces:
        width = _WIDTH * count / counts.total if counts.total else 0.0
        drawn.append(Share(key, words, count, f"{x:.1f}", f"{width:.1f}"))
        x += width
    return drawn
