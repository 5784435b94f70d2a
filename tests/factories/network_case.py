"""The part of a case (tests/factories/case.py) that stands in networks, reports, lessons and guidance."""

from __future__ import annotations

import io
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from advisories.models import (
    GuidancePack,
    Lesson,
    NetworkAdmission,
    NetworkMember,
    NetworkModerator,
    NetworkPost,
    Sighting,
    SightingFile,
)
from advisories.services import network_posts, sighting_files, sightings
from advisories.services import networks as network_services
from tests.factories import networks
from tests.factories.events import make_venue


@dataclass(frozen=True)
class NetworkCase:
    """Of the halls. Owner and adviser are in it, and the adviser leads it; `colleague` of another place is too.

    `question` by the owner has the colleague's reply; `news` is the colleague's; `green` too, and travels further.
    """

    colleague: User
    moderator: NetworkModerator
    question: NetworkPost
    answer: NetworkPost
    news: NetworkPost
    green: NetworkPost
    removed: int
    admission: NetworkAdmission
    sighting: Sighting
    seen: Sighting
    sighting_file: SightingFile
    lesson_draft: Lesson
    lesson_waiting: Lesson
    lesson: Lesson
    lesson_clear: Lesson
    pack_draft: GuidancePack
    pack: GuidancePack


def network_case(owner: User, adviser: User) -> NetworkCase:
    """Nothing that the other area's officers may read bears the mark of the case; what they may not is a secret."""
    colleague = networks.insider()
    networks.admitted(owner.memberships.get().organisation)
    network_services.join(actor=owner, sector=networks.SECTOR)
    lead = networks.police_lead(adviser)
    thrown_out = networks.insider()
    network_services.remove(actor=lead, member_id=networks.member_row(thrown_out).pk, reason="Sold things.")
    question = networks.make_post(owner, kind="question", title="SECRET-QUESTION")
    answer = network_posts.reply(actor=colleague, thread_id=question.pk, text="SECRET-ANSWER")
    sighting, seen = (networks.make_sighting(owner) for _ in range(2))
    upload = io.BytesIO(b"A note of what was seen.")
    file = sighting_files.attach(actor=owner, sighting_id=seen.pk, upload=upload, name="SECRET-note.txt")
    SightingFile.objects.filter(pk=file.pk).update(scan="clean", scanned_at=timezone.now())
    sightings.see(actor=adviser, sighting_id=seen.pk)
    return NetworkCase(
        colleague=colleague,
        moderator=NetworkModerator.objects.get(user=lead),
        question=question,
        answer=answer,
        news=networks.make_post(colleague),
        green=networks.make_post(colleague, text="Open to the community.", marking="green"),
        removed=NetworkMember.objects.get(user=thrown_out).pk,
        admission=_asking(owner, adviser),
        sighting=sighting,
        seen=seen,
        sighting_file=file,
        lesson_draft=networks.draft_lesson(owner, happened="SECRET-DRAFT"),
        lesson_waiting=networks.waiting_lesson(owner, tlp="amber"),
        lesson=networks.published_lesson(owner, tlp="amber"),
        lesson_clear=networks.published_lesson(owner, tlp="clear"),
        pack_draft=networks.draft_pack(lead),
        pack=networks.published_pack(lead, marking="amber"),
    )


def _asking(owner: User, adviser: User) -> NetworkAdmission:
    """The owner's organisation asks another network, in which there is nobody yet but the adviser of the case."""
    networks.police_member(adviser, sector="stadia")
    organisation = owner.memberships.get().organisation
    make_venue(organisation, use="sports_ground")
    return networks.asked_admission(organisation, sector="stadia")
