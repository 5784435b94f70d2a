"""A standard as typed, immutable data, and what it asks of one subject. Built once a version, used for every score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any, Final, Self

from certification.domain import standard_checks
from certification.domain.applicability import Applicability, settle
from certification.domain.expressions import Expression, kind_of, leaves, misfit, parse
from core.domain.faults import Fault, FaultsError

__all__ = [
    "ADVISORY",
    "LAW",
    "SCHEME",
    "ConditionalMark",
    "Criterion",
    "Guidance",
    "Level",
    "PassMark",
    "Section",
    "Standard",
    "StandardError",
    "ValidityRule",
]

LAW: Final = "law"
SCHEME: Final = "scheme"
ADVISORY: Final = "advisory"

_DEFAULT_REMEDY_DAYS: Final = 60
_OUTSIDE_THE_ACT: Final = ("none", "excluded")
# Facts repeat from score to score (one subject, many saves; a replay over a whole register), so what applies is kept.
_KEPT_ANSWERS: Final = 256


class StandardError(FaultsError):
    """The standard itself is wrong, not an answer to it."""


@dataclass(frozen=True, slots=True)
class Level:
    value: int
    label: str
    meaning: str


@dataclass(frozen=True, slots=True)
class PassMark:
    """`overall` and `section` in percent; `mandatory_level` on the scale of levels."""

    overall: int
    section: int
    mandatory_level: int


@dataclass(frozen=True, slots=True)
class ConditionalMark:
    overall: int
    mandatory_level: int


@dataclass(frozen=True, slots=True)
class ValidityRule:
    """Exactly one of `months` and `until` (`event_end`, `completion`) is set. `when` None holds always."""

    when: Expression | None
    months: int | None
    until: str | None


@dataclass(frozen=True, slots=True)
class Guidance:
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Earning:
    """What one level of one criterion is worth. `scaled` is `earned` in units of 1/scale of the standard.

    The texts are fractions in lowest terms; they are made here once and not a hundred times a score.
    """

    scaled: int
    earned: Fraction
    lost: Fraction
    earned_text: str
    lost_text: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """`when` None applies always; `earnings` holds every level of the scale."""

    code: str
    section: str
    question: str
    why: str
    descriptors: Mapping[int, str]
    guidance: tuple[Guidance, ...]
    weight: int
    obligation: str
    basis: str
    na_allowed: bool
    evidence: str
    renewal: str
    full_level: int
    when: Expression | None
    remedy: str
    remedy_days: int
    place: str
    earnings: Mapping[int, Earning] = field(repr=False, compare=False)

    @property
    def mandatory(self) -> bool:
        return self.obligation != ADVISORY

    def obligation_for(self, facts: Mapping[str, object]) -> str:
        """`law` becomes `scheme` outside the Act and for every project: the Act bites on use, not on construction."""
        return SCHEME if self.obligation == LAW and _outside(facts) else self.obligation


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    title: str
    intro: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Standard:
    """`scale` is the number by which every possible `earned` is whole, so that sums are sums of whole numbers."""

    code: str
    version: str
    title: str
    summary: str
    effective_from: date
    levels: tuple[Level, ...]
    pass_mark: PassMark
    conditional: ConditionalMark
    validity: tuple[ValidityRule, ...]
    sections: tuple[Section, ...]
    criteria: tuple[Criterion, ...]
    by_code: Mapping[str, Criterion] = field(repr=False, compare=False)
    scale: int = field(repr=False, compare=False)
    _conditions: tuple[Expression | None, ...] = field(repr=False, compare=False)
    _facts_used: tuple[str, ...] = field(repr=False, compare=False)
    _kept: dict[tuple[object, ...], Applicability] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """`data` has passed the JSON schema. Raises StandardError with every fault that the schema cannot see."""
        faults = standard_checks.faults_of(data)
        if faults:
            raise StandardError(faults)
        values = tuple(level["value"] for level in data["levels"])
        scale = lcm(*(_full_level(item, values) for section in data["sections"] for item in section["criteria"]))
        sections = tuple(
            _section(item, f"sections[{index}]", values, scale) for index, item in enumerate(data["sections"])
        )
        criteria = tuple(criterion for section in sections for criterion in section.criteria)
        # Few conditions are different, and each is looked at once for all the criteria that share it.
        conditions = tuple(dict.fromkeys(criterion.when for criterion in criteria))
        validity = tuple(_validity(item) for item in data["validity"])
        return cls(
            code=data["code"],
            version=data["version"],
            title=data["title"],
            summary=data.get("summary", ""),
            effective_from=date.fromisoformat(data["effective_from"]),
            levels=tuple(Level(item["value"], item["label"], item.get("meaning", "")) for item in data["levels"]),
            pass_mark=PassMark(**data["pass"]),
            conditional=ConditionalMark(**data["conditional"]),
            validity=validity,
            sections=sections,
            criteria=criteria,
            by_code={criterion.code: criterion for criterion in criteria},
            scale=scale,
            _conditions=conditions,
            _facts_used=_facts_in(conditions),
        )

    def applicability(self, facts: Mapping[str, object]) -> Applicability:
        """Raises StandardError where an operator does not fit the type of a fact that was given."""
        key = (_outside(facts), *(_fact_key(facts.get(name)) for name in self._facts_used))
        found = self._kept.get(key)
        if found is None:
            found = self._apply(facts)
            if len(self._kept) >= _KEPT_ANSWERS:
                self._kept.clear()
            self._kept[key] = found
        return found

    def level_label(self, value: int) -> str:
        """Empty for a value that is not on the scale."""
        return next((level.label for level in self.levels if level.value == value), "")

    def _apply(self, facts: Mapping[str, object]) -> Applicability:
        if any(_misfits(condition, facts) for condition in self._conditions):
            raise StandardError(
                Fault(f"{criterion.place}.when", f"{criterion.code}: {message}")
                for criterion in self.criteria
                for message in _misfits(criterion.when, facts)
            )
        settled = {condition: settle(condition, facts) for condition in self._conditions}
        found = [settled[criterion.when] for criterion in self.criteria]
        if not any(applies for applies, _ in found):
            raise StandardError([Fault("sections", "No criterion of this standard applies to these facts.")])
        return Applicability(
            applies=tuple(applies for applies, _ in found),
            whys=tuple(why for _, why in found),
            obligations=tuple(criterion.obligation_for(facts) for criterion in self.criteria),
            codes=frozenset(item.code for item in self.criteria if settled[item.when][0]),
        )


def _outside(facts: Mapping[str, object]) -> bool:
    return facts.get("act_tier") in _OUTSIDE_THE_ACT or facts.get("kind") == "project"


def _misfits(condition: Expression | None, facts: Mapping[str, object]) -> list[str]:
    found = leaves(condition) if condition is not None else ()
    known = ((leaf, facts.get(leaf.fact)) for leaf in found)
    messages = (misfit(leaf, kind_of(value)) for leaf, value in known if value is not None)
    return [message for message in messages if message is not None]


def _fact_key(value: object) -> object:
    """Equal only for facts that no expression can tell apart: True and 1 are not, and a list has no hash."""
    if isinstance(value, list | tuple):
        return ("list", *(_fact_key(item) for item in value))
    if value is None or isinstance(value, str | int):
        return (kind_of(value), value)
    return (kind_of(value), repr(value))


def _facts_in(expressions: Iterable[Expression | None]) -> tuple[str, ...]:
    names = {leaf.fact for expression in expressions if expression is not None for leaf in leaves(expression)}
    return tuple(sorted(names))


def _expression(data: Mapping[str, Any]) -> Expression | None:
    """Of data that `standard_checks` has passed, so that no fault can arise."""
    return parse(data["when"], "when", []) if "when" in data else None


def _full_level(data: Mapping[str, Any], values: tuple[int, ...]) -> int:
    full: int = data.get("full_level", values[-1])
    return full


def _section(data: Mapping[str, Any], place: str, values: tuple[int, ...], scale: int) -> Section:
    criteria = tuple(
        _criterion(item, data["code"], f"{place}.criteria[{index}]", (values, scale))
        for index, item in enumerate(data["criteria"])
    )
    return Section(data["code"], data["title"], data.get("intro", ""), criteria)


def _criterion(data: Mapping[str, Any], section: str, place: str, scales: tuple[tuple[int, ...], int]) -> Criterion:
    values, scale = scales
    full = _full_level(data, values)
    return Criterion(
        code=data["code"],
        section=section,
        question=data["question"],
        why=data.get("why", ""),
        descriptors={int(level): text for level, text in data.get("descriptors", {}).items()},
        guidance=tuple(Guidance(item["title"], item["source"]) for item in data.get("guidance", ())),
        weight=data["weight"],
        obligation=data.get("obligation", ADVISORY),
        basis=data.get("basis", ""),
        na_allowed=data.get("na_allowed", False),
        evidence=data.get("evidence", "optional"),
        renewal=data.get("renewal", "confirm"),
        full_level=full,
        when=_expression(data),
        remedy=data.get("remedy", ""),
        remedy_days=data.get("remedy_days", _DEFAULT_REMEDY_DAYS),
        place=place,
        earnings={value: _earning(data["weight"], value, full, scale) for value in values},
    )


def _earning(weight: int, level: int, full: int, scale: int) -> Earning:
    reached = min(level, full)
    earned = Fraction(weight * reached, full)
    lost = weight - earned
    return Earning(weight * reached * scale // full, earned, lost, str(earned), str(lost))


def _validity(data: Mapping[str, Any]) -> ValidityRule:
    return ValidityRule(when=_expression(data), months=data.get("months"), until=data.get("until"))
