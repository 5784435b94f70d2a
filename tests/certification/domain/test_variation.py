"""What may be made different without a new decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from certification.domain.variation import Changes, Present, Term, faults

TODAY = date(2026, 12, 1)
DAY = timedelta(days=1)
OLD = Term("GOV-02", "Put GOV-02 in place.", date(2027, 1, 31))
OVERDUE = Term("PHY-01", "Put PHY-01 in place.", TODAY - DAY)
PRESENT = Present(
    scope="The hall.",
    holder_name="Harbour Lights Trust",
    subject_name="Mill Lane Hall",
    valid_until=date(2028, 11, 30),
    outstanding=(OLD, OVERDUE),
    codes=frozenset({"GOV-01", "GOV-02", "PHY-01"}),
)


def places(changes: Changes) -> list[str]:
    return [fault.place for fault in faults(changes, PRESENT, today=TODAY)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (Changes(scope="The hall without its cellar."), []),
        (Changes(holder_name="Harbour Light Trust"), []),
        (Changes(subject_name="Mill Lane Halls"), []),
        (Changes(valid_until=TODAY), []),
        (Changes(valid_until=PRESENT.valid_until - DAY), []),
        (Changes(conditions=()), []),
        (Changes(conditions=(OLD,)), []),
        (Changes(conditions=(replace(OLD, due_on=TODAY), OVERDUE)), []),
        # One that is overdue keeps its day, though its words change.
        (Changes(conditions=(OLD, replace(OVERDUE, text="In other words."))), []),
        (Changes(conditions=(OLD, OVERDUE, Term("GOV-01", "New.", date(2027, 6, 1)))), []),
        (Changes(), [""]),
        (Changes(scope=PRESENT.scope, valid_until=PRESENT.valid_until, conditions=(OVERDUE, OLD)), [""]),
        (Changes(scope=" "), ["scope"]),
        (Changes(scope="x" * 301), ["scope"]),
        (Changes(scope="Two\nlines."), ["scope"]),
        (Changes(holder_name=""), ["holder_name"]),
        (Changes(subject_name="x" * 161), ["subject_name"]),
        (Changes(valid_until=PRESENT.valid_until + DAY), ["valid_until"]),
        (Changes(valid_until=TODAY - DAY), ["valid_until"]),
        (Changes(conditions=(replace(OLD, due_on=OLD.due_on + DAY), OVERDUE)), ["conditions"]),
        (Changes(conditions=(replace(OLD, due_on=TODAY - DAY), OVERDUE)), ["conditions"]),
        (Changes(conditions=(Term("GOV-01", "New.", TODAY - DAY), OLD, OVERDUE)), ["conditions"]),
        (Changes(conditions=(Term("ZZZ-01", "New.", TODAY), OLD, OVERDUE)), ["conditions"]),
        (Changes(conditions=(replace(OLD, text=" "), OVERDUE)), ["conditions"]),
        (Changes(conditions=(replace(OLD, text="x" * 2001), OVERDUE)), ["conditions"]),
        (Changes(conditions=(OLD, replace(OLD, text="Again."))), ["conditions"]),
    ],
)
def test_what_is_taken_and_what_is_not(changes: Changes, expected: list[str]) -> None:
    assert places(changes) == expected


def test_what_stays_is_left_out() -> None:
    changes = Changes(scope=PRESENT.scope, holder_name="Another", conditions=(OVERDUE, OLD))
    assert PRESENT.without_what_stays(changes) == Changes(holder_name="Another")


@pytest.mark.parametrize(
    "changes",
    [
        Changes(),
        Changes(scope="x", holder_name="y", subject_name="z", valid_until=TODAY, conditions=(OLD, OVERDUE)),
        Changes(conditions=()),
    ],
)
def test_it_is_read_back_as_it_was_written(changes: Changes) -> None:
    assert Changes.from_dict(changes.as_dict()) == changes


@pytest.mark.parametrize(
    "data",
    [
        {"surprise": 1},
        {"valid_until": "soon"},
        {"conditions": 3},
        {"conditions": [{"code": "GOV-01", "text": "x", "due_on": "x"}]},
    ],
)
def test_what_nobody_wrote_is_not_read(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Changes.from_dict(data)
