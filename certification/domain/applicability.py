"""Which criteria apply to a subject, and why, in words for the person who is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from certification.domain.expressions import AnyOf, Expression, Leaf, Not, leaf_holds

__all__ = ["Applicability", "settle"]


@dataclass(frozen=True, slots=True)
class Applicability:
    """One entry for each criterion of the standard, in its order; `codes` are those that apply."""

    applies: tuple[bool, ...]
    whys: tuple[str, ...]
    obligations: tuple[str, ...]
    codes: frozenset[str]


def settle(expression: Expression | None, facts: Mapping[str, object]) -> tuple[bool, str]:
    """Whether it holds, and the facts that settled the question. It presumes that no leaf is a misfit."""
    if expression is None:
        return True, "Applies to every subject."
    applies, statements = _settled_by(expression, facts)
    found = "; ".join(dict.fromkeys(statements))
    return applies, f"Applies: {found}." if applies else f"Does not apply: {found}."


def _settled_by(expression: Expression, facts: Mapping[str, object]) -> tuple[bool, list[str]]:
    if isinstance(expression, Leaf):
        return _leaf(expression, facts)
    if isinstance(expression, Not):
        inner, statements = _settled_by(expression.part, facts)
        return not inner, statements
    results = [_settled_by(part, facts) for part in expression.parts]
    # One false part settles `all`, one true part settles `any`; otherwise every part had its say.
    settling = isinstance(expression, AnyOf)
    decisive = [statements for held, statements in results if held is settling]
    outcome = settling if decisive else not settling
    chosen = decisive or [statements for _, statements in results]
    return outcome, [statement for statements in chosen for statement in statements]


_SAYS = {
    "ge": "{mark} or more",
    "gt": "more than {mark}",
    "le": "{mark} or fewer",
    "lt": "fewer than {mark}",
    "eq": "{mark}",
    "in": "{mark}",
    "ne": "not {mark}",
    "not_in": "not {mark}",
    "contains": "a list with {mark}",
}


def _leaf(leaf: Leaf, facts: Mapping[str, object]) -> tuple[bool, list[str]]:
    name = leaf.fact.replace("_", " ")
    value = facts.get(leaf.fact)
    if value is None:
        return False, [f"{name} is not known"]
    held = leaf_holds(leaf, value)
    have = _said(value)
    asked = _SAYS[leaf.op].format(mark=" or ".join(_said(mark) for mark in leaf.values) or "one of none")
    if leaf.op in {"ge", "gt", "le", "lt", "contains"}:
        return held, [f"{name} is {have}, {'which is' if held else 'and would have to be'} {asked}"]
    return held, [f"{name} is {have}" if held else f"{name} is {have} and would have to be {asked}"]


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list | tuple):
        return ", ".join(_said(item) for item in value) or "empty"
    return str(value).replace("_", " ")
