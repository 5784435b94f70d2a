"""Who may report what they saw, who reads it, and who acts on it.

An auditor sees that there is a report, its state and its trail, and not what it says: they check what became of reports,
for which the words are not needed, and a report may be about somebody who has done nothing.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.selectors import Viewer, authority
from advisories.domain import sightings as rules
from advisories.models import Sighting
from core.policies import ALLOWED, Decision, denied

__all__ = ["can_add_file", "can_handle", "can_read", "can_report", "can_see_queue", "can_view"]


def can_report(user: Viewer, *, fresh: bool = False) -> Decision:
    """Anybody with an account, whatever their role: what was seen must not be lost to a rule about roles."""
    if authority(user, fresh=fresh).user_id is None:
        return denied(_("Sign in to report something."))
    return ALLOWED


def can_view(user: Viewer, sighting: Sighting) -> Decision:
    """Says the same as `Sighting.objects.visible_to`."""
    if authority(user).is_auditor:
        return ALLOWED
    return can_read(user, sighting)


def can_read(user: Viewer, sighting: Sighting, *, fresh: bool = False) -> Decision:
    who = authority(user, fresh=fresh)
    if who.user_id is not None and (sighting.reporter_id == who.user_id or who.serves(sighting.area_id)):
        return ALLOWED
    return denied(_("A report is read by whoever made it and by the officers of its area."))


def can_see_queue(user: Viewer) -> Decision:
    who = authority(user)
    if who.is_police or who.is_auditor:
        return ALLOWED
    return denied(_("Only police officers see the reports of an area."))


def can_handle(user: Viewer, sighting: Sighting, *, fresh: bool = False) -> Decision:
    who = authority(user, fresh=fresh)
    if not who.serves(sighting.area_id):
        return denied(_("Only an officer of the area can act on this report."))
    if sighting.reporter_id == who.user_id:
        return denied(_("You made this report. Another officer has to act on it."))
    return ALLOWED


def can_add_file(user: Viewer, sighting: Sighting, *, fresh: bool = False) -> Decision:
    if sighting.reporter_id != authority(user, fresh=fresh).user_id:
        return denied(_("Only whoever made the report can add to it."))
    if sighting.state not in rules.OPEN:
        return denied(_("This report is closed. Make another one for what is new."))
    return ALLOWED
