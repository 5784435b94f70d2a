"""The queue of an officer's areas, by the day on which a decision is needed. Four queries, however long it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Count, DateField, Q, QuerySet, Value
from django.db.models.functions import Coalesce, TruncWeek
from django.utils import timezone

from accounts.models import User
from accounts.selectors import authority
from certification.domain import lifecycle
from certification.models import Plan
from core import keyset

__all__ = ["AWAITING_SHOWN", "Filters", "Queue", "QueueRow", "Week", "WeekPlot", "queue_for"]

AWAITING_SHOWN: Final = 5
WEEKS_SHOWN: Final = 12
_URGENT_DAYS: Final = 14
_SOON_DAYS: Final = 42
# A plan without a date to be ready by comes after all that have one; a null could not order a keyset.
_NO_DATE: Final = date(9999, 12, 31)
_ORDER: Final = ("due", "id")
_SUBJECTS: Final = ("venue", "event", "project")
# Columns and no models: fifty rows would be two hundred of them, and take longer to make than all the rest of the page.
_SHOWN: Final = (
    *("id", "state", "needed_by", "submitted_at", "organisation_id", "organisation__name"),
    *("reviewer_id", "reviewer__name", "venue_id", "event_id"),
    *("due", "name", "town", "tier"),
)


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty means all. `who`: mine, unclaimed."""

    state: str = ""
    area: str = ""
    who: str = ""
    kind: str = ""

    @property
    def active(self) -> int:
        return sum(bool(value) for value in (self.state, self.area, self.who, self.kind))


class QueueRow(NamedTuple):
    """`days_left` None: no date. `waiting` counts days since the last submission; None while the organiser has the plan."""

    plan_id: UUID
    state: str
    kind: str
    name: str
    town: str
    tier: str
    organisation: str
    reviewer_id: UUID | None
    reviewer: str
    needed_by: date | None
    days_left: int | None
    waiting: int | None
    own_organisation: bool

    @property
    def urgency(self) -> str:
        if self.days_left is None:
            return "none"
        if self.days_left < 0:
            return "past"
        if self.days_left <= _URGENT_DAYS:
            return "urgent"
        return "soon" if self.days_left <= _SOON_DAYS else "later"


@dataclass(frozen=True, slots=True)
class Week:
    starts: date
    count: int


@dataclass(frozen=True, slots=True)
class WeekPlot:
    """Plans by the week in which they are needed: this one and the next eleven; the rest as figures."""

    weeks: tuple[Week, ...]
    before: int
    later: int
    undated: int

    @property
    def most(self) -> int:
        return max((week.count for week in self.weeks), default=0)


@dataclass(frozen=True, slots=True)
class Queue:
    """`counts` by state and `areas` are of everything in reach, whatever the filters."""

    rows: tuple[QueueRow, ...]
    newer: str | None
    older: str | None
    awaiting: tuple[QueueRow, ...]
    counts: Mapping[str, int]
    areas: Mapping[str, str]
    plot: WeekPlot
    total: int = field(default=0)


class _Group(NamedTuple):
    state: str
    area: str
    area_name: str
    week: date | None
    plans: int


def queue_for(user: User, filters: Filters, *, after: str, today: date) -> Queue:
    """The officer's own areas; for an auditor, all of them. `awaiting` fills on the unfiltered first page alone."""
    reach = _reach(user)
    page = keyset.page(_listed(_filtered(reach, user, filters)), order=_ORDER, after=after)
    groups = _groups(reach)
    counts = _by_state(groups)
    first = not after and not filters.active
    return Queue(
        rows=_rows(page.rows, user, today),
        newer=page.previous_cursor,
        older=page.next_cursor,
        awaiting=_rows(_awaiting(reach, user), user, today) if first else (),
        counts=counts,
        areas=dict(sorted({(group.area, group.area_name) for group in groups}, key=lambda pair: pair[1])),
        plot=_plot(groups, today),
        total=sum(counts.values()),
    )


