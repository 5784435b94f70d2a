"""Threat levels, response levels, and whom a change concerns (what is published of both: docs/domain.md).

The level of the United Kingdom concerns everywhere; the Northern Ireland-related one Northern Ireland beside it. What is
asked of holders in a zone follows the higher of the levels that concern it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

LOW: Final = "low"
MODERATE: Final = "moderate"
SUBSTANTIAL: Final = "substantial"
SEVERE: Final = "severe"
CRITICAL: Final = "critical"
# The lowest first.
LEVELS: Final = (LOW, MODERATE, SUBSTANTIAL, SEVERE, CRITICAL)

NORMAL: Final = "normal"
HEIGHTENED: Final = "heightened"
EXCEPTIONAL: Final = "exceptional"
RESPONSES: Final = (NORMAL, HEIGHTENED, EXCEPTIONAL)
# For what is everyday nothing has to be agreed beforehand.
AGREED: Final = (HEIGHTENED, EXCEPTIONAL)

RESPONSE_OF: Final[Mapping[str, str]] = MappingProxyType(
    {LOW: NORMAL, MODERATE: NORMAL, SUBSTANTIAL: HEIGHTENED, SEVERE: HEIGHTENED, CRITICAL: EXCEPTIONAL}
)

UK: Final = "uk"
NORTHERN_IRELAND: Final = "ni"
SCOPES: Final = (UK, NORTHERN_IRELAND)

GB_ZONE: Final = "gb"
NI_ZONE: Final = "ni"
ZONES: Final = (GB_ZONE, NI_ZONE)
CONCERNING: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({GB_ZONE: (UK,), NI_ZONE: (UK, NORTHERN_IRELAND)})
# As PoliceArea.nation says it; every other nation is in the other zone.
NI_NATION: Final = "Northern Ireland"

ASKED: Final = "asked"
CONFIRMED: Final = "confirmed"
NOT_YET: Final = "not_yet"
CLOSED: Final = "closed"
STATES: Final = (ASKED, NOT_YET, CONFIRMED, CLOSED)
OUTSTANDING: Final = (ASKED, NOT_YET)

# A holder whose barrier broke down says so, although it was up before. What is closed stays closed.
MOVES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        (ASKED, "confirm"): CONFIRMED,
        (ASKED, "defer"): NOT_YET,
        (ASKED, "close"): CLOSED,
        (NOT_YET, "confirm"): CONFIRMED,
        (NOT_YET, "defer"): NOT_YET,
        (NOT_YET, "close"): CLOSED,
        (CONFIRMED, "defer"): NOT_YET,
    }
)
ACTIONS: Final = ("confirm", "defer", "close")


def zone_of(nation: str) -> str:
    return NI_ZONE if nation == NI_NATION else GB_ZONE


def response_in(zone: str, levels: Mapping[str, str]) -> str | None:
    """`levels`: scope → level, of those that are recorded. None where nothing that concerns the zone is."""
    found = [RESPONSE_OF[levels[scope]] for scope in CONCERNING[zone] if scope in levels]
    return max(found, key=RESPONSES.index, default=None)


@dataclass(frozen=True, slots=True)
class Shift:
    """The response level of a zone rose or fell."""

    zone: str
    before: str
    after: str

    @property
    def rises(self) -> bool:
        return RESPONSES.index(self.after) > RESPONSES.index(self.before)


def shifts(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Shift, ...]:
    """Where the response level moved. The first level that a zone ever has moves nothing: it says how things stand."""
    found = ((zone, response_in(zone, before), response_in(zone, after)) for zone in ZONES)
    return tuple(
        Shift(zone, old, new) for zone, old, new in found if old is not None and new is not None and old != new
    )


def half_way(start: datetime, end: datetime) -> datetime:
    return start + (end - start) / 2


def due(start: datetime, *, hours: int) -> datetime:
    return start + timedelta(hours=hours)


def after(state: str, action: str) -> str | None:
    """The state that `action` leads to, or None when the move does not exist."""
    return MOVES.get((state, action))
