"""The queue as it is printed: every word of a row made ready, since a template takes several times as long over each."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Final, TypeVar
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certification.models import Plan
from certification.selectors.queue import QueueRow
from certification.templatetags.review import kind_words
from core.govuk import formats, statuses
from core.http import routes
from core.labels import label
from events.models.subjects import JudgedTier

Printed = dict[str, object]
_COLOURS: Final = {"past": "red", "urgent": "red", "soon": "orange"}

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def printed(rows: Sequence[QueueRow], *, viewer: UUID) -> list[Printed]:
    """Dictionaries, in which a template finds a name at its first try."""
    address = routes.to_each("certification:review")
    tier, you, free, undated = _("tier"), _("You"), _("Not claimed"), _("No date")
    states = _once(_state, (row.state for row in rows))
    kinds = _once(_kind, (row.kind for row in rows))
    tiers = _once(lambda value: label(JudgedTier, value), (row.tier for row in rows))
    days = _once(_days, (row.days_left for row in rows))
    waiting = _once(_waiting, (row.waiting for row in rows))
    return [
        {
            "needed": formats.uk_date(row.needed_by) or undated,
            "days": days[row.days_left],
            "colour": _COLOURS.get(row.urgency, ""),
            "url": "" if row.own_organisation else address(row.plan_id),
            "name": row.name,
            "about": f"{kinds[row.kind]}, {tiers[row.tier]} {tier} · {row.town} · {row.organisation}",
            "state": states[row.state],
            "mine": row.reviewer_id == viewer,
            "reviewer": you if row.reviewer_id == viewer else row.reviewer or free,
            "waiting": waiting[row.waiting],
        }
        for row in rows
    ]


def _once(words: Callable[[K], V], said: Iterable[K]) -> dict[K, V]:
    """By what is said: fifty rows say the same few things, and looking words up costs more than the rest of a cell."""
    return {each: words(each) for each in set(said)}


def _state(state: str) -> SafeString:
    return statuses.tag(label(Plan.State, state), statuses.status_colour(state))


def _kind(kind: str) -> str:
    return capfirst(kind_words(kind))


def _days(left: int | None) -> str:
    if left is None:
        return ""
    return _("date passed") if left < 0 else formats.day_count(left)


def _waiting(days: int | None) -> str:
    if days is None:
        return _("With the organiser")
    return ngettext("%d day", "%d days", days) % days if days > 0 else _("Since today")
