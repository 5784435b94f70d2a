"""Whom the reminders' sweep would tell of what, on a given day. The sweep and its preview ask the same query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    PositiveSmallIntegerField,
    Q,
    QuerySet,
    Value,
    When,
)

from accounts.models import Membership
from certification.domain import cover, lifecycle
from certification.models import Certificate, Plan, Reminder

# A renewal that is with the police, or approved, needs no nagging. One that was refused or withdrawn does.
_RENEWAL_ON_ITS_WAY = (*lifecycle.PLAN_WITH_POLICE, lifecycle.APPROVED)


def due(today: date) -> QuerySet[Certificate]:
    """Certificates whose holders are to be told today, each with its `milestone`; the rule is `cover.due_milestones`.

    In force or suspended (a suspended one ends on its day all the same, and may be back by then); not for an event, which
    ends with it; not being renewed; the milestone later than the decision and not yet marked.
    """
    nearest = [When(valid_until__lte=today + timedelta(days=m), then=Value(m)) for m in sorted(cover.MILESTONES)]
    marked = Reminder.objects.filter(certificate=OuterRef("pk"), milestone=OuterRef("milestone"))
    renewing = Plan.objects.filter(renews=OuterRef("pk"), state__in=_RENEWAL_ON_ITS_WAY)
    soon = Q(valid_until__gte=today, valid_until__lte=today + timedelta(days=max(cover.MILESTONES)))
    running = Certificate.objects.filter(soon, state__in=lifecycle.CERTIFICATE_STANDING, event__isnull=True)
    return (
        running.annotate(milestone=Case(*nearest, output_field=PositiveSmallIntegerField()))
        .filter(_says_something_new())
        .filter(~Exists(marked), ~Exists(renewing))
    )


def _says_something_new() -> Q:
    """What was known when the certificate was signed (one issued for six weeks) is not told again."""
    later = Q()
    for milestone in cover.MILESTONES:
        day = ExpressionWrapper(F("valid_until") - timedelta(days=milestone), output_field=DateField())
        later |= Q(milestone=milestone, decided_on__lt=day)
    return later


@dataclass(frozen=True, slots=True)
class Line:
    """Of one police area: how many certificates at each of `cover.MILESTONES`, in their order."""

    area: str
    counts: tuple[int, ...]

    @property
    def by_milestone(self) -> tuple[tuple[int, int], ...]:
        return tuple(zip(cover.MILESTONES, self.counts, strict=True))

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Preview:
    """`lists`: organisations that get one list instead of a message for each certificate."""

    day: date
    lines: tuple[Line, ...]
    totals: tuple[int, ...]
    organisations: int
    lists: int
    messages: int

    @property
    def certificates(self) -> int:
        return sum(self.totals)


def preview(day: date) -> Preview:
    """What a sweep on that day would send if it ran now: numbers alone. Three queries."""
    found: QuerySet[Any] = due(day)
    rows = list(found.values_list("area__name", "milestone").annotate(count=Count("pk")).order_by("area__name"))
    areas = dict.fromkeys(area for area, _milestone, _count in rows)
    counted = {(area, milestone): count for area, milestone, count in rows}
    lines = [Line(area, tuple(counted.get((area, m), 0) for m in cover.MILESTONES)) for area in areas]
    held = dict(found.values_list("organisation_id").annotate(count=Count("pk")).order_by())
    return Preview(
        day=day,
        lines=tuple(lines),
        totals=tuple(sum(line.counts[place] for line in lines) for place in range(len(cover.MILESTONES))),
        organisations=len(held),
        lists=sum(count >= settings.REMINDER_LIST_FROM for count in held.values()),
        messages=sum(
            people * (1 if held[pk] >= settings.REMINDER_LIST_FROM else held[pk])
            for pk, people in _editors_counted(found).items()
        ),
    )


def _editors_counted(found: QuerySet[Certificate]) -> dict[object, int]:
    editors = editing_members().filter(organisation_id__in=found.values("organisation_id"))
    return dict(editors.values_list("organisation_id").annotate(count=Count("pk")).order_by())


def editing_members() -> QuerySet[Membership]:
    """Owners and editors with an account that is open: `accounts.selectors.editors_of` for many organisations."""
    return Membership.objects.filter(role__in=[Membership.Role.OWNER, Membership.Role.EDITOR], user__is_active=True)


def sample_of(day: date) -> Certificate | None:
    """One that would be among them, for a look at the words of its message."""
    return due(day).order_by("valid_until", "pk").first()
