"""A response: the holders of a zone are asked, in chunks by the worker; they answer; the late are chased.

Every message is once because its row is (ThreatNotice), written in one transaction with the mail. Killed anywhere, the
next run goes on from the cursor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Membership, User
from advisories.domain import threat
from advisories.models import ThreatChange, ThreatConfirmation, ThreatNotice, ThreatResponse
from advisories.notifications import threat as messages
from advisories.selectors import measures as holders
from certification.models import Certificate
from core import audit, notify, outbox
from core.outbox import Rank

__all__ = ["address", "ask", "begin", "case_of", "concerned", "hours_for", "people_of"]

CHUNK: Final = 500
# A job ends well within its time limit, and the next one goes on.
CHUNKS_A_JOB: Final = 10
KIND: Final = "threat.address"
EDITORS: Final = (Membership.Role.OWNER, Membership.Role.EDITOR)


def begin(*, change: ThreatChange, shift: threat.Shift, at: datetime) -> ThreatResponse:
    """In the transaction of the change. What ran in the zone ends with one row, however many were asked."""
    running = ThreatResponse.objects.filter(zone=shift.zone, ended_at__isnull=True)
    running.update(ended_at=at, superseded_by=change)
    response = ThreatResponse.objects.create(
        change=change,
        zone=shift.zone,
        before=shift.before,
        response=shift.after,
        started_at=at,
        due_at=threat.due(at, hours=hours_for(shift.after)),
    )
    facts = {"zone": shift.zone, "before": shift.before, "response": shift.after, "due_at": response.due_at.isoformat()}
    audit.record(actor=None, action="threat.response_begun", target=response, facts=facts, case=case_of(response))
    _promise(response)
    return response


def address(payload: Mapping[str, str]) -> None:
    """Outbox handler. Harmless to run again: the cursor moves in the transaction that asks."""
    response_id = UUID(payload["response"])
    for _chunk in range(CHUNKS_A_JOB):
        if not _address_chunk(response_id):
            return
    with transaction.atomic():
        _promise(ThreatResponse.objects.get(pk=response_id))


def _promise(response: ThreatResponse) -> None:
    # By where it begins: a job that died after it handed on hands on the same.
    key = f"{KIND}:{response.pk}:{response.cursor or 'start'}"
    outbox.enqueue(kind=KIND, key=key, payload={"response": str(response.pk)}, rank=Rank.URGENT)


def _address_chunk(response_id: UUID) -> bool:
    """Whether there is more to do."""
    with transaction.atomic():
        response = ThreatResponse.objects.select_for_update(of=("self",)).get(pk=response_id)
        if response.ended_at is not None or response.addressed_at is not None:
            return False
        now = timezone.now()
        found = concerned(response, now=now)
        if response.cursor is not None:
            found = found.filter(pk__gt=response.cursor)
        certificates = list(found.order_by("pk")[:CHUNK])
        ask(response, certificates, now=now)
        if certificates:
            response.cursor = certificates[-1].pk
        if len(certificates) < CHUNK:
            response.addressed_at = now
        response.save(update_fields=["cursor", "addressed_at"])
        return response.addressed_at is None


def concerned(response: ThreatResponse, *, now: datetime) -> QuerySet[Certificate]:
    found = holders.asked_of().filter(valid_until__gte=timezone.localdate(now))
    if response.zone == threat.NI_ZONE:
        return found.filter(area__nation=threat.NI_NATION)
    return found.exclude(area__nation=threat.NI_NATION)


def ask(response: ThreatResponse, certificates: Sequence[Certificate], *, now: datetime, batch: str = "") -> None:
    """A row and a notice for each certificate, one mail to each person however many of them are theirs.

    `batch` tells a later asking of the same people from the first.
    """
    if not certificates:
        return
    due_at = _due(response, now)
    rows = [
        ThreatConfirmation(
            response=response,
            certificate=certificate,
            organisation_id=certificate.organisation_id,
            area_id=certificate.area_id,
            asked_at=now,
            chase_at=threat.half_way(now, due_at),
            due_at=due_at,
        )
        for certificate in certificates
    ]
    ThreatConfirmation.objects.bulk_create(rows, batch_size=CHUNK)
    asked = ThreatNotice.Kind.ASKED
    ThreatNotice.objects.bulk_create(
        [ThreatNotice(confirmation=row, kind=asked, created_at=now) for row in rows], batch_size=CHUNK
    )
    people = people_of(rows, roles=EDITORS)
    message = messages.asked(due_at=due_at)
    notify.send_all(
        [
            notify.Addressed(to=person, message=message, key=f"threat:{response.pk}:asked{batch}:{person.pk}")
            for person in people
        ],
        rank=Rank.URGENT,
    )
    facts = {"certificates": len(rows), "people": len(people), "due_at": due_at.isoformat()}
    audit.record(actor=None, action="threat.holders_asked", target=response, facts=facts, case=case_of(response))


def people_of(rows: Sequence[ThreatConfirmation], *, roles: Sequence[str]) -> list[User]:
    """Each once, in one query."""
    memberships = Membership.objects.filter(
        organisation_id__in={row.organisation_id for row in rows}, role__in=roles, user__is_active=True
    ).select_related("user")
    found = {membership.user_id: membership.user for membership in memberships}
    return sorted(found.values(), key=lambda person: person.email)


def case_of(response: ThreatResponse) -> str:
    return f"threat-response:{response.pk}"


def _due(response: ThreatResponse, now: datetime) -> datetime:
    """With everybody else; but whoever is asked when half of that time is over has a whole time of their own."""
    if now <= threat.half_way(response.started_at, response.due_at):
        return response.due_at
    return threat.due(now, hours=hours_for(response.response))


def hours_for(response: str) -> int:
    """How long holders have."""
    return settings.THREAT_EXCEPTIONAL_HOURS if response == threat.EXCEPTIONAL else settings.THREAT_RESPONSE_HOURS
