"""What a certificate says now, as a variation changes it, and the two beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from certification.domain.variation import Changes, Present, Term
from certification.models import Certificate
from certification.selectors.standards import compiled
from core.govuk.formats import uk_date

__all__ = ["Difference", "differences", "present_of", "questions_of"]


def present_of(certificate: Certificate) -> Present:
    """One query for the conditions, none for a standard that is compiled already."""
    rows = certificate.conditions.filter(discharged_at__isnull=True)
    return Present(
        scope=certificate.scope,
        holder_name=certificate.holder_name,
        subject_name=certificate.subject_name,
        valid_until=certificate.valid_until,
        outstanding=tuple(Term(row.criterion_code, row.text, row.due_on) for row in rows),
        codes=frozenset(compiled(certificate.standard).by_code),
    )


def questions_of(certificate: Certificate) -> dict[str, str]:
    """Criterion → question, in the standard's order."""
    return {code: item.question for code, item in compiled(certificate.standard).by_code.items()}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changes, in words; `before` or `after` is empty for a condition that is new or goes."""

    what: str
    before: str
    after: str


def differences(certificate: Certificate, changes: Mapping[str, object], present: Present) -> tuple[Difference, ...]:
    """Of what a proposal keeps."""
    wanted = Changes.from_dict(changes)
    words = [
        (_("It covers"), certificate.scope, wanted.scope),
        (_("Holder"), certificate.holder_name, wanted.holder_name),
        (_("For"), certificate.subject_name, wanted.subject_name),
    ]
    found = [Difference(what, before, after) for what, before, after in words if after is not None]
    if wanted.valid_until is not None:
        found.append(Difference(_("Last day"), uk_date(certificate.valid_until), uk_date(wanted.valid_until)))
    if wanted.conditions is not None:
        found += _condition_differences(present.outstanding, wanted.conditions)
    return tuple(found)


def _condition_differences(before: tuple[Term, ...], after: tuple[Term, ...]) -> list[Difference]:
    old = {term.code: _in_words(term) for term in before}
    new = {term.code: _in_words(term) for term in after}
    return [
        Difference(_("Condition on %(code)s") % {"code": code}, old.get(code, ""), new.get(code, ""))
        for code in dict.fromkeys([*old, *new])
        if old.get(code) != new.get(code)
    ]


def _in_words(term: Term) -> str:
    return _("%(text)s By %(day)s.") % {"text": term.text, "day": uk_date(term.due_on)}
