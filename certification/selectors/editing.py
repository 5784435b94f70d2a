"""Which criteria the organiser can write: all of a draft, but what stands from the plan before where something has
changed; of a plan out for changes, those that were asked about.
"""

from __future__ import annotations

from collections.abc import Collection

from certification.domain import lifecycle
from certification.models import ChangeRequest, Plan, Submission


def is_open(plan: Plan, code: str) -> bool:
    """One criterion that applies to the plan's subject as it stands."""
    if plan.state == lifecycle.DRAFT:
        return code not in plan.standing
    if plan.state != lifecycle.CHANGES_REQUESTED:
        return False
    asked = ChangeRequest.objects.filter(plan=plan, criterion_code=code, state=ChangeRequest.State.OPEN)
    return asked.exists() or code not in submitted_codes(plan)


def open_codes(plan: Plan, applying: Collection[str], asked: Collection[str]) -> frozenset[str]:
    """The same of all criteria that apply; `asked` are those with an open change request.

    A criterion that was not in the last submission is open too: the subject changed meanwhile and it applies only now,
    and without an answer to it the plan could never be submitted again.
    """
    if plan.state == lifecycle.DRAFT:
        return frozenset(applying) - frozenset(plan.standing)
    if plan.state != lifecycle.CHANGES_REQUESTED:
        return frozenset()
    return frozenset(applying) & (frozenset(asked) | (frozenset(applying) - submitted_codes(plan)))


def submitted_codes(plan: Plan) -> frozenset[str]:
    last = Submission.objects.filter(plan=plan).order_by("-number").values_list("snapshot", flat=True).first()
    return frozenset(last["answers"]) if last is not None else frozenset()
