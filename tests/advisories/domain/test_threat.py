"""Levels, what they ask, and where a change moves it."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from advisories.domain import threat
from advisories.domain.threat import Shift

LEVELS = (None, *threat.LEVELS)
MOMENT = datetime(2026, 11, 23, 10, tzinfo=UTC)


def levels(uk: str | None, northern: str | None) -> dict[str, str]:
    return {scope: level for scope, level in (("uk", uk), ("ni", northern)) if level is not None}


@pytest.mark.parametrize(
    ("level", "response"),
    [
        ("low", "normal"),
        ("moderate", "normal"),
        ("substantial", "heightened"),
        ("severe", "heightened"),
        ("critical", "exceptional"),
    ],
)
def test_each_level_has_its_response_level(level: str, response: str) -> None:
    assert threat.RESPONSE_OF[level] == response
    assert threat.response_in("gb", {"uk": level}) == response


def test_where_nothing_is_recorded_nothing_is_asked() -> None:
    assert [threat.response_in(zone, {}) for zone in threat.ZONES] == [None, None]
    assert threat.response_in("gb", {"ni": "critical"}) is None


@pytest.mark.parametrize(("uk", "northern"), list(itertools.product(LEVELS, LEVELS)))
def test_northern_ireland_follows_the_higher_of_both_and_great_britain_its_own(
    uk: str | None, northern: str | None
) -> None:
    found = levels(uk, northern)
    ranks = [threat.RESPONSES.index(threat.RESPONSE_OF[level]) for level in found.values()]
    assert threat.response_in("ni", found) == (threat.RESPONSES[max(ranks)] if ranks else None)
    assert threat.response_in("gb", found) == (threat.RESPONSE_OF[uk] if uk else None)


@pytest.mark.parametrize(("uk", "northern", "new"), list(itertools.product(LEVELS, LEVELS, threat.LEVELS)))
def test_a_zone_shifts_when_its_response_level_was_known_and_moved(
    uk: str | None, northern: str | None, new: str
) -> None:
    before = levels(uk, northern)
    for scope in threat.SCOPES:
        after = {**before, scope: new}
        found = {shift.zone: shift for shift in threat.shifts(before, after)}
        for zone in threat.ZONES:
            old, now = threat.response_in(zone, before), threat.response_in(zone, after)
            assert (zone in found) is (old is not None and old != now)
            if zone in found:
                assert found[zone] == Shift(zone, str(old), str(now))


def test_a_shift_says_whether_it_rises() -> None:
    assert Shift("gb", "normal", "heightened").rises
    assert not Shift("gb", "exceptional", "heightened").rises


@pytest.mark.parametrize(
    ("nation", "zone"),
    [("England", "gb"), ("Wales", "gb"), ("Scotland", "gb"), ("Great Britain", "gb"), ("Northern Ireland", "ni")],
)
def test_each_nation_is_in_a_zone(nation: str, zone: str) -> None:
    assert threat.zone_of(nation) == zone


def test_half_time_is_half_of_the_time() -> None:
    end = threat.due(MOMENT, hours=4)
    assert end == MOMENT + timedelta(hours=4)
    assert threat.half_way(MOMENT, end) == MOMENT + timedelta(hours=2)


def test_what_is_closed_stays_closed() -> None:
    assert {threat.after(threat.CLOSED, action) for action in threat.ACTIONS} == {None}
    assert {state for state, _action in threat.MOVES} | {threat.CLOSED} == set(threat.STATES)
