"""Faults of sense in a standard, and what it makes of good data."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from certification.domain import standard_checks
from certification.domain.standard import Standard, StandardError
from tests.certification.domain.samples import criterion, document, section, standard


def faults(**changes: object) -> list[str]:
    with pytest.raises(StandardError) as caught:
        Standard.from_dict({**document(section("AA", criterion("AA-01"))), **changes})
    return [str(fault) for fault in caught.value.faults]


def with_criterion(**changes: object) -> list[str]:
    return faults(sections=[section("AA", criterion("AA-01"), criterion("AA-02", **changes))])


def scale(*values: int) -> list[dict[str, Any]]:
    return [{"value": value, "label": "x"} for value in values]


def test_defaults_are_those_of_the_schema() -> None:
    found = standard(section("AA", {"code": "AA-01", "question": "Is it?", "weight": 2})).criteria[0]
    assert (found.obligation, found.na_allowed, found.evidence, found.renewal) == (
        "advisory",
        False,
        "optional",
        "confirm",
    )
    assert (found.remedy_days, found.full_level, found.mandatory) == (60, 4, False)


def test_a_standard_is_read_whole() -> None:
    plan = standard(
        section("AA", criterion("AA-01", 5, full_level=3, descriptors={"0": "Nothing.", "4": "All."})),
        summary="Short.",
        guidance=[],
    )
    assert (plan.effective_from, plan.summary, plan.level_label(3), plan.level_label(9)) == (
        date(2026, 4, 1),
        "Short.",
        "In place",
        "",
    )
    (found,) = plan.criteria
    assert plan.by_code["AA-01"] is found
    assert found.descriptors == {0: "Nothing.", 4: "All."}
    assert {level: worth.earned for level, worth in found.earnings.items()} == {
        0: 0,
        1: Fraction(5, 3),
        2: Fraction(10, 3),
        3: 5,
        4: 5,
    }


@pytest.mark.parametrize(
    ("values", "places"),
    [
        ((1, 2, 3), ["levels[0].value"]),
        ((0, 1, 1, 3), ["levels[2].value"]),
        ((3, 2, 1, 0), ["levels[0].value", "levels[1].value", "levels[2].value", "levels[3].value"]),
    ],
)
def test_levels_ascend_from_nothing(values: tuple[int, ...], places: list[str]) -> None:
    marks = {"pass": {"overall": 1, "section": 1, "mandatory_level": values[-1]}}
    marks["conditional"] = {"overall": 1, "mandatory_level": values[-1]}
    assert [line.split(":")[0] for line in faults(levels=scale(*values), **marks)] == places


def test_a_scale_may_have_gaps() -> None:
    plan = standard(
        section("AA", criterion("AA-01")),
        levels=scale(0, 5, 10),
        **{
            "pass": {"overall": 1, "section": 1, "mandatory_level": 5},
            "conditional": {"overall": 1, "mandatory_level": 0},
        },
    )
    assert sorted(plan.criteria[0].earnings) == [0, 5, 10]


@pytest.mark.parametrize("mark", ["pass", "conditional"])
def test_marks_are_on_the_scale(mark: str) -> None:
    (line,) = faults(**{mark: {"overall": 1, "section": 1, "mandatory_level": 7}})
    assert line.startswith(f"{mark}.mandatory_level: ")


def test_a_code_is_given_once_in_the_whole_file() -> None:
    twice = [section("AA", criterion("AA-01"), criterion("AA-01")), section("AA", criterion("AA-02"))]
    assert [line.split(":")[0] for line in faults(sections=twice)] == [
        "sections[0].criteria[1].code",
        "sections[1].code",
    ]


@pytest.mark.parametrize("day", ["2026-02-30", "20260401", "2026-W14-3", "2026-4-1", "soon", "2026-04-01\n"])
def test_the_day_is_a_day_of_the_calendar(day: str) -> None:
    (line,) = faults(effective_from=day)
    assert line.startswith("effective_from: ")


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"full_level": 9}, "full_level"),
        ({"descriptors": {"7": "x"}}, "descriptors"),
        ({"descriptors": {"01": "x"}}, "descriptors"),
        ({"when": {"fact": "kind", "op": "ge", "value": 3}}, "when"),
        ({"when": {"all": [{"fact": "x", "op": "in", "value": "y"}]}}, "when.all[0].value"),
    ],
)
def test_a_fault_of_a_criterion_names_it(changes: dict[str, Any], place: str) -> None:
    (line,) = with_criterion(**changes)
    assert line.startswith(f"sections[0].criteria[1].{place}: AA-02: ")


@pytest.mark.parametrize(("changes", "place"), [({"code": "TEST\n"}, "code"), ({"version": "2026.1\n"}, "version")])
def test_a_line_break_at_the_end_of_a_code_is_no_code(changes: dict[str, Any], place: str) -> None:
    (line,) = faults(**changes)
    assert line.startswith(f"{place}: ")


def test_a_condition_of_validity_is_checked() -> None:
    (line,) = faults(validity=[{"when": {"fact": "kind", "op": "like", "value": 1}, "months": 1}, {"months": 2}])
    assert line.startswith("validity[0].when.op: ")


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"validity": [{"when": {"fact": "x", "op": "eq", "value": 1}, "months": 1}]}, "validity[0]"),
        ({"validity": [{"months": 1}, {"months": 2}]}, "validity[0]"),
        ({"conditional": {"overall": 71, "mandatory_level": 2}}, "conditional.overall"),
        ({"conditional": {"overall": 50, "mandatory_level": 4}}, "conditional.mandatory_level"),
        (
            {"sections": [section("AA", {"code": "AA-01", "question": "?", "weight": 1, "obligation": "law"})]},
            "sections[0].criteria[0]",
        ),
        (
            {"sections": [section("AA", criterion("AA-01", guidance=[{"title": "x", "source": " "}]))]},
            "sections[0].criteria[0].guidance[0].source",
        ),
    ],
)
def test_what_only_a_certificate_cannot_do_without(changes: dict[str, Any], place: str) -> None:
    data = {**document(section("AA", criterion("AA-01"))), **changes}
    Standard.from_dict(data)
    assert [fault.place for fault in standard_checks.publication_faults(data)] == [place]


def test_a_sound_standard_can_be_published() -> None:
    assert standard_checks.publication_faults(document(section("AA", criterion("AA-01", obligation="law")))) == []


@pytest.mark.parametrize("junk", [None, 3, "x", [], [None, 3, "x", []], {}, {"a": [{}]}])
@pytest.mark.parametrize("key", ["levels", "pass", "conditional", "validity", "sections", "code", "effective_from"])
def test_checks_survive_what_the_schema_will_refuse(key: str, junk: object) -> None:
    data = {**document(section("AA", criterion("AA-01"))), key: junk}
    standard_checks.faults_of(data)
    standard_checks.publication_faults(data)


def test_obligation_outside_the_act() -> None:
    law = standard(section("AA", criterion("AA-01", obligation="law"))).criteria[0]
    assert [law.obligation_for({"act_tier": tier}) for tier in ("none", "excluded", "standard", "enhanced")] == [
        "scheme",
        "scheme",
        "law",
        "law",
    ]
    assert law.obligation_for({"kind": "project", "act_tier": "enhanced"}) == "scheme"
    assert law.obligation_for({}) == "law"
