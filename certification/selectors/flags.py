"""Which subjects stand below a level at one criterion, asked in SQL alone: no answer, comment or level leaves this module."""

from __future__ import annotations

from typing import Final

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.lookups import LessThan

from certification.models import CriterionReview, Submission

__all__ = ["below_level"]

_LOWEST: Final = 0


def below_level(kind: str, code: str, below: int) -> Q:
    """For a queryset of subjects of this kind: their latest submission is below `below` at criterion `code`.

    The police's judgement counts where there is one, else the level that was submitted. A criterion that does not
    apply, was not asked or was never submitted is not below anything.
    """
    # Two queries further in than the subject that it is about.
    latest = Submission.objects.filter(**{f"plan__{kind}": OuterRef(OuterRef("pk"))}).order_by("-submitted_at", "-pk")
    judged = CriterionReview.objects.filter(
        review__plan=Subquery(latest.values("plan")[:1]), criterion_code=code
    ).order_by("-review__claimed_at", "-pk")
    # A list of levels and not “less than”: a level that is null would be less than any number on PostgreSQL.
    levels = [*range(_LOWEST, below)]
    submitted = Submission.objects.filter(
        **{f"snapshot__answers__{code}__level__in": levels}, pk=Subquery(latest.values("pk")[:1])
    )
    judged_below = LessThan(Subquery(judged.values("level")[:1]), below)
    return Q(judged_below) | (~Q(Exists(judged)) & Q(Exists(submitted)))
