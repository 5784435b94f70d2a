from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from advisories.domain import bulletins as rules
from advisories.domain import tlp

NOON = datetime(2027, 3, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("severity", "needed"),
    [("Extreme", True), ("Severe", True), ("Moderate", False), ("Minor", False), ("Unknown", True)],
)
def test_from_a_severity_on_a_second_person_approves(severity: str, needed: bool) -> None:
    assert rules.needs_second_person(severity=severity, marking=tlp.AMBER, mark="Severe") is needed


@pytest.mark.parametrize("marking", tlp.ORDER)
def test_what_is_read_signed_in_alone_takes_two_people_whatever_its_severity(marking: str) -> None:
    needed = rules.needs_second_person(severity="Minor", marking=marking, mark="Severe")

    assert needed is (marking in {tlp.RED, tlp.AMBER_STRICT})


def test_the_mark_can_be_moved() -> None:
    assert rules.needs_second_person(severity="Minor", marking=tlp.CLEAR, mark="Minor")
    assert not rules.needs_second_person(severity="Severe", marking=tlp.CLEAR, mark="Extreme")


def test_each_state_but_the_last_ones_leads_on() -> None:
    leading = {state for state, _ in rules.MOVES}

    assert set(rules.STATES) - leading == {rules.SUPERSEDED, rules.RETRACTED, rules.DISCARDED}
    assert set(rules.MOVES.values()) | {rules.DRAFT} == set(rules.STATES)


def test_nothing_leads_back_from_what_is_out() -> None:
    assert {after for (state, _), after in rules.MOVES.items() if state in rules.RELEASED} == {
        rules.SUPERSEDED,
        rules.RETRACTED,
    }


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (timedelta(minutes=10), timedelta(minutes=15)),
        (timedelta(hours=4), timedelta(hours=2)),
        (timedelta(days=9), timedelta(hours=24)),
    ],
)
def test_a_stage_waits_half_of_the_time_that_was_given(given: timedelta, expected: timedelta) -> None:
    assert rules.step(published=NOON, due=NOON + given) == expected


@pytest.mark.parametrize(
    ("hours", "stages"),
    [
        (3.99, ()),
        (4, (rules.CHASED,)),
        (5.99, (rules.CHASED,)),
        (6, (rules.CHASED, rules.TO_OWNERS)),
        (8, rules.STAGES),
        (100, rules.STAGES),
    ],
)
def test_stages_come_one_after_another(hours: float, stages: tuple[str, ...]) -> None:
    due = NOON + timedelta(hours=4)

    assert rules.stages_due(published=NOON, due=due, now=NOON + timedelta(hours=hours)) == stages
