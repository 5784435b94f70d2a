"""Telling holders that a certificate runs out: at 90, 60, 30 and 7 days, each once, and one message after downtime."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Count, DateTimeField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from certification.models import Reminder
from certification.notifications import reminders as messages
from certification.selectors import reminders as selectors
from core import mailings, notify, sweeps
from core.inserting import insert_from
from core.outbox import Rank

CHUNK: Final = 20_000
_IDS: Final = 2**128


@dataclass(frozen=True, slots=True)
class _Part:
    """Organisations by the range of their ids, both ends included: random ids make equal parts of about equal size."""

    first: UUID
    last: UUID


def sweep(*, today: date) -> int:
    """How many certificates' holders were told. `today` is the UK date.

    In parts with a transaction each, in which the database itself finds, marks and promises. The Reminder row, written
    with the mail, is what makes each milestone once: killed anywhere, the next run goes on; two at once share the work; run
    again at once, nothing is found to do. An organisation is in one part, since one of many certificates gets one list.
    """
    with sweeps.run("reminders") as counts:
        counts.update(certificates=0, messages=0)
        for part in _parts(selectors.due(today).count()):
            certificates, promised = _remind(part, today=today)
            counts["certificates"] += certificates
            counts["messages"] += promised
    return counts["certificates"]


def _parts(due: int) -> Iterator[_Part]:
    number = -(-due // CHUNK)
    for place in range(number):
        yield _Part(UUID(int=_IDS * place // number), UUID(int=_IDS * (place + 1) // number - 1))


def _remind(part: _Part, *, today: date) -> tuple[int, int]:
    """How many certificates, how many messages. No row is locked: what is revoked or renewed a moment later was told a
    moment before, and of two sweeps the one whose Reminder row it is promises the mail.
    """
    now = timezone.now()
    with transaction.atomic():
        due = selectors.due(today).filter(organisation_id__gte=part.first, organisation_id__lte=part.last)
        marks = due.order_by().values_list("pk", "milestone", Value(now, output_field=DateTimeField()))
        marked = len(insert_from(Reminder, ("certificate", "milestone", "created_at"), marks))
        if not marked:
            return 0, 0
        fresh = Reminder.objects.filter(
            created_at=now,
            certificate__organisation_id__gte=part.first,
            certificate__organisation_id__lte=part.last,
        )
        many = _holders_of_many(fresh)
        promised = _promise_each(fresh.exclude(certificate__organisation_id__in=many), at=now)
        return marked, promised + _promise_lists(fresh, many, today=today)


def _holders_of_many(fresh: QuerySet[Reminder]) -> list[UUID]:
    held = fresh.values_list("certificate__organisation_id").annotate(count=Count("pk")).order_by()
    return [pk for pk, _count in held.filter(count__gte=settings.REMINDER_LIST_FROM)]


def _promise_each(fresh: QuerySet[Reminder], *, at: datetime) -> int:
    member = "certificate__organisation__memberships__"
    editors = {f"{member}role__in": [Membership.Role.OWNER, Membership.Role.EDITOR], f"{member}user__is_active": True}
    key = Concat(
        Value("reminder:"),
        mailings.hexed("certificate_id"),
        Value(":"),
        Cast("milestone", CharField()),
        Value(":"),
        mailings.hexed(f"{member}user_id"),
        output_field=CharField(),
    )
    people = fresh.filter(**editors).annotate(
        mail_key=key, mail_person=F(f"{member}user_id"), mail_address=F(f"{member}user__email")
    )
    return mailings.promise(people, kind=messages.KIND, subject=_("A certificate runs out soon"), at=at)


def _promise_lists(fresh: QuerySet[Reminder], holders: Collection[UUID], *, today: date) -> int:
    if not holders:
        return 0
    lines: dict[UUID, list[messages.ListedLine]] = defaultdict(list)
    for mark in fresh.filter(certificate__organisation_id__in=holders).select_related("certificate").order_by("pk"):
        found = mark.certificate
        line = messages.ListedLine(found.pk, found.number, found.subject_name, found.valid_until)
        lines[found.organisation_id].append(line)
    members = selectors.editing_members().filter(organisation_id__in=holders).select_related("user")
    people: dict[UUID, list[User]] = defaultdict(list)
    for member in members.order_by("pk"):
        people[member.organisation_id].append(member.user)
    return notify.send_all(
        [
            # The first of them names the list: it is reminded of a milestone once.
            notify.Addressed(to=person, message=message, key=f"reminders:{today}:{held[0].certificate_id}:{person.pk}")
            for organisation_id, held in lines.items()
            for message in [messages.listed(held, today=today)]
            for person in people[organisation_id]
        ],
        rank=Rank.MANY,
    )
