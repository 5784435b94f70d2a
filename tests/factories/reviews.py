"""Plans on the police side, in situations: claimed, judged, recommended, decided. Everything by the services."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.models import Organisation, User
from certification.domain import departures
from certification.domain.departures import Condition
from certification.models import Decision, Plan, Recommendation, Review, Submission
from certification.selectors import decisions as read
from certification.selectors import reviews as cases
from certification.selectors.standing import standing_of
from certification.services import decisions, recommendations, reviews
from certification.services.decisions import DecisionInput
from certification.services.recommendations import RecommendationInput
from certification.services.reviews import Judgement
from events.models import Subject
from tests.factories.certification import submitted_plan


def claimed_plan(organisation: Organisation, *, reviewer: User, subject: Subject | None = None, level: int = 3) -> Plan:
    """Submitted with every criterion at `level`, and claimed."""
    plan = submitted_plan(organisation, subject=subject, level=level)
    reviews.claim(actor=reviewer, plan_id=plan.pk)
    plan.refresh_from_db()
    return plan


def judged_plan(
    organisation: Organisation,
    *,
    reviewer: User,
    subject: Subject | None = None,
    level: int = 3,
    levels: Mapping[str, int] | None = None,
) -> Plan:
    """Every criterion judged as claimed, but those of `levels`."""
    plan = claimed_plan(organisation, reviewer=reviewer, subject=subject, level=level)
    judge_all(plan, reviewer=reviewer, levels=levels)
    return plan


def judge_all(plan: Plan, *, reviewer: User, levels: Mapping[str, int] | None = None) -> None:
    """Whatever is not settled yet."""
    for item in cases.case_of(cases.plan_with_subject(plan.pk)).unsettled:
        level = (levels or {}).get(item.code, item.claimed.level)
        reviews.save_criterion(
            actor=reviewer,
            plan_id=plan.pk,
            code=item.code,
            judgement=Judgement(level=level, comment=f"Comment on {item.code}."),
            expected_version=item.judgement.version if item.judgement else 0,
        )


def recommended_plan(
    organisation: Organisation,
    *,
    reviewer: User,
    subject: Subject | None = None,
    level: int = 3,
    levels: Mapping[str, int] | None = None,
) -> Plan:
    """Recommended as the score says, with the conditions that it drafts."""
    plan = judged_plan(organisation, reviewer=reviewer, subject=subject, level=level, levels=levels)
    recommend_as_scored(plan, reviewer=reviewer)
    plan.refresh_from_db()
    return plan


def recommend_as_scored(plan: Plan, *, reviewer: User) -> Recommendation:
    case = cases.case_of(cases.plan_with_subject(plan.pk))
    result = case.judged_score()
    standing = standing_of(case)
    outcome = departures.called_for(result.outcome, outstanding=standing.outstanding)
    drafted = read.drafted_conditions(case.standard, result, standing)
    return recommendations.recommend(
        actor=reviewer,
        plan_id=plan.pk,
        recommendation=RecommendationInput(
            outcome=outcome,
            summary="SECRET-SUMMARY of the review.",
            conditions=drafted if outcome == departures.CONDITIONS else (),
        ),
    )


def recommend(
    plan: Plan, *, reviewer: User, outcome: str, reason: str = "", conditions: tuple[Condition, ...] = ()
) -> Recommendation:
    return recommendations.recommend(
        actor=reviewer,
        plan_id=plan.pk,
        recommendation=RecommendationInput(
            outcome=outcome, summary="A summary.", departure_reason=reason, conditions=conditions
        ),
    )


def sign_as_recommended(plan: Plan, *, by: User, note: str = "") -> Decision:
    recommendation = Recommendation.objects.get(plan=plan, superseded_at__isnull=True)
    return decisions.sign(
        actor=by,
        plan_id=plan.pk,
        decision=DecisionInput(
            outcome=recommendation.outcome,
            departure_reason=recommendation.departure_reason,
            note=note,
            conditions=tuple(Condition.from_dict(item) for item in recommendation.conditions),
        ),
    )


def current_review(plan: Plan) -> Review:
    return Review.objects.get(plan=plan, ended_at__isnull=True)


def resubmit_by(plan: Plan, user: User) -> None:
    """A further submission in somebody's name, made by hand: the service would ask for their membership."""
    last = Submission.objects.filter(plan=plan).latest("number")
    Submission.objects.create(
        plan=plan,
        number=last.number + 1,
        receipt=f"{last.receipt}-{last.number}"[:24],
        snapshot=last.snapshot,
        content_hash=last.content_hash,
        score=last.score,
        declared_name=user.name,
        declared_position="Adviser",
        submitted_by=user,
        submitted_at=last.submitted_at,
    )
