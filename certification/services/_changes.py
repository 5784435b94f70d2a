"""The one writer of a material change's state, and what a plan that a change opened does to it when it ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from certification.domain import changes
from certification.models import Certificate, MaterialChange, Plan
from core import audit
from core.errors import IllegalMove


def move(change: MaterialChange, action: str) -> None:
    """In memory; the caller saves. Raises IllegalMove."""
    after = changes.after(change.state, action)
    if after is None:
        raise IllegalMove(_SPOKEN[action] % {"state": change.get_state_display()})
    change.state = after


def settle(plan: Plan, action: str) -> None:
    """Called by whoever decides on or withdraws a plan, under its lock. Nothing happens where no change opened it."""
    change = MaterialChange.objects.select_for_update(of=("self",)).filter(plan=plan, state=changes.OPEN).first()
    if change is not None:
        move(change, action)
        change.save(update_fields=["state"])


def go_along(made: Certificate, gone: Sequence[Certificate]) -> None:
    """In the transaction in which `made` takes the place of `gone`, all of them locked: what was told of those and still
    counts was told of this one. What is open, therefore; and what is recorded, as long as the decision is the same, since
    the next decision has seen it. Another holder's is not told of what the one before had said.
    """
    same_decision = Q(state=changes.RECORDED, certificate__decision_id=made.decision_id)
    told = MaterialChange.objects.filter(Q(state=changes.OPEN) | same_decision, certificate__in=gone)
    mine = told.filter(certificate__organisation_id=made.organisation_id)
    for change in mine.select_for_update(of=("self",)).select_related("certificate").order_by("pk"):
        before, change.certificate = change.certificate, made
        change.save(update_fields=["certificate"])
        audit.record(
            actor=None,
            action="change.went_along",
            target=change,
            facts={"certificate": made.number, "before": before.number},
            case=f"plan:{made.plan_id}",
        )


def require_cover(plan: Plan, standing: Certificate | None, *, today: date) -> None:
    """A change is judged for a certificate: where that is over, there is nothing that its plan could go on with. Raises
    IllegalMove; to refuse or to withdraw the plan is still possible.
    """
    if standing is not None and standing.valid_until >= today:
        return
    if MaterialChange.objects.filter(plan=plan).exists():
        raise IllegalMove(
            _(
                "The certificate that this change is about has ended, and only what the change concerns was reviewed. "
                "Refuse it; the holder can begin a new plan."
            )
        )


_SPOKEN = {
    "raise": "A change that is “%(state)s” cannot be made a major one.",
    "lower": "A change that is “%(state)s” cannot be made a minor one.",
    "accept": "A change that is “%(state)s” cannot be accepted.",
    "refuse": "A change that is “%(state)s” cannot be refused.",
    "withdraw": "A change that is “%(state)s” cannot be withdrawn.",
}
