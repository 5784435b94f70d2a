"""Who asks for a site to be kept off the register, who answers, who ends it. `can_view` and `visible_to` agree."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.selectors import Viewer, authority
from certification.models import ListingRequest
from core.policies import ALLOWED, Decision, denied
from events.models import Subject


def can_view(user: Viewer, request: ListingRequest, *, fresh: bool = False) -> Decision:
    """Its reason may be sensitive: the police of the area see on the place's page that it is kept off, not why."""
    who = authority(user, fresh=fresh)
    if who.is_administrator or who.is_auditor or who.member_of(request.organisation_id):
        return ALLOWED
    return denied(_("Only the organisation that asked, national administrators and auditors see this request."))


def can_see_all(user: Viewer) -> Decision:
    who = authority(user)
    if who.is_administrator or who.is_auditor:
        return ALLOWED
    return denied(_("Only national administrators and auditors see every request."))


def can_ask(user: Viewer, subject: Subject, *, fresh: bool = False) -> Decision:
    if authority(user, fresh=fresh).owns(subject.organisation_id):
        return ALLOWED
    return denied(_("Only an owner of the organisation can ask for this."))


def can_decide(user: Viewer, request: ListingRequest, *, fresh: bool = False) -> Decision:
    """One person is enough; never one of the organisation that asks."""
    who = authority(user, fresh=fresh)
    if not who.is_administrator:
        return denied(_("Only a national administrator can answer this request."))
    if who.member_of(request.organisation_id) or request.asked_by_id == who.user_id:
        return denied(_("You belong to the organisation that asks. Another administrator has to answer."))
    return ALLOWED


def can_close(user: Viewer, request: ListingRequest, subject: Subject, *, fresh: bool = False) -> Decision:
    """Withdraw or end: an owner of the organisation that asked, or of the one that has the site now."""
    who = authority(user, fresh=fresh)
    if who.owns(request.organisation_id) or who.owns(subject.organisation_id):
        return ALLOWED
    return denied(_("Only an owner of the organisation can do this."))
