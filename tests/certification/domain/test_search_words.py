"""How the register is searched: what is the same word, and what is near enough."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.domain.search_words import asked, distance, fold, is_postcode, keys, near, spelled

LETTERS = "abcdefghijklmnopqrstuvwxyz"
words = st.text(LETTERS, min_size=3, max_size=20)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("King\u2019s Café & Bar", "kings cafe and bar"),
        ("St. John's-on-the-Hill", "st johns on the hill"),
        ("  Neuadd   Gŵyl  ", "neuadd gwyl"),
        ("LS21 3AA", "ls21 3aa"),
        ("STRASSE straße", "strasse strasse"),
        ("100% (upstairs)", "100 upstairs"),
        ("%_'\";--", ""),
        ("", ""),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Mill Lane Hall", ("mill", "lane", "hall")),
        ("mill MILL", ("mill",)),
        ("ls213aa", ("ls21 3aa",)),
        ("LS21-3AA hall", ("hall", "ls21 3aa")),
        ("hall ec1a1bb", ("hall", "ec1a 1bb")),
        ("ls1", ("ls1",)),
        ("1 2 3 4 5 6 7 8 9", ("1", "2", "3", "4", "5", "6", "7", "8")),
        ("%%", ()),
    ],
)
def test_what_is_asked(text: str, wanted: tuple[str, ...]) -> None:
    assert asked(text) == wanted


@pytest.mark.parametrize(
    ("word", "yes"),
    [("ls1", True), ("ec1a", True), ("w1", True), ("ls21 3aa", True), ("3aa", False), ("hall", False)],
)
def test_a_postcode_or_its_first_half(word: str, yes: bool) -> None:
    assert is_postcode(word) is yes


def test_only_words_are_put_right() -> None:
    assert spelled("hall ls21 3aa 42 st of gŵyl") == {"hall", "gŵyl"}
    assert spelled("x" * 41) == set()


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [
        ("hall", "hall", 0),
        ("harbor", "harbour", 1),
        ("theater", "theatre", 1),
        ("catedral", "cathedral", 1),
        ("cathederal", "cathedral", 1),
        ("cathadrel", "cathedral", 2),
        ("moor", "mill", 3),
        ("", "abc", 3),
    ],
)
def test_distance(one: str, other: str, errors: int) -> None:
    assert distance(one, other) == distance(other, one) == errors


@st.composite
def mistyped(draw: st.DrawFn) -> tuple[str, str]:
    """A word, and the word with one error."""
    word = draw(words)
    place = draw(st.integers(0, len(word) - 1))
    letter = draw(st.sampled_from(LETTERS))
    return word, draw(
        st.sampled_from(
            [
                word[:place] + word[place + 1 :],
                word[:place] + letter + word[place:],
                word[:place] + letter + word[place + 1 :],
                word[:place] + word[place + 1 : place + 2] + word[place] + word[place + 2 :],
            ]
        )
    )


@given(mistyped())
def test_one_error_of_any_kind_is_always_found(pair: tuple[str, str]) -> None:
    word, typed = pair
    assert keys(word) & keys(typed)
    assert typed == word or word in near(typed, [word])


def test_two_wrong_vowels_in_a_long_word_are_found_by_its_bones() -> None:
    assert keys("cathedral") & keys("cathadrel") == {"~ctdrl"}
    assert near("cathadrel", ["cathedral"]) == ("cathedral",)


def test_two_errors_in_a_short_word_make_another_word() -> None:
    assert near("hill", ["hall", "hull", "mall", "hill"]) == ("hall", "hull")


def test_the_nearest_comes_first_and_of_equals_the_one_with_the_same_first_letter() -> None:
    assert near("harbor", ["arbor", "harbour"]) == ("harbour", "arbor")
    assert near("cathederall", ["cathedrals", "cathederal"]) == ("cathederal", "cathedrals")
