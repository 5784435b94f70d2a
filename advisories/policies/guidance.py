"""Who writes the packs of a sector, and who reads them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.selectors import Viewer, authority
from advisories.domain import guidance as rules
from advisories.domain import networks as presence
from advisories.domain import tlp
from advisories.models import GuidancePack
from advisories.selectors import networks
from core.policies import ALLOWED, Decision, denied

__all__ = ["can_edit", "can_view"]


def can_edit(user: Viewer, sector: str, *, fresh: bool = False) -> Decision:
    """A national administrator, or the police lead of the sector's network."""
    if authority(user, fresh=fresh).is_administrator:
        return ALLOWED
    if networks.standing_in(sector, user).lead == presence.POLICE:
        return ALLOWED
    return denied(_("Guidance of a sector is written by its police lead and by national administrators."))


def can_view(user: Viewer, pack: GuidancePack) -> Decision:
    """Says the same as `GuidancePack.objects.visible_to`."""
    who = authority(user)
    if who.is_auditor or who.is_administrator:
        return ALLOWED
    no = denied(_("This guidance is marked for others."))
    if pack.state not in rules.RELEASED:
        return ALLOWED if can_edit(user, pack.sector) else no
    if pack.tlp == tlp.CLEAR or who.is_police:
        return ALLOWED
    if not who.organisations:
        return no
    if pack.tlp == tlp.GREEN:
        return ALLOWED
    return ALLOWED if networks.standing_in(pack.sector, user).member else no
