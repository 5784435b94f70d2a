"""The facts that the tier rules look at (tiering.md, "Facts"), read from plain data with every fault collected.

A fact that is left out never takes a place out of the Act in silence:
- a yes/no fact that would do so (`recurring`, `has_building`, `wholly_or_mainly`, `public_access`) is presumed to be
  yes, and `Facts.presumed` names it so that the answer can say so; null means the same as leaving it out;
- a choice that decides (`use` of premises, `entry_check` of an event or of open-air premises, the designation of a
  sports ground, the number in the checked part) must be given;
- all other facts are optional: no or null.
Facts that contradict one another are no fault: the rules take them one by one, and the advice points them out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Final

from core.domain.faults import Fault, FaultsError, key_place, shown
from events.domain.uses import EXCLUSIONS, USES

__all__ = ["ENTRY_CHECKS", "ENTRY_SCOPES", "KINDS", "OPEN_AIR_TYPES", "TIERS", "Facts", "FactsError", "parse_facts"]

KINDS: Final = ("premises", "event")
TIERS: Final = ("none", "standard", "enhanced", "excluded")
OPEN_AIR_TYPES: Final = ("park", "garden", "recreation_ground", "sports_ground", "other_recreation")
ENTRY_CHECKS: Final = ("none", "payment", "ticket_or_pass", "membership_or_guest")
ENTRY_SCOPES: Final = ("general", "particular_events_only", "particular_facilities_only", "part_of_site")
_PRESUMED_YES: Final = ("recurring", "has_building", "wholly_or_mainly", "public_access")
_WORD = re.compile(r"[a-z][a-z0-9_]{0,39}")


class FactsError(FaultsError):
    """The facts cannot be judged."""


@dataclass(frozen=True, slots=True)
class Facts:
    """`expected_attendance` is the greatest number expected at one time, staff included (s. 2(2)(c), s. 3(1)(d)).

    `education_phase`, `is_place_of_worship` and `open_air` decide nothing; they only lead to advice.
    """

    kind: str
    expected_attendance: int
    use: str | None = None
    recurring: bool = True
    has_building: bool = True
    wholly_or_mainly: bool = True
    public_access: bool = True
    is_place_of_worship: bool = False
    education_phase: str | None = None
    open_air: bool = False
    open_air_type: str | None = None
    designated_sports_ground: bool = False
    entry_check: str = "none"
    entry_check_scope: str | None = None
    part_attendance: int | None = None
    excluded_kind: str | None = None
    host_tier: str | None = None
    host_use: str | None = None
    presumed: tuple[str, ...] = ()

    @property
    def counted_attendance(self) -> int:
        """The figure that is held against a threshold: of an event checked in part, that part alone (s. 3(2))."""
        if self.kind == "event" and self.entry_check_scope == "part_of_site" and self.part_attendance is not None:
            return self.part_attendance
        return self.expected_attendance

    def as_dict(self) -> dict[str, object]:
        """Plain data that `parse_facts` reads back; what was presumed is left out again."""
        return {name: value for name, value in asdict(self).items() if name != "presumed" and name not in self.presumed}


FACT_NAMES: Final = frozenset(field.name for field in fields(Facts)) - {"presumed"}


class _Reader:
    def __init__(self, data: Mapping[object, object], place: str) -> None:
        self.data = data
        self.place = place
        self.faults: list[Fault] = []

    def fault(self, name: object, message: str) -> None:
        self.faults.append(Fault(key_place(self.place, name), message))

    def choice(self, name: str, allowed: Iterable[str], *, nullable: bool = True) -> str | None:
        value = self.data.get(name)
        if value is None and (nullable or name not in self.data):
            return None
        if isinstance(value, str) and value in allowed:
            return value
        self.fault(name, f"{shown(value)} is not one of {', '.join(allowed)}{' or null' if nullable else ''}.")
        return None

    def word(self, name: str) -> str | None:
        value = self.data.get(name)
        if value is None or (isinstance(value, str) and _WORD.fullmatch(value)):
            return value
        self.fault(name, f"{shown(value)} is not a plain word in lower case, or null.")
        return None

    def flag(self, name: str) -> bool:
        value = self.data.get(name)
        if value is None:
            return name in _PRESUMED_YES
        if isinstance(value, bool):
            return value
        self.fault(name, f"{shown(value)} is not true or false.")
        return False

    def number(self, name: str) -> int | None:
        value = self.data.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.fault(name, f"{shown(value)} is not a whole number.")
        elif value < 0:
            self.fault(name, f"{shown(value)} is less than nothing.")
        else:
            return value
        return 0  # reported; 0 keeps "is missing" from being reported as well


def parse_facts(data: object, place: str = "") -> Facts:
    """Raises FactsError with every fault. `place` is where the facts stand in a greater document (`[3]`)."""
    if not isinstance(data, Mapping):
        raise FactsError([Fault(place, f"This is {shown(data)}, not an object of facts.")])
    reader = _Reader(data, place)
    for name in data:
        if name not in FACT_NAMES:
            reader.fault(name, "This is not a fact that the rules know.")
    facts = _read(reader)
    _demand_what_decides(facts, reader)
    if reader.faults:
        raise FactsError(reader.faults)
    return facts


def _read(reader: _Reader) -> Facts:
    kind = reader.choice("kind", KINDS, nullable=False)
    attendance = reader.number("expected_attendance")
    if "kind" not in reader.data:
        reader.fault("kind", "This fact is missing: premises or event.")
    if attendance is None:
        reader.fault("expected_attendance", "This figure is missing: the most people expected at once, staff included.")
    return Facts(
        kind=kind or "",
        expected_attendance=attendance or 0,
        use=reader.choice("use", USES),
        recurring=reader.flag("recurring"),
        has_building=reader.flag("has_building"),
        wholly_or_mainly=reader.flag("wholly_or_mainly"),
        public_access=reader.flag("public_access"),
        is_place_of_worship=reader.flag("is_place_of_worship"),
        education_phase=reader.word("education_phase"),
        open_air=reader.flag("open_air"),
        open_air_type=reader.choice("open_air_type", OPEN_AIR_TYPES),
        designated_sports_ground=reader.flag("designated_sports_ground"),
        entry_check=reader.choice("entry_check", ENTRY_CHECKS, nullable=False) or "none",
        entry_check_scope=reader.choice("entry_check_scope", ENTRY_SCOPES),
        part_attendance=reader.number("part_attendance"),
        excluded_kind=reader.choice("excluded_kind", EXCLUSIONS),
        host_tier=reader.choice("host_tier", TIERS),
        host_use=reader.choice("host_use", USES),
        presumed=tuple(name for name in _PRESUMED_YES if reader.data.get(name) is None),
    )


def _demand_what_decides(facts: Facts, reader: _Reader) -> None:
    given = reader.data
    if facts.kind == "premises" and "use" not in given:
        reader.fault("use", "This fact is missing: the use of the premises, or null if none of the listed uses fits.")
    if "entry_check" not in given and (facts.kind == "event" or facts.open_air_type):
        reader.fault("entry_check", "This fact is missing: how entry is checked, or none.")
    on_sports_ground = facts.kind == "premises" and facts.open_air_type == "sports_ground"
    if on_sports_ground and given.get("designated_sports_ground") is None:
        reader.fault("designated_sports_ground", "This fact is missing: whether the sports ground is designated.")
    counts_a_part = facts.kind == "event" and facts.entry_check_scope == "part_of_site" and facts.entry_check != "none"
    if counts_a_part and facts.part_attendance is None:
        reader.fault("part_attendance", "This figure is missing: the most people expected at once in the checked part.")
