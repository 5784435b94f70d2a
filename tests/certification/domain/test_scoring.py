"""The score, point by point (scoring.md), and against a second, slow reckoning of the same page."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.domain.scoring import (
    Answer,
    AnswersError,
    Blocker,
    Score,
    percent_text,
    score,
    shortfalls,
)
from certification.domain.standard import Standard, StandardError
from tests.certification.domain.samples import NOT_HERE, VENUE, criterion, levels, section, standard

LAW = {"obligation": "law"}
EVENTS_ONLY = {"when": {"fact": "kind", "op": "eq", "value": "event"}}


def rows(result: Score) -> dict[str, Any]:
    return {row.code: row for row in result.criteria}


def test_marks_are_weighed_and_cut_off_at_the_full_level() -> None:
    plan = standard(section("AA", criterion("AA-01", 3), criterion("AA-02", 2, full_level=3), criterion("AA-03", 1)))
    result = score(plan, VENUE, levels(AA_01=3, AA_02=4, AA_03=0))
    assert [(str(r.earned), str(r.available), str(r.lost)) for r in result.criteria] == [
        ("9/4", "3", "3/4"),
        ("2", "2", "0"),
        ("0", "1", "1"),
    ]
    assert result.overall == Fraction(100 * 17, 24)
    assert result.overall_display == "70.8"


def test_the_whole_is_no_mean_of_sections() -> None:
    plan = standard(section("AA", criterion("AA-01", 5)), section("BB", criterion("BB-01", 1)))
    result = score(plan, VENUE, levels(AA_01=4, BB_01=0))
    assert [part.display for part in result.sections] == ["100.0", "0.0"]
    assert result.overall_display == "83.3"


def test_what_is_not_applicable_leaves_both_sums() -> None:
    plan = standard(section("AA", criterion("AA-01", 2), criterion("AA-02", 5, na_allowed=True, obligation="law")))
    result = score(plan, VENUE, {**levels(AA_01=4), "AA-02": NOT_HERE})
    assert (result.overall_display, result.outcome) == ("100.0", "certify")
    row = rows(result)["AA-02"]
    assert (row.applies, row.na, row.level, row.earned, row.available, row.if_raised_overall) == (
        True,
        True,
        None,
        0,
        0,
        None,
    )


def test_what_is_unanswered_counts_as_nothing_and_makes_the_plan_incomplete() -> None:
    plan = standard(section("AA", criterion("AA-01", 1), criterion("AA-02", 1, **LAW)))
    result = score(plan, VENUE, {**levels(AA_01=4), "AA-02": Answer()})
    assert (result.outcome, result.unanswered, result.overall_display) == ("incomplete", ("AA-02",), "50.0")
    assert rows(result)["AA-02"].if_raised_overall == "100.0"
    assert rows(result)["AA-02"].level is None
    assert [(item.kind, item.code, item.have) for item in result.blockers] == [
        ("mandatory", "AA-02", "0"),
        ("overall", None, "50.0"),
    ]


def test_what_does_not_apply_is_listed_and_counts_for_nothing() -> None:
    plan = standard(section("AA", criterion("AA-01")), section("BB", criterion("BB-01", 5, **LAW, **EVENTS_ONLY)))
    result = score(plan, VENUE, levels(AA_01=4))
    assert result.outcome == "certify"
    assert [(part.display, part.passes) for part in result.sections] == [("100.0", True), (None, True)]
    row = rows(result)["BB-01"]
    assert (row.applies, row.level, row.na, row.earned, row.available) == (False, None, False, 0, 0)
    assert row.why == "Does not apply: kind is venue and would have to be event."


def test_a_section_answered_not_applicable_fails_nothing() -> None:
    plan = standard(section("AA", criterion("AA-01")), section("BB", criterion("BB-01", na_allowed=True)))
    result = score(plan, VENUE, {**levels(AA_01=4), "BB-01": NOT_HERE})
    assert (result.sections[1].percent, result.outcome) == (None, "certify")


def test_a_standard_that_asks_nothing_is_at_fault() -> None:
    plan = standard(section("AA", criterion("AA-01", **EVENTS_ONLY)))
    with pytest.raises(StandardError, match="No criterion"):
        score(plan, VENUE, {})


def test_a_plan_that_waves_everything_away_cannot_be_scored() -> None:
    plan = standard(section("AA", criterion("AA-01", na_allowed=True)))
    with pytest.raises(AnswersError, match="nothing is left"):
        score(plan, VENUE, {"AA-01": NOT_HERE})


@pytest.mark.parametrize(
    ("given_levels", "outcome"),
    [
        ((4, 4, 4), "certify"),
        ((3, 3, 2), "certify"),  # 66.7 %, and the mark is 66
        ((2, 4, 4), "certify_with_conditions"),
        ((1, 4, 4), "refuse"),  # below the floor of a mandatory criterion
        ((3, 0, 0), "refuse"),  # 25 % is below the floor of the whole
    ],
)
def test_outcomes(given_levels: tuple[int, int, int], outcome: str) -> None:
    plan = standard(
        section("AA", criterion("AA-01", 1, **LAW), criterion("AA-02", 1), criterion("AA-03", 1)),
        **{"pass": {"overall": 66, "section": 50, "mandatory_level": 3}},
    )
    answers = levels(**dict(zip(("AA_01", "AA_02", "AA_03"), given_levels, strict=True)))
    assert score(plan, VENUE, answers).outcome == outcome


def test_what_shows_as_the_mark_can_still_be_below_it() -> None:
    plan = standard(
        section("AA", *(criterion(f"AA-{n:02d}", 5) for n in range(1, 21)), criterion("AA-21", 4)),
        **{"pass": {"overall": 70, "section": 0, "mandatory_level": 0}},
    )
    answers = {f"AA-{n:02d}": Answer(level=4 if n <= 13 else 3 if n == 14 else 0) for n in range(1, 21)}
    result = score(plan, VENUE, {**answers, "AA-21": Answer(level=4)})
    assert result.overall == Fraction(29100, 416)  # 69.952 %
    assert (result.overall_display, result.outcome) == ("70.0", "certify_with_conditions")
    assert result.blockers == (Blocker("overall", None, "70.0", "70.0", "0.1"),)


def test_the_mark_itself_is_enough() -> None:
    plan = standard(
        section("AA", criterion("AA-01", 1, **LAW), criterion("AA-02", 1)),
        **{"pass": {"overall": 75, "section": 75, "mandatory_level": 3}},
    )
    assert score(plan, VENUE, levels(AA_01=3, AA_02=3)).outcome == "certify"


def test_a_mandatory_level_is_asked_of_the_answer_and_not_of_its_marks() -> None:
    plan = standard(section("AA", criterion("AA-01", 1, full_level=2, **LAW)))
    result = score(plan, VENUE, levels(AA_01=2))
    assert (result.overall_display, result.outcome) == ("100.0", "certify_with_conditions")
    assert [item.code for item in result.conditions] == ["AA-01"]
    assert score(plan, VENUE, levels(AA_01=3)).outcome == "certify"


def test_blockers_and_conditions_come_in_order_and_once() -> None:
    plan = standard(
        section("AA", criterion("AA-01", 5), criterion("AA-02", 1, **LAW, remedy_days=30)),
        section("BB", criterion("BB-01", 1), criterion("BB-02", 1, obligation="scheme")),
        **{"pass": {"overall": 99, "section": 50, "mandatory_level": 3}},
    )
    result = score(plan, VENUE, levels(AA_01=3, AA_02=4, BB_01=0, BB_02=2))
    assert result.blockers == (
        Blocker("mandatory", "BB-02", "2", "3", "1"),
        Blocker("section", "BB", "25.0", "50.0", "25.0"),
        Blocker("overall", None, "65.6", "99.0", "33.4"),
    )
    assert result.outcome == "certify_with_conditions"
    assert [(item.code, item.remedy, item.days) for item in result.conditions] == [
        ("BB-02", "Do BB-02.", 60),
        ("BB-01", "Do BB-01.", 60),
        ("AA-01", "Do AA-01.", 60),
    ]


def test_a_refusal_carries_no_conditions_yet_its_shortfalls_can_be_drafted() -> None:
    plan = standard(section("AA", criterion("AA-01", 1, **LAW)))
    result = score(plan, VENUE, levels(AA_01=0))
    assert (result.outcome, result.conditions) == ("refuse", ())
    assert [item.code for item in shortfalls(plan, result)] == ["AA-01"]


def test_law_is_shown_as_a_rule_of_the_scheme_outside_the_act() -> None:
    plan = standard(section("AA", criterion("AA-01", **LAW), criterion("AA-02")))

    def shown(**facts: str) -> list[str]:
        return [row.obligation for row in score(plan, facts, levels(AA_01=4, AA_02=4)).criteria]

    assert shown(kind="venue", act_tier="enhanced") == ["law", "advisory"]
    assert shown(kind="venue", act_tier="none") == ["scheme", "advisory"]
    assert shown(kind="event", act_tier="excluded") == ["scheme", "advisory"]
    assert shown(kind="project", act_tier="enhanced") == ["scheme", "advisory"]


@pytest.mark.parametrize(
    ("code", "answer", "place"),
    [
        ("ZZ-99", Answer(level=1), "answers.ZZ-99"),
        ("BB-01", Answer(level=1), "answers.BB-01"),
        ("BB-01", Answer(), "answers.BB-01"),
        ("AA-01", Answer(level=5), "answers.AA-01.level"),
        ("AA-01", Answer(level=-1), "answers.AA-01.level"),
        ("AA-01", Answer(level=True), "answers.AA-01.level"),
        ("AA-01", Answer(na=True, reason="No."), "answers.AA-01.na"),
        ("AA-02", Answer(na=True, reason=" \n"), "answers.AA-02.reason"),
        ("AA-02", Answer(level=0, na=True, reason="No."), "answers.AA-02.na"),
    ],
)
def test_answers_that_cannot_stand(code: str, answer: Answer, place: str) -> None:
    plan = standard(
        section("AA", criterion("AA-01"), criterion("AA-02", na_allowed=True)),
        section("BB", criterion("BB-01", **EVENTS_ONLY)),
    )
    with pytest.raises(AnswersError) as caught:
        score(plan, VENUE, {"AA-01": Answer(level=1), code: answer})
    assert [fault.place for fault in caught.value.faults] == [place]


def test_facts_of_the_wrong_type_are_refused() -> None:
    plan = standard(section("AA", criterion("AA-01")))
    with pytest.raises(AnswersError) as caught:
        score(plan, {"kind": "venue", "expected_attendance": "900", "shared_site": 1}, {})
    assert [fault.place for fault in caught.value.faults] == ["facts.expected_attendance", "facts.shared_site"]


def test_an_operator_that_does_not_fit_the_fact_names_every_criterion() -> None:
    odd = {
        "when": {"any": [{"fact": "kind", "op": "eq", "value": "venue"}, {"fact": "colour", "op": "ge", "value": 3}]}
    }
    plan = standard(section("AA", criterion("AA-01", **odd), criterion("AA-02"), criterion("AA-03", **odd)))
    with pytest.raises(StandardError) as caught:
        score(plan, {**VENUE, "colour": "red"}, {})
    assert [str(fault) for fault in caught.value.faults] == [
        f'sections[0].criteria[{n}].when: AA-0{n + 1}: The op "ge" does not fit the fact colour, '
        "which is a value of type text."
        for n in (0, 2)
    ]


def test_true_and_one_are_different_facts_also_from_one_score_to_the_next() -> None:
    plan = standard(
        section(
            "AA",
            criterion("AA-01"),
            criterion("AA-02", when={"fact": "flag", "op": "eq", "value": True}),
            criterion("AA-03", when={"fact": "flag", "op": "eq", "value": 1}),
        )
    )
    applies = {
        str(flag): [row.applies for row in score(plan, {"flag": flag}, {}).criteria] for flag in (True, 1, False, 0)
    }
    assert applies == {
        "True": [True, True, False],
        "1": [True, False, True],
        "False": [True, False, False],
        "0": [True, False, False],
    }


# --- Against a second reckoning --------------------------------------------------------------------------------------

some_criteria = st.lists(
    st.fixed_dictionaries(
        {
            "weight": st.integers(1, 5),
            "full_level": st.integers(1, 4),
            "obligation": st.sampled_from(["law", "scheme", "advisory"]),
            "answer": st.sampled_from([None, "na", 0, 1, 2, 3, 4]),
            "section": st.integers(0, 3),
        }
    ),
    min_size=1,
    max_size=12,
)
some_marks = st.fixed_dictionaries(
    {
        "pass": st.fixed_dictionaries(
            {"overall": st.integers(0, 100), "section": st.integers(0, 100), "mandatory_level": st.integers(0, 4)}
        ),
        "conditional": st.fixed_dictionaries({"overall": st.integers(0, 100), "mandatory_level": st.integers(0, 4)}),
    }
)
NAMES = ("AA", "BB", "CC", "DD")


def build(drawn: list[dict[str, Any]], marks: dict[str, Any]) -> tuple[Standard, dict[str, Answer]]:
    sections: dict[str, list[dict[str, Any]]] = {}
    answers = {}
    for number, item in enumerate(drawn, start=1):
        name = NAMES[item["section"]]
        code = f"{name}-{number:02d}"
        more = {key: item[key] for key in ("full_level", "obligation")}
        sections.setdefault(name, []).append(criterion(code, item["weight"], na_allowed=True, **more))
        if item["answer"] is not None:
            answers[code] = NOT_HERE if item["answer"] == "na" else Answer(level=item["answer"])
    return standard(*(section(name, *items) for name, items in sections.items()), **marks), answers


def by_hand(plan: Standard, answers: dict[str, Answer], marks: dict[str, Any]) -> dict[str, Any] | None:
    """The page once more, in plain fractions, without any of the engine's shortcuts."""
    counted = [item for item in plan.criteria if not answers.get(item.code, Answer()).na]
    if not counted:
        return None

    def level(code: str) -> int:
        return answers.get(code, Answer()).level or 0

    def percent(items: list[Any]) -> Fraction | None:
        earned = sum((Fraction(i.weight * min(level(i.code), i.full_level), i.full_level) for i in items), Fraction(0))
        return 100 * earned / sum(i.weight for i in items) if items else None

    parts = {part.code: percent([i for i in counted if i.section == part.code]) for part in plan.sections}
    overall = percent(counted)
    assert overall is not None
    mandatory = [item.code for item in counted if item.obligation != "advisory"]
    low = [code for code in mandatory if level(code) < marks["pass"]["mandatory_level"]]
    weak = [code for code, value in parts.items() if value is not None and value < marks["pass"]["section"]]
    below = overall < marks["pass"]["overall"]
    if any(item.code not in answers for item in counted):
        outcome = "incomplete"
    elif not low and not weak and not below:
        outcome = "certify"
    elif overall >= marks["conditional"]["overall"] and all(
        level(code) >= marks["conditional"]["mandatory_level"] for code in mandatory
    ):
        outcome = "certify_with_conditions"
    else:
        outcome = "refuse"
    conditions = list(low)
    for code in weak:
        conditions += [i.code for i in counted if i.section == code and level(i.code) < i.full_level]
    conditions += [i.code for i in counted if below and level(i.code) < i.full_level]
    return {
        "outcome": outcome,
        "overall": overall,
        "parts": parts,
        "blockers": [*low, *weak, *([None] if below else [])],
        "conditions": list(dict.fromkeys(conditions)) if outcome == "certify_with_conditions" else [],
    }


