"""Networks, reports, lessons and guidance in situations, made by the services."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Final

from django.utils import timezone

from accounts.models import Organisation, User
from advisories.domain import tlp
from advisories.models import (
    GuidancePack,
    Lesson,
    NetworkAdmission,
    NetworkMember,
    NetworkModerator,
    NetworkPost,
    Sighting,
)
from advisories.selectors.sightings import Report
from advisories.services import admissions, guidance, lessons, network_posts, networks, sightings
from advisories.services.lessons import LessonInput
from advisories.services.network_posts import PostInput
from advisories.services.sightings import ReportInput
from tests.factories.accounts import AREA, make_administrator, make_officer, make_organisation, make_user
from tests.factories.events import make_venue

SECTOR: Final = "commercial"  # of a hall
_number = itertools.count(1)


def admitted(organisation: Organisation, *, sector: str = SECTOR) -> NetworkAdmission:
    """As after the answer of an officer who is in no test's way."""
    found = NetworkAdmission.objects.filter(organisation=organisation, sector=sector, state="admitted").first()
    return found or NetworkAdmission.objects.create(
        organisation=organisation,
        sector=sector,
        state="admitted",
        words="We run a hall.",
        asked_by=organisation.created_by,
        asked_at=timezone.now(),
        decided_by=make_administrator(),
        decided_at=timezone.now(),
        reason="Known to us.",
    )


def asked_admission(organisation: Organisation, *, by: User | None = None, sector: str = SECTOR) -> NetworkAdmission:
    """Of an organisation that has something there."""
    return admissions.ask(
        actor=by or organisation.created_by, sector=sector, organisation_id=organisation.pk, words="SECRET-WORDS"
    )


def insider(organisation: Organisation | None = None, *, by: User | None = None, sector: str = SECTOR) -> User:
    """Somebody of an organisation with a hall that was admitted, who has joined its network."""
    found = organisation or make_organisation()
    user = by or found.created_by
    use = {"commercial": "hall", "stadia": "sports_ground", "theatres": "entertainment_leisure"}[sector]
    make_venue(found, use=use)
    admitted(found, sector=sector)
    networks.join(actor=user, sector=sector)
    return user


def police_member(officer: User | None = None, *, sector: str = SECTOR) -> User:
    user = officer or make_officer("adviser")
    networks.join(actor=user, sector=sector)
    return user


def police_lead(officer: User | None = None, *, sector: str = SECTOR) -> User:
    user = police_member(officer, sector=sector)
    networks.appoint(actor=make_administrator(), sector=sector, user_id=user.pk, lead="police")
    return user


def industry_lead(lead: User, member: User, *, sector: str = SECTOR) -> NetworkModerator:
    return networks.appoint(actor=lead, sector=sector, user_id=member.pk, lead="industry")


def member_row(user: User, *, sector: str = SECTOR) -> NetworkMember:
    return NetworkMember.objects.get(user=user, sector=sector, left_at__isnull=True)


def make_post(
    author: User,
    *,
    title: str = "",
    text: str = "SECRET-POST",
    kind: str = "note",
    marking: str = tlp.AMBER,
    sector: str = SECTOR,
) -> NetworkPost:
    given = PostInput(title=title or f"Post {next(_number)}", text=text, kind=kind, marking=marking)
    return network_posts.post(actor=author, sector=sector, given=given)


def report_input(**changes: object) -> ReportInput:
    """A report by somebody who has no place here, of an hour ago."""
    plain = ReportInput(
        category="reconnaissance",
        happened_at=timezone.now() - timedelta(hours=1),
        report=Report(where="SECRET-WHERE", description="SECRET-SEEN", people="SECRET-PEOPLE", vehicles="SECRET-CAR"),
        area=AREA,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # names of its own fields


def make_sighting(reporter: User | None = None, **changes: object) -> Sighting:
    return sightings.report(actor=reporter or make_user(), given=report_input(**changes))


def lesson_input(**changes: object) -> LessonInput:
    """Of the small standard of the tests."""
    plain = LessonInput(
        title=f"Lesson {next(_number)}",
        place="Aldermere",
        country="United Kingdom",
        period="March 2026",
        category="exercise",
        happened="The warning was not heard in two rooms.",
        done="A second loudspeaker was put in. It is tested each week.",
        worked="Walking every room with a radio.",
        cost="low",
        transfer="high",
        tlp=tlp.GREEN,
        criteria=["GOV-01"],
        sectors=[SECTOR],
        source_title="Own experience",
        source_publisher="Aldermere Halls",
        source_year=2026,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # as above


def draft_lesson(author: User, **changes: object) -> Lesson:
    return lessons.draft(actor=author, given=lesson_input(**changes))


def waiting_lesson(author: User, **changes: object) -> Lesson:
    return lessons.submit(actor=author, lesson_id=draft_lesson(author, **changes).pk)


def published_lesson(author: User, *, reviewer: User | None = None, **changes: object) -> Lesson:
    found = waiting_lesson(author, **changes)
    return lessons.publish(actor=reviewer or make_administrator(), lesson_id=found.pk)


def draft_pack(editor: User | None = None, *, sector: str = SECTOR, tier: str = "standard") -> GuidancePack:
    return guidance.begin(actor=editor or make_administrator(), sector=sector, tier=tier)


def published_pack(editor: User | None = None, *, sector: str = SECTOR, marking: str = tlp.GREEN) -> GuidancePack:
    user = editor or make_administrator()
    pack = draft_pack(user, sector=sector)
    given = guidance.PackInput(pack.title, pack.introduction, pack.actions, pack.criteria, pack.lessons, marking)
    guidance.change(actor=user, pack_id=pack.pk, given=given)
    return guidance.publish(actor=user, pack_id=pack.pk)
