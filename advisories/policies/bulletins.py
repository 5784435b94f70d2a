"""Who may do what with a bulletin. Whether its state allows it is the services' rule.

The issuing side are the officers of its area, or for a national one the national administrators. Nobody approves what
they wrote. A reader's rights are those of the Traffic Light Protocol 2.0; `Bulletin.objects.visible_to` says the same.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.selectors import Authority, Viewer, authority
from advisories.domain import tlp
from advisories.models import Bulletin, BulletinPlace, BulletinRecipient
from core.policies import ALLOWED, Decision, denied

__all__ = [
    "can_answer",
    "can_answer_any",
    "can_approve",
    "can_draft",
    "can_edit",
    "can_issue",
    "can_open_file",
    "can_read_inbox",
    "can_see_reach",
    "can_view",
    "can_write_any",
]


def can_read_inbox(user: Viewer) -> Decision:
    if authority(user).user_id is not None:
        return ALLOWED
    return denied(_("Sign in first."))


def can_view(user: Viewer, bulletin: Bulletin, *, fresh: bool = False) -> Decision:
    """The same as Bulletin.objects.visible_to."""
    who = authority(user, fresh=fresh)
    if who.is_auditor or _issues(who, bulletin):
        return ALLOWED
    if bulletin.is_released and _may_read(who, bulletin):
        return ALLOWED
    return denied(_("This advisory was not sent to you."))


def can_write_any(user: Viewer) -> Decision:
    """Whether there is an area, or the nation, that this person writes for."""
    who = authority(user)
    if who.is_police or who.is_administrator:
        return ALLOWED
    return denied(_("Advisories are written by police officers appointed to an area and by national administrators."))


def can_draft(user: Viewer, area: str, *, fresh: bool = False) -> Decision:
    """`area` empty: a national one."""
    who = authority(user, fresh=fresh)
    if area and who.serves(area):
        return ALLOWED
    if not area and who.is_administrator:
        return ALLOWED
    if area:
        return denied(_("Only an officer of the police area can write for it."))
    return denied(_("Only a national administrator can write a national advisory."))


def can_edit(user: Viewer, bulletin: Bulletin, *, fresh: bool = False) -> Decision:
    """The author alone: whoever approves must not have written a word of it."""
    issuing = can_issue(user, bulletin, fresh=fresh)
    if not issuing:
        return issuing
    if bulletin.drafted_by_id != authority(user).user_id:
        return denied(_("Only the person who drafted this advisory can change it."))
    return ALLOWED


def can_approve(user: Viewer, bulletin: Bulletin, *, fresh: bool = False) -> Decision:
    """An authorising officer of the area, or another national administrator. The database holds the two people too."""
    who = authority(user, fresh=fresh)
    if bulletin.area_id is None:
        if not who.is_administrator:
            return denied(_("Only a national administrator can approve a national advisory."))
    elif not who.authorises(bulletin.area_id):
        return denied(_("Only an authorising officer of the police area can approve this advisory."))
    if bulletin.drafted_by_id == who.user_id:
        return denied(_("You drafted this advisory: somebody else has to approve it."))
    return ALLOWED


def can_issue(user: Viewer, bulletin: Bulletin, *, fresh: bool = False) -> Decision:
    """Publish what is approved, update, retract: any author of the issuing side."""
    if _issues(authority(user, fresh=fresh), bulletin):
        return ALLOWED
    return denied(_("Only the side that issues this advisory can do this."))


def can_see_reach(user: Viewer, bulletin: Bulletin) -> Decision:
    """Whose places acted: the issuing side and auditors all, officers of an area that it reaches those of their area."""
    who = authority(user)
    if who.is_auditor or _issues(who, bulletin):
        return ALLOWED
    if bulletin.is_released and who.is_police and not tlp.link_only(bulletin.tlp) and _in_areas(who, bulletin):
        return ALLOWED
    return denied(_("How an advisory was received is for those who issued it and the police of the areas concerned."))


def can_see_mail(user: Viewer, bulletin: Bulletin) -> Decision:
    """What became of its messages: the issuing side and auditors."""
    return ALLOWED if authority(user).is_auditor else can_issue(user, bulletin)


def can_answer(user: Viewer, place: BulletinPlace, *, fresh: bool = False) -> Decision:
    """Owners and editors answer for their organisation's places."""
    who = authority(user, fresh=fresh)
    if not who.member_of(place.organisation_id):
        return denied(_("Only the organisation itself can answer for its places."))
    if not who.can_edit_for(place.organisation_id):
        return denied(_("You can read this. Ask an owner or editor of your organisation to answer."))
    return ALLOWED


def can_answer_any(user: Viewer, bulletin: Bulletin) -> Decision:
    """Whether some place of the bulletin is theirs to answer for."""
    who = authority(user)
    own = [pk for pk in who.organisations if who.can_edit_for(pk)]
    if own and BulletinPlace.objects.filter(bulletin=bulletin, organisation_id__in=own).exists():
        return ALLOWED
    return denied(_("Owners and editors answer for the places of their organisation."))


def can_open_file(user: Viewer, place: BulletinPlace, *, fresh: bool = False) -> Decision:
    """What a place showed: its organisation, the police of its area, auditors."""
    who = authority(user, fresh=fresh)
    if who.is_auditor or who.member_of(place.organisation_id) or who.serves(place.area_id):
        return ALLOWED
    return denied(_("This file belongs to another organisation."))


def _issues(who: Authority, bulletin: Bulletin) -> bool:
    return who.is_administrator if bulletin.area_id is None else who.serves(bulletin.area_id)


def _may_read(who: Authority, bulletin: Bulletin) -> bool:
    if bulletin.tlp == tlp.CLEAR:
        return True
    if bulletin.tlp == tlp.GREEN:
        return bool(who.organisations or who.areas or who.national_role)
    if bulletin.tlp == tlp.AMBER and who.areas and _in_areas(who, bulletin):
        return True
    if not who.organisations or not _of_theirs(who, bulletin):
        return False
    return bulletin.tlp != tlp.RED or _named(who, bulletin)


def _named(who: Authority, bulletin: Bulletin) -> bool:
    named = BulletinRecipient.objects.filter(bulletin=bulletin, user_id=who.user_id) if who.user_id else None
    return named is not None and named.exists()


def _of_theirs(who: Authority, bulletin: Bulletin) -> bool:
    return BulletinPlace.objects.filter(bulletin=bulletin, organisation_id__in=list(who.organisations)).exists()


def _in_areas(who: Authority, bulletin: Bulletin) -> bool:
    return BulletinPlace.objects.filter(bulletin=bulletin, area_id__in=list(who.areas)).exists()
