"""Telling holders that a certificate runs out: at 90, 60, 30 and 7 days, each once, and one message after downtime."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Membership, User
from certification.domain import cover, lifecycle
from certification.models import Certificate, Plan, Reminder
from certification.notifications import certificates as messages
from core import notify

CHUNK: Final = 500

# A renewal that is with the police, or approved, needs no nagging. One that was refused or withdrawn does.
_RENEWAL_ON_ITS_WAY: Final = (*lifecycle.PLAN_WITH_POLICE, lifecycle.APPROVED)


def sweep(*, today: date) -> int:
    """How many holders' certificates were reminded. `today` is the UK date.

    The Reminder row, written with the mail in one transaction, is what makes each milestone once. Chunks by keyset, a
    transaction each: killed anywhere, the next run goes on; run again at once, nothing is found to do.
    """
    reminded = 0
    for ids in _chunks(today):
        reminded += _remind(ids, today=today)
    return reminded


def _due(today: date) -> QuerySet[Certificate]:
    """In force, not for an event, running out within a milestone that is not yet marked, and not being renewed."""
    bands = Q()
    lower = -1
    for milestone in sorted(cover.MILESTONES):
        unmarked = ~Exists(Reminder.objects.filter(certificate=OuterRef("pk"), milestone=milestone))
        within = Q(valid_until__gt=today + timedelta(days=lower), valid_until__lte=today + timedelta(days=milestone))
        bands |= within & Q(unmarked)
        lower = milestone
    renewing = Plan.objects.filter(renews=OuterRef("pk"), state__in=_RENEWAL_ON_ITS_WAY)
    soon = Q(valid_until__gte=today, valid_until__lte=today + timedelta(days=max(cover.MILESTONES)))
    return Certificate.objects.filter(soon, bands, ~Exists(renewing), state=lifecycle.IN_FORCE, event__isnull=True)


def _chunks(today: date) -> Iterator[list[UUID]]:
    after: tuple[date, UUID] | None = None
    while True:
        found = _due(today)
        if after is not None:
            end, last = after
            found = found.filter(Q(valid_until__gt=end) | Q(valid_until=end, pk__gt=last), valid_until__gte=end)
        rows = list(found.order_by("valid_until", "pk").values_list("valid_until", "pk")[:CHUNK])
        if not rows:
            return
        after = rows[-1]
        yield [pk for _, pk in rows]


def _remind(ids: Sequence[UUID], *, today: date) -> int:
    with transaction.atomic():
        # What was found is asked again under the lock. A row that another transaction holds (it is being revoked or
        # renewed right now) is left to the next run.
        locked = _due(today).filter(pk__in=ids).select_for_update(of=("self",), skip_locked=True)
        certificates = list(locked.order_by("pk"))
        done = _marked(certificates)
        people = _editors(certificates)
        now = timezone.now()
        rows: list[Reminder] = []
        mails: list[notify.Addressed] = []
        reminded = 0
        for certificate in certificates:
            due = cover.due_milestones(
                today=today,
                valid_until=certificate.valid_until,
                decided_on=certificate.decided_on,
                done=done.get(certificate.pk, frozenset()),
            )
            rows += [Reminder(certificate=certificate, milestone=m, created_at=now) for m in due.passed]
            if due.send is None:
                continue
            reminded += 1
            message = messages.reminder(certificate, today=today)
            mails += [
                notify.Addressed(to=person, message=message, key=f"reminder:{certificate.pk}:{due.send}:{person.pk}")
                for person in people.get(certificate.organisation_id, ())
            ]
        # No ignore_conflicts: the lock makes a second row impossible, and if it were not, the mails must go with it.
        Reminder.objects.bulk_create(rows, batch_size=CHUNK)
        notify.send_all(mails)
    return reminded


def _marked(certificates: Sequence[Certificate]) -> Mapping[UUID, frozenset[int]]:
    marked: dict[UUID, set[int]] = defaultdict(set)
    for pk, milestone in Reminder.objects.filter(certificate__in=certificates).values_list(
        "certificate_id", "milestone"
    ):
        marked[pk].add(milestone)
    return {pk: frozenset(found) for pk, found in marked.items()}


def _editors(certificates: Sequence[Certificate]) -> Mapping[UUID, Sequence[User]]:
    """`accounts.selectors.editors_of` for many organisations in one query."""
    memberships = Membership.objects.filter(
        organisation_id__in={c.organisation_id for c in certificates},
        role__in=[Membership.Role.OWNER, Membership.Role.EDITOR],
        user__is_active=True,
    ).select_related("user")
    people: dict[UUID, list[User]] = defaultdict(list)
    for membership in memberships.order_by("organisation_id", "user__email"):
        people[membership.organisation_id].append(membership.user)
    return people
