"""Who asks for an organisation to come into a network, and who answers."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from accounts.selectors import Viewer, authority
from advisories.models import NetworkAdmission
from advisories.selectors import networks as selectors
from advisories.selectors.networks import Standing
from core.policies import ALLOWED, Decision, denied

__all__ = ["can_ask", "can_ask_at_all", "can_decide", "can_see_list", "can_view", "can_withdraw", "decides"]


def can_ask_at_all(user: Viewer, sector: str) -> Decision:
    """For one organisation or another."""
    who = authority(user)
    if any(who.can_edit_for(pk) for pk in selectors.eligible(who).get(sector, ())):
        return ALLOWED
    return _not_asking()


def can_ask(user: Viewer, sector: str, organisation: UUID, *, fresh: bool = False) -> Decision:
    """An owner or editor of an organisation with something in the sector."""
    who = authority(user, fresh=fresh)
    if who.can_edit_for(organisation) and organisation in selectors.eligible(who).get(sector, ()):
        return ALLOWED
    return _not_asking()


def _not_asking() -> Decision:
    return denied(
        _(
            "An owner or editor of an organisation that has a place, event or project of the sector here can ask to join."
        )
    )


def can_view(user: Viewer, admission: NetworkAdmission) -> Decision:
    """Says the same as `NetworkAdmission.objects.visible_to`."""
    who = authority(user)
    if who.is_auditor or admission.organisation_id in who.organisations:
        return ALLOWED
    return decides(selectors.standing_in(admission.sector, user))


def decides(standing: Standing) -> Decision:
    """The duty to answer is that of the network's moderators and of every officer in it: a network without a moderator
    must not leave people waiting.
    """
    if standing.moderates or (standing.member is not None and standing.member.is_police):
        return ALLOWED
    return denied(_("Moderators of the network and police officers in it answer who asks to join."))


def can_see_list(user: Viewer, standing: Standing) -> Decision:
    return ALLOWED if authority(user).is_auditor else decides(standing)


def can_decide(user: Viewer, standing: Standing, admission: NetworkAdmission) -> Decision:
    """Never of one's own organisation."""
    if admission.organisation_id in authority(user).organisations:
        return denied(_("Nobody answers for an organisation of their own."))
    return decides(standing)


def can_withdraw(user: Viewer, admission: NetworkAdmission, *, fresh: bool = False) -> Decision:
    if authority(user, fresh=fresh).can_edit_for(admission.organisation_id):
        return ALLOWED
    return denied(_("Only an owner or editor of the organisation can take this back."))
