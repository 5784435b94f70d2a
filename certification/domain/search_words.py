"""Words by which the register is searched: folded alike when stored and when asked, and forgiving of typing errors."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

__all__ = ["asked", "distance", "fold", "is_postcode", "keys", "near", "spelled"]

_APOSTROPHES: Final = re.compile("['\u2018\u2019\u02bc`\u00b4]")
_POSTCODE: Final = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?) ?(\d[a-z]{2})\b")
_OUTWARD: Final = re.compile(r"[a-z]{1,2}\d[a-z\d]?")
_VOWELS: Final = re.compile("[aeiouyhw]")
_DOUBLED: Final = re.compile(r"(.)\1+")
_SHORTEST_SPELLED: Final = 3
_LONGEST_SPELLED: Final = 40
# From this length on two errors are forgiven, below it one: in short words two errors make another word.
_LONG: Final = 8
_MOST_WORDS: Final = 8


def fold(text: str) -> str:
    """Small letters and digits without accents, one space between words: `Café & Bar` is `cafe and bar`."""
    plain = unicodedata.normalize("NFKD", text.replace("&", " and ")).casefold()
    plain = "".join(c for c in _APOSTROPHES.sub("", plain) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


def asked(text: str) -> tuple[str, ...]:
    """The words of a search, each once; a whole postcode, with its space or without, is one word and comes last."""
    folded = fold(text)
    postcodes = [" ".join(halves) for halves in _POSTCODE.findall(folded)]
    return tuple(dict.fromkeys([*_POSTCODE.sub(" ", folded).split(), *postcodes]))[:_MOST_WORDS]


def is_postcode(word: str) -> bool:
    """A whole one or its first half: `ls1` must not find `ls11`."""
    return (_OUTWARD.fullmatch(word) or _POSTCODE.fullmatch(word)) is not None


def spelled(text: str) -> set[str]:
    """The words of a folded text that may be misspelt. A number or a postcode is never put right: it would be another."""
    return {w for w in text.split() if w.isalpha() and _SHORTEST_SPELLED <= len(w) <= _LONGEST_SPELLED}


def keys(word: str) -> set[str]:
    """Under which a word is kept. Two words that one error makes of each other share a key, whatever the error is.

    The word, the word without each one of its letters, and its bones (`~cdrl` of `cathedral`: no vowels, nothing
    doubled), which long words with two wrong vowels still share.
    """
    found = {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}
    if len(word) >= _LONG - 1:
        found.add("~" + _DOUBLED.sub(r"\1", _VOWELS.sub("", word)))
    return found


def near(word: str, candidates: Iterable[str]) -> tuple[str, ...]:
    """Of words that share a key, those within reach, nearest first; the word itself is not one of them.

    Of two equally near the one with the same first letter comes first: few people mistype that.
    """
    reach = 2 if len(word) >= _LONG else 1
    others = set(candidates) - {word}
    measured = sorted((distance(word, other), other[:1] != word[:1], other) for other in others)
    return tuple(other for errors, _, other in measured if errors <= reach)


def distance(one: str, other: str) -> int:
    """Letters left out, put in, changed, or changed places with their neighbour, at the least."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, their in enumerate(other, start=1):
            steps = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (letter != their))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == their:
                steps = min(steps, before[column - 2] + 1)
            current.append(steps)
        before, last = last, current
    return last[-1]
