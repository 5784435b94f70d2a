"""Who of the police may do what with a plan. The state of the plan is not asked here: `domain.lifecycle` knows it.

Independence, in one place: nobody reviews, recommends or signs what they or their organisation wrote; whoever reviewed a
plan, at any time, does not sign it. The database refuses the last of these too.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import Authority, Viewer, authority
from certification.models import Plan
from certification.selectors import conflicts
from core.policies import ALLOWED, Decision, denied

__all__ = [
    "can_claim",
    "can_decide",
    "can_read_review",
    "can_release",
    "can_review",
    "can_see_queue",
]


def can_see_queue(user: Viewer) -> Decision:
    who = authority(user)
    if who.is_police or who.is_auditor:
        return ALLOWED
    return denied(_("The queue is for police officers appointed to an area."))


def can_read_review(user: Viewer, plan: Plan) -> Decision:
    """The reviewers' working papers: the area's officers and auditors; the organisation reads the decision instead."""
    who = authority(user)
    if who.member_of(plan.organisation_id):
        return denied(_("You belong to the organisation whose plan this is, so its review is closed to you."))
    if who.is_auditor or who.serves(plan.area_id):
        return ALLOWED
    return denied(_("The review is for police officers of the plan's area."))


def can_claim(user: Viewer, plan: Plan, *, fresh: bool = False) -> Decision:
    who = authority(user, fresh=fresh)
    if not who.advises(plan.area_id):
        return denied(_("Only a police adviser of the plan's area can review it."))
    return _independent(user, plan, who)


def can_review(user: Viewer, plan: Plan, *, fresh: bool = False) -> Decision:
    """Judge, ask for changes, recommend: for the adviser who claimed the plan alone."""
    allowed = can_claim(user, plan, fresh=fresh)
    if not allowed:
        return allowed
    if plan.reviewer_id is None:
        return denied(_("Nobody is reviewing this plan. Claim it first."))
    if plan.reviewer_id != user.pk:
        return denied(_("Another adviser is reviewing this plan."))
    return ALLOWED


def can_release(user: Viewer, plan: Plan, *, fresh: bool = False) -> Decision:
    """The reviewer, or an authorising officer of the area when the reviewer is away."""
    who = authority(user, fresh=fresh)
    if plan.reviewer_id is not None and plan.reviewer_id == user.pk:
        return ALLOWED
    if who.member_of(plan.organisation_id):
        return denied(_("You belong to the organisation whose plan this is."))
    if who.authorises(plan.area_id):
        return ALLOWED
    return denied(_("Only the reviewer, or an authorising officer of the area, can give a plan back to the queue."))


def can_decide(user: Viewer, plan: Plan, *, fresh: bool = False) -> Decision:
    """Sign or send back."""
    who = authority(user, fresh=fresh)
    if not who.authorises(plan.area_id):
        return denied(_("Only an authorising officer of the plan's area can decide on it."))
    independent = _independent(user, plan, who)
    if not independent:
        return independent
    if isinstance(user, User) and conflicts.advised_on(user, plan.pk):
        return denied(_("You have reviewed this plan. Another authorising officer must decide on it."))
    return ALLOWED


def _independent(user: Viewer, plan: Plan, who: Authority) -> Decision:
    if who.member_of(plan.organisation_id):
        return denied(_("You belong to the organisation whose plan this is, so you take no part in deciding on it."))
    if isinstance(user, User) and conflicts.wrote_in(user, plan.pk):
        return denied(_("You wrote a part of this plan, so you take no part in deciding on it."))
    return ALLOWED
