"""Until when a certificate holds."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from certification.domain.expressions import holds
from certification.domain.standard import Standard, ValidityRule

__all__ = ["ValidityError", "add_months", "valid_until"]

_MONTHS_IN_A_YEAR: Final = 12


class ValidityError(Exception):
    """No last day can be found; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class _Days:
    event_end: date | None
    completion: date | None


def add_months(day: date, months: int) -> date:
    """The day of the same number, or the last day of a month that has no such number: 31 January + 1 is 28 February."""
    years, month = divmod(day.month - 1 + months, _MONTHS_IN_A_YEAR)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def valid_until(
    standard: Standard,
    facts: Mapping[str, object],
    decided_on: date,
    *,
    event_end: date | None = None,
    completion: date | None = None,
) -> date:
    """The last day on which the certificate holds, that day included: decided on 23 November for 12 months, it holds
    to the end of 23 November of the next year, UK time. The first entry of `validity` whose `when` holds decides.
    """
    rule = next((rule for rule in standard.validity if holds(rule.when, facts)), None)
    if rule is None:
        raise ValidityError("The standard names no validity for a subject with these facts.")
    last = _last_day(rule, decided_on, _Days(event_end, completion))
    if last < decided_on:
        raise ValidityError(f"The certificate would end on {last.isoformat()}, before the decision.")
    return last


def _last_day(rule: ValidityRule, decided_on: date, days: _Days) -> date:
    if rule.months is not None:
        return add_months(decided_on, rule.months)
    last = days.event_end if rule.until == "event_end" else days.completion
    if last is None:
        what = "the event ends" if rule.until == "event_end" else "the project is completed"
        raise ValidityError(f"The day on which {what} is not known.")
    return last
