"""The demonstration's networks, reports, lessons and guidance: invented people, told through the services.

Each step looks first whether it was told already, so a build that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.core.management import call_command
from django.utils import timezone

from accounts.demo_people import HOME_AREA
from accounts.models import Membership, User
from accounts.selectors import authority
from advisories.domain import admissions as admission_rules
from advisories.domain import sightings as sighting_rules
from advisories.models import (
    GuidancePack,
    Lesson,
    NetworkAdmission,
    NetworkMember,
    NetworkModerator,
    NetworkPost,
    Sighting,
)
from advisories.selectors import networks as network_selectors
from advisories.selectors import sightings as sighting_selectors
from advisories.selectors.sightings import Report
from advisories.services import admissions, guidance, lessons, network_posts, networks, sightings
from advisories.services.guidance import PackInput
from advisories.services.lessons import LessonInput
from advisories.services.network_posts import PostInput
from advisories.services.sightings import ReportInput
from core import outbox
from core.models import OutboxJob

__all__ = ["build"]

_MEMBERS: Final = (
    ("theatre@example.org", "theatres"),
    ("stadium@example.org", "stadia"),
    ("stadium.editor@example.org", "stadia"),
    ("festival@example.org", "events"),
    ("cathedral@example.org", "worship"),
    ("hall@example.org", "commercial"),
    ("hospital@example.org", "health"),
    ("railway@example.org", "transport"),
)
_OFFICERS: Final = (
    ("adviser@example.org", "theatres"),
    ("adviser@example.org", "stadia"),
    ("adviser@example.org", "events"),
    ("adviser2@example.org", "worship"),
    ("adviser2@example.org", "commercial"),
    ("adviser2@example.org", "health"),
    ("adviser2@example.org", "transport"),
    ("adviser.kent@example.org", "events"),
    ("adviser.kent@example.org", "stadia"),
)
# Whose organisation still waits for an answer.
_WAITING: Final = "hospital@example.org"
# Sector → police lead, appointed by the authorising officer.
_LEADS: Final = {
    "theatres": "adviser@example.org",
    "stadia": "adviser@example.org",
    "events": "adviser.kent@example.org",
    "worship": "adviser2@example.org",
}
_INDUSTRY: Final = {"theatres": "theatre@example.org", "stadia": "stadium@example.org"}


@dataclass(frozen=True, slots=True)
class _Story:
    """A thread; `replies` are (who, words), the last one is the answer of a question; `pinned` by the police lead."""

    author: str
    sector: str
    kind: str
    marking: str
    title: str
    text: str
    replies: tuple[tuple[str, str], ...] = ()
    pinned: bool = False


_THREADS: Final = (
    _Story(
        "adviser@example.org",
        "theatres",
        "note",
        "green",
        "Welcome: what this network is for",
        "Ask others, and tell them what worked. What you saw and found suspicious goes to us as a report, not here.",
        pinned=True,
    ),
    _Story(
        "theatre@example.org",
        "theatres",
        "question",
        "amber",
        "How do you keep the foyer clear when a show ends late?",
        "When two shows end within ten minutes of each other our foyer fills, and the doors to the street stand open longer than "
        "we like. Has anybody found a way that works without more staff?",
        (
            (
                "adviser@example.org",
                (
                    "Look at who waits there. Where families and taxis were moved to a side door with a sign and one steward, the foyer "
                    "emptied in half the time, and the last patrol had something to look at again."
                ),
            ),
        ),
    ),
    _Story(
        "stadium@example.org",
        "stadia",
        "question",
        "amber",
        "Bag sizes: how do you tell away supporters in time?",
        "We changed the size of bags that we let in. Home supporters know; those who visit find out at the gate.",
        (
            (
                "stadium.editor@example.org",
                (
                    "The visiting club puts it into its own mail with the tickets if you ask four weeks before. A picture does more than "
                    "centimetres."
                ),
            ),
            ("adviser.kent@example.org", "A drop point before the outer gate keeps the queue short on the day."),
        ),
    ),
    _Story(
        "adviser.kent@example.org",
        "events",
        "note",
        "green",
        "Before the season: walk your routes with us",
        "We have two evenings in March on which an adviser walks the approaches of an event with its organiser. Write to your area.",
        pinned=True,
    ),
    _Story(
        "festival@example.org",
        "events",
        "note",
        "amber",
        "What we changed after the wind warning",
        "We now agree the sign for pausing with the crew before the gates open, and say on the radio who may give it. It took five "
        "minutes of the briefing.",
        (("adviser.kent@example.org", "Thank you. We show the wording to others in their briefings."),),
    ),
    _Story(
        "cathedral@example.org",
        "worship",
        "question",
        "amber",
        "Welcoming everybody and still looking",
        "Our stewards do not want to feel like guards. How have you explained what to look for?",
        (
            (
                "adviser2@example.org",
                "Start from the welcome: who is greeted is also seen. We have a half-hour session for stewards and can come on a Sunday.",
            ),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class _Seen:
    """`reaches`: new, seen or closed."""

    reporter: str
    category: str
    hours_ago: int
    where: str
    words: str
    reaches: str
    own_place: bool = True


_REPORTS: Final = (
    _Seen(
        "theatre@example.org",
        "reconnaissance",
        70,
        "The stage door",
        "The same person stood opposite the stage door on three evenings and wrote down when it was opened.",
        sighting_rules.CLOSED,
    ),
    _Seen(
        "hall@example.org",
        "item",
        26,
        "Behind the bins",
        "A locked case that nobody of us knows, found while clearing up. It was taken away by its owner an hour later.",
        sighting_rules.SEEN,
    ),
    _Seen(
        "stadium.viewer@example.org",
        "drone",
        3,
        "Above the north stand, from the car park of the retail park",
        "A small drone stayed above the north stand for some minutes while the gates were tested.",
        sighting_rules.NEW,
        own_place=False,
    ),
)
# Sector, tier, introduction, key actions. The last one is left as the generator made it, for an editor to finish.
_PACKS: Final = (
    (
        "theatres",
        "enhanced",
        (
            "For those who run cinemas and theatres. The risk is greatest where people wait: in the foyer before the doors open, and in "
            "the street when a show ends."
        ),
        (
            "Look over the foyer and the street ten minutes before each show ends.",
            "Name who may start an evacuation or a lockdown, and let any trained usher do it.",
            "Test the loudspeakers and radios each week, the back stairs included.",
            "Keep bleeding-control kits at both ends of the foyer, and show every shift where.",
        ),
    ),
    (
        "events",
        "enhanced",
        "For organisers of large events, from the first sketch of the site to the day on which the last fence goes.",
        (
            "Agree in writing, before the gates open, who stops the show and at which sign.",
            "Walk every way to the site with the police; a closed road is no barrier.",
            "Plan medical cover for the first minutes, not only for an ordinary day.",
            "Brief agency staff at the start of each shift, with the threat level of the day.",
        ),
    ),
    (
        "worship",
        "standard",
        "For those who look after places of worship of any faith. Most of it costs little and takes away nothing of the welcome.",
        (
            "Greet people at the door: who is greeted is also seen.",
            "Choose rooms that can be locked from inside, and try it once a year.",
            "Tell everybody how to report what seems wrong, and thank those who do.",
        ),
    ),
    ("stadia", "enhanced", "", ()),
)


def build(_people: object = None) -> str:
    """Needs the demonstration's people and places, and a standard in force. What it built, in a line."""
    call_command("load_lessons", stdout=io.StringIO())
    for email, sector in _OFFICERS:
        _join(_person(email), sector)
    for email, sector in _MEMBERS:
        _admit(_person(email), sector)
        _join(_person(email), sector)
    _appoint()
    for story in _THREADS:
        _thread(story)
    for seen in _REPORTS:
        _report(seen)
    _lessons()
    for sector, tier, introduction, actions in _PACKS:
        _pack(sector, tier, introduction, actions)
    # What is past was read long ago: no mail goes out for it, and the documents are there.
    for job in OutboxJob.objects.filter(kind__in=["network.announce", "guidance.render"], done_at__isnull=True):
        outbox.run(job.pk)
    posts, reports = NetworkPost.objects.threads().count(), Sighting.objects.count()
    packs = GuidancePack.objects.filter(state=GuidancePack.State.PUBLISHED).count()
    return f"networks: {posts} posts; {reports} reports; {Lesson.objects.count()} lessons; {packs} guidance packs published"


