"""The `when` of a standard, leaf by leaf."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.domain.applicability import settle
from certification.domain.expressions import MAX_DEPTH, holds, parse
from core.domain.faults import Fault


def leaf(op: str, value: object, fact: str = "x") -> dict[str, Any]:
    return {"fact": fact, "op": op, "value": value}


def met(data: object, **facts: object) -> bool:
    faults: list[Fault] = []
    expression = parse(data, "when", faults)
    assert faults == []
    outcome = holds(expression, facts)
    assert settle(expression, facts)[0] is outcome
    return outcome


def refused(data: object) -> list[str]:
    faults: list[Fault] = []
    assert parse(data, "when", faults) is None
    return [str(fault) for fault in faults]


@pytest.mark.parametrize(
    ("op", "value", "fact", "expected"),
    [
        ("eq", "a", "a", True),
        ("eq", "a", "b", False),
        ("ne", "a", "b", True),
        ("ne", "a", "a", False),
        ("in", ["a", "b"], "b", True),
        ("in", [], "b", False),
        ("not_in", ["a", "b"], "c", True),
        ("not_in", ["a", "b"], "a", False),
        ("ge", 3, 3, True),
        ("ge", 3, 2, False),
        ("gt", 3, 4, True),
        ("gt", 3, 3, False),
        ("le", 3, 3, True),
        ("le", 3, 4, False),
        ("lt", 3, 2, True),
        ("lt", 3, 3, False),
        ("contains", "a", ["b", "a"], True),
        ("contains", "a", [], False),
        ("contains", "a", ["ab"], False),
        # Neither true nor "1" is 1.
        ("eq", 1, True, False),
        ("eq", True, 1, False),
        ("eq", "1", 1, False),
        ("ne", 1, True, True),
        ("in", [0, 1], True, False),
        ("not_in", [0, 1], False, True),
        ("contains", 1, [True, "1"], False),
        ("contains", 1, [{}, [1], 1], True),
    ],
)
def test_operators(op: str, value: object, fact: object, expected: bool) -> None:
    assert met(leaf(op, value), x=fact) is expected


@pytest.mark.parametrize(
    "data",
    [
        leaf(op, ["a"] if op in {"in", "not_in"} else 1)
        for op in ("eq", "ne", "in", "not_in", "ge", "gt", "le", "lt", "contains")
    ],
)
@pytest.mark.parametrize("facts", [{}, {"x": None}])
def test_a_missing_fact_makes_every_leaf_false_and_its_not_true(data: dict[str, Any], facts: dict[str, Any]) -> None:
    assert not met(data, **facts)
    assert met({"not": data}, **facts)


def test_all_any_and_not() -> None:
    yes, no = leaf("eq", 1), leaf("eq", 2)
    assert met({"all": [yes, yes]}, x=1)
    assert not met({"all": [yes, no]}, x=1)
    assert met({"any": [no, yes]}, x=1)
    assert not met({"any": [no, no]}, x=1)
    assert met({"not": {"all": [yes, {"not": yes}]}}, x=1)


expressions = st.recursive(
    st.builds(leaf, st.just("eq"), st.booleans(), st.sampled_from("abc")),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=12,
)


def turned(data: dict[str, Any]) -> dict[str, Any]:
    """The same by De Morgan, under a `not`."""
    if "all" in data:
        return {"any": [turned(part) for part in data["all"]]}
    if "any" in data:
        return {"all": [turned(part) for part in data["any"]]}
    return data.get("not", {"not": data})


@given(expressions, st.dictionaries(st.sampled_from("abc"), st.booleans()))
def test_not_turns_all_into_any(data: dict[str, Any], facts: dict[str, bool]) -> None:
    assert met({"not": data}, **facts) is met(turned(data), **facts) is not met(data, **facts)


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (None, "when"),
        ([], "when"),
        ({}, "when"),
        ({"fact": "x", "op": "eq"}, "when"),
        ({**leaf("eq", 1), "not": leaf("eq", 1)}, "when"),
        ({"all": [leaf("eq", 1)], "any": [leaf("eq", 1)]}, "when"),
        ({"all": []}, "when.all"),
        ({"any": leaf("eq", 1)}, "when.any"),
        ({"all": [leaf("eq", 1), {"not": leaf("like", 1)}]}, "when.all[1].not.op"),
        (leaf("eq", None), "when.value"),
        (leaf("eq", 1.5), "when.value"),
        (leaf("eq", float("nan")), "when.value"),
        (leaf("eq", ["a"]), "when.value"),
        (leaf("in", "abc"), "when.value"),
        (leaf("in", [["a"]]), "when.value"),
        (leaf("not_in", [1.0]), "when.value"),
        (leaf("ge", "3"), "when.value"),
        (leaf("lt", True), "when.value"),
        (leaf("contains", ["a"]), "when.value"),
        # Of these facts the type is known.
        (leaf("ge", 3, "kind"), "when"),
        (leaf("contains", "a", "tier"), "when"),
        (leaf("contains", 3, "expected_attendance"), "when"),
        (leaf("eq", "800", "expected_attendance"), "when"),
        (leaf("eq", 1, "shared_site"), "when"),
        (leaf("in", ["venue", 3], "kind"), "when"),
    ],
)
def test_what_is_no_expression_is_refused_at_its_place(data: object, place: str) -> None:
    (line,) = refused(data)
    assert line.startswith(f"{place}: ")


def test_every_fault_of_an_expression_is_told() -> None:
    assert len(refused({"all": [leaf("like", 1), {"any": []}, leaf("ge", "x")]})) == 3


def nested(depth: int) -> dict[str, Any]:
    data = leaf("eq", 1)
    for _ in range(depth):
        data = {"not": data}
    return data


def test_depth_is_bounded() -> None:
    assert met(nested(MAX_DEPTH - 2), x=1) is True
    assert len(refused(nested(MAX_DEPTH))) == 1
    assert len(refused(nested(900))) == 1


@pytest.mark.parametrize(
    ("data", "facts", "expected"),
    [
        (leaf("eq", "venue", "kind"), {"kind": "venue"}, "Applies: kind is venue."),
        (
            leaf("in", ["venue", "event"], "kind"),
            {"kind": "project"},
            "Does not apply: kind is project and would have to be venue or event.",
        ),
        (
            leaf("ge", 800, "expected_attendance"),
            {"expected_attendance": 14000},
            "Applies: expected attendance is 14,000, which is 800 or more.",
        ),
        (
            leaf("ge", 800, "expected_attendance"),
            {"expected_attendance": 300},
            "Does not apply: expected attendance is 300, and would have to be 800 or more.",
        ),
        ({"not": leaf("eq", True, "shared_site")}, {}, "Applies: shared site is not known."),
        ({"not": leaf("eq", True, "shared_site")}, {"shared_site": True}, "Does not apply: shared site is yes."),
        (
            {"all": [leaf("eq", "venue", "kind"), leaf("eq", "enhanced", "tier")]},
            {"kind": "venue", "tier": "standard"},
            "Does not apply: tier is standard and would have to be enhanced.",
        ),
        (
            {"any": [leaf("eq", "venue", "kind"), leaf("eq", "enhanced", "tier")]},
            {"kind": "venue", "tier": "standard"},
            "Applies: kind is venue.",
        ),
        (leaf("contains", "x", "zones"), {"zones": ["x", "y"]}, "Applies: zones is x, y, which is a list with x."),
    ],
)
def test_why_is_told_in_words(data: dict[str, Any], facts: dict[str, Any], expected: str) -> None:
    expression = parse(data, "when", [])
    assert settle(expression, facts)[1] == expected


def test_no_condition_applies_to_all() -> None:
    assert settle(None, {}) == (True, "Applies to every subject.")
