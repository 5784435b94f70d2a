"""Guidance packs: their life as plain data, and what a first draft picks."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from advisories.domain import tlp
from advisories.domain.sectors import Sector

__all__ = [
    "ACTIONS",
    "CRITERIA_IN_DRAFT",
    "DISCARDED",
    "DRAFT",
    "LESSONS_IN_DRAFT",
    "LONGEST_ACTION",
    "LONGEST_INTRODUCTION",
    "LONGEST_REASON",
    "LONGEST_TITLE",
    "MARKINGS",
    "MOST_ACTIONS",
    "MOVES",
    "PUBLISHED",
    "RELEASED",
    "STATES",
    "SUPERSEDED",
    "TIERS",
    "WITHDRAWN",
    "after",
    "facts_of",
]

DRAFT: Final = "draft"
PUBLISHED: Final = "published"
SUPERSEDED: Final = "superseded"
WITHDRAWN: Final = "withdrawn"
DISCARDED: Final = "discarded"
STATES: Final = (DRAFT, PUBLISHED, SUPERSEDED, WITHDRAWN, DISCARDED)
RELEASED: Final = (PUBLISHED, SUPERSEDED, WITHDRAWN)

MOVES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        (DRAFT, "publish"): PUBLISHED,
        (DRAFT, "discard"): DISCARDED,
        (PUBLISHED, "supersede"): SUPERSEDED,
        (PUBLISHED, "withdraw"): WITHDRAWN,
    }
)
ACTIONS: Final = tuple(sorted({action for _, action in MOVES}))

TIERS: Final = ("standard", "enhanced")
MARKINGS: Final = (tlp.AMBER, tlp.GREEN, tlp.CLEAR)
LONGEST_TITLE: Final = 160
LONGEST_INTRODUCTION: Final = 4000
LONGEST_ACTION: Final = 400
MOST_ACTIONS: Final = 15
LONGEST_REASON: Final = 300
# A pack is short or it is not read.
CRITERIA_IN_DRAFT: Final = 12
LESSONS_IN_DRAFT: Final = 5


def after(state: str, action: str) -> str | None:
    """The state that `action` leads to, or None when the move does not exist."""
    return MOVES.get((state, action))


def facts_of(sector: Sector, tier: str) -> Mapping[str, object]:
    """Of the plainest place in the sector: what the standard's conditions are asked with."""
    facts: dict[str, object] = {
        "kind": "event" if "event" in sector.kinds else "venue",
        "tier": tier,
        "public_access": True,
        "has_building": "event" not in sector.kinds,
        "open_air": "event" in sector.kinds,
        "shared_site": False,
        "police_assets_requested": False,
        "responsible_is_individual": False,
    }
    if sector.uses:
        facts["use"] = min(sector.uses)
    return MappingProxyType(facts)
