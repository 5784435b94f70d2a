from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.domain import cover

END = date(2027, 3, 31)


@pytest.mark.parametrize(
    ("today", "is_open"),
    [
        (END - timedelta(days=121), False),
        (END - timedelta(days=120), True),
        (END, True),
        (END + timedelta(days=1), True),
        (END + timedelta(days=900), True),
    ],
)
def test_renewal_opens_120_days_before_the_end_and_never_closes(today: date, is_open: bool) -> None:
    assert cover.renewal_is_open(valid_until=END, today=today) is is_open


@pytest.mark.parametrize(
    ("decided_on", "previous_end", "counts_from"),
    [
        (date(2027, 1, 10), None, date(2027, 1, 10)),
        (END, END, END),
        (END - timedelta(days=1), END, END),
        (END - timedelta(days=120), END, END),
        # Too early to be a renewal: a new plan while the old certificate has long to run.
        (END - timedelta(days=121), END, END - timedelta(days=121)),
        # Late: the gap stays a gap.
        (END + timedelta(days=1), END, END + timedelta(days=1)),
    ],
)
def test_a_renewal_in_time_loses_no_day(decided_on: date, previous_end: date | None, counts_from: date) -> None:
    assert cover.term_counts_from(decided_on=decided_on, previous_end=previous_end) == counts_from


@pytest.mark.parametrize(
    ("days", "event_starts", "due"),
    [
        (30, None, date(2026, 12, 23)),
        (30, date(2027, 6, 1), date(2026, 12, 23)),
        (30, date(2026, 12, 23), date(2026, 12, 22)),
        (30, date(2026, 12, 1), date(2026, 11, 30)),
        (30, date(2026, 11, 23), date(2026, 11, 23)),
    ],
)
def test_a_condition_falls_due_before_the_event_starts(days: int, event_starts: date | None, due: date) -> None:
    assert cover.condition_due(decided_on=date(2026, 11, 23), days=days, event_starts=event_starts) == due


@pytest.mark.parametrize(
    ("days", "event_starts", "due"),
    [
        (10, date(2027, 6, 11), date(2027, 6, 1)),
        (1, date(2027, 6, 11), date(2027, 6, 10)),
        # Decided too late for it, it is due at once; without an event there is nothing to count from.
        (10, date(2026, 11, 25), date(2026, 11, 23)),
        (10, None, date(2026, 12, 3)),
    ],
)
def test_a_condition_may_count_back_from_the_event(days: int, event_starts: date | None, due: date) -> None:
    decided_on = date(2026, 11, 23)
    found = cover.condition_due(decided_on=decided_on, days=days, event_starts=event_starts, before_event=True)
    assert found == due


LONG_AGO = date(2025, 4, 1)


@pytest.mark.parametrize(
    ("left", "done", "send"),
    [
        (91, (), None),
        (90, (), 90),
        (89, (90,), None),
        (61, (90,), None),
        (60, (90,), 60),
        (30, (90, 60), 30),
        (8, (90, 60, 30), None),
        (7, (90, 60, 30), 7),
        (0, (90, 60, 30, 7), None),
        (0, (90, 60, 30), 7),
        (-1, (), None),
        # After downtime: one message, the most urgent; the days of the others are over.
        (20, (), 30),
        (20, (90,), 30),
        (3, (), 7),
        # Told already, although an earlier one was not.
        (20, (30,), None),
    ],
)
def test_each_milestone_once_and_one_message_after_downtime(left: int, done: tuple[int, ...], send: int | None) -> None:
    found = cover.milestone_due(
        today=END - timedelta(days=left), valid_until=END, decided_on=LONG_AGO, done=frozenset(done)
    )
    assert found == send


@pytest.mark.parametrize(("length", "send"), [(45, None), (60, None), (61, 60)])
def test_a_short_certificate_is_not_reminded_of_what_passed_when_it_was_decided(length: int, send: int | None) -> None:
    decided = END - timedelta(days=length)
    today = max(decided, END - timedelta(days=60))
    assert cover.milestone_due(today=today, valid_until=END, decided_on=decided, done=frozenset({90})) == send


@pytest.mark.parametrize(
    ("previous_end", "valid_from", "days"),
    [
        # In time: before the end, on its day, the day after.
        (date(2026, 3, 31), date(2026, 2, 1), None),
        (date(2026, 3, 31), date(2026, 3, 31), None),
        (date(2026, 3, 31), date(2026, 4, 1), None),
        # Late by a day, by a leap day, by a year.
        (date(2026, 3, 31), date(2026, 4, 2), (date(2026, 4, 1), date(2026, 4, 1))),
        (date(2028, 2, 28), date(2028, 3, 1), (date(2028, 2, 29), date(2028, 2, 29))),
        (date(2026, 12, 31), date(2028, 1, 1), (date(2027, 1, 1), date(2027, 12, 31))),
    ],
)
def test_a_gap_is_told_and_none_is_made_up(
    previous_end: date, valid_from: date, days: tuple[date, date] | None
) -> None:
    found = cover.gap(previous_end=previous_end, valid_from=valid_from)
    assert (found and (found.first, found.last)) == days


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 400))
def test_renewed_in_time_there_is_never_a_gap(end: date, days_before: int) -> None:
    """Decided on or before the last day, the new certificate covers from its decision."""
    decided = end - timedelta(days=days_before)
    assert cover.gap(previous_end=end, valid_from=decided) is None
    assert cover.term_counts_from(decided_on=decided, previous_end=end) >= decided


@pytest.mark.parametrize(
    ("due_on", "event_starts", "expected"),
    [
        (date(2027, 3, 10), None, date(2027, 3, 10)),
        (date(2027, 3, 10), date(2027, 3, 11), date(2027, 3, 10)),
        (date(2027, 3, 11), date(2027, 3, 11), date(2027, 3, 10)),
        (date(2027, 5, 1), date(2027, 3, 11), date(2027, 3, 10)),
        # What is overdue already stays so; nothing is due before the decision because of this.
        (date(2027, 1, 1), date(2027, 3, 11), date(2027, 1, 1)),
        (date(2027, 5, 1), date(2027, 2, 1), date(2027, 2, 1)),
    ],
)
def test_the_day_of_a_condition_that_stands(due_on: date, event_starts: date | None, expected: date) -> None:
    assert cover.standing_due(due_on, decided_on=date(2027, 2, 1), event_starts=event_starts) == expected
