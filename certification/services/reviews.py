"""The adviser's work on a plan: claim, judge criterion by criterion, ask for changes, give back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import selectors as people
from accounts.models import User
from certification.domain import lifecycle
from certification.models import ChangeRequest, CriterionReview, Plan, Review
from certification.notifications import reviews as messages
from certification.policies import reviews as policies
from certification.selectors import reviews as selectors
from certification.selectors.reviews import CriterionCase
from certification.services import _carried
from certification.services._moves import move_plan
from core import audit, notify
from core.errors import Conflict, IllegalMove, Incomplete, InvalidInput

__all__ = [
    "LONGEST_TEXT",
    "Judgement",
    "claim",
    "draft_change_request",
    "drop_change_request",
    "release",
    "request_changes",
    "save_criterion",
]

LONGEST_TEXT: Final = 4000


@dataclass(frozen=True, slots=True)
class Judgement:
    """Either a level, or accepted as not applicable. `comment` is for the organiser to read."""

    level: int | None = None
    not_applicable: bool = False
    comment: str = ""


def claim(*, actor: User, plan_id: UUID) -> Review:
    """An adviser who gave the plan back and claims it again goes on with their own reading of it."""
    now = timezone.now()
    with transaction.atomic():
        plan = locked(plan_id)
        policies.can_claim(actor, plan, fresh=True).require()
        if plan.state == lifecycle.UNDER_REVIEW:
            raise Conflict(_already_claimed(actor, plan), current=plan)
        move_plan(plan, "claim", at=now)
        plan.reviewer = actor
        plan.save(update_fields=["state", "reviewer", "updated_at"])
        review, resumed = _open_review(actor, plan, now)
        _record(actor, "review.claimed", review, plan, {"resumed": resumed, "submission": review.submission.number})
        return review


def release(*, actor: User, plan_id: UUID) -> Plan:
    """Back to the queue. What was written stays on the file; a draft of a change request waits for the next reviewer."""
    now = timezone.now()
    with transaction.atomic():
        plan = locked(plan_id)
        policies.can_release(actor, plan, fresh=True).require()
        reviewer = plan.reviewer
        move_plan(plan, "release", at=now)
        plan.reviewer = None
        plan.save(update_fields=["state", "reviewer", "updated_at"])
        review = current_review(plan)
        review.ended_at = now
        review.save(update_fields=["ended_at"])
        _record(
            actor, "review.released", review, plan, {"reviewer": review.reviewer_id, "by_reviewer": reviewer == actor}
        )
        if reviewer is not None and reviewer != actor:
            key = f"review:{review.pk}:released:{now.isoformat()}"
            notify.send(to=reviewer, message=messages.released(plan), key=key)
        return plan


def save_criterion(
    *, actor: User, plan_id: UUID, code: str, judgement: Judgement, expected_version: int
) -> CriterionReview:
    """`expected_version` is 0 where nothing was judged yet. The judgement is bound to the answer as submitted last."""
    now = timezone.now()
    with transaction.atomic():
        plan = locked(plan_id)
        review = under_review(actor, plan)
        case = _criterion(plan, code)
        _check(judgement, case)
        known = case.judgement
        if (known.version if known else 0) != expected_version:
            raise Conflict(_("This criterion was judged in another window meanwhile. Compare, then save again."), known)
        row = known or CriterionReview(review=review, criterion_code=code, version=0)
        row.level, row.not_applicable = judgement.level, judgement.not_applicable
        row.comment, row.answer_hash = tidy(judgement.comment), case.claimed.hash
        row.version, row.updated_at = expected_version + 1, now
        row.save()
        _follow_submission(review, plan)
        _record(actor, "review.judged", row, plan, _facts_of(row, case))
        return row


def draft_change_request(*, actor: User, plan_id: UUID, code: str, message: str) -> ChangeRequest:
    """One draft for a criterion; writing again replaces its text. Nothing is sent before `request_changes`."""
    now = timezone.now()
    with transaction.atomic():
        plan = locked(plan_id)
        review = under_review(actor, plan)
        _criterion(plan, code)
        text = _text(message, "message", _("Say what is missing or needs to change"))
        draft = plan.change_requests.filter(criterion_code=code, state=ChangeRequest.State.DRAFT).first()
        request = draft or ChangeRequest(plan=plan, criterion_code=code, created_at=now)
        request.review, request.message = review, text
        request.save()
        facts = {"criterion": code, "length": len(text), "anew": draft is None}
        _record(actor, "review.change_drafted", request, plan, facts)
        return request


def drop_change_request(*, actor: User, plan_id: UUID, code: str) -> None:
    """Only a draft: what was sent stays."""
    with transaction.atomic():
        plan = locked(plan_id)
        review = under_review(actor, plan)
        dropped, _kinds = plan.change_requests.filter(criterion_code=code, state=ChangeRequest.State.DRAFT).delete()
        if not dropped:
            raise InvalidInput(_("There is no unsent change request for this criterion."), "code")
        _record(actor, "review.change_dropped", review, plan, {"criterion": code})


def request_changes(*, actor: User, plan_id: UUID) -> list[ChangeRequest]:
    """Send every draft. From here the organiser can change the named criteria, and no others, until they submit again."""
    now = timezone.now()
    with transaction.atomic():
        plan = locked(plan_id)
        review = under_review(actor, plan)
        drafts = list(plan.change_requests.filter(state=ChangeRequest.State.DRAFT).order_by("criterion_code"))
        if not drafts:
            raise Incomplete(_("Write at least one change request before you send them."))
        move_plan(plan, "request_changes", at=now)
        plan.save(update_fields=["state", "updated_at"])
        for request in drafts:
            request.review, request.state, request.sent_at = review, ChangeRequest.State.OPEN, now
            request.save(update_fields=["review", "state", "sent_at"])
        codes = [request.criterion_code for request in drafts]
        _record(actor, "plan.changes_requested", plan, plan, {"criteria": codes})
        message = messages.changes_requested(selectors.latest_submission(plan), count=len(drafts))
        for editor in people.editors_of(plan.organisation_id):
            notify.send(to=editor, message=message, key=f"changes:{drafts[0].pk}:{editor.pk}")
        return drafts


def locked(plan_id: UUID) -> Plan:
    """The row under lock, with what never changes of a plan beside it.

    The reviewer is not joined: after waiting for the lock PostgreSQL reads the plan's row again but keeps the joined one
    of before, and a plan that somebody claimed meanwhile would have a reviewer's id and no reviewer.
    """
    return (
        Plan.objects.select_for_update(of=("self",))
        .select_related("standard", "venue", "event", "project")
        .get(pk=plan_id)
    )


def current_review(plan: Plan) -> Review:
    return plan.reviews.select_related("reviewer", "submission").get(ended_at__isnull=True)


def under_review(actor: User, plan: Plan) -> Review:
    """The actor's open review of a plan that is under review now; every step of a review starts here."""
    policies.can_review(actor, plan, fresh=True).require()
    if plan.state != lifecycle.UNDER_REVIEW:
        raise IllegalMove(
            _("The plan is “%(state)s”. Its review can only be changed while it is under review.")
            % {"state": plan.get_state_display()}
        )
    return current_review(plan)


