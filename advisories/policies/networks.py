"""Who may be in a network, post there and look after it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.selectors import Viewer, authority
from advisories.domain import networks as rules
from advisories.models import NetworkMember, NetworkModerator, NetworkPost
from advisories.selectors import networks as selectors
from advisories.selectors.networks import Standing
from core.policies import ALLOWED, Decision, denied

__all__ = [
    "can_appoint",
    "can_end",
    "can_hide",
    "can_join",
    "can_mark_answer",
    "can_moderate",
    "can_open",
    "can_post",
    "can_read",
    "can_readmit",
    "can_remove",
    "can_see_members",
]


def can_open(user: Viewer) -> Decision:
    """The page of a network: that it is there, what it is for and how to join. Of posts, those that `can_read` allows."""
    if authority(user).user_id is None:
        return denied(_("Sign in first."))
    return ALLOWED


def can_join(user: Viewer, sector: str, *, fresh: bool = False) -> Decision:
    """Officers of any area; members of an organisation that was admitted and still has something in the sector. National
    roles have no part in it.
    """
    who = authority(user, fresh=fresh)
    if who.national_role:
        return denied(_("A national role cannot be combined with membership of a network."))
    if who.is_police:
        return ALLOWED
    if sector in selectors.admitted(who):
        return ALLOWED
    return denied(
        _(
            "Your organisation must have been admitted to this network. It can ask once it has a place, event or project of the "
            "sector registered here."
        )
    )


def can_read(user: Viewer, post: NetworkPost) -> Decision:
    """Says the same as `NetworkPost.objects.visible_to`."""
    who = authority(user)
    if who.is_auditor:
        return ALLOWED
    if not rules.reads(post.tlp, selectors.presence_in(post.sector, user)):
        return denied(_("This post is marked for others."))
    if post.hidden_at is None or post.author_id == who.user_id:
        return ALLOWED
    if selectors.standing_in(post.sector, user).moderates:
        return ALLOWED
    return denied(_("A moderator has hidden this post."))


def can_post(standing: Standing) -> Decision:
    if standing.member is not None:
        return ALLOWED
    return denied(_("Only members of the network can write in it. Join it first."))


def can_see_members(user: Viewer, standing: Standing) -> Decision:
    if standing.member is not None or authority(user).is_auditor:
        return ALLOWED
    return denied(_("Only its members can see who is in a network."))


def can_moderate(standing: Standing) -> Decision:
    if standing.moderates:
        return ALLOWED
    return denied(_("Only a moderator of the network can do this."))


def can_hide(user: Viewer, standing: Standing, post: NetworkPost) -> Decision:
    """An author takes back their own words; a moderator hides others', but the industry lead none of the police."""
    if post.author_id == authority(user).user_id:
        return can_post(standing)
    if standing.lead == rules.INDUSTRY and post.by_police:
        return denied(_("What the police wrote is hidden by the police lead alone."))
    return can_moderate(standing)


def can_mark_answer(user: Viewer, standing: Standing, question: NetworkPost) -> Decision:
    if question.author_id == authority(user).user_id and standing.member is not None:
        return ALLOWED
    if standing.moderates:
        return ALLOWED
    return denied(_("Only whoever asked and the moderators can mark the answer."))


def can_appoint(user: Viewer, sector: str, lead: str, *, fresh: bool = False) -> Decision:
    """The police lead by an authorising officer or a national administrator; the industry lead by the police lead."""
    who = authority(user, fresh=fresh)
    if lead == rules.POLICE:
        if who.is_administrator or any(who.authorises(area) for area in who.areas):
            return ALLOWED
        return denied(_("The police lead is appointed by an authorising officer or a national administrator."))
    if selectors.standing_in(sector, user).lead == rules.POLICE:
        return ALLOWED
    return denied(_("The industry lead is appointed by the police lead of the network."))


def can_end(user: Viewer, moderator: NetworkModerator, *, fresh: bool = False) -> Decision:
    """Whoever could appoint them; anybody may lay down their own."""
    if moderator.user_id == authority(user, fresh=fresh).user_id:
        return ALLOWED
    return can_appoint(user, moderator.sector, moderator.lead, fresh=fresh)


def can_remove(user: Viewer, standing: Standing, member: NetworkMember) -> Decision:
    if member.user_id == authority(user).user_id:
        return denied(_("To go yourself, leave the network on its own page."))
    if standing.lead == rules.INDUSTRY and member.is_police:
        return denied(_("Officers are removed by the police lead alone."))
    return can_moderate(standing)


def can_readmit(standing: Standing) -> Decision:
    if standing.lead == rules.POLICE:
        return ALLOWED
    return denied(_("Only the police lead can let somebody join again who was removed."))
