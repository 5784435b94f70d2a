"""The standard as the public reads it, narrowed to what may be asked of one kind of subject at one tier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from certification.domain.expressions import AllOf, Expression, Leaf, Not, leaf_holds, leaves
from certification.domain.standard import Criterion, Section, Standard
from certification.selectors import obligations
from certification.selectors.obligations import Obligation


@dataclass(frozen=True, slots=True)
class ReadCriterion:
    """`depends_on`: facts beyond the ones chosen that settle whether it is asked."""

    criterion: Criterion
    obligation: Obligation
    descriptors: tuple[tuple[str, str], ...]
    depends_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadSection:
    section: Section
    criteria: tuple[ReadCriterion, ...]


def sections(standard: Standard, known: Mapping[str, object]) -> tuple[ReadSection, ...]:
    """Criteria that are certainly not asked, whatever the facts that are not known, are left out."""
    labels = {level.value: f"{level.value} {level.label}" for level in standard.levels}
    found = []
    for section in standard.sections:
        criteria = tuple(
            _read(criterion, known, labels)
            for criterion in section.criteria
            if possible(criterion.when, known) is not False
        )
        if criteria:
            found.append(ReadSection(section, criteria))
    return tuple(found)


def possible(expression: Expression | None, known: Mapping[str, object]) -> bool | None:
    """True or False where the known facts settle it, None where it depends on others."""
    if expression is None:
        return True
    if isinstance(expression, Leaf):
        return leaf_holds(expression, known[expression.fact]) if expression.fact in known else None
    if isinstance(expression, Not):
        inner = possible(expression.part, known)
        return None if inner is None else not inner
    results = [possible(part, known) for part in expression.parts]
    settling = not isinstance(expression, AllOf)
    if settling in results:
        return settling
    return None if None in results else not settling


def _read(criterion: Criterion, known: Mapping[str, object], labels: Mapping[int, str]) -> ReadCriterion:
    open_facts: tuple[str, ...] = ()
    if criterion.when is not None and possible(criterion.when, known) is None:
        names = (leaf.fact for leaf in leaves(criterion.when) if leaf.fact not in known)
        open_facts = tuple(dict.fromkeys(name.replace("_", " ") for name in names))
    return ReadCriterion(
        criterion=criterion,
        obligation=obligations.of(criterion),
        descriptors=tuple((labels[value], criterion.descriptors[value]) for value in sorted(criterion.descriptors)),
        depends_on=open_facts,
    )
