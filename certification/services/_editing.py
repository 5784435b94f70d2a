"""Which criteria of a plan can be written now. The caller holds the plan's lock."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from certification.domain import lifecycle
from certification.models import Plan
from certification.selectors import editing
from core.errors import IllegalMove


def require_open(plan: Plan, code: str) -> None:
    """Raises IllegalMove when the plan is with the police, decided, or out for changes to other criteria only."""
    if plan.state not in lifecycle.PLAN_EDITABLE:
        raise IllegalMove(_("A plan that is “%(state)s” cannot be changed.") % {"state": plan.get_state_display()})
    if plan.state == lifecycle.DRAFT and not editing.is_open(plan, code):
        raise IllegalMove(
            _("%(code)s stands as it was judged: only what the change concerns is reviewed again.") % {"code": code}
        )
    if not editing.is_open(plan, code):
        raise IllegalMove(
            _("Only what the police adviser asked about can be changed now. %(code)s is not part of it.")
            % {"code": code}
        )


def touch(plan: Plan, *, at: datetime) -> None:
    """The list of plans shows what was worked on last."""
    plan.updated_at = at
    plan.save(update_fields=["updated_at"])
