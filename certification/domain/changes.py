"""What a change to a certified place, event or project is: minor, recorded; or major, the criteria concerned reviewed again.

Modelled on sports-ground law, under which works that may affect safety are told before they start (Safety of Sports
Grounds Act 1975, s.8). The rules are the scheme's own; `RULES` names their version, kept with each change.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

__all__ = [
    "ANEW",
    "CONCERNED",
    "DECLARED",
    "GONE",
    "KINDS",
    "RULES",
    "STANDS",
    "STATES",
    "Changed",
    "Verdict",
    "after",
    "classify",
    "concerned",
    "fate",
]

RULES: Final = "2026.1"

NUMBERS: Final = "numbers"
DATES: Final = "dates"
LAYOUT: Final = "layout"
USE: Final = "use"
SENIOR: Final = "senior"
WORKS: Final = "works"
KINDS: Final = (NUMBERS, DATES, LAYOUT, USE, SENIOR, WORKS)
# What only the holder can say; numbers, dates and names are read from the register, before and after.
DECLARED: Final = (LAYOUT, USE, WORKS)

ATTENDANCE_PERCENT: Final = 10
DAYS_MOVED: Final = 14

# kind → sections, or single criteria, of the standard that are to be reviewed again.
CONCERNED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        NUMBERS: ("GOV-03", "RSK", "PRO", "MOV", "MED"),
        DATES: ("RSK", "TRN-05", "MED", "COM", "EVT"),
        LAYOUT: ("RSK", "PRO", "MON", "MOV", "PHY", "RSP-03"),
        USE: ("GOV", "RSK", "PRO", "MOV", "PHY", "TRN"),
        SENIOR: ("GOV-01", "GOV-02"),
        WORKS: ("RSK", "PRO", "MON-03", "MOV", "PHY", "INF-02", "RSP-03"),
    }
)

# A change as a case of its own: (state, action) → state. A major one lives as long as the plan that it opened.
RECORDED: Final = "recorded"
OPEN: Final = "open"
ACCEPTED: Final = "accepted"
REFUSED: Final = "refused"
WITHDRAWN: Final = "withdrawn"
STATES: Final = (RECORDED, OPEN, ACCEPTED, REFUSED, WITHDRAWN)
MOVES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        (RECORDED, "raise"): OPEN,
        (OPEN, "lower"): RECORDED,
        (OPEN, "accept"): ACCEPTED,
        (OPEN, "refuse"): REFUSED,
        (OPEN, "withdraw"): WITHDRAWN,
    }
)
ACTIONS: Final = tuple(sorted({action for _, action in MOVES}))


def after(state: str, action: str) -> str | None:
    return MOVES.get((state, action))


@dataclass(frozen=True, slots=True)
class Changed:
    """Before and after, as the rules need them. `days_moved`: the most that any date of it moved, either way.

    `declared`: kinds of DECLARED; `attendance`: greatest number expected at one time, staff included.
    """

    kind: str
    attendance: tuple[int, int]
    tier: tuple[str, str]
    use: tuple[str, str]
    days_moved: int = 0
    names_changed: bool = False
    declared: frozenset[str] = frozenset()

    @property
    def kinds(self) -> tuple[str, ...]:
        """What has changed, in the order of KINDS; empty when nothing has."""
        found = {
            NUMBERS: self.attendance[0] != self.attendance[1] or self.tier[0] != self.tier[1],
            DATES: self.days_moved > 0,
            LAYOUT: LAYOUT in self.declared,
            USE: USE in self.declared or self.use[0] != self.use[1],
            SENIOR: self.names_changed,
            WORKS: WORKS in self.declared,
        }
        return tuple(kind for kind in KINDS if found[kind])


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reasons`: codes of why it is major, in the order of the rules; none for a minor change."""

    kinds: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def major(self) -> bool:
        return bool(self.reasons)


def classify(changed: Changed) -> Verdict:
    """Major is: a higher tier, over a tenth more people, an event moved by more than a fortnight, layout, use or works.

    Fewer people, a lower tier, a date moved by less, another senior individual: recorded, and the police are told.
    """
    before, now = changed.attendance
    rules = (
        ("higher_tier", changed.tier == ("standard", "enhanced")),
        ("more_people", (now - before) * 100 > before * ATTENDANCE_PERCENT),
        ("dates_moved", changed.days_moved > DAYS_MOVED),
        ("layout", LAYOUT in changed.kinds),
        ("use", USE in changed.kinds),
        ("works", WORKS in changed.kinds),
    )
    return Verdict(changed.kinds, tuple(code for code, holds in rules if holds))


def concerned(kinds: Collection[str], criteria: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Codes to be reviewed again. `criteria`: (section, code) of all that apply, in the standard's order."""
    wanted = {entry for kind in kinds for entry in CONCERNED[kind]}
    return tuple(code for section, code in criteria if section in wanted or code in wanted)


# What becomes of a condition of the certificate before, when the change is accepted.
STANDS: Final = "stands"
ANEW: Final = "anew"
GONE: Final = "gone"


def fate(code: str, *, standing: Collection[str], applies: Collection[str], known: Collection[str]) -> str:
    """`standing`: criteria whose judgement stands; `applies`: those of the plan as submitted; `known`: of the standard.

    On a criterion that is reviewed again the recommendation has the word, and what was set before ends. On one that does
    not apply any more nothing can be asked: the condition falls away with it, and whoever wants it all the same sets it by
    a variation. One that is bound to no criterion stands: nobody has reviewed it, so only a variation ends it.
    """
    if code in applies:
        return STANDS if code in standing else ANEW
    return GONE if code in known else STANDS
