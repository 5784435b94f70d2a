"""A plan as its reviewer sees it: the organiser's frozen answers, the reviewer's levels beside them, the score of both.

Everything is read from the latest submission; the organiser's live rows are never shown to the police.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal

from django.db.models import QuerySet

from certification.domain.scoring import Answer, AnswersError, Score, score
from certification.domain.standard import Criterion, Section, Standard
from certification.models import ChangeRequest, CriterionReview, Plan, Review, Submission
from certification.selectors import snapshots, standards
from certification.selectors.snapshots import Snapshot, SnapshotAnswer

__all__ = [
    "CriterionCase",
    "ReviewCase",
    "SectionCase",
    "Status",
    "case_of",
    "latest_submission",
    "plan_with_subject",
    "with_subject",
]

Status = Literal["to_judge", "changed", "judged"]
_UNANSWERED = SnapshotAnswer(level=None, not_applicable=False, reason="", account="", evidence=())


@dataclass(frozen=True, slots=True)
class CriterionCase:
    """One criterion that applies. `earlier`: what a former reviewer of this plan judged, newest first."""

    criterion: Criterion
    obligation: str
    claimed: SnapshotAnswer
    judgement: CriterionReview | None
    earlier: tuple[CriterionReview, ...]
    request: ChangeRequest | None
    answered_request: ChangeRequest | None

    @property
    def code(self) -> str:
        return self.criterion.code

    @property
    def status(self) -> Status:
        """`changed`: judged, but the answer or a file beside it is another now."""
        if self.judgement is None:
            return "to_judge"
        return "judged" if self.judgement.answer_hash == self.claimed.hash else "changed"

    @property
    def settled(self) -> bool:
        return self.status == "judged"

    @property
    def differs(self) -> bool:
        """The reviewer's standing level is not the organiser's."""
        judged = self.judgement
        if judged is None or not self.settled:
            return False
        return (judged.level, judged.not_applicable) != (self.claimed.level, self.claimed.not_applicable)


@dataclass(frozen=True, slots=True)
class SectionCase:
    section: Section
    criteria: tuple[CriterionCase, ...]

    @property
    def settled(self) -> int:
        return sum(case.settled for case in self.criteria)


@dataclass(frozen=True)
class ReviewCase:
    """`review` is the current one, or the last; None when nobody has claimed the plan yet."""

    plan: Plan
    submission: Submission
    previous: Submission | None
    snapshot: Snapshot
    standard: Standard
    review: Review | None
    criteria: tuple[CriterionCase, ...]
    requests: tuple[ChangeRequest, ...] = field(default=())

    @cached_property
    def by_code(self) -> Mapping[str, CriterionCase]:
        return {case.code: case for case in self.criteria}

    @cached_property
    def sections(self) -> tuple[SectionCase, ...]:
        """Sections in which nothing applies are left out."""
        found = (
            SectionCase(section, tuple(case for case in self.criteria if case.criterion.section == section.code))
            for section in self.standard.sections
        )
        return tuple(section for section in found if section.criteria)

    @cached_property
    def unsettled(self) -> tuple[CriterionCase, ...]:
        return tuple(case for case in self.criteria if not case.settled)

    @cached_property
    def drafts(self) -> tuple[ChangeRequest, ...]:
        return tuple(item for item in self.requests if item.state == ChangeRequest.State.DRAFT)

    @cached_property
    def claimed_score(self) -> Score | None:
        return self._score({case.code: _claimed(case) for case in self.criteria})

    @cached_property
    def running_score(self) -> Score | None:
        """The reviewer's levels where judged, the organiser's elsewhere; None when all is judged not applicable."""
        return self._score({case.code: _judged(case) if case.settled else _claimed(case) for case in self.criteria})

    def judged_score(self) -> Score:
        """Of the reviewer's levels alone. Raises AnswersError where no criterion is left to score."""
        answers = {case.code: _judged(case) for case in self.criteria if case.settled}
        return score(self.standard, self.snapshot.facts, answers)

    def neighbours(self, code: str) -> tuple[str, str]:
        """The criteria before and after in page order, empty at the ends."""
        codes = [case.code for case in self.criteria]
        at = codes.index(code)
        return (codes[at - 1] if at else "", codes[at + 1] if at + 1 < len(codes) else "")

    def next_unsettled(self, code: str) -> str:
        """The next criterion after `code` that wants judging, going round; empty when none does."""
        codes = [case.code for case in self.criteria]
        at = codes.index(code)
        turn = (*self.criteria[at + 1 :], *self.criteria[:at])
        return next((case.code for case in turn if not case.settled), "")

    def _score(self, answers: Mapping[str, Answer]) -> Score | None:
        try:
            return score(self.standard, self.snapshot.facts, answers)
        except AnswersError:
            return None


