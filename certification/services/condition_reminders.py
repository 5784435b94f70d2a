"""Telling holders that a condition falls due: 14 and 3 days before and the day after, each once for a date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Membership, User
from certification.domain import conditions as rules
from certification.models import CertificateCondition, ConditionDischarge, ConditionReminder
from certification.notifications import conditions as messages
from core import notify
from core.outbox import Rank

CHUNK: Final = 500


def sweep(*, today: date) -> int:
    """How many conditions their holders were reminded of. `today` is the UK date.

    As services.reminders: the row, written with the mail in one transaction, is what makes it once; chunks by keyset, a
    transaction each, so that a run that is cut off is gone on with.
    """
    return sum(_remind(ids, today=today) for ids in _chunks(today))


def _due(today: date) -> QuerySet[CertificateCondition]:
    """Within a milestone that is not marked for the present date, and not with the police: they have the next word."""
    bands = Q()
    for nearer, milestone in zip((3, -1, None), rules.MILESTONES, strict=True):
        marks = ConditionReminder.objects.filter(
            condition=OuterRef("pk"), due_on=OuterRef("due_on"), milestone=milestone
        )
        within = Q(due_on__lte=today + timedelta(days=milestone))
        if nearer is not None:
            within &= Q(due_on__gt=today + timedelta(days=nearer))
        bands |= within & ~Q(Exists(marks))
    waiting = ConditionDischarge.objects.filter(condition=OuterRef("pk"), state=rules.SUBMITTED)
    soon = Q(due_on__lte=today + timedelta(days=max(rules.MILESTONES)))
    return CertificateCondition.objects.asked_for(today).filter(soon, bands, ~Exists(waiting))


def _chunks(today: date) -> Iterator[list[int]]:
    after: tuple[date, int] | None = None
    while True:
        found = _due(today)
        if after is not None:
            day, last = after
            found = found.filter(Q(due_on__gt=day) | Q(due_on=day, pk__gt=last), due_on__gte=day)
        rows = list(found.order_by("due_on", "pk").values_list("due_on", "pk")[:CHUNK])
        if not rows:
            return
        after = rows[-1]
        yield [pk for _, pk in rows]


def _remind(ids: Sequence[int], *, today: date) -> int:
    with transaction.atomic():
        # Asked again under the lock; a row that somebody is deciding on right now is left to the next run.
        locked = _due(today).filter(pk__in=ids).select_for_update(of=("self",), skip_locked=True)
        conditions = list(locked.select_related("certificate", "owner").order_by("pk"))
        done = _marked(conditions)
        members = _members(conditions)
        now = timezone.now()
        rows: list[ConditionReminder] = []
        mails: list[notify.Addressed] = []
        reminded = 0
        for condition in conditions:
            due = rules.due_reminders(
                today=today, due_on=condition.due_on, since=_since(condition), done=done.get(condition.pk, frozenset())
            )
            rows += [
                ConditionReminder(condition=condition, due_on=condition.due_on, milestone=m, created_at=now)
                for m in due.passed
            ]
            if due.send is None:
                continue
            reminded += 1
            mails += _mails(condition, due.send, members.get(condition.certificate.organisation_id, ()), today)
        ConditionReminder.objects.bulk_create(rows, batch_size=CHUNK)
        notify.send_all(mails, rank=Rank.MANY)
    return reminded


def _mails(
    condition: CertificateCondition, milestone: int, members: Sequence[Membership], today: date
) -> Iterator[notify.Addressed]:
    message = messages.reminder(condition, today=today)
    key = f"condition-reminder:{condition.pk}:{condition.due_on.isoformat()}:{milestone}"
    for member in members:
        if member.role != Membership.Role.VIEWER or member.user_id == condition.owner_id:
            person: User = member.user
            yield notify.Addressed(to=person, message=message, key=f"{key}:{person.pk}")


def _since(condition: CertificateCondition) -> date:
    changed = condition.due_set_at
    return condition.certificate.decided_on if changed is None else timezone.localdate(changed)


def _marked(conditions: Sequence[CertificateCondition]) -> Mapping[int, frozenset[int]]:
    marked: dict[int, set[int]] = defaultdict(set)
    of_present_date = ConditionReminder.objects.filter(condition__in=conditions, due_on=F("condition__due_on"))
    for pk, milestone in of_present_date.values_list("condition_id", "milestone"):
        marked[pk].add(milestone)
    return {pk: frozenset(found) for pk, found in marked.items()}


def _members(conditions: Sequence[CertificateCondition]) -> Mapping[UUID, Sequence[Membership]]:
    """Every active member of the holders, a viewer too: one may be a condition's owner."""
    organisations = {condition.certificate.organisation_id for condition in conditions}
    found: dict[UUID, list[Membership]] = defaultdict(list)
    memberships = Membership.objects.filter(organisation_id__in=organisations, user__is_active=True)
    for membership in memberships.select_related("user").order_by("organisation_id", "user__email"):
        found[membership.organisation_id].append(membership)
    return found