def _already_claimed(actor: User, plan: Plan) -> str:
    if plan.reviewer is None or plan.reviewer == actor:
        return _("You are reviewing this plan already.")
    return _("%(name)s is reviewing this plan already.") % {"name": plan.reviewer.name}


def _open_review(actor: User, plan: Plan, now: datetime) -> tuple[Review, bool]:
    submission = selectors.latest_submission(plan)
    former = plan.reviews.filter(reviewer=actor).order_by("-claimed_at").first()
    if former is None:
        review = Review.objects.create(plan=plan, reviewer=actor, submission=submission, claimed_at=now)
        if plan.standing:
            _carried.carry_over(review, plan, at=now)
        return review, False
    former.ended_at, former.submission = None, submission
    former.save(update_fields=["ended_at", "submission"])
    return former, True


def _criterion(plan: Plan, code: str) -> CriterionCase:
    found = selectors.case_of(plan).by_code.get(code)
    if found is None:
        raise InvalidInput(_("That criterion does not apply to this plan."), "code")
    return found


def _check(judgement: Judgement, case: CriterionCase) -> None:
    if judgement.not_applicable == (judgement.level is not None):
        raise InvalidInput(_("Choose a level"), "level")
    if judgement.not_applicable and not case.criterion.na_allowed:
        raise InvalidInput(_("This criterion cannot be left out as not applicable"), "level")
    if judgement.level is not None and judgement.level not in case.criterion.earnings:
        raise InvalidInput(_("Choose a level of the standard's scale"), "level")
    if len(tidy(judgement.comment)) > LONGEST_TEXT:
        raise InvalidInput(_("The comment must be %(most)s characters or fewer") % {"most": LONGEST_TEXT}, "comment")
    if _marks_down(judgement, case) and not tidy(judgement.comment):
        raise InvalidInput(_("Say why you judge this lower than the organiser does"), "comment")


def _marks_down(judgement: Judgement, case: CriterionCase) -> bool:
    """Lower than claimed, or claimed as not applicable and not accepted as such: the organiser is owed a reason."""
    if judgement.level is None:
        return False
    return case.claimed.not_applicable or judgement.level < (case.claimed.level or 0)


def tidy(value: str) -> str:
    """Browsers send line ends as CRLF and count them as one; kept as LF, so that limits and hashes agree."""
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()


def _text(value: str, field: str, missing: str) -> str:
    text = tidy(value)
    if not text:
        raise InvalidInput(missing, field)
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(_("Use %(most)s characters or fewer") % {"most": LONGEST_TEXT}, field)
    return text


def _follow_submission(review: Review, plan: Plan) -> None:
    submission = selectors.latest_submission(plan)
    if review.submission_id != submission.pk:
        review.submission = submission
        review.save(update_fields=["submission"])


def _facts_of(row: CriterionReview, case: CriterionCase) -> dict[str, object]:
    return {
        "criterion": row.criterion_code,
        "level": row.level,
        "not_applicable": row.not_applicable,
        "claimed": case.claimed.level,
        "answer": row.answer_hash,
        "comment_length": len(row.comment),
        "version": row.version,
    }


def _record(
    actor: User,
    action: str,
    target: Review | CriterionReview | ChangeRequest | Plan,
    plan: Plan,
    facts: dict[str, object],
) -> None:
    audit.record(actor=actor, action=action, target=target, facts=facts, case=f"plan:{plan.pk}")
