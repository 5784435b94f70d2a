"""The one writer of a material change's state, and what a plan that a change opened does to it when it ends."""

from __future__ import annotations

from certification.domain import changes
from certification.models import MaterialChange, Plan
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


_SPOKEN = {
    "raise": "A change that is “%(state)s” cannot be made a major one.",
    "lower": "A change that is “%(state)s” cannot be made a minor one.",
    "accept": "A change that is “%(state)s” cannot be accepted.",
    "refuse": "A change that is “%(state)s” cannot be refused.",
    "withdraw": "A change that is “%(state)s” cannot be withdrawn.",
}
