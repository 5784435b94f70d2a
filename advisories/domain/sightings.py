"""What people saw: the categories, and the life of a report as plain data, (state, action) → state."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = [
    "ACTIONS",
    "CATEGORIES",
    "CLOSED",
    "LONGEST",
    "LONGEST_REPLY",
    "MOST_FILES",
    "MOVES",
    "NEW",
    "OPEN",
    "OUTCOMES",
    "PASSED_ON",
    "SEEN",
    "STATES",
    "after",
    "open_actions",
]

NEW: Final = "new"
SEEN: Final = "seen"
PASSED_ON: Final = "passed_on"
CLOSED: Final = "closed"
STATES: Final = (NEW, SEEN, PASSED_ON, CLOSED)
OPEN: Final = (NEW, SEEN, PASSED_ON)

CATEGORIES: Final = ("reconnaissance", "item", "vehicle", "drone", "insider", "online", "other")
OUTCOMES: Final = ("action", "explained", "nothing_found", "intelligence", "not_ours")

LONGEST: Final[Mapping[str, int]] = MappingProxyType(
    {"where": 300, "description": 6000, "people": 2000, "vehicles": 1000}
)
LONGEST_REPLY: Final = 2000
MOST_FILES: Final = 5

MOVES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        (NEW, "see"): SEEN,
        # It was sent to the wrong force: it is new again, to others.
        (NEW, "readdress"): NEW,
        (SEEN, "readdress"): NEW,
        (SEEN, "pass_on"): PASSED_ON,
        (SEEN, "close"): CLOSED,
        (PASSED_ON, "close"): CLOSED,
        # Somebody remembers something, or it happened again.
        (CLOSED, "reopen"): SEEN,
    }
)
ACTIONS: Final = tuple(sorted({action for _, action in MOVES}))


def after(state: str, action: str) -> str | None:
    """The state that `action` leads to, or None when the move does not exist."""
    return MOVES.get((state, action))


def open_actions(state: str) -> tuple[str, ...]:
    """In the order of the table."""
    return tuple(action for before, action in MOVES if before == state)
