"""Where a criterion comes from, in words: nobody should take a rule of the scheme for the law, or advice for either."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from certification.domain.standard import ADVISORY, LAW, Criterion


@dataclass(frozen=True, slots=True)
class Obligation:
    """`kind` is law, scheme or advisory and picks the colour of the tag."""

    kind: str
    label: str
    explained: str


def of(criterion: Criterion, facts: Mapping[str, object] | None = None) -> Obligation:
    """For one subject, where what is law at another tier may be a rule of the scheme alone; without facts, in general."""
    kind = criterion.obligation if facts is None else criterion.obligation_for(facts)
    if kind == LAW:
        return Obligation(kind, _("Legal duty"), _legal(facts))
    if kind == ADVISORY:
        return Obligation(
            kind, _("Good practice"), _("Advice: it counts towards the score and is never demanded by itself.")
        )
    if criterion.obligation == LAW:
        text = _("Asked by this scheme. Where the Act applies it is a legal duty; for you, as registered, it is not.")
        return Obligation(kind, _("Scheme rule"), text)
    return Obligation(
        kind,
        _("Scheme rule"),
        _("Asked of everybody who wants a certificate. It is a rule of this scheme, not of the law."),
    )


def _legal(facts: Mapping[str, object] | None) -> str:
    if facts is None:
        return _(
            "Rests on a duty of the Terrorism (Protection of Premises) Act 2025 for those within its scope; outside it, a "
            "rule of this scheme."
        )
    return _(
        "Rests on a duty of the Terrorism (Protection of Premises) Act 2025. Its regulator is the Security Industry "
        "Authority; a certificate of this scheme is no proof of compliance with the Act."
    )
