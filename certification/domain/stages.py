"""The stages of the RIBA plan of work, by which a project is certified before it is a place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from certification.domain.standard import Criterion, Standard

__all__ = ["LAST", "first_asked", "next_stage"]

LAST: Final = 7
_FACT: Final = "project_stage"


def next_stage(stage: int) -> int | None:
    """None after the last: what is in use is a venue."""
    return stage + 1 if stage < LAST else None


def first_asked(standard: Standard, facts: Mapping[str, object], stage: int) -> tuple[Criterion, ...]:
    """What the standard asks of the project at `stage` and did not ask by `facts`, in the order of the standard."""
    before = standard.applicability(facts).codes
    then = standard.applicability({**facts, _FACT: stage}).codes
    return tuple(criterion for criterion in standard.criteria if criterion.code in then - before)
