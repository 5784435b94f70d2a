"""What time brings to a response: certificates end, others are issued, half the time passes, then all of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Appointment, Membership, User
from advisories.domain import threat
from advisories.models import ThreatConfirmation, ThreatNotice, ThreatResponse
from advisories.notifications import threat as messages
from advisories.services import responses, threat_answers
from certification.domain import lifecycle
from certification.models import Certificate
from core import audit, notify
from core.notify import Message
from core.outbox import Rank

__all__ = ["Swept", "sweep"]

CHUNK: Final = 500
_CHASER: Final = ThreatNotice.Kind.CHASER
_OVERDUE: Final = ThreatNotice.Kind.OVERDUE


@dataclass(frozen=True, slots=True)
class Swept:
    """How many rows each step took."""

    closed: int = 0
    asked: int = 0
    chased: int = 0
    raised: int = 0


def sweep(*, now: datetime) -> Swept:
    """In chunks with a transaction each. Killed anywhere, the next run goes on; run again at once, it finds nothing."""
    closed = asked = chased = raised = 0
    for response in ThreatResponse.objects.filter(ended_at__isnull=True).order_by("zone"):
        closed += sum(_close(response, ids, now) for ids in _chunks(_ended(response, now)))
        asked += _ask_newcomers(response, now)
        # First what is over: a holder of whom half-time was missed is not told to hurry and that it is too late.
        raised += sum(_tell(response, ids, _OVERDUE, now) for ids in _chunks(_late(response, now)))
        chased += sum(_tell(response, ids, _CHASER, now) for ids in _chunks(_half_way(response, now)))
    return Swept(closed, asked, chased, raised)


def _outstanding(response: ThreatResponse) -> QuerySet[ThreatConfirmation]:
    return ThreatConfirmation.objects.filter(response=response, state__in=threat.OUTSTANDING)


def _ended(response: ThreatResponse, now: datetime) -> QuerySet[ThreatConfirmation]:
    over = ~Q(certificate__state=lifecycle.IN_FORCE) | Q(certificate__valid_until__lt=timezone.localdate(now))
    return _outstanding(response).filter(over)


def _late(response: ThreatResponse, now: datetime) -> QuerySet[ThreatConfirmation]:
    return _outstanding(response).filter(~_told(_OVERDUE), due_at__lte=now)


def _half_way(response: ThreatResponse, now: datetime) -> QuerySet[ThreatConfirmation]:
    """Whoever said “not yet” has answered, and needs no reminder to answer."""
    silent = ThreatConfirmation.objects.filter(response=response, state=threat.ASKED)
    return silent.filter(~_told(_CHASER), chase_at__lte=now, due_at__gt=now)


def _told(kind: str) -> Exists:
    return Exists(ThreatNotice.objects.filter(confirmation=OuterRef("pk"), kind=kind))


def _chunks(found: QuerySet[ThreatConfirmation]) -> Iterator[list[UUID]]:
    """By keyset: a row that another run holds is passed over, not asked for again and again."""
    rest = found
    while True:
        rows = list(rest.order_by("due_at", "pk").values_list("due_at", "pk")[:CHUNK])
        if not rows:
            return
        due_at, last = rows[-1]
        rest = found.filter(Q(due_at__gt=due_at) | Q(due_at=due_at, pk__gt=last), due_at__gte=due_at)
        yield [pk for _due, pk in rows]


def _close(response: ThreatResponse, ids: Sequence[UUID], now: datetime) -> int:
    with transaction.atomic():
        rows = _lock(_ended(response, now), ids)
        for row in rows:
            threat_answers.move(row, "close")
            row.closed_at = now
        ThreatConfirmation.objects.bulk_update(rows, ["state", "closed_at"])
        _record(response, "threat.rows_closed", rows)
    return len(rows)


def _ask_newcomers(response: ThreatResponse, now: datetime) -> int:
    """Certificates issued since it began. A renewal of what was confirmed is not asked of again."""
    asked = 0
    while response.addressed_at is not None:
        with transaction.atomic():
            running = ThreatResponse.objects.select_for_update(of=("self",)).get(pk=response.pk)
            found = list(_newcomers(running, now).order_by("pk")[:CHUNK]) if running.ended_at is None else []
            if not found:
                break
            responses.ask(running, found, now=now, batch=f":{found[0].pk}")
            asked += len(found)
    return asked


def _newcomers(response: ThreatResponse, now: datetime) -> QuerySet[Certificate]:
    rows = ThreatConfirmation.objects.filter(response=response)
    known = Exists(rows.filter(certificate=OuterRef("pk")))
    answered = Exists(rows.filter(certificate=OuterRef("supersedes"), state=threat.CONFIRMED))
    found = responses.concerned(response, now=now).filter(issued_at__gte=response.started_at)
    return found.filter(~known, ~answered)


def _tell(response: ThreatResponse, ids: Sequence[UUID], kind: str, now: datetime) -> int:
    """Owners and editors at half time; the owners of the late, and the advisers of their areas."""
    late = kind == _OVERDUE
    with transaction.atomic():
        # Found again under the lock: whoever has answered since is none of ours.
        rows = _lock(_late(response, now) if late else _half_way(response, now), ids)
        ThreatNotice.objects.bulk_create([ThreatNotice(confirmation=row, kind=kind, created_at=now) for row in rows])
        for due_at in sorted({row.due_at for row in rows}):
            of_moment = [row for row in rows if row.due_at == due_at]
            # One for whatever of theirs is due at that moment.
            key = f"threat:{response.pk}:{kind}:{int(due_at.timestamp())}"
            if late:
                owners = responses.people_of(of_moment, roles=[Membership.Role.OWNER])
                _send(owners, messages.overdue(due_at=due_at), key)
                _send(_advisers(of_moment), messages.area_overdue(due_at=due_at), f"{key}:area")
            else:
                _send(responses.people_of(of_moment, roles=responses.EDITORS), messages.chaser(due_at=due_at), key)
        _record(response, f"threat.{kind}", rows)
    return len(rows)


def _send(people: Sequence[User], message: Message, key: str) -> None:
    mails = [notify.Addressed(to=person, message=message, key=f"{key}:{person.pk}") for person in people]
    notify.send_all(mails, rank=Rank.URGENT)


def _advisers(rows: Sequence[ThreatConfirmation]) -> list[User]:
    appointments = Appointment.objects.filter(
        area_id__in={row.area_id for row in rows},
        role=Appointment.Role.ADVISER,
        ended_at__isnull=True,
        user__is_active=True,
    )
    found = {appointment.user_id: appointment.user for appointment in appointments.select_related("user")}
    return sorted(found.values(), key=lambda person: person.email)


def _lock(found: QuerySet[ThreatConfirmation], ids: Sequence[UUID]) -> list[ThreatConfirmation]:
    locked = found.filter(pk__in=ids).select_for_update(of=("self",), skip_locked=True)
    return list(locked.order_by("pk"))


def _record(response: ThreatResponse, action: str, rows: Sequence[ThreatConfirmation]) -> None:
    if rows:
        facts = {"rows": len(rows)}
        audit.record(actor=None, action=action, target=response, facts=facts, case=responses.case_of(response))
