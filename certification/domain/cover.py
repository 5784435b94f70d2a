"""From when to when a certificate covers, and when its holder is reminded. Dates are UK dates, ends included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

RENEWAL_WINDOW: Final = timedelta(days=120)
# Days before the last day of cover, most urgent last.
MILESTONES: Final = (90, 60, 30, 7)
_DAY: Final = timedelta(days=1)


def renewal_opens(*, valid_until: date) -> date:
    return valid_until - RENEWAL_WINDOW


def renewal_is_open(*, valid_until: date, today: date) -> bool:
    """From 120 days before the end, and without limit afterwards: late renewal is renewal, with a gap."""
    return today >= renewal_opens(valid_until=valid_until)


def term_counts_from(*, decided_on: date, previous_end: date | None) -> date:
    """The day to which the months of the new term are added.

    Renewed in time (decided while the old certificate is in force and within its last 120 days) it is the old end: the
    new certificate covers at once, its term follows the day after the old end, and no time that was left is lost; a
    certificate that ran to 31 March runs to a 31 March again. Anything else counts from the decision: a first
    certificate, a late renewal, a new plan while the old certificate has long to run. `previous_end` is the last day of
    the certificate in force, or None.
    """
    if (
        previous_end is None
        or previous_end < decided_on
        or not renewal_is_open(valid_until=previous_end, today=decided_on)
    ):
        return decided_on
    return previous_end


@dataclass(frozen=True, slots=True)
class Gap:
    """Days without cover, both included."""

    first: date
    last: date


def gap(*, previous_end: date, valid_from: date) -> Gap | None:
    """Between the last day of the certificate before and the first of the one after; None where none is missing."""
    first, last = previous_end + _DAY, valid_from - _DAY
    return Gap(first, last) if first <= last else None


def condition_due(*, decided_on: date, days: int, event_starts: date | None, before_event: bool = False) -> date:
    """`days` after the decision; for an event no later than the day before it starts, but never before the decision.

    With `before_event` the days are counted back from its first day.
    """
    if event_starts is None:
        return decided_on + timedelta(days=days)
    due = event_starts - timedelta(days=days) if before_event else decided_on + timedelta(days=days)
    return max(decided_on, min(due, event_starts - _DAY))


def standing_due(due_on: date, *, decided_on: date, event_starts: date | None) -> date:
    """Of a condition that stands when something else has changed: its day, unless the event now starts on it or before."""
    if event_starts is None or due_on < event_starts:
        return due_on
    return max(decided_on, event_starts - _DAY)


def milestone_due(*, today: date, valid_until: date, decided_on: date, done: frozenset[int]) -> int | None:
    """The milestone to be told of today, or None: whatever was missed, one message, about the most urgent.

    The ones before it never come again, for their days are over. A milestone on or before the day of the decision says
    nothing new to anybody (a certificate issued for six weeks). The sweep asks the same of the database
    (`selectors.reminders.due`).
    """
    left = (valid_until - today).days
    reached = [m for m in MILESTONES if 0 <= left <= m]
    if not reached:
        return None
    urgent = min(reached)
    worth_telling = urgent not in done and valid_until - timedelta(days=urgent) > decided_on
    return urgent if worth_telling else None
