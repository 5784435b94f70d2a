"""The queue as it is printed: every word of a row made ready, since a template takes several times as long over each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from certification.selectors.queue import QueueRow
from certification.templatetags.review import kind_words
from core.govuk import formats, statuses
from core.http import routes

Printed = dict[str, object]
_COLOURS: Final = {"past": "red", "urgent": "red", "soon": "orange"}


def printed(rows: Iterable[QueueRow], *, viewer: UUID) -> list[Printed]:
    """Dictionaries, in which a template finds a name at its first try."""
    address = routes.to_each("certification:review")
    # Said once, not in each of fifty rows.
    tier, you, free, undated, passed = _("tier"), _("You"), _("Not claimed"), _("No date"), _("date passed")
    return [
        {
            "needed": formats.uk_date(row.needed_by) or undated,
            "days": _days(row, passed),
            "colour": _COLOURS.get(row.urgency, ""),
            "url": "" if row.own_organisation else address(row.plan_id),
            "name": row.name,
            "about": f"{capfirst(kind_words(row.kind))}, {row.tier_words} {tier} · {row.town} · {row.organisation}",
            "state": statuses.tag(row.state_words, statuses.status_colour(row.state)),
            "mine": row.reviewer_id == viewer,
            "reviewer": you if row.reviewer_id == viewer else row.reviewer or free,
            "waiting": row.waiting_words,
        }
        for row in rows
    ]


def _days(row: QueueRow, passed: str) -> str:
    if row.days_left is None:
        return ""
    return passed if row.urgency == "past" else formats.day_count(row.days_left)
