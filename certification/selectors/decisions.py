"""What the authorising officer reads before signing, and what the organisation reads afterwards."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Appointment, User
from certification.domain.departures import Condition
from certification.domain.scoring import Score, shortfalls
from certification.domain.standard import Standard
from certification.models import Plan, Recommendation, Review

__all__ = ["conditions_of", "current_recommendation", "drafted_conditions", "possible_signers", "sent_back"]


def drafted_conditions(standard: Standard, result: Score) -> tuple[Condition, ...]:
    """The standard's own remedies for what falls short, whatever the outcome; officers edit them."""
    return tuple(Condition(item.code, item.remedy, item.days) for item in shortfalls(standard, result))


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
