"""The `when` of a standard: a small declarative expression over a subject's facts (scoring.md, "The standard file").

A fact that is missing, or null, makes its leaf false whatever the operator, `ne` and `not_in` included, and `not` of it
true. Values are compared with their type: true is not 1 and "3" is not 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from core.domain.faults import Fault, shown

__all__ = [
    "KNOWN_FACTS",
    "MAX_DEPTH",
    "AllOf",
    "AnyOf",
    "Expression",
    "Leaf",
    "Not",
    "Scalar",
    "holds",
    "kind_of",
    "leaf_holds",
    "leaves",
    "misfit",
    "parse",
]

Scalar = str | int | bool
Facts = Mapping[str, object]

# Far beyond any rule that a person can follow, far below where recursion hurts.
MAX_DEPTH: Final = 20

# What the services state of a subject. A standard may ask for other facts; of these the type is checked on loading.
KNOWN_FACTS: Final[Mapping[str, str]] = {
    "kind": "text",
    "tier": "text",
    "act_tier": "text",
    "use": "text",
    "entry_check": "text",
    "expected_attendance": "number",
    "project_stage": "number",
    "responsible_is_individual": "yes/no",
    "shared_site": "yes/no",
    "police_assets_requested": "yes/no",
    "has_building": "yes/no",
    "open_air": "yes/no",
    "public_access": "yes/no",
}

_FACT: Final = re.compile(r"[a-z][a-z0-9_]*")
_ORDERING: Final = frozenset({"ge", "gt", "le", "lt"})
_MEMBERSHIP: Final = frozenset({"in", "not_in"})
_OPERATORS: Final = _ORDERING | _MEMBERSHIP | {"eq", "ne", "contains"}


@dataclass(frozen=True, slots=True)
class Leaf:
    """`value` is a tuple for `in` and `not_in`, else one scalar.

    `kinds` keeps two leaves apart that ask for true and for 1, which Python holds to be equal.
    """

    fact: str
    op: str
    value: Scalar | tuple[Scalar, ...]
    kinds: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kinds", tuple(kind_of(value) for value in self.values))

    @property
    def values(self) -> tuple[Scalar, ...]:
        return self.value if isinstance(self.value, tuple) else (self.value,)


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Expression


Expression = Leaf | AllOf | AnyOf | Not


def kind_of(value: object) -> str:
    """The type of a fact in the words of a message. bool is asked first: Python takes it for an int."""
    if isinstance(value, bool):
        return "yes/no"
    if isinstance(value, int):
        return "number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, list | tuple):
        return "list"
    return "decimal number" if isinstance(value, float) else "object"


def misfit(leaf: Leaf, kind: str) -> str | None:
    """Why the leaf's operator does not fit a fact of that type, or None."""
    wanted = "number" if leaf.op in _ORDERING else "list" if leaf.op == "contains" else None
    fits = kind == wanted if wanted else kind in {"yes/no", "number", "text"}
    if fits:
        return None
    return f'The op "{leaf.op}" does not fit the fact {leaf.fact}, which is a value of type {kind}.'


def leaves(expression: Expression) -> Iterator[Leaf]:
    if isinstance(expression, Leaf):
        yield expression
    elif isinstance(expression, Not):
        yield from leaves(expression.part)
    else:
        for part in expression.parts:
            yield from leaves(part)


def parse(data: object, place: str, faults: list[Fault], depth: int = 0) -> Expression | None:
    """The expression, or None with at least one fault added."""
    if depth >= MAX_DEPTH:
        faults.append(Fault(place, f"This expression is nested more than {MAX_DEPTH} deep."))
        return None
    if not isinstance(data, Mapping):
        faults.append(Fault(place, f"This is {shown(data)}, not an expression."))
        return None
    if data.keys() == {"fact", "op", "value"}:
        return _parse_leaf(data, place, faults)
    if data.keys() == {"not"}:
        part = parse(data["not"], f"{place}.not", faults, depth + 1)
        return None if part is None else Not(part)
    for key, made in (("all", AllOf), ("any", AnyOf)):
        if data.keys() == {key}:
            parts = _parse_parts(data[key], f"{place}.{key}", faults, depth + 1)
            return None if parts is None else made(parts)
    faults.append(Fault(place, "An expression is fact, op and value together, or exactly one of all, any and not."))
    return None


