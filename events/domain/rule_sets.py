"""The thresholds of the Act, as dated rule sets: regulations may lower them (s. 32), so no rule holds a number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

__all__ = ["RULE_SETS", "RuleSet", "before_commencement_note", "current_rule_set"]

# Section 32: regulations may not go below these.
_LOWER_FLOOR = 100
_UPPER_FLOOR = 500


@dataclass(frozen=True, slots=True)
class RuleSet:
    """`duties_start` is the day on which the duties commence, None while no day is appointed."""

    id: str
    effective_from: date
    premises_lower: int
    premises_upper: int
    event: int
    duties_start: date | None = None

    def __post_init__(self) -> None:
        if self.premises_lower < _LOWER_FLOOR:
            raise ValueError(f"The lower threshold may not be below {_LOWER_FLOOR}.")
        if min(self.premises_upper, self.event) < _UPPER_FLOOR:
            raise ValueError(f"The upper and the event threshold may not be below {_UPPER_FLOOR}.")
        if self.premises_lower > self.premises_upper:
            raise ValueError("The lower threshold may not be above the upper one.")

    def in_force(self, on: date) -> bool:
        """Whether the duties of the Act bind on that day."""
        return self.duties_start is not None and on >= self.duties_start


# Oldest first. 2025.1: the Act as passed on 3 April 2025.
RULE_SETS: Final = (
    RuleSet(id="2025.1", effective_from=date(2025, 4, 3), premises_lower=200, premises_upper=800, event=800),
)


def current_rule_set(on: date) -> RuleSet:
    """Raises ValueError for a day before the Act."""
    found = [rule_set for rule_set in RULE_SETS if rule_set.effective_from <= on]
    if not found:
        raise ValueError(f"There was no Act on {on.isoformat()}.")
    return found[-1]


def before_commencement_note(rule_set: RuleSet) -> str:
    """Needs no clock: it is true on whichever day it is read."""
    if rule_set.duties_start is None:
        return "The duties of the Act are expected, not in force: no day has been appointed for them to start."
    start = rule_set.duties_start
    return (
        f"The duties of the Act bind from {start.day} {start:%B %Y}; before that day they are expected, not in force."
    )
