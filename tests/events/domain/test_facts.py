"""Facts come in as a stranger wrote them: every fault is found, and silence takes nobody out of the Act."""

from __future__ import annotations

from typing import Any

import pytest

from events.domain.tiers import FactsError, determine, parse_facts

SHOP: dict[str, Any] = {"kind": "premises", "use": "shop", "expected_attendance": 300}


def faults(data: object, place: str = "") -> list[str]:
    with pytest.raises(FactsError) as caught:
        parse_facts(data, place)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("facts", "place"),
    [
        ({"kind": "stadium"}, "kind"),
        ({"kind": None}, "kind"),
        ({"kind": ["premises"]}, "kind"),
        ({"use": "casino"}, "use"),
        ({"use": ""}, "use"),
        ({"use": {}}, "use"),
        ({"expected_attendance": None}, "expected_attendance"),
        ({"expected_attendance": -1}, "expected_attendance"),
        ({"expected_attendance": 300.0}, "expected_attendance"),
        ({"expected_attendance": "300"}, "expected_attendance"),
        ({"expected_attendance": True}, "expected_attendance"),
        ({"recurring": "yes"}, "recurring"),
        ({"has_building": 1}, "has_building"),
        ({"open_air_type": "beach", "entry_check": "none"}, "open_air_type"),
        ({"entry_check": None}, "entry_check"),
        ({"entry_check": "bag_search"}, "entry_check"),
        ({"entry_check_scope": "all"}, "entry_check_scope"),
        ({"part_attendance": -5}, "part_attendance"),
        ({"part_attendance": 1.5}, "part_attendance"),
        ({"excluded_kind": "embassy"}, "excluded_kind"),
        ({"host_tier": "high"}, "host_tier"),
        ({"host_use": "field"}, "host_use"),
        ({"education_phase": 3}, "education_phase"),
        ({"capacity": 300}, "capacity"),
    ],
)
def test_one_fault_is_one_line_at_its_place(facts: dict[str, Any], place: str) -> None:
    (line,) = faults({**SHOP, **facts})
    assert line.startswith(f"{place}: ")
    assert line.endswith(".")


@pytest.mark.parametrize("name", ["kind", "expected_attendance", "use"])
def test_a_fact_that_decides_may_not_be_left_out(name: str) -> None:
    (line,) = faults({key: value for key, value in SHOP.items() if key != name})
    assert line.startswith(f"{name}: This ")
    assert "is missing" in line


def test_every_fault_is_told_at_once() -> None:
    found = faults({"kind": "x", "use": "y", "expected_attendance": -1, "colour": "red", "recurring": 0}, "[3]")
    assert [line.split(":")[0] for line in found] == [
        "[3].colour",
        "[3].kind",
        "[3].expected_attendance",
        "[3].use",
        "[3].recurring",
    ]


def test_an_odd_key_stays_on_one_line() -> None:
    (line,) = faults({**SHOP, "two\nlines\x1b[31m": 1})
    assert "\n" not in line
    assert "\x1b" not in line


@pytest.mark.parametrize("data", [None, 3, "premises", [], True])
def test_what_is_no_object_is_refused(data: object) -> None:
    (line,) = faults(data, "[0]")
    assert line.startswith("[0]: This is ")


def test_entry_to_an_event_must_be_told() -> None:
    (line,) = faults({"kind": "event", "expected_attendance": 900})
    assert line.startswith("entry_check: ")


def test_entry_to_open_air_premises_must_be_told() -> None:
    assert [line.split(":")[0] for line in faults({**SHOP, "open_air_type": "sports_ground"})] == [
        "entry_check",
        "designated_sports_ground",
    ]


def test_the_checked_part_must_be_counted() -> None:
    part = {"kind": "event", "expected_attendance": 900, "entry_check": "payment", "entry_check_scope": "part_of_site"}
    (line,) = faults(part)
    assert line.startswith("part_attendance: This figure is missing")
    assert parse_facts({**part, "entry_check": "none"}).counted_attendance == 900
    assert parse_facts({**part, "part_attendance": 0}).counted_attendance == 0


@pytest.mark.parametrize("name", ["recurring", "has_building", "wholly_or_mainly", "public_access"])
@pytest.mark.parametrize("how", ["left out", "null"])
def test_what_is_not_said_is_presumed_and_owned_up_to(name: str, how: str) -> None:
    told = {**SHOP, "recurring": True, "has_building": True, "wholly_or_mainly": True, "public_access": True}
    silent = {key: value for key, value in told.items() if key != name} if how == "left out" else {**told, name: None}
    assert determine(parse_facts(told)).look_again == ()
    found = determine(parse_facts(silent))
    assert found.tier == "standard"
    assert ["presumes" in text for text in found.look_again] == [True]


@pytest.mark.parametrize(
    ("use", "owned_up_to"),
    [
        ("shop", ["number comes back", "is a building", "wholly or mainly", "members of the public"]),
        ("hotel", ["number comes back", "is a building", "wholly or mainly"]),
        (None, ["number comes back", "is a building"]),
    ],
)
def test_what_no_rule_looks_at_is_not_called_presumed(use: str | None, owned_up_to: list[str]) -> None:
    found = determine(parse_facts({"kind": "premises", "use": use, "expected_attendance": 250}))
    lines = [text for text in found.look_again if "presumes" in text]
    assert [words in line for words, line in zip(owned_up_to, lines, strict=True)] == [True] * len(owned_up_to)


def test_facts_survive_being_stored() -> None:
    facts = parse_facts({**SHOP, "public_access": False, "is_place_of_worship": True})
    assert parse_facts(facts.as_dict()) == facts
