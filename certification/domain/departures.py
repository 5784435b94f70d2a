"""When a recommendation or a decision departs from the score, so that it must say why (scoring.md, "The outcome")."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

__all__ = [
    "CERTIFY",
    "CONDITIONS",
    "LONGEST_DAYS",
    "OUTCOMES",
    "REFUSE",
    "Condition",
    "Departure",
    "called_for",
    "departure",
]

CERTIFY: Final = "certify"
CONDITIONS: Final = "certify_with_conditions"
REFUSE: Final = "refuse"
OUTCOMES: Final = (CERTIFY, CONDITIONS, REFUSE)

LONGEST_DAYS: Final = 730


@dataclass(frozen=True, slots=True)
class Condition:
    """To be met within `days` of the decision, or with `before_event` that many days before the event starts. `code` is the
    criterion that it mends.
    """

    code: str
    text: str
    days: int
    before_event: bool = False

    def as_dict(self) -> dict[str, str | int | bool]:
        """Without the last key where it says nothing, as all rows were written that are older than it."""
        said: dict[str, str | int | bool] = {"code": self.code, "text": self.text, "days": self.days}
        return {**said, "before_event": True} if self.before_event else said

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Condition:
        return cls(
            code=str(data["code"]),
            text=str(data["text"]),
            days=int(data["days"]),
            before_event=bool(data.get("before_event", False)),
        )


@dataclass(frozen=True, slots=True)
class Departure:
    """`left_out`: criteria for which the score drafts a condition and the officer sets none."""

    outcome: bool = False
    left_out: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.outcome or bool(self.left_out)


def called_for(engine_outcome: str, *, outstanding: bool) -> str:
    """What the score and the conditions that stand from the certificate before come to, so that nobody has to give a
    reason for what somebody else decided. `outstanding`: one of those is not met yet.
    """
    return CONDITIONS if outstanding and engine_outcome == CERTIFY else engine_outcome


def departure(*, engine_outcome: str, outcome: str, drafted: Collection[str], kept: Collection[str]) -> Departure:
    """Leaving out a drafted condition is a departure too: else a shortfall could be waved through without a word."""
    if outcome != engine_outcome:
        return Departure(outcome=True)
    if outcome != CONDITIONS:
        return Departure()
    return Departure(left_out=tuple(code for code in drafted if code not in set(kept)))
