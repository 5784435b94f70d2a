"""Bulletins in situations, made by the services: a draft, one that waits for approval, published, retracted."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from accounts.models import Membership, Organisation, User
from advisories.domain import bulletins as rules
from advisories.models import Bulletin, BulletinFile, BulletinPlace
from advisories.services import bulletins
from advisories.services.bulletins import BulletinInput
from core import outbox, storage
from core.models import OutboxJob
from events.models import Venue
from tests.factories import accounts as people
from tests.factories.accounts import AREA
from tests.factories.events import make_venue

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


def _copies(venue: Venue, of: Sequence[Organisation]) -> None:
    """Rows alone: registering hundreds by the service would be all of the test's time."""
    fields = {f.attname: getattr(venue, f.attname) for f in Venue._meta.concrete_fields if f.name != "id"}
    Venue.objects.bulk_create(
        Venue(**{**fields, "name": f"Hall {number}", "organisation_id": holder.pk}) for number, holder in enumerate(of)
    )


def many(count: int) -> list[Organisation]:
    """Organisations of one owner and one hall each."""
    hall = make_venue(people.make_organisation())
    now = timezone.now()
    owners = User.objects.bulk_create(
        [User(email=f"owner{number}@example.org", name=f"Owner {number}") for number in range(count)]
    )
    trusts = Organisation.objects.bulk_create(
        [Organisation(name=f"Trust {o.email}", kind="charity", created_at=now, created_by=o) for o in owners]
    )
    Membership.objects.bulk_create(
        [Membership(organisation=t, user=o, role="owner", joined_at=now) for t, o in zip(trusts, owners, strict=True)]
    )
    _copies(hall, of=trusts)
    return trusts


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