def half_up(value: Fraction) -> str:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))


@given(some_criteria, some_marks)
def test_the_engine_agrees_with_a_reckoning_by_hand(drawn: list[dict[str, Any]], marks: dict[str, Any]) -> None:
    plan, answers = build(drawn, marks)
    expected = by_hand(plan, answers, marks)
    if expected is None:
        with pytest.raises(AnswersError):
            score(plan, VENUE, answers)
        return
    result = score(plan, VENUE, answers)
    assert (result.outcome, result.overall) == (expected["outcome"], expected["overall"])
    assert {part.code: part.percent for part in result.sections} == expected["parts"]
    assert [item.code for item in result.blockers] == expected["blockers"]
    assert [item.code for item in result.conditions] == expected["conditions"]
    assert sum(row.earned for row in result.criteria) * 100 == result.overall * sum(
        r.available for r in result.criteria
    )
    assert all(row.earned + row.lost == row.available for row in result.criteria)
    assert result.overall_display == half_up(result.overall)


@given(some_criteria, some_marks, st.data())
def test_if_raised_is_what_raising_would_give(
    drawn: list[dict[str, Any]], marks: dict[str, Any], data: st.DataObject
) -> None:
    plan, answers = build(drawn, marks)
    short = [code for code in plan.by_code if not answers.get(code, Answer()).na]
    if not short:
        return
    code = data.draw(st.sampled_from(short))
    row = rows(score(plan, VENUE, answers))[code]
    raised = score(plan, VENUE, {**answers, code: Answer(level=plan.by_code[code].full_level)})
    assert row.if_raised_overall == (raised.overall_display if row.lost else None)


