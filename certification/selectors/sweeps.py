"""The sweeps by the names that people know them by."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from core import sweeps


def name_of(kind: str) -> str:
    return {
        "reminders": _("Reminders to holders"),
        "expiry": _("Expiry of certificates"),
        "overviews": _("Monthly overviews"),
    }.get(kind, kind)


def overdue() -> tuple[str, ...]:
    """Those that did not run when they should have."""
    return tuple(name_of(one.kind) for one in sweeps.health(now=timezone.now()) if one.overdue)