def _person(email: str) -> User:
    return User.objects.get(email=email)


def _admit(user: User, sector: str) -> None:
    """By an officer of the network; asked for by the organisation's owner. One is left waiting, to be answered."""
    for organisation_id in network_selectors.eligible(authority(user)).get(sector, ()):
        asked = NetworkAdmission.objects.filter(sector=sector, organisation=organisation_id).first()
        if asked is None:
            owners = Membership.objects.filter(organisation=organisation_id, role=Membership.Role.OWNER).order_by("pk")
            words = "We run a place of this sector. Its manager and the head of its stewards will read."
            asked = admissions.ask(actor=owners[0].user, sector=sector, organisation_id=organisation_id, words=words)
        if asked.state == admission_rules.ASKED and user.email != _WAITING:
            officer = next(email for email, code in _OFFICERS if code == sector)
            reason = "Known to us from its plan and from visits."
            admissions.admit(actor=_person(officer), admission_id=asked.pk, reason=reason)


def _join(user: User, sector: str) -> None:
    """Who has nothing in the sector, since the demonstration was changed, is left out."""
    if NetworkMember.objects.filter(user=user, sector=sector).exists():
        return
    who = authority(user)
    if who.is_police or sector in network_selectors.admitted(who):
        networks.join(actor=user, sector=sector)


def _appoint() -> None:
    for part, chosen in (("police", _LEADS), ("industry", _INDUSTRY)):
        for sector, email in chosen.items():
            user = _person(email)
            by = _person("authoriser@example.org" if part == "police" else _LEADS[sector])
            inside = NetworkMember.objects.standing().filter(user=user, sector=sector).exists()
            if inside and not NetworkModerator.objects.filter(user=user, sector=sector).exists():
                networks.appoint(actor=by, sector=sector, user_id=user.pk, lead=part)