@given(some_criteria, some_marks, st.data())
def test_a_higher_level_never_lowers_the_whole(
    drawn: list[dict[str, Any]], marks: dict[str, Any], data: st.DataObject
) -> None:
    plan, answers = build(drawn, marks)
    answered = [code for code, answer in answers.items() if answer.level is not None]
    if not answered:
        return
    code = data.draw(st.sampled_from(answered))
    level = data.draw(st.integers(answers[code].level or 0, 4))
    before, after = score(plan, VENUE, answers), score(plan, VENUE, {**answers, code: Answer(level=level)})
    order = ["refuse", "certify_with_conditions", "certify"]
    assert after.overall >= before.overall
    if before.outcome != "incomplete":
        assert order.index(after.outcome) >= order.index(before.outcome)


@given(some_criteria, some_marks, st.randoms(use_true_random=False))
def test_the_order_of_answers_and_of_criteria_changes_nothing(
    drawn: list[dict[str, Any]], marks: dict[str, Any], chance: Any
) -> None:
    plan, answers = build(drawn, marks)
    if all(answer.na for answer in answers.values()) and len(answers) == len(drawn):
        return
    shuffled = list(answers.items())
    chance.shuffle(shuffled)
    assert score(plan, VENUE, dict(shuffled)) == score(plan, VENUE, answers)
    turned = standard(
        *(
            section(
                part.code,
                *(
                    criterion(i.code, i.weight, na_allowed=True, full_level=i.full_level, obligation=i.obligation)
                    for i in reversed(part.criteria)
                ),
            )
            for part in reversed(plan.sections)
        ),
        **marks,
    )
    before, after = score(plan, VENUE, answers), score(turned, VENUE, answers)
    assert (after.outcome, after.overall) == (before.outcome, before.overall)
    assert rows(after) == rows(before)
    assert sorted(after.conditions, key=lambda c: c.code) == sorted(before.conditions, key=lambda c: c.code)


@given(st.integers(0, 100_000), st.integers(1, 100_000))
def test_percentages_are_rounded_half_up(part: int, whole: int) -> None:
    assert percent_text(part, whole) == half_up(Fraction(100 * part, whole))


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (1, 2000, "0.1"),
        (1, 2001, "0.0"),
        (1, 800, "0.1"),
        (3, 800, "0.4"),
        (1, 3, "33.3"),
        (2, 3, "66.7"),
        (1, 1, "100.0"),
        (0, 7, "0.0"),
        (1401, 2000, "70.1"),
    ],
)
def test_rounding_at_the_edges(part: int, whole: int, text: str) -> None:
    assert percent_text(part, whole) == text
