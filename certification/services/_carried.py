"""The judgements that stand when something has changed: those of the certified plan, for answers that are the same."""

from __future__ import annotations

from datetime import datetime

from certification.models import CriterionReview, MaterialChange, Plan, Review
from certification.selectors import reviews as selectors


def carry_over(review: Review, plan: Plan, *, at: datetime) -> None:
    """Into a new review of `plan`. Where the answer or a file beside it is another now, the criterion wants judging."""
    change = MaterialChange.objects.select_related("certificate").filter(plan=plan).first()
    if change is None:
        return
    claimed = selectors.case_of(plan).by_code
    judged: dict[str, CriterionReview] = {}
    earlier = CriterionReview.objects.filter(
        review__plan_id=change.certificate.plan_id, criterion_code__in=plan.standing
    )
    for row in earlier.order_by("updated_at", "pk"):
        judged[row.criterion_code] = row
    CriterionReview.objects.bulk_create(
        CriterionReview(
            review=review,
            criterion_code=code,
            level=row.level,
            not_applicable=row.not_applicable,
            comment=row.comment,
            answer_hash=row.answer_hash,
            updated_at=at,
        )
        for code, row in judged.items()
        if code in claimed and claimed[code].claimed.hash == row.answer_hash
    )
