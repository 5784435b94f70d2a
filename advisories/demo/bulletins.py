"""The demonstration's advisories: all invented. Told through the services; each step looks first whether it was told
already, so a build that was interrupted goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from accounts.demo_people import HOME_AREA
from accounts.models import User
from advisories.domain import bulletins as rules
from advisories.domain import tlp
from advisories.domain.audience import Audience
from advisories.models import Bulletin, BulletinPlace
from advisories.services import bulletins, receipts
from advisories.services.bulletins import BulletinInput
from core import outbox
from core.models import OutboxJob

__all__ = ["build"]

_ADVISER: Final = "adviser@example.org"
_AUTHORISER: Final = "authoriser@example.org"
_ADMINISTRATOR: Final = "administrator@example.org"


@dataclass(frozen=True, slots=True)
class Story:
    """`ends`: published, retracted or awaiting_approval. `acknowledged_by`, `done_by`: who answers, by address."""

    author: str
    area: str
    data: Callable[[datetime], BulletinInput]
    ends: str = rules.PUBLISHED
    acknowledged_by: tuple[str, ...] = ()
    done_by: str = ""
    reason: str = ""


def _loading_bays(now: datetime) -> BulletinInput:
    return BulletinInput(
        title="Vans waiting at delivery gates of stadia",
        body=(
            "Stewards at two grounds saw the same kind of unmarked van wait at a delivery gate while no delivery was due. "
            "Nobody was hurt and nothing was taken."
        ),
        instruction=(
            "Check each delivery against the list before the gate is opened.\n"
            "Note the number plate and the time of a vehicle that cannot say whom it is for, and tell us."
        ),
        severity="Moderate",
        urgency="Expected",
        certainty="Likely",
        audience=Audience(sectors=("stadia",), areas=(HOME_AREA,)),
        question="Can a delivery vehicle be stopped outside the outer gate while its papers are checked?",
        due_at=now + timedelta(days=3),
    )


def _named_threat(now: datetime) -> BulletinInput:
    return BulletinInput(
        title="A threat that names performances of one week",
        body="A letter names performances in the week after next. The force's enquiries go on; details are inside the venue's file.",
        instruction="Speak of it with nobody but the people who got this. Ring the adviser before you change a rota.",
        tlp=tlp.RED,
        severity="Severe",
        urgency="Future",
        certainty="Possible",
        audience=Audience(sectors=("theatres",), areas=(HOME_AREA,)),
        due_at=now + timedelta(days=2),
    )


def _exercise(now: datetime) -> BulletinInput:
    return BulletinInput(
        title="Exercise Lantern: lock-down drill this Thursday",
        body="For the drill, take it that an attacker is on foot in the town centre. The drill is over when we say so.",
        instruction="Go through your lock-down procedure once, and note how long each step takes.",
        tlp=tlp.GREEN,
        severity="Extreme",
        urgency="Future",
        certainty="Observed",
        status=rules.EXERCISE,
        audience=Audience(areas=(HOME_AREA,)),
        expires_at=now + timedelta(days=7),
    )


def _laundry(_now: datetime) -> BulletinInput:
    return BulletinInput(
        title="Bags left at hotel service doors",
        body="Unmarked bags were found at the service doors of several places on one morning.",
        instruction="Keep people away from a bag that nobody claims, and ring 999.",
        tlp=tlp.GREEN,
        severity="Moderate",
        urgency="Expected",
        certainty="Possible",
        audience=Audience(areas=(HOME_AREA,)),
    )


def _drones(now: datetime) -> BulletinInput:
    return BulletinInput(
        title="Small drones over evening events",
        body="Drones without lights were flown over two evening events. One landed beside a queue.",
        instruction="Brief stewards on whom to tell, and keep the crowd back from a drone that has landed.",
        severity="Severe",
        urgency="Expected",
        certainty="Observed",
        audience=Audience(areas=(HOME_AREA,), tiers=("enhanced",)),
        due_at=now + timedelta(days=4),
    )


def _summer(_now: datetime) -> BulletinInput:
    return BulletinInput(
        title="Long evenings: look again at your closing rounds",
        body="More people stay outdoors for longer. Places that lock up by the clock may lock up while people are still there.",
        instruction="Walk the closing round once at the new hour.",
        tlp=tlp.CLEAR,
        severity="Minor",
        urgency="Future",
        certainty="Likely",
        audience=Audience(),
    )


STORIES: Final = (
    Story(
        _ADVISER,
        HOME_AREA,
        _loading_bays,
        acknowledged_by=("stadium.editor@example.org",),
        done_by="stadium@example.org",
    ),
    Story(_ADVISER, HOME_AREA, _named_threat, acknowledged_by=("theatre@example.org",)),
    Story(_ADVISER, HOME_AREA, _exercise),
    Story(
        _ADVISER,
        HOME_AREA,
        _laundry,
        ends=rules.RETRACTED,
        acknowledged_by=("hall@example.org",),
        reason="The bags were a laundry's, delivered to the wrong doors. Nothing further is to be done.",
    ),
    Story(_ADVISER, HOME_AREA, _drones, ends=rules.AWAITING),
    Story(_ADMINISTRATOR, "", _summer),
)


def build(people: Mapping[str, User]) -> str:
    """The people of `accounts.services.demo` and the places of `certification.demo` are there."""
    told = [tell(story, people) for story in STORIES]
    return f"{'advisories':<20} {len(told)}"


def tell(story: Story, people: Mapping[str, User]) -> Bulletin:
    author = people[story.author]
    data = story.data(timezone.now())
    found = Bulletin.objects.filter(title=data.title, drafted_by=author).first() or bulletins.draft(
        actor=author, area_code=story.area, data=data
    )
    if found.state == rules.DRAFT:
        found = bulletins.submit(actor=author, bulletin_id=found.pk)
    if story.ends == rules.AWAITING:
        return found
    if found.state == rules.AWAITING:
        found = bulletins.approve(actor=people[_AUTHORISER], bulletin_id=found.pk, expected_hash=found.content_hash)
    if found.state == rules.APPROVED:
        found = bulletins.publish(actor=author, bulletin_id=found.pk)
    _run_jobs(found)
    if found.state == rules.PUBLISHED:
        _answer(story, found, people)
    if found.state == rules.PUBLISHED and story.ends == rules.RETRACTED:
        found = bulletins.retract(actor=author, bulletin_id=found.pk, reason=story.reason)
        _run_jobs(found)
    return found


def _answer(story: Story, bulletin: Bulletin, people: Mapping[str, User]) -> None:
    for address in story.acknowledged_by:
        receipts.acknowledge(actor=people[address], bulletin_id=bulletin.pk)
    if not story.done_by:
        return
    member = people[story.done_by]
    own = BulletinPlace.objects.filter(bulletin=bulletin, organisation__memberships__user=member).order_by("pk")
    place = own.first()
    if place is None or place.state == rules.DONE:
        return
    receipts.answer_question(
        actor=member,
        place_id=place.pk,
        level=2,
        account="There is a lay-by, and a steward with the day's list on match days. On other days the gate is opened from the office.",
        expected_version=0,
    )
    receipts.complete(actor=member, place_id=place.pk, note="The list is at the gate, and the stewards were briefed.")


def _run_jobs(bulletin: Bulletin) -> None:
    """History that has already happened: who was told is settled here, the mails are left to the worker."""
    prefix = f"bulletin:{bulletin.pk}:"
    while ids := list(
        OutboxJob.objects.filter(key__startswith=prefix, done_at__isnull=True, failed_at__isnull=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    ):
        if not any(outbox.run(pk) for pk in ids):
            return
