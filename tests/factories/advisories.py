"""Bulletins in situations, made by the services: a draft, one that waits for approval, published, retracted."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from accounts.models import User
from advisories.domain import bulletins as rules
from advisories.models import Bulletin, BulletinFile, BulletinPlace
from advisories.services import bulletins
from advisories.services.bulletins import BulletinInput
from core import outbox, storage
from core.models import OutboxJob
from tests.factories import accounts as people
from tests.factories.accounts import AREA

BODY: Final = "SECRET-BODY: a van was seen twice."
INSTRUCTION: Final = "SECRET-STEPS: look at your doors."


def words(**changes: Any) -> BulletinInput:
    """A moderate one that needs no second person and goes to everybody in reach."""
    data = BulletinInput(
        title="Watch the loading bays",
        body=BODY,
        instruction=INSTRUCTION,
        severity="Moderate",
        urgency="Expected",
        certainty="Possible",
    )
    return replace(data, **changes)


def make_draft(author: User | None = None, *, area: str = AREA, **changes: Any) -> Bulletin:
    return bulletins.draft(actor=author or people.make_officer("adviser"), area_code=area, data=words(**changes))


def make_awaiting(author: User | None = None, *, area: str = AREA, **changes: Any) -> Bulletin:
    """Severe unless said otherwise, so that a second person is needed."""
    draft = make_draft(author, area=area, **{"severity": "Severe", **changes})
    found = bulletins.submit(actor=draft.drafted_by, bulletin_id=draft.pk)
    assert found.state == rules.AWAITING
    return found


def make_approved(
    author: User | None = None, *, approver: User | None = None, area: str = AREA, **changes: Any
) -> Bulletin:
    """Through a second person wherever one is needed."""
    draft = make_draft(author, area=area, **changes)
    found = bulletins.submit(actor=draft.drafted_by, bulletin_id=draft.pk)
    if found.state == rules.AWAITING:
        second = approver or (people.make_officer("authoriser", area=area) if area else people.make_administrator())
        found = bulletins.approve(actor=second, bulletin_id=found.pk, expected_hash=found.content_hash)
    return found


def make_published(
    author: User | None = None, *, approver: User | None = None, area: str = AREA, deliver: bool = True, **changes: Any
) -> Bulletin:
    """Out, and addressed by the worker unless `deliver` is False."""
    approved = make_approved(author, approver=approver, area=area, **changes)
    found = bulletins.publish(actor=approved.drafted_by, bulletin_id=approved.pk)
    if deliver:
        run_delivery()
    found.refresh_from_db()
    return found


def make_retracted(author: User | None = None, **changes: Any) -> Bulletin:
    published = make_published(author, **changes)
    found = bulletins.retract(
        actor=published.drafted_by, bulletin_id=published.pk, reason="SECRET-REASON: it was a laundry."
    )
    run_delivery()
    return found


def make_file(place: BulletinPlace, *, by: User, scan: str = "clean") -> BulletinFile:
    """A stored, encrypted file in any state of scanning."""
    name = f"advisories/{place.pk}/{secrets.token_hex(16)}"
    storage.write(name, [b"SECRET-FILE"])
    now = timezone.now()
    return BulletinFile.objects.create(
        place=place,
        name="doors.txt",
        content_type="text/plain",
        size=11,
        sha256="0" * 64,
        storage_name=name,
        scan=scan,
        scanned_at=None if scan in {"pending", "held"} else now,
        uploaded_by=by,
        uploaded_at=now,
    )


def run_delivery() -> None:
    """Every open job of addressing and retracting, as a worker would; the mails themselves are left to the test."""
    kinds = ["bulletin.deliver", "bulletin.retract"]
    while ids := list(
        OutboxJob.objects.filter(kind__in=kinds, done_at__isnull=True, failed_at__isnull=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    ):
        done = [outbox.run(pk) for pk in ids]
        assert all(done), "a job of delivery failed"


def at(text: str) -> datetime:
    """`2027-03-10 22:00` by UK time."""
    return timezone.make_aware(datetime.fromisoformat(text))
