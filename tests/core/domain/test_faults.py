from __future__ import annotations

import pytest

from core.domain.faults import Fault, FaultsError, key_place, shown, within


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", '"a"'),
        ("a\nb\x1b[31m", '"a\\nb\\u001b[31m"'),
        ("\ud800", '"\\ud800"'),
        (True, "true"),
        (None, "null"),
        (1.5, "1.5"),
        ({"a": 1}, "an object"),
        ([1], "a list"),
        (b"x", "'bytes'"),
        ("x" * 100, '"' + "x" * 59 + "..."),
    ],
)
def test_a_strangers_value_stays_on_one_plain_line(value: object, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(
    ("parent", "key", "place"),
    [
        ("answers", "GOV-01", "answers.GOV-01"),
        ("", "facts", "facts"),
        ("[3]", "use", "[3].use"),
        ("answers", "a b", 'answers["a b"]'),
        ("answers", "", 'answers[""]'),
        ("", "\n", '["\\n"]'),
    ],
)
def test_the_place_of_a_key(parent: str, key: str, place: str) -> None:
    assert key_place(parent, key) == place


def test_faults_are_told_all_at_once() -> None:
    error = FaultsError([Fault("a.b", "Is wrong."), Fault("", "Is empty.")])
    assert str(error) == "a.b: Is wrong.\nIs empty."
    assert [str(fault) for fault in within("x.json", error.faults)] == ["x.json: a.b: Is wrong.", "x.json: Is empty."]
