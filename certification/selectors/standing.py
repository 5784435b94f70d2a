"""What a plan that a change opened leaves as it is: the conditions of the certificate before, on criteria that stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from certification.domain import changes, cover, lifecycle
from certification.domain.standard import Standard
from certification.models import Certificate, CertificateCondition, ChangeRequest, Plan
from certification.selectors.certificate_subjects import decided_subject
from certification.selectors.certificates import of_same_subject
from certification.selectors.reviews import ReviewCase

__all__ = ["NOTHING", "Standing", "StandingCondition", "former_of", "in_line", "issued_standing", "standing_of"]


@dataclass(frozen=True, slots=True)
class StandingCondition:
    """`row` is the former certificate's, or once it is signed the new one's. `due_on` is the day that holds: an event's
    that starts sooner now brings it forward from `was_due`.
    """

    row: CertificateCondition
    number: str
    question: str
    due_on: date
    was_due: date

    @property
    def brought_forward(self) -> bool:
        return self.due_on != self.was_due


@dataclass(frozen=True, slots=True)
class Standing:
    """`closed`: criteria whose judgement stands, so that no new condition is set on them. `anew`: conditions on criteria
    that are reviewed again, which end; `gone`: on those that do not apply any more, which fall away.
    """

    former: Certificate | None = None
    closed: frozenset[str] = frozenset()
    stands: tuple[StandingCondition, ...] = ()
    anew: tuple[CertificateCondition, ...] = ()
    gone: tuple[CertificateCondition, ...] = ()

    @property
    def outstanding(self) -> bool:
        return any(one.row.discharged_at is None for one in self.stands)

    @property
    def facts(self) -> dict[str, list[str]]:
        """For the trail: by criterion; nothing where there is nothing."""
        found = {
            "standing": [one.row.criterion_code for one in self.stands],
            "ending": [row.criterion_code for row in (*self.anew, *self.gone)],
        }
        return {name: codes for name, codes in found.items() if codes}


NOTHING: Final = Standing()


def in_line(plan: Plan) -> QuerySet[Certificate]:
    """The certificate standing for the plan's subject, and before it what is being made to take its place on the same
    decision: newest first, as they are locked.
    """
    waiting = Q(state=lifecycle.BEING_ISSUED, basis__in=Certificate.DERIVED)
    found = of_same_subject(plan).filter(Q(state__in=lifecycle.CERTIFICATE_STANDING) | waiting)
    return found.order_by("-created_at", "-pk")


def former_of(line: list[Certificate]) -> Certificate | None:
    """Whose words hold when the next decision takes effect: a variation that is on its way has been decided on already.

    `line` is `in_line`. None where nothing stands, for then there is nothing that could go on.
    """
    standing = any(one.state in lifecycle.CERTIFICATE_STANDING for one in line)
    return line[0] if standing else None


def standing_of(case: ReviewCase, line: list[Certificate] | None = None) -> Standing:
    """Nothing, and no query, for a plan that no change opened; else two. `line` is `in_line` where it is under lock."""
    plan = case.plan
    if not plan.standing:
        return NOTHING
    former = former_of(list(in_line(plan)) if line is None else line)
    asked = {item.criterion_code for item in case.requests if item.state != ChangeRequest.State.DRAFT}
    # What the police asked about all the same was answered and judged again.
    closed = frozenset(plan.standing) & frozenset(case.by_code) - asked
    if former is None:
        return Standing(closed=closed)
    known = case.standard.by_code
    found: dict[str, list[CertificateCondition]] = {changes.STANDS: [], changes.ANEW: [], changes.GONE: []}
    for row in former.conditions.select_related("owner"):
        row.certificate = former
        found[changes.fate(row.criterion_code, standing=closed, applies=case.by_code, known=known)].append(row)
    starts = decided_subject(case.snapshot).starts_on
    return Standing(
        former=former,
        closed=closed,
        stands=tuple(_standing(row, former, case, starts) for row in found[changes.STANDS]),
        anew=tuple(found[changes.ANEW]),
        gone=tuple(found[changes.GONE]),
    )


def _standing(
    row: CertificateCondition, former: Certificate, case: ReviewCase, starts: date | None
) -> StandingCondition:
    met = row.discharged_at is not None
    due = row.due_on if met else cover.standing_due(row.due_on, decided_on=timezone.localdate(), event_starts=starts)
    return StandingCondition(row, former.number, _question(row, case.standard), due, row.due_on)


def issued_standing(rows: list[CertificateCondition], standard: Standard) -> tuple[StandingCondition, ...]:
    """Of a decided certificate's conditions, read with `stands_from__certificate`, those that stand from the one before."""
    return tuple(
        StandingCondition(row, row.stands_from.certificate.number, _question(row, standard), row.due_on, row.due_on)
        for row in rows
        if row.stands_from is not None
    )


def _question(row: CertificateCondition, standard: Standard) -> str:
    """Empty for one that is bound to no criterion."""
    found = standard.by_code.get(row.criterion_code)
    return found.question if found is not None else ""
