"""Who may do what to people, teams, appointments and tokens."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.models import ApiToken, Organisation, User
from accounts.selectors import Viewer, authority
from core.policies import ALLOWED, Decision, denied


def can_view_organisation(user: Viewer, organisation: Organisation, *, fresh: bool = False) -> Decision:
    """Says the same as `Organisation.objects.visible_to`: its members, and the auditor."""
    who = authority(user, fresh=fresh)
    if who.member_of(organisation.pk) or who.is_auditor:
        return ALLOWED
    return denied(_("You are not a member of this organisation."))


def can_manage_team(user: Viewer, organisation: Organisation, *, fresh: bool = False) -> Decision:
    if authority(user, fresh=fresh).owns(organisation.pk):
        return ALLOWED
    return denied(_("Only an owner of the organisation can change its team."))


def can_register_organisation(user: Viewer, *, fresh: bool = False) -> Decision:
    """Anybody with an account, but for the national roles: an auditor changes nothing, an administrator has no case."""
    who = authority(user, fresh=fresh)
    if who.user_id is None:
        return denied(_("Sign in to register an organisation."))
    if who.national_role:
        return denied(_("A national role cannot be combined with membership of an organisation."))
    return ALLOWED


def can_join(user: Viewer, *, fresh: bool = False) -> Decision:
    """The same people who may register an organisation may join one."""
    return can_register_organisation(user, fresh=fresh)


def can_administer(user: Viewer, *, fresh: bool = False) -> Decision:
    """People, national roles and appointments belong to the national administrator alone."""
    if authority(user, fresh=fresh).is_administrator:
        return ALLOWED
    return denied(_("Only a national administrator can do this."))


def can_view_person(user: Viewer, person: User, *, fresh: bool = False) -> Decision:
    """Says the same as `User.objects.visible_to`: oneself, and everybody for the national roles."""
    if authority(user, fresh=fresh).user_id == person.pk:
        return ALLOWED
    return can_see_people(user)


def can_see_people(user: Viewer, *, fresh: bool = False) -> Decision:
    who = authority(user, fresh=fresh)
    if who.is_administrator or who.is_auditor:
        return ALLOWED
    return denied(_("Only a national administrator or an auditor can see this."))


def can_change_person(user: User, person: User, *, fresh: bool = False) -> Decision:
    """Nobody gives themselves a role: that takes a second administrator."""
    if user.pk == person.pk:
        return denied(_("You cannot change your own roles. Ask another national administrator."))
    return can_administer(user, fresh=fresh)


def can_hold_tokens(user: User, *, fresh: bool = False, has_second_factor: bool) -> Decision:
    """A token is a way in without the second factor, so whoever must have one must have set it up first."""
    who = authority(user, fresh=fresh)
    if who.user_id is None:
        return denied(_("This account is closed."))
    if who.needs_second_factor and not has_second_factor:
        return denied(_("Set up two-step verification before you make an API token."))
    return ALLOWED


def can_make_token_for(user: User, owner: User) -> Decision:
    """Nobody makes a token for somebody else: whoever sees it could act as them."""
    if user.pk == owner.pk:
        return ALLOWED
    return denied(_("You can only make API tokens for yourself."))


def can_revoke_token(user: User, token: ApiToken, *, fresh: bool = False) -> Decision:
    if token.user_id == user.pk or authority(user, fresh=fresh).is_administrator:
        return ALLOWED
    return denied(_("Only its owner or a national administrator can revoke a token."))
