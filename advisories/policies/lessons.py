"""Who adds to the library, who reviews, who reads what."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.selectors import Authority, Viewer, authority
from advisories.domain import lessons as rules
from advisories.models import Lesson
from advisories.selectors import networks
from core.policies import ALLOWED, Decision, denied

__all__ = [
    "can_change",
    "can_propose",
    "can_read_words",
    "can_review",
    "can_revise",
    "can_see_waiting",
    "can_view",
    "can_withdraw",
]


def can_propose(user: Viewer, *, fresh: bool = False) -> Decision:
    """Whoever has an organisation here, officers and national administrators. A partner of another city or country is
    invited like anybody else and registers an organisation of the kind “public body”.
    """
    who = authority(user, fresh=fresh)
    if who.organisations or who.is_police or who.is_administrator:
        return ALLOWED
    return denied(_("To add a lesson, register your organisation first."))


def can_view(user: Viewer, lesson: Lesson) -> Decision:
    """Says the same as `Lesson.objects.visible_to`."""
    who = authority(user)
    if who.is_auditor or (who.user_id is not None and lesson.contributor_id == who.user_id):
        return ALLOWED
    official = who.is_police or who.is_administrator
    if lesson.state == rules.IN_REVIEW and official:
        return ALLOWED
    if lesson.state in rules.RELEASED and _reads(who, user, lesson):
        return ALLOWED
    return denied(_("This lesson is marked for others."))


def _reads(who: Authority, user: Viewer, lesson: Lesson) -> bool:
    readers = rules.readers_of(lesson.tlp)
    if "anybody" in readers:
        return True
    if who.is_police or who.is_administrator:
        return "official" in readers
    if not who.organisations:
        return False
    if "community" in readers:
        return True
    return "sector" in readers and any(networks.standing_in(code, user).member for code in lesson.sectors)


def can_read_words(user: Viewer, lesson: Lesson) -> Decision:
    """Of a lesson that was withdrawn, its readers see that it was and why; the words are for whoever may have to answer
    for them.
    """
    if lesson.state != rules.WITHDRAWN:
        return ALLOWED
    who = authority(user)
    known = who.user_id is not None and lesson.contributor_id == who.user_id
    if known or who.is_police or who.is_administrator or who.is_auditor:
        return ALLOWED
    return denied(_("This lesson was withdrawn."))


def can_change(user: Viewer, lesson: Lesson, *, fresh: bool = False) -> Decision:
    """Its own contributor, while it is a draft; the service says no to another state."""
    who = authority(user, fresh=fresh)
    if who.user_id is not None and lesson.contributor_id == who.user_id:
        return ALLOWED
    return denied(_("Only whoever wrote it can change it."))


def can_see_waiting(user: Viewer) -> Decision:
    who = authority(user)
    if who.is_police or who.is_administrator or who.is_auditor:
        return ALLOWED
    return denied(_("Lessons are reviewed by officers and national administrators."))


def can_review(user: Viewer, lesson: Lesson, *, fresh: bool = False) -> Decision:
    """Another person than whoever wrote it, and of no organisation of theirs (house.md, law 5)."""
    who = authority(user, fresh=fresh)
    if not (who.is_police or who.is_administrator):
        return denied(_("Lessons are reviewed by officers and national administrators."))
    if lesson.contributor_id == who.user_id:
        return denied(_("You wrote this lesson. Another person has to review it."))
    if who.organisations:
        theirs = Membership.objects.filter(user=lesson.contributor_id, organisation_id__in=list(who.organisations))
        if theirs.exists():
            return denied(_("Your own organisation wrote this lesson. Another person has to review it."))
    return ALLOWED


def can_revise(user: Viewer, lesson: Lesson, *, fresh: bool = False) -> Decision:
    """Begin a new version: its contributor, and whoever reviews lessons."""
    who = authority(user, fresh=fresh)
    if who.is_police or who.is_administrator:
        return ALLOWED
    return can_change(user, lesson)


def can_withdraw(user: Viewer, *, fresh: bool = False) -> Decision:
    who = authority(user, fresh=fresh)
    if who.is_police or who.is_administrator:
        return ALLOWED
    return denied(_("Lessons are withdrawn by officers and national administrators."))