def plan_with_subject(plan_id: uuid.UUID) -> Plan:
    return with_subject(Plan.objects.all()).get(pk=plan_id)


def with_subject(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """Not the standard's text, which is kept compiled: reading it takes longer than the rest."""
    found = plans.select_related("standard", "venue", "event", "project", "organisation", "area", "reviewer")
    return found.defer("standard__document")


def latest_submission(plan: Plan) -> Submission:
    """The one under review. The caller knows that the plan was submitted."""
    return plan.submissions.order_by("-number")[0]


def case_of(plan: Plan) -> ReviewCase:
    """Four queries over `plan` with its standard loaded: submissions, reviews, judgements, change requests."""
    current, previous = [*plan.submissions.select_related("submitted_by").order_by("-number")[:2], None][:2]
    assert current is not None  # noqa: S101 - the caller knows that the plan was submitted
    reviews = list(plan.reviews.select_related("reviewer").order_by("ended_at", "-claimed_at"))
    review = _current(reviews)
    snapshot = snapshots.read(current)
    standard = standards.compiled(plan.standard)
    requests = tuple(plan.change_requests.order_by("criterion_code", "-pk"))
    return ReviewCase(
        plan=plan,
        submission=current,
        previous=previous,
        snapshot=snapshot,
        standard=standard,
        review=review,
        criteria=_criteria(standard, snapshot, requests, _judgements(reviews, review)),
        requests=requests,
    )


def _current(reviews: list[Review]) -> Review | None:
    """The open one, else the one that ended last. Databases disagree on where a null sorts, so Python decides."""
    running = [review for review in reviews if review.ended_at is None]
    if running:
        return running[0]
    ended: list[tuple[datetime, Review]] = [(review.ended_at, review) for review in reviews if review.ended_at]
    return max(ended, key=lambda pair: pair[0])[1] if ended else None


@dataclass(frozen=True, slots=True)
class _Judgements:
    mine: Mapping[str, CriterionReview]
    earlier: Mapping[str, tuple[CriterionReview, ...]]


def _judgements(reviews: list[Review], current: Review | None) -> _Judgements:
    mine: dict[str, CriterionReview] = {}
    earlier: dict[str, tuple[CriterionReview, ...]] = {}
    if not reviews:
        return _Judgements(mine, earlier)
    known = {review.pk: review for review in reviews}
    rows = CriterionReview.objects.filter(review__in=list(known)).order_by("-updated_at", "-pk")
    for row in rows:
        row.review = known[row.review_id]
        if current is not None and row.review_id == current.pk:
            mine[row.criterion_code] = row
        else:
            earlier[row.criterion_code] = (*earlier.get(row.criterion_code, ()), row)
    return _Judgements(mine, earlier)


def _criteria(
    standard: Standard, snapshot: Snapshot, requests: tuple[ChangeRequest, ...], judgements: _Judgements
) -> tuple[CriterionCase, ...]:
    found = standard.applicability(snapshot.facts)
    live = {item.criterion_code: item for item in requests if item.state != ChangeRequest.State.ANSWERED}
    answered: dict[str, ChangeRequest] = {}
    for item in requests:
        if item.state == ChangeRequest.State.ANSWERED:
            answered.setdefault(item.criterion_code, item)
    return tuple(
        CriterionCase(
            criterion=criterion,
            obligation=obligation,
            claimed=snapshot.answers.get(criterion.code, _UNANSWERED),
            judgement=judgements.mine.get(criterion.code),
            earlier=judgements.earlier.get(criterion.code, ()),
            request=live.get(criterion.code),
            answered_request=answered.get(criterion.code),
        )
        for criterion, applies, obligation in zip(standard.criteria, found.applies, found.obligations, strict=True)
        if applies
    )


def _claimed(case: CriterionCase) -> Answer:
    if case.claimed.not_applicable:
        return Answer(na=True, reason=case.claimed.reason)
    return Answer(level=case.claimed.level)


def _judged(case: CriterionCase) -> Answer:
    judged = case.judgement
    if judged is None:
        return Answer()
    if judged.not_applicable:
        return Answer(na=True, reason=case.claimed.reason or judged.comment or "accepted on review")
    return Answer(level=judged.level)
