"""Which tier, and why: the worked cases, the boundaries, and the order of the rules (tiering.md)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.domain.facts import ENTRY_CHECKS, ENTRY_SCOPES, KINDS, OPEN_AIR_TYPES, TIERS
from events.domain.tiers import (
    RULE_SETS,
    Determination,
    RuleSet,
    answers_scheme,
    before_commencement_note,
    current_rule_set,
    determine,
    parse_facts,
    tier_of_project,
)
from events.domain.uses import EXCLUSIONS, USES

CASES = json.loads((Path(__file__).parent / "tier_cases.json").read_text(encoding="utf-8"))
NEEDING_PUBLIC = {"shop", "food_drink", "entertainment_leisure", "library_museum_gallery", "hall", "public_authority"}
CAPPED = {"worship", "childcare", "primary_secondary_education", "further_education"}

PREMISES: dict[str, Any] = {
    "kind": "premises",
    "use": "shop",
    "expected_attendance": 500,
    "recurring": True,
    "has_building": True,
    "wholly_or_mainly": True,
    "public_access": True,
}
EVENT: dict[str, Any] = {
    "kind": "event",
    "expected_attendance": 5000,
    "public_access": True,
    "entry_check": "ticket_or_pass",
    "entry_check_scope": "general",
}


def premises(**facts: object) -> Determination:
    return determine(parse_facts({**PREMISES, **facts}))


def event(**facts: object) -> Determination:
    return determine(parse_facts({**EVENT, **facts}))


def decided_by(found: Determination) -> tuple[str, str]:
    return found.tier, found.reasons[-1].rule


def mentions(found: Determination, words: str) -> bool:
    return any(words in text for text in found.look_again)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_worked_case(case: dict[str, Any]) -> None:
    assert determine(parse_facts(case["inputs"])).tier == case["expected"]


@pytest.mark.parametrize(
    ("number", "tier"), [(0, "none"), (199, "none"), (200, "standard"), (799, "standard"), (800, "enhanced")]
)
def test_boundaries_of_premises(number: int, tier: str) -> None:
    assert premises(expected_attendance=number).tier == tier


@pytest.mark.parametrize(("number", "tier"), [(799, "none"), (800, "enhanced")])
def test_boundary_of_events(number: int, tier: str) -> None:
    assert event(expected_attendance=number).tier == tier


@pytest.mark.parametrize("use", sorted(USES))
@pytest.mark.parametrize("public", [True, False])
def test_only_the_uses_that_name_the_public_need_it(use: str, public: bool) -> None:
    expected = "none" if use in NEEDING_PUBLIC and not public else "standard"
    assert premises(use=use, public_access=public).tier == expected


@pytest.mark.parametrize("use", sorted(USES))
def test_only_worship_and_teaching_below_university_are_capped(use: str) -> None:
    assert premises(use=use, expected_attendance=20_000).tier == ("standard" if use in CAPPED else "enhanced")


@pytest.mark.parametrize("exclusion", sorted(EXCLUSIONS))
@pytest.mark.parametrize("facts", [PREMISES, EVENT], ids=["premises", "event"])
def test_exclusions_come_before_everything(exclusion: str, facts: dict[str, Any]) -> None:
    # Every later rule would say `none`.
    hopeless = {"excluded_kind": exclusion, "use": None, "public_access": False, "expected_attendance": 3}
    found = determine(parse_facts({**facts, **hopeless}))
    assert (found.tier, len(found.reasons)) == ("excluded", 1)


@pytest.mark.parametrize("place", OPEN_AIR_TYPES)
@pytest.mark.parametrize("check", ENTRY_CHECKS)
@pytest.mark.parametrize("scope", [None, *ENTRY_SCOPES])
@pytest.mark.parametrize("designated", [True, False])
def test_open_air_places_without_a_general_check_are_excluded(
    place: str, check: str, scope: str | None, designated: bool
) -> None:
    found = premises(
        open_air=True,
        open_air_type=place,
        entry_check=check,
        entry_check_scope=scope,
        designated_sports_ground=designated,
        has_building=False,
    )
    partial = scope in {"particular_events_only", "particular_facilities_only"}
    left_out = (check == "none" or partial) and not (place == "sports_ground" and designated)
    assert decided_by(found) == (("excluded", "premises.2") if left_out else ("none", "premises.3"))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"has_building": False}, ("none", "premises.3")),
        ({"use": None}, ("none", "premises.3")),
        ({"wholly_or_mainly": False}, ("none", "premises.3")),
        ({"has_building": False, "public_access": False}, ("none", "premises.3")),
        ({"public_access": False}, ("none", "premises.4")),
        ({"public_access": False, "expected_attendance": 10}, ("none", "premises.4")),
        ({"expected_attendance": 10}, ("none", "premises.5")),
        ({"recurring": False, "expected_attendance": 900}, ("none", "premises.5")),
        ({"use": "worship", "expected_attendance": 150}, ("none", "premises.5")),
        ({"use": "worship", "expected_attendance": 900, "recurring": False}, ("none", "premises.5")),
        ({"use": "worship", "expected_attendance": 900}, ("standard", "premises.6")),
        ({"expected_attendance": 900}, ("enhanced", "premises.7")),
        ({}, ("standard", "premises.7")),
    ],
)
def test_the_first_rule_that_decides_is_the_last_reason(facts: dict[str, Any], expected: tuple[str, str]) -> None:
    assert decided_by(premises(**facts)) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        *(({"host_use": use, "host_tier": "enhanced"}, ("excluded", "events.1")) for use in sorted(CAPPED)),
        ({"host_use": "health_care"}, ("enhanced", "events.4")),
        ({"host_use": "higher_education"}, ("enhanced", "events.4")),
        ({"host_tier": "enhanced", "public_access": False}, ("none", "events.2")),
        ({"host_tier": "standard"}, ("enhanced", "events.4")),
        ({"host_tier": "excluded"}, ("enhanced", "events.4")),
        ({"public_access": False}, ("none", "events.2")),
        ({"entry_check": "none"}, ("none", "events.2")),
        ({"entry_check": "none", "entry_check_scope": "part_of_site"}, ("none", "events.2")),
        ({"entry_check_scope": "part_of_site", "part_attendance": 799}, ("none", "events.4")),
        ({"entry_check_scope": "part_of_site", "part_attendance": 800}, ("enhanced", "events.4")),
        # A figure for a part means nothing where the whole site is checked.
        ({"part_attendance": 10}, ("enhanced", "events.4")),
    ],
)
def test_the_order_of_the_rules_for_events(facts: dict[str, Any], expected: tuple[str, str]) -> None:
    assert decided_by(event(**facts)) == expected


def test_reasons_tell_the_way_to_the_answer() -> None:
    found = event(entry_check_scope="part_of_site", part_attendance=900)
    assert [reason.rule for reason in found.reasons] == ["events.1", "events.2", "events.3", "events.4"]
    assert [reason.rule for reason in premises().reasons] == [f"premises.{n}" for n in (1, 3, 4, 5, 7)]


def test_a_reason_names_the_provision() -> None:
    found = premises(open_air_type="park", entry_check="none")
    assert found.reasons[-1].basis == "Sch. 2 para. 3"
    assert premises(use="worship").reasons[-1].basis == "s. 2(4); Sch. 1 para. 9"


FLAGS = ("recurring", "has_building", "wholly_or_mainly", "public_access", "is_place_of_worship", "open_air")
every_fact = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(KINDS),
        "use": st.sampled_from([None, *USES]),
        "expected_attendance": st.integers(0, 2000),
        **{name: st.booleans() for name in (*FLAGS, "designated_sports_ground")},
        "education_phase": st.sampled_from([None, "childcare", "primary_secondary", "further", "higher"]),
        "open_air_type": st.sampled_from([None, *OPEN_AIR_TYPES]),
        "entry_check": st.sampled_from(ENTRY_CHECKS),
        "entry_check_scope": st.sampled_from([None, *ENTRY_SCOPES]),
        "part_attendance": st.integers(0, 2000),
        "excluded_kind": st.sampled_from([None, None, None, *EXCLUSIONS]),
        "host_tier": st.sampled_from([None, *TIERS]),
        "host_use": st.sampled_from([None, *USES]),
    }
)


def short_form(f: dict[str, Any]) -> str:  # noqa: PLR0911 - the procedure of domain.md, written as it stands there
    if f["excluded_kind"] or (f["kind"] == "event" and f["host_use"] in CAPPED):
        return "excluded"
    if f["kind"] == "event":
        if f["host_tier"] == "enhanced" or not f["public_access"] or f["entry_check"] == "none":
            return "none"
        part = f["entry_check_scope"] == "part_of_site"
        return "enhanced" if f["part_attendance" if part else "expected_attendance"] >= 800 else "none"
    unchecked = f["entry_check"] == "none" or f["entry_check_scope"] in {
        "particular_events_only",
        "particular_facilities_only",
    }
    designated = f["open_air_type"] == "sports_ground" and f["designated_sports_ground"]
    if f["open_air_type"] and not designated and unchecked:
        return "excluded"
    if not f["has_building"] or not f["use"] or not f["wholly_or_mainly"]:
        return "none"
    if f["use"] in NEEDING_PUBLIC and not f["public_access"]:
        return "none"
    if f["expected_attendance"] < 200 or not f["recurring"]:
        return "none"
    return "enhanced" if f["expected_attendance"] >= 800 and f["use"] not in CAPPED else "standard"


@given(every_fact)
def test_every_combination_of_facts_gets_the_tier_of_the_written_procedure(facts: dict[str, Any]) -> None:
    found = determine(parse_facts(facts))
    assert found.tier == short_form(facts)
    assert all(text.endswith(".") for text in (*found.advice, *(reason.text for reason in found.reasons)))


@given(every_fact, st.integers(0, 500))
def test_more_people_never_lower_the_tier(facts: dict[str, Any], more: int) -> None:
    order = {"excluded": 0, "none": 1, "standard": 2, "enhanced": 3}
    busier = {name: facts[name] + more for name in ("expected_attendance", "part_attendance")}
    before, after = determine(parse_facts(facts)), determine(parse_facts({**facts, **busier}))
    assert order[after.tier] >= order[before.tier]


@pytest.mark.parametrize(
    ("number", "near"),
    [
        (179, False),
        (180, True),
        (200, True),
        (220, True),
        (221, False),
        (719, False),
        (720, True),
        (880, True),
        (881, False),
    ],
)
def test_a_figure_within_a_tenth_of_a_threshold_is_pointed_out(number: int, near: bool) -> None:
    assert mentions(premises(expected_attendance=number), "within 10 %") is near


def test_the_upper_threshold_is_no_matter_for_a_school() -> None:
    school = premises(use="primary_secondary_education", expected_attendance=800)
    assert not mentions(school, "within 10 %")


def test_a_figure_that_never_counted_is_not_pointed_out() -> None:
    assert not mentions(premises(expected_attendance=200, has_building=False), "within 10 %")


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"wholly_or_mainly": False}, "A mixed use"),
        ({"is_place_of_worship": True, "use": "hall"}, "A mixed use"),
        ({"education_phase": "further", "use": "entertainment_leisure"}, "A mixed use"),
        (
            {
                "open_air": True,
                "open_air_type": "sports_ground",
                "designated_sports_ground": False,
                "entry_check": "payment",
                "entry_check_scope": "particular_events_only",
            },
            "match days",
        ),
        ({"open_air": True, "open_air_type": "park", "entry_check": "none"}, "An event with checked entry"),
        ({"recurring": False}, "comes back"),
        ({"open_air_type": "park", "entry_check": "payment"}, "not said to be in the open air"),
    ],
)
def test_what_a_person_should_look_at_again(facts: dict[str, Any], words: str) -> None:
    assert not mentions(premises(), words)
    assert mentions(premises(**facts), words)


def test_advice_about_events() -> None:
    assert mentions(event(entry_check_scope="particular_facilities_only"), "counted alone")
    assert mentions(event(entry_check_scope="part_of_site", part_attendance=9000), "more people than the whole")
    assert mentions(event(recurring=True, host_tier="standard"), "place as well")
    assert not mentions(event(recurring=False, host_tier="standard"), "place as well")
    assert mentions(event(public_access=False), "said to be closed")


@given(every_fact)
def test_every_answer_says_whose_decision_it_is_not(facts: dict[str, Any]) -> None:
    found = determine(parse_facts(facts))
    assert sum("Security Industry Authority" in text for text in found.advice) == 1
    assert sum("expected, not in force" in text for text in found.advice) == 1
    opt_in = sum("Outside the Act you may still apply" in text for text in found.advice)
    assert opt_in == (found.tier in {"none", "excluded"})


def test_a_rule_set_with_lower_thresholds_decides_anew() -> None:
    lower = RuleSet("2030.1", date(2030, 1, 1), premises_lower=100, premises_upper=500, event=500)
    facts = parse_facts({**PREMISES, "expected_attendance": 500})
    assert determine(facts, lower).tier == "enhanced"
    assert determine(parse_facts({**EVENT, "expected_attendance": 500}), lower).tier == "enhanced"
    assert determine(parse_facts({**PREMISES, "expected_attendance": 100}), lower).tier == "standard"
    assert determine(facts, lower).rule_set == "2030.1"


@pytest.mark.parametrize("thresholds", [(99, 800, 800), (200, 499, 800), (200, 800, 499), (600, 500, 800)], ids=str)
def test_thresholds_that_the_act_forbids_are_refused(thresholds: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="threshold"):
        RuleSet("x", date(2030, 1, 1), *thresholds)


def test_the_rule_set_of_a_day() -> None:
    assert current_rule_set(date(2025, 4, 3)).id == "2025.1"
    assert current_rule_set(date(2026, 11, 23)) == RULE_SETS[-1]
    with pytest.raises(ValueError, match="2025-04-02"):
        current_rule_set(date(2025, 4, 2))


def test_commencement_is_told_without_a_clock() -> None:
    started = RuleSet("x", date(2027, 1, 1), 200, 800, 800, duties_start=date(2027, 4, 5))
    assert "no day has been appointed" in before_commencement_note(RULE_SETS[0])
    assert "5 April 2027" in before_commencement_note(started)
    assert [started.in_force(date(2027, 4, day)) for day in (4, 5)] == [False, True]
    assert not RULE_SETS[0].in_force(date(2030, 1, 1))


def test_a_project_gets_a_predicted_tier() -> None:
    facts = parse_facts({**PREMISES, "use": "transport_station", "expected_attendance": 9000})
    found = tier_of_project(facts)
    assert (found.tier, found.predicted, found.as_dict()["predicted"]) == ("enhanced", True, True)
    assert "predicted" in found.notices[0]
    assert "predicted" not in determine(facts).as_dict()
    with pytest.raises(ValueError, match="premises"):
        tier_of_project(parse_facts(EVENT))


@pytest.mark.parametrize(
    ("tier", "chosen", "judged"),
    [
        ("none", None, "standard"),
        ("excluded", "", "standard"),
        ("none", "enhanced", "enhanced"),
        ("standard", None, "standard"),
        ("standard", "enhanced", "enhanced"),
        ("enhanced", "standard", "enhanced"),
    ],
)
def test_the_tier_that_a_subject_is_judged_by(tier: str, chosen: str | None, judged: str) -> None:
    assert answers_scheme(tier, chosen) == judged


def test_an_invented_tier_is_refused() -> None:
    with pytest.raises(ValueError, match="tier"):
        answers_scheme("none", "excluded")
