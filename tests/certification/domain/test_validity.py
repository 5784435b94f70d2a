from __future__ import annotations

from datetime import date

import pytest

from certification.domain.validity import ValidityError, add_months, valid_until
from tests.certification.domain.samples import criterion, section, standard

DECIDED = date(2026, 11, 23)
PLAN = standard(
    section("AA", criterion("AA-01")),
    validity=[
        {"when": {"fact": "kind", "op": "eq", "value": "event"}, "until": "event_end"},
        {"when": {"fact": "kind", "op": "eq", "value": "project"}, "until": "completion"},
        {"when": {"fact": "tier", "op": "eq", "value": "enhanced"}, "months": 12},
        {"months": 24},
    ],
)


@pytest.mark.parametrize(
    ("facts", "last"),
    [
        ({"kind": "event", "tier": "enhanced"}, date(2027, 6, 1)),
        ({"kind": "project"}, date(2029, 1, 31)),
        ({"kind": "venue", "tier": "enhanced"}, date(2027, 11, 23)),
        ({"kind": "venue", "tier": "standard"}, date(2028, 11, 23)),
    ],
)
def test_the_first_entry_that_holds_decides(facts: dict[str, str], last: date) -> None:
    found = valid_until(PLAN, facts, DECIDED, event_end=date(2027, 6, 1), completion=date(2029, 1, 31))
    assert found == last


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 10, 31), 13, date(2027, 11, 30)),
    ],
)
def test_a_month_ends_where_it_ends(day: date, months: int, last: date) -> None:
    assert add_months(day, months) == last


@pytest.mark.parametrize(("kind", "what"), [("event", "event ends"), ("project", "project is completed")])
def test_a_day_that_is_needed_must_be_known(kind: str, what: str) -> None:
    with pytest.raises(ValidityError, match=what):
        valid_until(PLAN, {"kind": kind}, DECIDED)


def test_a_certificate_cannot_end_before_it_begins() -> None:
    assert valid_until(PLAN, {"kind": "event"}, DECIDED, event_end=DECIDED) == DECIDED
    with pytest.raises(ValidityError, match="before the decision"):
        valid_until(PLAN, {"kind": "event"}, DECIDED, event_end=date(2026, 11, 22))


def test_no_entry_that_holds() -> None:
    narrow = standard(
        section("AA", criterion("AA-01")),
        validity=[{"when": {"fact": "kind", "op": "eq", "value": "event"}, "months": 1}],
    )
    with pytest.raises(ValidityError, match="names no validity"):
        valid_until(narrow, {"kind": "venue"}, DECIDED)
