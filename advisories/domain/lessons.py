"""Lessons: what one may be, its life as plain data, and who reads which marking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from advisories.domain import tlp

__all__ = [
    "ACTIONS",
    "CATEGORIES",
    "COSTS",
    "DISCARDED",
    "DRAFT",
    "ENDED",
    "IN_REVIEW",
    "LONGEST",
    "LONGEST_NOTE",
    "LONGEST_REASON",
    "MARKINGS",
    "MOVES",
    "PUBLISHED",
    "READERS",
    "RELEASED",
    "STATES",
    "SUPERSEDED",
    "TRANSFERS",
    "WITHDRAWN",
    "after",
    "narrowest",
    "readers_of",
]

DRAFT: Final = "draft"
IN_REVIEW: Final = "in_review"
PUBLISHED: Final = "published"
SUPERSEDED: Final = "superseded"
WITHDRAWN: Final = "withdrawn"
DISCARDED: Final = "discarded"
STATES: Final = (DRAFT, IN_REVIEW, PUBLISHED, SUPERSEDED, WITHDRAWN, DISCARDED)
# What was published once: it never changes again.
RELEASED: Final = (PUBLISHED, SUPERSEDED, WITHDRAWN)
ENDED: Final = (SUPERSEDED, WITHDRAWN)

MOVES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        (DRAFT, "submit"): IN_REVIEW,
        (DRAFT, "discard"): DISCARDED,
        (IN_REVIEW, "send_back"): DRAFT,
        (IN_REVIEW, "publish"): PUBLISHED,
        (IN_REVIEW, "discard"): DISCARDED,
        (PUBLISHED, "supersede"): SUPERSEDED,
        (PUBLISHED, "withdraw"): WITHDRAWN,
    }
)
ACTIONS: Final = tuple(sorted({action for _, action in MOVES}))

CATEGORIES: Final = ("vehicle", "explosive", "firearms", "bladed", "siege", "crowd", "attack", "exercise", "event")
COSTS: Final = ("none", "low", "medium", "high")
TRANSFERS: Final = ("low", "medium", "high")

LONGEST: Final[Mapping[str, int]] = MappingProxyType(
    {
        "title": 160,
        "place": 120,
        "country": 80,
        "period": 60,
        "happened": 4000,
        "done": 4000,
        "worked": 3000,
        "not_worked": 3000,
        "transfer_words": 2000,
        "source_title": 240,
        "source_publisher": 160,
        "source_address": 240,
    }
)
LONGEST_NOTE: Final = 2000
LONGEST_REASON: Final = 300

# RED is for named people, which a library is not.
MARKINGS: Final = (tlp.AMBER_STRICT, tlp.AMBER, tlp.GREEN, tlp.CLEAR)

# Who reads a published lesson, the widest last. `sector`: members of a network of one of its sectors;
# `community`: whoever has an organisation; `official`: officers, administrators, auditors.
READERS: Final = ("official", "sector", "community", "anybody")
_READERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        tlp.AMBER_STRICT: READERS[:1],
        tlp.AMBER: READERS[:2],
        tlp.GREEN: READERS[:3],
        tlp.CLEAR: READERS,
    }
)


def after(state: str, action: str) -> str | None:
    """The state that `action` leads to, or None when the move does not exist."""
    return MOVES.get((state, action))


def readers_of(marking: str) -> tuple[str, ...]:
    """Nobody, for a marking that no lesson may have."""
    return _READERS.get(marking, ())


def narrowest(markings: Iterable[str]) -> str:
    """What is put together travels no further than its narrowest part; CLEAR for nothing at all."""
    return min(markings, key=tlp.ORDER.index, default=tlp.CLEAR)
