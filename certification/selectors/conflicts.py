"""Who wrote what in a plan: the facts behind every rule on independence."""

from __future__ import annotations

import uuid

from django.db.models import Q

from accounts.models import User
from certification.models import Plan, Recommendation, Review

__all__ = ["advised_on", "wrote_in"]


def wrote_in(user: User, plan_id: uuid.UUID) -> bool:
    """Began the plan, answered a criterion, attached a file or submitted it, for whichever organisation; one query."""
    mine = (
        Q(created_by=user)
        | Q(answers__updated_by=user)
        | Q(evidence__uploaded_by=user)
        | Q(submissions__submitted_by=user)
    )
    return Plan.objects.filter(mine, pk=plan_id).exists()


def advised_on(user: User, plan_id: uuid.UUID) -> bool:
    """Reviewed the plan at any time, a review given back included, or recommended on it."""
    return (
        Review.objects.filter(plan_id=plan_id, reviewer=user).exists()
        or Recommendation.objects.filter(plan_id=plan_id, recommended_by=user).exists()
    )
