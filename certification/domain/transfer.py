"""Handing a certified place to another organisation: the offer's moves, and what the new holder answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from core.domain.faults import Fault

__all__ = ["HolderAnswers", "after", "holder_faults"]

OFFERED: Final = "offered"
ACCEPTED: Final = "accepted"
COMPLETED: Final = "completed"
DECLINED: Final = "declined"
WITHDRAWN: Final = "withdrawn"
REFUSED: Final = "refused"
EXPIRED: Final = "expired"

STATES: Final = (OFFERED, ACCEPTED, COMPLETED, DECLINED, WITHDRAWN, REFUSED, EXPIRED)
OPEN: Final = (OFFERED, ACCEPTED)

MOVES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        (OFFERED, "accept"): ACCEPTED,
        (OFFERED, "decline"): DECLINED,
        (OFFERED, "withdraw"): WITHDRAWN,
        # Nobody answered in time, or the certificate ended meanwhile.
        (OFFERED, "expire"): EXPIRED,
        (ACCEPTED, "decline"): DECLINED,
        (ACCEPTED, "withdraw"): WITHDRAWN,
        (ACCEPTED, "refuse"): REFUSED,
        (ACCEPTED, "complete"): COMPLETED,
        (ACCEPTED, "expire"): EXPIRED,
    }
)
ACTIONS: Final = tuple(sorted({action for _, action in MOVES}))

# For the answer of the new holder; the police then take the time that they need.
VALID_FOR: Final = timedelta(days=30)
LONGEST_CAPABILITY: Final = 4000
_LIMITS: Final = {
    "responsible_name": 160,
    "responsible_ground": 240,
    "senior_name": 120,
    "senior_position": 120,
    "capability": LONGEST_CAPABILITY,
    "declared_position": 120,
}
_REQUIRED: Final = ("responsible_name", "responsible_ground", "capability", "declared_position")


def after(state: str, action: str) -> str | None:
    return MOVES.get((state, action))


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderAnswers:
    """The test of the new holder: who controls the place and on what ground, who answers for it, and whether they can
    do what the certificate rests on. `declared_position` is that of the owner who declares it.
    """

    responsible_kind: str
    responsible_name: str
    responsible_ground: str
    capability: str
    declared_position: str
    senior_name: str = ""
    senior_position: str = ""


def holder_faults(answers: HolderAnswers, *, judged_tier: str) -> Iterator[Fault]:
    if answers.responsible_kind not in {"organisation", "individual"}:
        yield Fault("responsible_kind", "Say whether an organisation or one person controls the place.")
    for name, most in _LIMITS.items():
        value = getattr(answers, name)
        if name in _REQUIRED and not value.strip():
            yield Fault(name, "This must be filled in.")
        if len(value) > most:
            yield Fault(name, f"Use {most} characters or fewer.")
    if judged_tier == "enhanced" and answers.responsible_kind == "organisation":
        why = "At the enhanced tier an organisation names one senior person who answers for this."
        if not answers.senior_name.strip():
            yield Fault("senior_name", f"{why} Enter their name.")
        if not answers.senior_position.strip():
            yield Fault("senior_position", f"{why} Enter their position.")
