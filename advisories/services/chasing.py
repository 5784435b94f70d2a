"""Reminding organisations that have not acknowledged, then their owners, then the police: each stage once for each.

The BulletinChase row, written with the mails in one transaction, is what makes a stage once. Chunks of organisations by
key, a transaction each: killed anywhere, the next sweep goes on; run again at once, nothing is found to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import Appointment, Membership, User
from advisories.domain import bulletins as rules
from advisories.domain import mail_keys
from advisories.models import Bulletin, BulletinChase, BulletinPlace
from advisories.notifications import bulletins as messages
from advisories.services import delivery
from core import audit, notify
from core.notify import Addressed, Message

__all__ = ["CHUNK", "sweep"]

CHUNK: Final = 500
# Nobody is woken by a reminder, unless what it reminds of was urgent.
_DAY: Final = (time(7, 0), time(21, 0))


def sweep(*, now: datetime) -> int:
    """How many organisations were chased, counted once for each stage."""
    due = Bulletin.objects.standing(now).filter(due_at__lte=now).order_by("due_at", "pk")
    chased = 0
    for bulletin in due.iterator(chunk_size=CHUNK):
        if bulletin.published_at is None or bulletin.due_at is None or _asleep(bulletin, now):
            continue
        for stage in rules.stages_due(published=bulletin.published_at, due=bulletin.due_at, now=now):
            while done := _chase(bulletin.pk, stage, now):
                chased += done
    return chased


def _asleep(bulletin: Bulletin, now: datetime) -> bool:
    clock = timezone.localtime(now).time()
    return not rules.is_urgent(urgency=bulletin.urgency, severity=bulletin.severity) and not _DAY[0] <= clock < _DAY[1]


def _chase(bulletin_id: UUID, stage: str, now: datetime) -> int:
    with transaction.atomic():
        # What another sweep holds, or an author is retracting right now, is left to the next run.
        locked = Bulletin.objects.select_for_update(of=("self",), skip_locked=True)
        bulletin = locked.filter(pk=bulletin_id, state=rules.PUBLISHED).first()
        if bulletin is None:
            return 0
        organisations = list(_silent(bulletin, stage)[:CHUNK])
        if not organisations:
            return 0
        # No ignore_conflicts: the lock makes a second row impossible, and if it were not, the mails must go with it.
        BulletinChase.objects.bulk_create(
            [BulletinChase(bulletin=bulletin, organisation_id=pk, stage=stage, created_at=now) for pk in organisations]
        )
        notify.send_all(_messages(bulletin, stage, organisations), rank=delivery.rank_of(bulletin))
        audit.record(
            actor=None,
            action=f"bulletin.chased_{stage}",
            target=bulletin,
            case=f"bulletin:{bulletin.pk}",
            facts={"organisations": len(organisations)},
        )
        return len(organisations)


def _silent(bulletin: Bulletin, stage: str) -> QuerySet[BulletinPlace, UUID]:
    """Organisations with a place that nobody has acknowledged and that were not chased at this stage."""
    chased = BulletinChase.objects.filter(
        bulletin=OuterRef("bulletin"), organisation=OuterRef("organisation"), stage=stage
    )
    open_places = BulletinPlace.objects.filter(~Exists(chased), bulletin=bulletin, state=rules.OPEN)
    return open_places.order_by("organisation_id").values_list("organisation_id", flat=True).distinct()


def _messages(bulletin: Bulletin, stage: str, organisations: Sequence[UUID]) -> list[Addressed]:
    if stage == rules.CHASED:
        roles: Sequence[str] = (Membership.Role.OWNER, Membership.Role.EDITOR)
        return _to(bulletin, stage, messages.chased(bulletin), _members(organisations, roles))
    if stage == rules.TO_OWNERS:
        owners = _members(organisations, (Membership.Role.OWNER,))
        return _to(bulletin, stage, messages.raised_with_owners(bulletin), owners)
    return _to(bulletin, stage, messages.escalated(bulletin), _police(bulletin, organisations))


def _to(bulletin: Bulletin, stage: str, message: Message, people: Iterable[User]) -> list[Addressed]:
    """By person: whoever owns two silent organisations, or advises an area of many, gets one message of a stage."""
    return [Addressed(person, message, mail_keys.chased(bulletin.pk, stage, person.pk)) for person in people]


def _members(organisations: Sequence[UUID], roles: Sequence[str]) -> QuerySet[User]:
    memberships = Membership.objects.filter(organisation_id__in=organisations, role__in=roles)
    return User.objects.filter(is_active=True, pk__in=memberships.values("user_id")).order_by("email")


def _police(bulletin: Bulletin, organisations: Sequence[UUID]) -> QuerySet[User]:
    """Advisers of the areas where the silent places are. Where the marking keeps it from them, the issuing side itself."""
    people = User.objects.filter(is_active=True).order_by("email")
    if bulletin.link_only and bulletin.area_id is None:
        return people.filter(national_role=User.NationalRole.ADMINISTRATOR)
    areas = BulletinPlace.objects.filter(bulletin=bulletin, organisation_id__in=organisations, state=rules.OPEN).values(
        "area_id"
    )
    current = Appointment.objects.filter(area_id__in=areas, role=Appointment.Role.ADVISER, ended_at__isnull=True)
    return people.filter(pk__in=current.values("user_id"))
