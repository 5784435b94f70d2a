"""What changed between two texts, word by word, for a reader who judged the first and now has the second."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

__all__ = ["Part", "word_diff"]

Kind = Literal["same", "added", "removed"]
# A word with the white space after it: a space of its own would match every other space and slow the search down.
_WORDS: Final = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True, slots=True)
class Part:
    kind: Kind
    text: str


def word_diff(before: str, after: str) -> tuple[Part, ...]:
    """In reading order, what was removed before what replaced it. Changes of white space alone are no change."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = SequenceMatcher(None, [word.strip() for word in old], [word.strip() for word in new])
    return tuple(_parts(matcher, old, new))


def _parts(matcher: SequenceMatcher[str], old: list[str], new: list[str]) -> Iterator[Part]:
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            yield Part("same", "".join(new[new_from:new_to]))
            continue
        if old_to > old_from:
            yield Part("removed", "".join(old[old_from:old_to]))
        if new_to > new_from:
            yield Part("added", "".join(new[new_from:new_to]))