def _thread(story: _Story) -> None:
    author = _person(story.author)
    if not NetworkMember.objects.standing().filter(user=author, sector=story.sector).exists():
        return
    known = {post.title: post for post in NetworkPost.objects.filter(author=author, sector=story.sector, thread=None)}
    post = known.get(story.title)
    if post is None:
        given = PostInput(title=story.title, text=story.text, kind=story.kind, marking=story.marking)
        post = network_posts.post(actor=author, sector=story.sector, given=given)
    written = {reply.text for reply in post.replies.all()}
    reply = None
    for email, words in story.replies:
        writer = _person(email)
        inside = NetworkMember.objects.standing().filter(user=writer, sector=story.sector).exists()
        if inside and words not in written:
            reply = network_posts.reply(actor=writer, thread_id=post.pk, text=words)
    if reply is not None and story.kind == "question":
        network_posts.mark_answer(actor=author, thread_id=post.pk, reply_id=reply.pk)
    if story.pinned and post.pinned_at is None:
        network_posts.pin(actor=_person(_LEADS[story.sector]), post_id=post.pk, pinned=True)


def _report(seen: _Seen) -> None:
    reporter, adviser = _person(seen.reporter), _person("adviser@example.org")
    for known in Sighting.objects.filter(reporter=reporter):
        if sighting_selectors.read_report(known).description == seen.words:
            return
    places = list(sighting_selectors.own_subjects(reporter)) if seen.own_place else []
    given = ReportInput(
        category=seen.category,
        happened_at=timezone.now() - timedelta(hours=seen.hours_ago),
        report=Report(where=seen.where, description=seen.words),
        subject=places[-1] if places else "",
        area=HOME_AREA,
    )
    made = sightings.report(actor=reporter, given=given)
    if seen.reaches != sighting_rules.NEW:
        sightings.see(actor=adviser, sighting_id=made.pk)
    if seen.reaches == sighting_rules.CLOSED:
        words = "It was a student who drew the building. We have spoken to them. You were right to tell us, please go on doing so."
        sightings.close(actor=adviser, sighting_id=made.pk, outcome="explained", reply=words)


def _lessons() -> None:
    festival = LessonInput(
        title="Say who may pause the show before the gates open",
        place="Fletchgate",
        country="United Kingdom",
        period="September 2026",
        category="event",
        happened="Wind rose during the afternoon, and three people thought that another one would decide whether to pause.",
        done="The sign for pausing and who may give it are agreed with crew and police before the gates open, and said on the radio.",
        worked="Five minutes of the briefing, and one sentence that everybody knows.",
        cost="none",
        transfer="high",
        tlp="green",
        criteria=["EVT-06", "PRO-05", "TRN-05"],
        sectors=["events", "stadia", "theatres"],
        source_title="Own experience",
        source_publisher="Fletchgate Street Festival",
        source_year=2026,
    )
    aldermere = LessonInput(
        title="A radio walk found two silent rooms",
        place="Aldermere",
        country="United Kingdom",
        period="March 2026",
        category="exercise",
        happened="In an exercise the warning was not heard in two store rooms, and radios fell silent on the back stairs.",
        done="A second loudspeaker was put in, and both places are on the list of the weekly test.",
        worked="Walking every room with a radio took an hour.",
        cost="low",
        transfer="high",
        tlp="amber",
        criteria=["EXR-05", "PRO-04"],
        sectors=["theatres", "commercial"],
        source_title="Own experience",
        source_publisher="Lantern Row Theatre Trust",
        source_year=2026,
    )
    _lesson("festival@example.org", festival, publish=False)
    _lesson("theatre@example.org", aldermere, publish=True)


def _lesson(email: str, given: LessonInput, *, publish: bool) -> None:
    author = _person(email)
    lesson = Lesson.objects.filter(contributor=author, title=given.title).first()
    lesson = lesson or lessons.draft(actor=author, given=given)
    steps: list[tuple[str, Callable[[], Lesson]]] = [
        (Lesson.State.DRAFT, lambda: lessons.submit(actor=author, lesson_id=lesson.pk)),
    ]
    if publish:
        reviewer = _person("adviser2@example.org")
        steps.append((Lesson.State.IN_REVIEW, lambda: lessons.publish(actor=reviewer, lesson_id=lesson.pk)))
    for state, act in steps:
        lesson.refresh_from_db()
        if lesson.state == state:
            act()


def _pack(sector: str, tier: str, introduction: str, actions: tuple[str, ...]) -> None:
    editor = _person("administrator@example.org")
    pack = GuidancePack.objects.filter(sector=sector, tier=tier, written_by=editor).first()
    pack = pack or guidance.begin(actor=editor, sector=sector, tier=tier)
    if pack.state == GuidancePack.State.DRAFT and actions:
        given = PackInput(pack.title, introduction, actions, pack.criteria, pack.lessons, pack.tlp)
        guidance.change(actor=editor, pack_id=pack.pk, given=given)
        guidance.publish(actor=editor, pack_id=pack.pk)
