"""The tables of reports, lessons and guidance: each is whole, and leads nowhere that is not a state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from advisories.domain import admissions, guidance, lessons, networks, sightings, tlp
from advisories.domain.sectors import SECTORS

TABLES = {"admissions": admissions, "sightings": sightings, "lessons": lessons, "guidance": guidance}


@pytest.mark.parametrize("name", TABLES)
def test_every_move_is_from_a_state_to_a_state(name: str) -> None:
    table = TABLES[name]
    moves: Mapping[tuple[str, str], str] = table.MOVES
    assert {state for (state, _action), after in moves.items() for state in (state, after)} <= set(table.STATES)
    assert [table.after(state, action) for (state, action) in moves] == list(moves.values())
    assert table.after("nowhere", "see") is None


def test_where_things_end() -> None:
    """States that nothing leads out of."""

    def ends(table: object) -> set[str]:
        states: tuple[str, ...] = table.STATES  # type: ignore[attr-defined]
        moves: Mapping[tuple[str, str], str] = table.MOVES  # type: ignore[attr-defined]
        return set(states) - {state for state, _action in moves}

    assert ends(admissions) == {"refused", "withdrawn", "ended"}
    assert ends(sightings) == set()
    assert ends(lessons) == {"superseded", "withdrawn", "discarded"}
    assert ends(guidance) == {"superseded", "withdrawn", "discarded"}


def test_after_a_no_an_organisation_waits_a_week() -> None:
    said = datetime(2026, 3, 2, 9, tzinfo=UTC)
    pauses = {state: admissions.again_from(state, said) for state in admissions.STATES}
    week = datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert pauses == {"asked": None, "admitted": None, "refused": week, "withdrawn": None, "ended": week}


def test_a_report_can_be_read_before_it_is_closed() -> None:
    assert sightings.after("new", "close") is None
    assert sightings.open_actions("seen") == ("readdress", "pass_on", "close")
    assert sightings.open_actions("closed") == ("reopen",)


#                     inside community outside
READS = {
    tlp.RED: (False, False, False),
    tlp.AMBER_STRICT: (True, False, False),
    tlp.AMBER: (True, False, False),
    tlp.GREEN: (True, True, False),
    tlp.CLEAR: (False, False, False),
}


@pytest.mark.parametrize("marking", tlp.ORDER)
def test_who_reads_a_post(marking: str) -> None:
    assert tuple(networks.reads(marking, presence) for presence in networks.PRESENCES) == READS[marking]


def test_which_marking_somebody_may_choose() -> None:
    def refused(kind: str) -> dict[str, str]:
        return {marking: networks.refusal(marking, kind) for marking in tlp.ORDER}

    assert refused(networks.MEMBER) == {
        tlp.RED: "named_people_alone",
        tlp.AMBER_STRICT: "police_alone",
        tlp.AMBER: "",
        tlp.GREEN: "",
        tlp.CLEAR: "nothing_public",
    }
    assert refused(networks.POLICE) == {**refused(networks.MEMBER), tlp.AMBER_STRICT: ""}
    assert networks.refusal("purple", networks.MEMBER) == "unknown"


def test_who_reads_a_lesson() -> None:
    assert {marking: lessons.readers_of(marking) for marking in tlp.ORDER} == {
        tlp.RED: (),
        tlp.AMBER_STRICT: ("official",),
        tlp.AMBER: ("official", "sector"),
        tlp.GREEN: ("official", "sector", "community"),
        tlp.CLEAR: ("official", "sector", "community", "anybody"),
    }


def test_a_whole_is_as_narrow_as_its_narrowest_part() -> None:
    assert lessons.narrowest([tlp.CLEAR, tlp.AMBER, tlp.GREEN]) == tlp.AMBER
    assert lessons.narrowest([]) == tlp.CLEAR


def test_the_plainest_place_of_each_sector_can_be_judged() -> None:
    for sector in SECTORS.values():
        facts = guidance.facts_of(sector, "enhanced")
        assert facts["kind"] == ("event" if sector.code == "events" else "venue")
        assert facts.get("use", "") in {"", *sector.uses}
