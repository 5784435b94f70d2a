from __future__ import annotations

import pytest

from advisories.domain import finding


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", ()),
        ("  \n", ()),
        ("Hatch hatch HATCH", ("hatch",)),
        ("Straße gate", ("strasse", "gate")),
        ("a b c d e f g h i j", tuple("abcdefgh")),
    ],
)
def test_terms(words: str, expected: tuple[str, ...]) -> None:
    assert finding.terms(words) == expected


@pytest.mark.parametrize(
    ("words", "texts", "found"),
    [
        ("bollard", ("The BOLLARDS at the gate",), True),
        ("gate bollard", ("The bollards", "at the Gate"), True),
        ("gate hatch", ("The bollards at the gate",), False),
        # Not across the end of one text and the beginning of the next.
        ("atthe", ("bollards at", "the gate"), False),
        ("strasse", ("In der Hauptstraße",), True),
        ("100%", ("We are 100 % sure",), False),
    ],
)
def test_all_the_words_have_to_be_there(words: str, texts: tuple[str, ...], found: bool) -> None:
    assert finding.holds(finding.terms(words), *texts) is found


LONG = " ".join(f"word{number:03}" for number in range(100))


def test_a_short_text_is_shown_whole() -> None:
    assert finding.excerpt(("gate",), "The\n\nbollards   at the gate") == "The bollards at the gate"


def test_a_long_text_is_cut_at_words_around_the_place() -> None:
    found = finding.excerpt(("word050",), LONG)
    assert found.startswith("… word0")
    assert found.endswith(" …")
    assert "word050" in found
    words = found.strip("… ").split()
    assert all(word in LONG.split() for word in words)
    assert len(found) <= 210


@pytest.mark.parametrize(("wanted", "starts", "ends"), [("word000", "word000", " …"), ("word099", "… ", "word099")])
def test_the_ends_of_a_text_are_not_cut(wanted: str, starts: str, ends: str) -> None:
    found = finding.excerpt((wanted,), LONG)
    assert (found[: len(starts)], found[-len(ends) :]) == (starts, ends)


def test_one_word_without_an_end_is_cut_anyway() -> None:
    assert len(finding.excerpt(("x",), "x" * 1000)) == 202


def test_found_in_the_title_alone_the_text_is_shown_from_its_beginning() -> None:
    assert finding.excerpt(("hatch",), "Who has one?") == "Who has one?"
