from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.domain.word_diff import Part, word_diff


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        ("", "", ()),
        ("", "new words", (Part("added", "new words"),)),
        ("old words", "", (Part("removed", "old words"),)),
        ("one two three", "one two three", (Part("same", "one two three"),)),
        (
            "two guards at night",
            "three guards at night",
            (Part("removed", "two "), Part("added", "three "), Part("same", "guards at night")),
        ),
        ("gates shut", "gates  shut", (Part("same", "gates  shut"),)),
    ],
)
def test_words_that_changed(before: str, after: str, parts: tuple[Part, ...]) -> None:
    assert word_diff(before, after) == parts


@given(st.text(alphabet="ab \n", max_size=60), st.text(alphabet="ab \n", max_size=60))
def test_both_texts_can_be_read_back(before: str, after: str) -> None:
    parts = word_diff(before, after)
    assert "".join(part.text for part in parts if part.kind != "removed") == after
    kept = "".join(part.text for part in parts if part.kind != "added")
    assert kept.split() == before.split() or "".join(kept.split()) == "".join(before.split())