def _parse_parts(data: object, place: str, faults: list[Fault], depth: int) -> tuple[Expression, ...] | None:
    if not isinstance(data, list) or not data:
        faults.append(Fault(place, "This must be a list of at least one expression."))
        return None
    parts = [parse(item, f"{place}[{index}]", faults, depth) for index, item in enumerate(data)]
    found = tuple(part for part in parts if part is not None)
    return found if len(found) == len(parts) else None


def _parse_leaf(data: Mapping[object, object], place: str, faults: list[Fault]) -> Leaf | None:
    fact, op, value = data["fact"], data["op"], data["value"]
    if not isinstance(fact, str) or not _FACT.fullmatch(fact):
        faults.append(Fault(f"{place}.fact", f"{shown(fact)} is not the name of a fact."))
        return None
    if not isinstance(op, str) or op not in _OPERATORS:
        faults.append(Fault(f"{place}.op", f"{shown(op)} is not an operator."))
        return None
    fault = _value_fault(op, value)
    if fault is not None:
        faults.append(Fault(f"{place}.value", fault))
        return None
    leaf = Leaf(fact, op, tuple(value) if isinstance(value, list) else value)  # type: ignore[arg-type]  # by _value_fault
    known = KNOWN_FACTS.get(fact)
    fault = _known_fact_fault(leaf, known) if known is not None else None
    if fault is not None:
        faults.append(Fault(place, fault))
        return None
    return leaf


def _value_fault(op: str, value: object) -> str | None:
    if op in _MEMBERSHIP:
        if not isinstance(value, list):
            return f'The op "{op}" needs a list of values.'
        bad = [item for item in value if not isinstance(item, str | int)]
        return f"{shown(bad[0])} is not text, a whole number or true/false." if bad else None
    if op in _ORDERING and kind_of(value) != "number":
        return f'The op "{op}" needs a whole number, not {shown(value)}.'
    if not isinstance(value, str | int):
        return f'The op "{op}" needs text, a whole number or true/false, not {shown(value)}.'
    return None


def _known_fact_fault(leaf: Leaf, known: str) -> str | None:
    fault = misfit(leaf, known)
    if fault is not None:
        return fault
    for value in leaf.values:
        if kind_of(value) != known:
            return f"{shown(value)} can never equal the fact {leaf.fact}, which is a value of type {known}."
    return None


def holds(expression: Expression | None, facts: Facts) -> bool:
    """Whether it holds; None always does. It presumes that no leaf is a misfit: ask `misfit` of the facts first."""
    if isinstance(expression, Leaf):
        value = facts.get(expression.fact)
        return value is not None and leaf_holds(expression, value)
    if isinstance(expression, AllOf):
        return all(holds(part, facts) for part in expression.parts)
    if isinstance(expression, AnyOf):
        return any(holds(part, facts) for part in expression.parts)
    return expression is None or not holds(expression.part, facts)


def leaf_holds(leaf: Leaf, value: object) -> bool:
    """Of a fact that is known."""
    if leaf.op in _ORDERING:
        return isinstance(value, int) and isinstance(leaf.value, int) and _in_order(leaf.op, value, leaf.value)
    if leaf.op == "contains":
        return isinstance(value, list | tuple) and any(_same(item, leaf.value) for item in value)
    among = any(_same(value, mark) for mark in leaf.values)
    return among if leaf.op in {"eq", "in"} else not among


def _same(value: object, mark: object) -> bool:
    return value == mark and kind_of(value) == kind_of(mark)  # True == 1 in Python, and 3 == 3.0


def _in_order(op: str, value: int, mark: int) -> bool:
    if op == "ge":
        return value >= mark
    if op == "gt":
        return value > mark
    return value <= mark if op == "le" else value < mark
