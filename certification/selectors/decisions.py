"""What the authorising officer reads before signing, and what the organisation reads afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Appointment, User
from certification.domain.departures import Condition
from certification.domain.scoring import Score, shortfalls
from certification.domain.standard import Standard
from certification.models import Certificate, CertificateCondition, Decision, Plan, Recommendation, Review
from certification.models.decisions import Outcome
from certification.selectors.reviews import CriterionCase, ReviewCase, case_of
from certification.selectors.standards import compiled
from certification.selectors.standing import NOTHING, Standing, StandingCondition, issued_standing
from core.govuk.charts import ScoreRow

__all__ = [
    "DecisionPage",
    "SetCondition",
    "conditions_of",
    "current_recommendation",
    "decision_page",
    "drafted_conditions",
    "issued_conditions",
    "possible_signers",
    "sent_back",
    "standing_conditions",
]


@dataclass(frozen=True, slots=True)
class SetCondition:
    condition: Condition
    question: str
    due_on: date


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """`conditions` are those that the decision sets, `standing` those that stand from the certificate before.

    `remarks`: criteria judged otherwise than claimed, or commented on; open to the organisation.
    """

    decision: Decision
    certificate: Certificate | None
    conditions: tuple[SetCondition, ...]
    standing: tuple[StandingCondition, ...]
    overall: str
    pass_mark: int
    rows: tuple[ScoreRow, ...]
    remarks: tuple[CriterionCase, ...]


def drafted_conditions(standard: Standard, result: Score, standing: Standing = NOTHING) -> tuple[Condition, ...]:
    """The standard's own remedies for what falls short, whatever the outcome; officers edit them. None for a criterion
    whose judgement stands: what was to be asked there was asked then.
    """
    short = [item for item in shortfalls(standard, result) if item.code not in standing.closed]
    return tuple(Condition(item.code, item.remedy, item.days) for item in short)


def conditions_of(recommendation: Recommendation) -> tuple[Condition, ...]:
    return tuple(Condition.from_dict(item) for item in recommendation.conditions)


def current_recommendation(plan: Plan) -> Recommendation | None:
    return (
        plan.recommendations.select_related("recommended_by", "submission").filter(superseded_at__isnull=True).first()
    )


def sent_back(plan: Plan) -> Recommendation | None:
    """The last recommendation that came back, with the reason."""
    found = plan.recommendations.select_related("sent_back_by").filter(superseded_at__isnull=False)
    return found.order_by("-superseded_at").first()


def possible_signers(plan: Plan) -> QuerySet[User]:
    """Authorising officers of the area who never reviewed this plan and are not of its organisation."""
    return (
        User.objects.filter(
            is_active=True,
            appointments__area_id=plan.area_id,
            appointments__role=Appointment.Role.AUTHORISER,
            appointments__ended_at__isnull=True,
        )
        .exclude(pk__in=Review.objects.filter(plan=plan).values("reviewer_id"))
        .exclude(memberships__organisation_id=plan.organisation_id)
        .order_by("email")
        .distinct()
    )


def decision_page(plan: Plan) -> DecisionPage | None:
    """None while nothing is decided."""
    found = (
        Decision.objects.select_related("recommendation__submission", "recommended_by", "decided_by")
        .filter(plan=plan)
        .first()
    )
    if found is None:
        return None
    case = case_of(plan)
    made = found.certificates.filter(basis=Certificate.Basis.DECISION)
    certificate = made.first() if found.outcome != Outcome.REFUSE else None
    rows = issued_conditions(certificate) if certificate else []
    score = found.recommendation.score
    return DecisionPage(
        decision=found,
        certificate=certificate,
        conditions=_set(found, rows, case),
        standing=issued_standing(rows, case.standard),
        overall=score["overall"],
        pass_mark=case.standard.pass_mark.overall,
        rows=_section_rows(case, score["sections"]),
        remarks=tuple(item for item in case.criteria if item.judgement and (item.differs or item.judgement.comment)),
    )


def standing_conditions(decision: Decision) -> tuple[StandingCondition, ...]:
    """Two queries."""
    made = decision.certificates.filter(basis=Certificate.Basis.DECISION).select_related("standard").first()
    return issued_standing(issued_conditions(made), compiled(made.standard)) if made is not None else ()


def issued_conditions(certificate: Certificate) -> list[CertificateCondition]:
    """For `issued_standing`; one query."""
    return list(certificate.conditions.select_related("stands_from__certificate"))


def _set(decision: Decision, rows: list[CertificateCondition], case: ReviewCase) -> tuple[SetCondition, ...]:
    """The certificate's dates where there is one: those of an event end before it starts."""
    on = timezone.localdate(decision.decided_at)
    due = {row.criterion_code: row.due_on for row in rows if row.stands_from_id is None}
    return tuple(
        SetCondition(
            condition,
            case.standard.by_code[condition.code].question,
            due.get(condition.code, on + timedelta(days=condition.days)),
        )
        for condition in map(Condition.from_dict, decision.conditions)
    )


def _section_rows(case: ReviewCase, percents: Mapping[str, str | None]) -> tuple[ScoreRow, ...]:
    """Whether a mark is met is read from what was stored as exact blockers of the day, not from rounded figures."""
    below = {blocker.code for blocker in case.judged_score().blockers if blocker.kind == "section"}
    mark = case.standard.pass_mark.section
    return tuple(
        ScoreRow(
            label=part.section.title,
            percent=percents.get(part.section.code),
            pass_mark=mark,
            met=None if percents.get(part.section.code) is None else part.section.code not in below,
        )
        for part in case.sections
    )
