"""Which questions a visitor is asked, in which order: only those that can still matter (tiering.md).

Answers are kept as the words of the page (`yes`, `none`, `250`), so that they fit into an address. A later answer never
changes which earlier questions were asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from events.domain.facts import OPEN_AIR_TYPES
from events.domain.uses import USES

__all__ = ["ALL_QUESTIONS", "path"]

ALL_QUESTIONS: Final = (
    "kind",
    "use",
    "has_building",
    "open_air_type",
    "designated_sports_ground",
    "host_use",
    "host_tier",
    "wholly_or_mainly",
    "public_access",
    "entry_check",
    "entry_check_scope",
    "expected_attendance",
    "part_attendance",
    "recurring",
    "excluded_kind",
)


def path(answers: Mapping[str, str]) -> Iterator[str]:
    """The questions for these answers, in order. Whoever walks it stops at the first that has no answer."""
    yield "kind"
    yield from _event(answers) if answers.get("kind") == "event" else _premises(answers)
    yield "excluded_kind"


def _premises(answers: Mapping[str, str]) -> Iterator[str]:
    yield "use"
    yield "has_building"
    yield "open_air_type"
    if answers.get("open_air_type") in OPEN_AIR_TYPES:
        if answers.get("open_air_type") == "sports_ground":
            yield "designated_sports_ground"
        yield "entry_check"
        if answers.get("entry_check") != "none":
            yield "entry_check_scope"
    use = USES.get(answers.get("use", ""))
    if use is not None:
        yield "wholly_or_mainly"
        if use.needs_public:
            yield "public_access"
    yield "expected_attendance"
    yield "recurring"


def _event(answers: Mapping[str, str]) -> Iterator[str]:
    yield "host_use"
    if answers.get("host_use") != "none":
        yield "host_tier"
    yield "public_access"
    yield "entry_check"
    if answers.get("entry_check") != "none":
        yield "entry_check_scope"
    yield "expected_attendance"
    if answers.get("entry_check") != "none" and answers.get("entry_check_scope") == "part_of_site":
        yield "part_attendance"
