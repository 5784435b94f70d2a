"""When a condition falls due, who is reminded of it when, and the legal moves of a discharge and of a wish for more time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

# Days before the day on which it is due; the day after is -1.
MILESTONES: Final = (14, 3, -1)
AFTER: Final = -1

DRAFT: Final = "draft"
SUBMITTED: Final = "submitted"
ACCEPTED: Final = "accepted"
SENT_BACK: Final = "sent_back"
WITHDRAWN: Final = "withdrawn"
# Of a discharge: its certificate was replaced and it did not go along. Of a wish for time: the same, or the condition was
# met meanwhile, or the officer settled the date without being asked.
LAPSED: Final = "lapsed"

DISCHARGE_STATES: Final = (DRAFT, SUBMITTED, ACCEPTED, SENT_BACK, WITHDRAWN, LAPSED)
# At most one of these for a condition, by constraint.
DISCHARGE_OPEN: Final = (DRAFT, SUBMITTED)
DISCHARGE_DECIDED: Final = (ACCEPTED, SENT_BACK)

DISCHARGE_MOVES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        (DRAFT, "submit"): SUBMITTED,
        (DRAFT, "withdraw"): WITHDRAWN,
        (DRAFT, "lapse"): LAPSED,
        (SUBMITTED, "accept"): ACCEPTED,
        (SUBMITTED, "send_back"): SENT_BACK,
        (SUBMITTED, "withdraw"): WITHDRAWN,
        (SUBMITTED, "lapse"): LAPSED,
    }
)
DISCHARGE_ACTIONS: Final = tuple(sorted({action for _, action in DISCHARGE_MOVES}))

ASKED: Final = "asked"
GRANTED: Final = "granted"
REFUSED: Final = "refused"

EXTENSION_STATES: Final = (ASKED, GRANTED, REFUSED, LAPSED)
EXTENSION_MOVES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {(ASKED, "grant"): GRANTED, (ASKED, "refuse"): REFUSED, (ASKED, "lapse"): LAPSED}
)
EXTENSION_ACTIONS: Final = tuple(sorted({action for _, action in EXTENSION_MOVES}))

LONGEST_EXTENSION: Final = timedelta(days=366)
LONGEST_WAIT: Final = timedelta(days=92)


def discharge_after(state: str, action: str) -> str | None:
    return DISCHARGE_MOVES.get((state, action))


def extension_after(state: str, action: str) -> str | None:
    return EXTENSION_MOVES.get((state, action))


@dataclass(frozen=True, slots=True)
class Due:
    """`send`: the milestone to tell of now, or None; `passed`: those to be marked so that they are never sent later."""

    send: int | None
    passed: tuple[int, ...]


def due_reminders(*, today: date, due_on: date, since: date, done: frozenset[int]) -> Due:
    """What is due today, whatever was missed: one message for the most urgent, the others marked with it.

    `since` is the day on which this date was set. A milestone on or before it says nothing new: it is marked, not sent;
    the day after is always said.
    """
    left = (due_on - today).days
    reached = tuple(m for m in MILESTONES if left <= m)
    passed = tuple(m for m in reached if m not in done)
    if not passed:
        return Due(None, ())
    urgent = min(reached)
    news = urgent == AFTER or due_on - timedelta(days=urgent) > since
    return Due(urgent if news and urgent not in done else None, passed)


def new_date_is_sound(new: date, *, due_on: date, today: date, valid_until: date) -> bool:
    """Later than the present date, not in the past, within a year, and while the certificate still covers."""
    return max(due_on, today) < new <= min(valid_until, max(due_on, today) + LONGEST_EXTENSION)


def wait_is_sound(until: date, *, today: date, valid_until: date) -> bool:
    return today < until <= min(valid_until, today + LONGEST_WAIT)
