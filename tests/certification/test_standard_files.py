"""A standard's file: whatever is wrong with it comes back as a list of places."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from certification.domain.expressions import parse
from certification.domain.standard import StandardError
from certification.standard_files import LARGEST_FILE, parse_standard
from core.domain.faults import Fault
from tests.certification.domain.samples import criterion, document, section

SCHEMA = Path(__file__).parents[2] / "certification" / "standards" / "standard.schema.json"
GOOD = document(section("AA", criterion("AA-01"), criterion("AA-02")))


def faults(data: object, *, for_publication: bool = False) -> list[str]:
    with pytest.raises(StandardError) as caught:
        parse_standard(json.dumps(data).encode(), name="x.json", for_publication=for_publication)
    return [str(fault) for fault in caught.value.faults]


def text_faults(text: str, name: str = "x.yaml") -> list[str]:
    with pytest.raises(StandardError) as caught:
        parse_standard(text.encode(), name=name)
    return [str(fault) for fault in caught.value.faults]


def changed(**changes: object) -> dict[str, Any]:
    return {**GOOD, **changes}


def with_criterion(**changes: object) -> dict[str, Any]:
    return changed(sections=[section("AA", criterion("AA-01"), criterion("AA-02", **changes))])


@pytest.mark.parametrize("name", ["x.json", "x.yaml", "x.yml", "-"])
def test_json_and_yaml_say_the_same(name: str) -> None:
    text = yaml.safe_dump(GOOD) if name.startswith("x.y") else json.dumps(GOOD)
    assert parse_standard(text.encode(), name=name).document == GOOD


def test_yaml_from_standard_input() -> None:
    found = parse_standard(yaml.safe_dump(GOOD).encode(), name="-")
    assert [item.code for item in found.standard.criteria] == ["AA-01", "AA-02"]


def test_yaml_that_repeats_itself_by_alias_is_read() -> None:
    when = {"fact": "kind", "op": "eq", "value": "venue"}
    data = changed(sections=[section("AA", criterion("AA-01", when=when), criterion("AA-02", when=when))])
    text = yaml.safe_dump(data)
    assert "*id001" in text
    assert parse_standard(text.encode(), name="x.yaml").document == data


def test_a_date_and_levels_without_quotes_are_read_as_text() -> None:
    text = yaml.safe_dump(with_criterion(descriptors={"0": "None.", "3": "All."}))
    plain = text.replace("'2026-04-01'", "2026-04-01").replace("'0':", "0:").replace("'3':", "3:")
    assert plain != text
    found = parse_standard(plain.encode(), name="x.yaml")
    assert found.document["effective_from"] == "2026-04-01"
    assert found.standard.criteria[1].descriptors == {0: "None.", 3: "All."}


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (changed(extra=1), "extra: This key is not known here."),
        ({key: value for key, value in GOOD.items() if key != "title"}, "title: This is missing."),
        (changed(title=""), "title: This text is empty."),
        (changed(version=2026.1), "version: 2026.1 is not text (put it in quotes)."),
        (changed(code="test"), 'code: "test" does not have the form ^[A-Z][A-Z0-9-]{1,31}$.'),
        (changed(sections=[]), "sections: This list needs 1 or more entries."),
        (
            changed(**{"pass": {"overall": 101, "section": 0, "mandatory_level": 0}}),
            "pass.overall: 101 is more than 100.",
        ),
        (
            changed(**{"pass": {"overall": True, "section": 0, "mandatory_level": 0}}),
            "pass.overall: true is not a whole number.",
        ),
        (changed(conditional={"overall": 5}), "conditional.mandatory_level: This is missing."),
        (changed(validity=[{}]), "validity[0]: Give exactly one of months and until."),
        (changed(validity=[{"months": 3, "until": "event_end"}]), "validity[0]: Give exactly one of months and until."),
        (changed(validity=[{"until": "never"}]), 'validity[0].until: "never" is not one of event_end, completion.'),
        (with_criterion(weight=6), "sections[0].criteria[1].weight: AA-02: 6 is more than 5."),
        (with_criterion(weight=3.0), "sections[0].criteria[1].weight: AA-02: 3.0 is not a whole number."),
        (with_criterion(weight=True), "sections[0].criteria[1].weight: AA-02: true is not a whole number."),
        (
            with_criterion(obligation="must"),
            'sections[0].criteria[1].obligation: AA-02: "must" is not one of law, scheme, advisory.',
        ),
        (with_criterion(na_allowed="yes"), 'sections[0].criteria[1].na_allowed: AA-02: "yes" is not true or false.'),
        (with_criterion(colour="red"), "sections[0].criteria[1].colour: AA-02: This key is not known here."),
        (with_criterion(full_level=0), "sections[0].criteria[1].full_level: AA-02: 0 is less than 1."),
        (with_criterion(full_level=9), "sections[0].criteria[1].full_level: AA-02: 9 is not on the scale of levels."),
        (
            with_criterion(guidance=[{"title": "x"}]),
            "sections[0].criteria[1].guidance[0].source: AA-02: This is missing.",
        ),
        (with_criterion(when=3), "sections[0].criteria[1].when: AA-02: This is 3, not an expression."),
        (
            with_criterion(when={"fact": "kind", "op": "ge", "value": 3}),
            'sections[0].criteria[1].when: AA-02: The op "ge" does not fit the fact kind, which is a value of type text.',
        ),
        (
            changed(sections=[section("AA", criterion("AA-01"), criterion("AA-01"))]),
            'sections[0].criteria[1].code: The code "AA-01" was given before, at sections[0].criteria[0].code.',
        ),
    ],
)
def test_one_fault_is_one_line_at_its_place(data: dict[str, Any], line: str) -> None:
    assert faults(data) == [line]


scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3))
fact_names = st.sampled_from(["kind", "x", "X", "x-y", "é", "a1_", "1a", "x\n", "", 3, None])
operators = st.sampled_from(["eq", "ne", "in", "not_in", "ge", "gt", "le", "lt", "contains", "like", "", 3])
leaves = st.fixed_dictionaries(
    {}, optional={"fact": fact_names, "op": operators, "value": st.one_of(scalars, st.lists(scalars, max_size=2))}
)
like_expressions = st.recursive(
    st.one_of(scalars, leaves),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"all": st.lists(inner, max_size=2)}),
        st.fixed_dictionaries({}, optional={"any": st.lists(inner, max_size=2), "not": inner, "x": scalars}),
    ),
    max_leaves=5,
)


@given(like_expressions)
@settings(deadline=None)
def test_every_expression_that_the_schema_refuses_is_refused(data: object) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    by_the_schema = Draft202012Validator({"$ref": "#/$defs/when", "$defs": schema["$defs"]}).is_valid(data)
    found: list[Fault] = []
    parsed = parse(data, "when", found)
    assert (parsed is None) is bool(found)
    assert by_the_schema or found


def test_faults_of_shape_and_of_sense_come_together() -> None:
    bad = with_criterion(weight=9, full_level=7, when={"any": [{"fact": "kind", "op": "like", "value": 1}]})
    bad |= {"levels": [{"value": 1, "label": "x"}], "effective_from": "2026-02-30"}
    places = [line.split(": ")[0] for line in faults(bad)]
    assert sorted(places) == [
        "conditional.mandatory_level",
        "effective_from",
        "levels",
        "levels[0].value",
        "pass.mandatory_level",
        "sections[0].criteria[1].full_level",
        "sections[0].criteria[1].weight",
        "sections[0].criteria[1].when.any[0].op",
    ]


def test_a_standard_for_publication_is_looked_at_harder() -> None:
    bad = changed(validity=[{"when": {"fact": "kind", "op": "eq", "value": "event"}, "until": "event_end"}])
    assert parse_standard(json.dumps(bad).encode(), name="x.json").standard.code == "TEST"
    (line,) = faults(bad, for_publication=True)
    assert line.startswith("validity[0]: ")


@pytest.mark.parametrize("data", [None, 3, "x", [], [GOOD]])
def test_what_is_no_object_is_no_standard(data: object) -> None:
    (line,) = faults(data)
    assert line.endswith("not a standard.")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("code: A\ncode: B\n", 'line 2: The key "code" is given twice.'),
        ("0: a\n'0': b\n", 'line 2: The key "0" is given twice.'),
        ("a: [1, 2\nb: 3", "This is not YAML"),
        ("a: &x [*x]", "stands for nothing that is complete"),
        ("a: *nobody", "stands for nothing"),
        ("? [a]\n: b", "A key must be text."),
        ("1.5: b", "A key must be text"),
        ("a: !!python/object:os.system x", "is not read here"),
        ("a: !!binary x", "is not read here"),
        ("a: 1\n---\nb: 2", "more than one document"),
        ("a: \x07", "may not hold"),
        ("[" * 5000, "deep"),
        ("\n".join(" " * n + "a:" for n in range(200)), "deep"),
        (
            "\n".join(
                ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
                + [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
            ),
            "too large",
        ),
        ("\n".join(["a0: &a0 [x]"] + [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 90)]), "too deep"),
        ("", "not a standard"),
        ("just text", "not a standard"),
    ],
)
def test_yaml_with_a_trap_in_it(text: str, words: str) -> None:
    found = text_faults(text)
    assert len(found) == 1
    assert found[0].startswith("x.yaml: ")
    assert words in found[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"code": 1, "code": 2}', 'The key "code" is given twice'),
        ('{"code": NaN}', "NaN is not a number"),
        ('{"code": -Infinity}', "Infinity is not a number"),
        ('{"code": 1e999}', "too large"),
        ('{"code": ' + "9" * 5000 + "}", "too long"),
        ("[" * 100_000, "deep"),
        ("{", "This is not JSON"),
        ("", "This is not JSON"),
    ],
)
def test_json_with_a_trap_in_it(text: str, words: str) -> None:
    found = text_faults(text, "x.json")
    assert len(found) == 1
    assert words in found[0]


@pytest.mark.parametrize("name", ["x.json", "x.yaml"])
def test_bytes_that_are_no_text(name: str) -> None:
    with pytest.raises(StandardError, match="not UTF-8"):
        parse_standard(b"code: \xff", name=name)


def test_a_file_without_end() -> None:
    with pytest.raises(StandardError, match="larger than"):
        parse_standard(b" " * (LARGEST_FILE + 1), name="x.yaml")


def test_faults_without_end_are_cut_short() -> None:
    found = faults(changed(sections=[{"code": "AA", "title": "x", "criteria": [{}] * 300}]))
    assert len(found) == 201
    assert found[-1] == "There are 700 more faults."


def nested(depth: int) -> dict[str, Any]:
    data: dict[str, Any] = {"fact": "x", "op": "eq", "value": 1}
    for _ in range(depth):
        data = {"not": data}
    return data


@pytest.mark.parametrize("depth", [25, 50, 55, 400, 900])
@pytest.mark.parametrize("key", ["when", "question", "colour"])
def test_depth_is_a_fault_and_no_crash(depth: int, key: str) -> None:
    found = faults(with_criterion(**{key: nested(depth)}))
    assert len(found) == 1
    assert len(found[0]) < 200