def _reach(user: User) -> QuerySet[Plan]:
    open_plans = Plan.objects.filter(state__in=lifecycle.PLAN_WITH_POLICE)
    who = authority(user)
    return open_plans if who.is_auditor else open_plans.filter(area_id__in=list(who.areas))


def _filtered(plans: QuerySet[Plan], user: User, filters: Filters) -> QuerySet[Plan]:
    if filters.state:
        plans = plans.filter(state=filters.state)
    if filters.area:
        plans = plans.filter(area_id=filters.area)
    if filters.kind:
        plans = plans.filter(Q((f"{filters.kind}__isnull", False)))
    if filters.who == "mine":
        return plans.filter(reviewer=user)
    return plans.filter(reviewer__isnull=True) if filters.who == "unclaimed" else plans


def _listed(plans: QuerySet[Plan]) -> QuerySet[Plan, Any]:
    found = plans.annotate(
        due=Coalesce("needed_by", Value(_NO_DATE), output_field=DateField()),
        name=_of_subject("name"),
        town=_of_subject("town"),
        tier=_of_subject("judged_tier"),
    )
    return found.values_list(*_SHOWN, named=True)


def _of_subject(column: str) -> Coalesce:
    """Of the one that is set (a constraint sees to it)."""
    return Coalesce(*(f"{subject}__{column}" for subject in _SUBJECTS))


def _awaiting(reach: QuerySet[Plan], user: User) -> Iterable[Any]:
    """What this officer could sign: of areas where they authorise, not their own organisation's, not reviewed by them."""
    who = authority(user)
    areas = [code for code in who.areas if who.authorises(code)]
    if not areas:
        return ()
    ready = reach.filter(state=lifecycle.RECOMMENDED, area_id__in=areas).exclude(reviews__reviewer=user)
    ready = ready.exclude(organisation_id__in=list(who.organisations))
    return _listed(ready).order_by(*_ORDER)[:AWAITING_SHOWN]


def _rows(found: Iterable[Any], user: User, today: date) -> tuple[QueueRow, ...]:
    own = authority(user).organisations
    return tuple(
        QueueRow(
            plan_id=row.id,
            state=row.state,
            kind="venue" if row.venue_id else "event" if row.event_id else "project",
            name=row.name,
            town=row.town,
            tier=row.tier,
            organisation=row.organisation__name,
            reviewer_id=row.reviewer_id,
            reviewer=row.reviewer__name or "",
            needed_by=row.needed_by,
            days_left=(row.needed_by - today).days if row.needed_by else None,
            waiting=_waiting(row.state, row.submitted_at, today),
            own_organisation=row.organisation_id in own,
        )
        for row in found
    )


def _waiting(state: str, submitted_at: datetime | None, today: date) -> int | None:
    if state == lifecycle.CHANGES_REQUESTED or submitted_at is None:
        return None
    return (today - timezone.localdate(submitted_at)).days


def _groups(reach: QuerySet[Plan]) -> list[_Group]:
    """How many plans of each state, area and week: small enough to be counted further in Python."""
    found = reach.values_list("state", "area_id", "area__name", TruncWeek("needed_by"))
    return [_Group(*row) for row in found.annotate(plans=Count("id")).order_by()]


def _by_state(groups: list[_Group]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for group in groups:
        counts[group.state] += group.plans
    return counts


def _plot(groups: list[_Group], today: date) -> WeekPlot:
    this_week = today - timedelta(days=today.weekday())
    starts = [this_week + timedelta(weeks=number) for number in range(WEEKS_SHOWN)]
    by_week: Counter[date | None] = Counter()
    for group in groups:
        by_week[group.week] += group.plans
    dated = {week: count for week, count in by_week.items() if week is not None}
    return WeekPlot(
        weeks=tuple(Week(start, dated.get(start, 0)) for start in starts),
        before=sum(count for week, count in dated.items() if week < this_week),
        later=sum(count for week, count in dated.items() if week > starts[-1]),
        undated=by_week[None],
    )
