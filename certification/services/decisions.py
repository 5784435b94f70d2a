"""The signature. One officer signs or sends back, under the plan's lock; whoever comes second is told who was first."""

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
from certification.domain import departures, lifecycle
from certification.domain.departures import Condition
from certification.models import Decision, Plan, Recommendation
from certification.notifications import reviews as messages
from certification.policies import reviews as policies
from certification.selectors import decisions as selectors
from certification.selectors import reviews as cases
from certification.selectors.standing import NOTHING, Standing, standing_of
from certification.services import _changes, _outcomes, certificates, reviews
from certification.services._moves import move_plan
from core import audit, notify
from core.errors import Conflict, IllegalMove, InvalidInput

__all__ = ["LONGEST_NOTE", "DecisionInput", "send_back", "sign"]

LONGEST_NOTE: Final = 4000


@dataclass(frozen=True, slots=True)
class DecisionInput:
    """`note` and `departure_reason` are read by the organiser.

    `recommendation_id` is the recommendation that the officer had before them; None takes whichever is current.
    """

    outcome: str
    departure_reason: str = ""
    note: str = ""
    conditions: tuple[Condition, ...] = ()
    recommendation_id: int | None = None


def sign(*, actor: User, plan_id: UUID, decision: DecisionInput) -> Decision:
    """Approve or refuse. An approval makes its certificate's row in this transaction; the document follows."""
    now = timezone.now()
    with transaction.atomic():
        plan = reviews.locked(plan_id)
        policies.can_decide(actor, plan, fresh=True).require()
        recommendation = _recommendation(plan, decision.recommendation_id)
        case = cases.case_of(plan)
        replaced = certificates.replaced_by(plan)
        standing = standing_of(case, replaced.line)
        outcome = _outcomes.checked(
            case,
            case.judged_score(),
            standing,
            outcome=decision.outcome,
            departure_reason=decision.departure_reason,
            conditions=decision.conditions,
        )
        refused = outcome.outcome == departures.REFUSE
        move_plan(plan, "refuse" if refused else "approve", at=now)
        plan.save(update_fields=["state", "updated_at"])
        plan.reviews.filter(ended_at__isnull=True).update(ended_at=now)
        made = Decision.objects.create(
            plan=plan,
            recommendation=recommendation,
            outcome=outcome.outcome,
            engine_outcome=outcome.called_for,
            departure_reason=outcome.departure_reason,
            note=_note(decision.note),
            conditions=[condition.as_dict() for condition in outcome.conditions],
            recommended_by_id=recommendation.recommended_by_id,
            decided_by=actor,
            decided_at=now,
        )
        _record_decision(actor, made, NOTHING if refused else standing)
        if refused:
            _tell_organisation(plan, made)
        else:
            certificates.create_for(decision=made, replaced=replaced, standing=standing)
        # After the certificate's lock: whoever issues another takes them in that order.
        _changes.settle(plan, "refuse" if refused else "accept")
        return made


def send_back(*, actor: User, plan_id: UUID, reason: str) -> Recommendation:
    """To the reviewer, who keeps the plan. The recommendation stays on the file with the reason."""
    now = timezone.now()
    with transaction.atomic():
        plan = reviews.locked(plan_id)
        policies.can_decide(actor, plan, fresh=True).require()
        recommendation = _recommendation(plan, None)
        text = _reason(reason)
        move_plan(plan, "send_back", at=now)
        plan.save(update_fields=["state", "updated_at"])
        _supersede(recommendation, actor, text, now)
        facts = {"outcome": recommendation.outcome, "reason_length": len(text)}
        audit.record(actor=actor, action="plan.sent_back", target=recommendation, facts=facts, case=f"plan:{plan.pk}")
        notify.send(
            to=recommendation.recommended_by,
            message=messages.sent_back(plan),
            key=f"recommendation:{recommendation.pk}:sent-back",
        )
        return recommendation


def _recommendation(plan: Plan, expected: int | None) -> Recommendation:
    if plan.state in lifecycle.PLAN_DECIDED:
        decided = Decision.objects.select_related("decided_by").get(plan=plan)
        message = _("%(name)s has decided on this plan already: %(outcome)s.")
        raise Conflict(
            message % {"name": decided.decided_by.name, "outcome": decided.get_outcome_display()}, current=decided
        )
    current = selectors.current_recommendation(plan)
    if plan.state != lifecycle.RECOMMENDED or current is None:
        raise IllegalMove(
            _("The plan is “%(state)s”. Only a plan that awaits a signature can be decided on.")
            % {"state": plan.get_state_display()}
        )
    if expected is not None and current.pk != expected:
        raise Conflict(_("The recommendation changed since you opened this page. Read the new one first."), current)
    return current


def _supersede(recommendation: Recommendation, actor: User, reason: str, at: datetime) -> None:
    recommendation.superseded_at, recommendation.sent_back_by = at, actor
    recommendation.sent_back_reason = reason
    recommendation.save(update_fields=["superseded_at", "sent_back_by", "sent_back_reason"])


def _reason(value: str) -> str:
    text = reviews.tidy(value)
    if not text:
        raise InvalidInput(_("Say why you send the recommendation back"), "reason")
    if len(text) > LONGEST_NOTE:
        raise InvalidInput(_("Use %(most)s characters or fewer") % {"most": LONGEST_NOTE}, "reason")
    return text


def _note(value: str) -> str:
    text = reviews.tidy(value)
    if len(text) > LONGEST_NOTE:
        raise InvalidInput(_("The note must be %(most)s characters or fewer") % {"most": LONGEST_NOTE}, "note")
    return text


def _record_decision(actor: User, made: Decision, standing: Standing) -> None:
    facts = {
        "outcome": made.outcome,
        "engine_outcome": made.engine_outcome,
        "recommended": made.recommendation.outcome,
        "departs": bool(made.departure_reason),
        "conditions": [item["code"] for item in made.conditions],
        **standing.facts,
        "overall": made.recommendation.score["overall"],
        "content_hash": made.recommendation.submission.content_hash,
    }
    audit.record(actor=actor, action="plan.decided", target=made, facts=facts, case=f"plan:{made.plan_id}")


def _tell_organisation(plan: Plan, made: Decision) -> None:
    message = messages.refused(made.recommendation.submission)
    for editor in people.editors_of(plan.organisation_id):
        notify.send(to=editor, message=message, key=f"decision:{made.pk}:{editor.pk}")
