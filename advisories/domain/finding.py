"""Looking for words in texts that a database cannot search, since it holds them sealed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

__all__ = ["excerpt", "holds", "terms"]

_MOST_TERMS: Final = 8
_BEFORE: Final = 60
_LENGTH: Final = 200


def terms(words: str) -> tuple[str, ...]:
    """What is looked for: the words without capitals, each once, the first eight."""
    return tuple(dict.fromkeys(words.casefold().split()))[:_MOST_TERMS]


def holds(wanted: Sequence[str], *texts: str) -> bool:
    """Each of them, in whole or as part of a word, somewhere in the texts."""
    folded = "\n".join(texts).casefold()
    return all(one in folded for one in wanted)


def excerpt(wanted: Sequence[str], text: str) -> str:
    """A line of the text around the first place where one of them stands, cut at words; its beginning where none does."""
    line = " ".join(text.split())
    folded = line.casefold()
    # Folding may change a text's length ("ß"): then the place is near enough.
    places = [place for one in wanted if (place := folded.find(one)) >= 0]
    start = max(0, min(places, default=0) - _BEFORE)
    start = line.find(" ", start) + 1 if start else 0
    end = len(line) if len(line) <= start + _LENGTH else line.rfind(" ", start, start + _LENGTH)
    # One word without an end is cut where it has to be.
    end = end if end > start else start + _LENGTH
    return ("… " if start else "") + line[start:end] + (" …" if end < len(line) else "")
