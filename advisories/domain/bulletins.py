"""The legal moves of a bulletin and of a place's answer to one, as plain data: (state, action) → state.

A pair that is not here is illegal. One private function in services moves each of the two; the whole grid is tested.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from advisories.domain import tlp

DRAFT: Final = "draft"
AWAITING: Final = "awaiting_approval"
APPROVED: Final = "approved"
SCHEDULED: Final = "scheduled"
PUBLISHED: Final = "published"
SUPERSEDED: Final = "superseded"
RETRACTED: Final = "retracted"
DISCARDED: Final = "discarded"

STATES: Final = (DRAFT, AWAITING, APPROVED, SCHEDULED, PUBLISHED, SUPERSEDED, RETRACTED, DISCARDED)
# On its way, and still the author's: nobody outside the issuing side knows of it.
UNRELEASED: Final = (DRAFT, AWAITING, APPROVED, SCHEDULED)
RELEASED: Final = (PUBLISHED, SUPERSEDED, RETRACTED)
# A second person has looked at it, or none was needed.
SETTLED: Final = (APPROVED, SCHEDULED, *RELEASED)

MOVES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        (DRAFT, "submit"): AWAITING,
        # Only where no second person is needed: the services ask, and a constraint holds it.
        (DRAFT, "settle"): APPROVED,
        (DRAFT, "discard"): DISCARDED,
        (AWAITING, "approve"): APPROVED,
        (AWAITING, "send_back"): DRAFT,
        (AWAITING, "reopen"): DRAFT,
        (AWAITING, "discard"): DISCARDED,
        (APPROVED, "publish"): PUBLISHED,
        (APPROVED, "schedule"): SCHEDULED,
        (APPROVED, "reopen"): DRAFT,
        (APPROVED, "discard"): DISCARDED,
        (SCHEDULED, "publish"): PUBLISHED,
        (SCHEDULED, "reopen"): DRAFT,
        (SCHEDULED, "discard"): DISCARDED,
        (PUBLISHED, "supersede"): SUPERSEDED,
        (PUBLISHED, "retract"): RETRACTED,
    }
)
ACTIONS: Final = tuple(sorted({action for _, action in MOVES}))

# What a place of an organisation has said.
OPEN: Final = "open"
ACKNOWLEDGED: Final = "acknowledged"
DONE: Final = "done"
NOT_APPLICABLE: Final = "not_applicable"

PLACE_STATES: Final = (OPEN, ACKNOWLEDGED, DONE, NOT_APPLICABLE)
PLACE_MOVES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        (OPEN, "acknowledge"): ACKNOWLEDGED,
        (OPEN, "complete"): DONE,
        (OPEN, "dismiss"): NOT_APPLICABLE,
        (ACKNOWLEDGED, "complete"): DONE,
        (ACKNOWLEDGED, "dismiss"): NOT_APPLICABLE,
        # It does concern them after all.
        (NOT_APPLICABLE, "complete"): DONE,
    }
)
PLACE_ACTIONS: Final = tuple(sorted({action for _, action in PLACE_MOVES}))

# In the terms of CAP 1.2, the gravest first.
SEVERITIES: Final = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
URGENCIES: Final = ("Immediate", "Expected", "Future", "Past", "Unknown")
CERTAINTIES: Final = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")
CATEGORIES: Final = (
    "Security",
    "Safety",
    "Fire",
    "Health",
    "Transport",
    "Infra",
    "CBRNE",
    "Rescue",
    "Env",
    "Met",
    "Geo",
    "Other",
)
ACTUAL: Final = "Actual"
EXERCISE: Final = "Exercise"
STATUSES: Final = (ACTUAL, EXERCISE)

CHASED: Final = "chase"
TO_OWNERS: Final = "owners"
TO_ADVISERS: Final = "advisers"
STAGES: Final = (CHASED, TO_OWNERS, TO_ADVISERS)
_SHORTEST_STEP: Final = timedelta(minutes=15)
_LONGEST_STEP: Final = timedelta(hours=24)


def after(state: str, action: str) -> str | None:
    """The state that `action` leads to, or None when the move does not exist."""
    return MOVES.get((state, action))


def place_after(state: str, action: str) -> str | None:
    return PLACE_MOVES.get((state, action))


def needs_second_person(*, severity: str, marking: str, mark: str) -> bool:
    """`mark`: the severity from which on a second person approves. A severity that nobody knows may be any."""
    grave = severity == "Unknown" or SEVERITIES.index(severity) <= SEVERITIES.index(mark)
    return grave or tlp.link_only(marking)


def is_urgent(*, urgency: str, severity: str) -> bool:
    """Such a message waits for nobody's morning and is never muted."""
    return urgency == "Immediate" or severity == "Extreme"


def step(*, published: datetime, due: datetime) -> timedelta:
    """How long each stage waits for the one before: half of the time that was given, within a quarter of an hour and a day."""
    return min(max((due - published) / 2, _SHORTEST_STEP), _LONGEST_STEP)


def stages_due(*, published: datetime, due: datetime, now: datetime) -> tuple[str, ...]:
    """Which stages have come for those who have not acknowledged: at the due time, a step later, two steps later."""
    wait = step(published=published, due=due)
    return tuple(stage for number, stage in enumerate(STAGES) if now >= due + number * wait)
