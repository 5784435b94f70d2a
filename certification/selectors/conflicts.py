"""Who wrote what in a plan: the facts behind every rule on independence. One query each."""

from __future__ import annotations

import uuid

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from certification.models import Answer, Evidence, Plan, Recommendation, Review, Submission

__all__ = ["advised_on", "wrote_in"]

# Sub-queries and not joins: a hundred answers times fifty files times the submissions would be walked otherwise.
_THIS_PLAN = OuterRef("pk")


def wrote_in(user: User, plan_id: uuid.UUID) -> bool:
    """Began the plan, answered a criterion, attached a file or submitted it, for whichever organisation."""
    had_a_hand = (
        Q(created_by=user)
        | Q(Exists(Answer.objects.filter(plan=_THIS_PLAN, updated_by=user)))
        | Q(Exists(Evidence.objects.filter(plan=_THIS_PLAN, uploaded_by=user)))
        | Q(Exists(Submission.objects.filter(plan=_THIS_PLAN, submitted_by=user)))
    )
    return Plan.objects.filter(had_a_hand, pk=plan_id).exists()


def advised_on(user: User, plan_id: uuid.UUID) -> bool:
    """Reviewed the plan at any time, a review given back included, or recommended on it."""
    advised = Q(Exists(Review.objects.filter(plan=_THIS_PLAN, reviewer=user))) | Q(
        Exists(Recommendation.objects.filter(plan=_THIS_PLAN, recommended_by=user))
    )
    return Plan.objects.filter(advised, pk=plan_id).exists()
