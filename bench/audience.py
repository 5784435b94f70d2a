"""One advisory to 100,000 places of as many organisations: each addressed and each message promised once.

Runs the chunks as a worker would, on a database of its own, which is thrown away: SQLite unless DATABASE_URL says
otherwise. The floor writes the rows of the places alone. Run by `make bench`; the figure is for the machine that it ran on.
"""

from __future__ import annotations

import secrets
import sys
from time import perf_counter

from bench import _ready  # noqa: F401 - before whatever needs Django

PLACES = 100_000
BATCH = 2_000
BUDGET_A_SECOND = 300


def fill() -> None:
    """An owner, an organisation and a venue, so many times over: rows alone, since each is like the other."""
    from django.utils import timezone

    from accounts.models import Membership, Organisation, PoliceArea, User
    from events.models import Venue

    now = timezone.now()
    area = PoliceArea.objects.get(pk="west-yorkshire")
    for start in range(0, PLACES, BATCH):
        numbers = range(start, min(start + BATCH, PLACES))
        owners = User.objects.bulk_create([User(email=f"owner{n}@example.org", name=f"Owner {n}") for n in numbers])
        trusts = Organisation.objects.bulk_create(
            [
                Organisation(name=f"Trust {n}", kind="charity", created_at=now, created_by=o)
                for n, o in zip(numbers, owners, strict=True)
            ]
        )
        Membership.objects.bulk_create(
            [
                Membership(organisation=t, user=o, role="owner", joined_at=now)
                for t, o in zip(trusts, owners, strict=True)
            ]
        )
        Venue.objects.bulk_create(
            [_venue(f"Hall {n}", t, o, area, now) for n, t, o in zip(numbers, trusts, owners, strict=True)]
        )


def _venue(name: str, trust: object, owner: object, area: object, now: object) -> object:
    from events.models import Venue

    return Venue(
        organisation=trust,
        area=area,
        name=name,
        address="1 Mill Lane",
        town="Otley",
        postcode="LS21 3AA",
        expected_attendance=250,
        attendance_basis="fire",
        tier="standard",
        judged_tier="standard",
        responsible_kind="organisation",
        responsible_name="The committee",
        responsible_ground="It lets the rooms",
        use="hall",
        created_by=owner,
        created_at=now,
        updated_at=now,
    )


def publish() -> object:
    from accounts.services import appointments, users
    from advisories.services import bulletins

    officer = users.create_user(
        actor=None, email="adviser@example.org", name="Ada Adviser", password=secrets.token_urlsafe(16)
    )
    appointments.appoint(actor=None, user_id=officer.pk, area_code="west-yorkshire", role="adviser")
    data = bulletins.BulletinInput(
        title="To everybody", body="A bench.", severity="Moderate", urgency="Expected", certainty="Likely"
    )
    made = bulletins.draft(actor=officer, area_code="west-yorkshire", data=data)
    bulletins.submit(actor=officer, bulletin_id=made.pk)
    return bulletins.publish(actor=officer, bulletin_id=made.pk)


def floor(bulletin: object) -> float:
    from django.db import transaction

    from advisories.models import BulletinPlace
    from advisories.services.delivery import CHUNK
    from events.models import Venue

    rows = list(Venue.objects.values_list("pk", "organisation_id", "area_id"))
    begun = perf_counter()
    for start in range(0, len(rows), CHUNK):
        with transaction.atomic():
            BulletinPlace.objects.bulk_create(
                [
                    BulletinPlace(bulletin=bulletin, venue_id=pk, organisation_id=trust, area_id=area)
                    for pk, trust, area in rows[start : start + CHUNK]
                ]
            )
    spent = perf_counter() - begun
    BulletinPlace.objects.all().delete()
    return spent


def deliver() -> tuple[float, float]:
    """All of it, and the longest that one chunk held the bulletin."""
    from advisories.services import delivery
    from core.models import OutboxJob

    longest, begun = 0.0, perf_counter()
    while job := OutboxJob.objects.filter(kind="bulletin.deliver", done_at__isnull=True).order_by("pk").first():
        chunk = perf_counter()
        delivery.deliver(job.payload)
        longest = max(longest, perf_counter() - chunk)
        OutboxJob.objects.filter(pk=job.pk).update(done_at=job.created_at)
    return perf_counter() - begun, longest


def main() -> int:
    from django.core.management import call_command

    from advisories.models import BulletinPlace, BulletinRecipient
    from core import outbox
    from core.models import OutgoingMail

    # Nobody listens: what is measured is the addressing.
    outbox.nudge = lambda _job_id, _rank: True
    call_command("migrate", verbosity=0)
    fill()
    bulletin = publish()
    bare = floor(bulletin)
    spent, longest = deliver()
    counts = (BulletinPlace.objects.count(), BulletinRecipient.objects.count())
    mails = OutgoingMail.objects.filter(kind="bulletin.published").values("recipient").distinct().count()
    figure = PLACES / spent
    print(
        f"audience of {PLACES:,} addressed: {figure:,.0f} a second (budget {BUDGET_A_SECOND}), longest chunk {longest:.2f} s"
    )
    print(f"floor {bare:.1f} s, figure {spent:.1f} s, ratio {spent / bare:.1f}")
    return 0 if figure >= BUDGET_A_SECOND and counts == (PLACES, PLACES) and mails == PLACES else 1


if __name__ == "__main__":
    sys.exit(main())
