"""A submission is a frozen copy of all that was said, with the hash of its content and a receipt."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from certification.domain import explanation, lifecycle
from certification.domain.scoring import Score
from certification.models import ChangeRequest, Plan, Review, Submission
from certification.notifications import plans as messages
from certification.policies import plans as policies
from certification.selectors import cases, readiness, snapshots
from certification.selectors.cases import Case
from certification.services._moves import move_plan
from core import audit, notify
from core.errors import IllegalMove, Incomplete, InvalidInput

# Without the letters that are read as one another (Crockford's alphabet).
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RECEIPT_LENGTH: Final = 8
_LONGEST: Final = 120


@dataclass(frozen=True, slots=True)
class Declaration:
    """Who says that the plan is true: a person's full name, their position, and that they agreed to the words shown."""

    name: str
    position: str
    agreed: bool


def submit(*, actor: User, plan_id: UUID, declaration: Declaration) -> Submission:
    """The first time to the area's queue; after changes were asked for, back to the adviser who asked.

    Raises Incomplete (missing: what, in page order) and InvalidInput for the declaration.
    """
    with transaction.atomic():
        # The reviewer is read after the lock, not joined to it: see reviews.locked.
        plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan_id)
        policies.can_submit(actor, plan, fresh=True).require()
        if plan.state not in lifecycle.PLAN_EDITABLE:
            raise IllegalMove(
                _("A plan that is “%(state)s” cannot be submitted.") % {"state": plan.get_state_display()}
            )
        said = _declared(declaration)
        case = cases.load(plan)
        missing = readiness.blocking(case)
        if missing:
            raise Incomplete(_("The plan is not complete yet."), [item.text for item in missing])
        score = cases.score(case)
        assert score is not None  # noqa: S101 - readiness refuses a plan in which nothing applies
        now = timezone.now()
        submission = _freeze(actor, case, score, said, at=now)
        _move(plan, submission, at=now)
        _record(actor, submission, score)
        _tell(plan, submission)
        return submission


def _declared(declaration: Declaration) -> Declaration:
    name, position = " ".join(declaration.name.split()), " ".join(declaration.position.split())
    if not name:
        raise InvalidInput(_("Enter your full name"), field="name")
    if not position:
        raise InvalidInput(_("Enter your position"), field="position")
    for value, field in ((name, "name"), (position, "position")):
        if len(value) > _LONGEST:
            raise InvalidInput(_("Use %(limit)s characters or fewer") % {"limit": _LONGEST}, field=field)
    if not declaration.agreed:
        raise InvalidInput(_("Confirm that the declaration is true"), field="agreed")
    return Declaration(name, position, agreed=True)


def _freeze(actor: User, case: Case, score: Score, said: Declaration, *, at: datetime) -> Submission:
    snapshot = snapshots.of_case(case).as_json()
    return Submission.objects.create(
        plan=case.plan,
        number=Submission.objects.filter(plan=case.plan).count() + 1,
        receipt=_receipt(at),
        snapshot=snapshot,
        content_hash=snapshots.digest(snapshot),
        score=explanation.as_dict(score),
        declared_name=said.name,
        declared_position=said.position,
        submitted_by=actor,
        submitted_at=at,
    )


def _receipt(at: datetime) -> str:
    while True:
        tail = "".join(secrets.choice(_ALPHABET) for _place in range(_RECEIPT_LENGTH))
        receipt = f"WM-{timezone.localdate(at).year}-{tail}"
        if not Submission.objects.filter(receipt=receipt).exists():
            return receipt


def _move(plan: Plan, submission: Submission, *, at: datetime) -> None:
    again = plan.state == lifecycle.CHANGES_REQUESTED
    move_plan(plan, "resubmit" if again else "submit", at=at)
    plan.submitted_at = at
    plan.first_submitted_at = plan.first_submitted_at or at
    plan.save(update_fields=["state", "updated_at", "submitted_at", "first_submitted_at"])
    if again:
        Review.objects.filter(plan=plan, ended_at__isnull=True).update(submission=submission)
        ChangeRequest.objects.filter(plan=plan, state=ChangeRequest.State.OPEN).update(
            state=ChangeRequest.State.ANSWERED, answered_at=at
        )


def _record(actor: User, submission: Submission, score: Score) -> None:
    facts = {
        "number": submission.number,
        "receipt": submission.receipt,
        "content_hash": submission.content_hash,
        "outcome": score.outcome,
        "overall": score.overall_display,
    }
    audit.record(
        actor=actor, action="plan.submitted", target=submission.plan, case=f"plan:{submission.plan_id}", facts=facts
    )


def _tell(plan: Plan, submission: Submission) -> None:
    """A first submission goes to the area's advisers, a later one to the reviewer; the organisation gets its receipt."""
    for officer in messages.readers_of(plan):
        notify.send(
            to=officer, message=messages.submitted_to_police(plan), key=f"submitted:{submission.pk}:police:{officer.pk}"
        )
    for editor in messages.editors_of(plan):
        notify.send(
            to=editor, message=messages.submitted(submission), key=f"submitted:{submission.pk}:organiser:{editor.pk}"
        )
