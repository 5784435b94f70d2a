"""Who may report, read and class anew what has changed about a certified place, event or project."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.selectors import Viewer, authority
from certification.models import Certificate, MaterialChange
from core.policies import ALLOWED, Decision, denied


def can_view(user: Viewer, change: MaterialChange, *, fresh: bool = False) -> Decision:
    """The same as MaterialChange.objects.visible_to."""
    who = authority(user, fresh=fresh)
    if who.is_auditor or who.member_of(change.certificate.organisation_id) or who.serves(change.area_id):
        return ALLOWED
    return denied(_("Only the holder, the police of the area and auditors may see what has changed."))


def can_report(user: Viewer, certificate: Certificate, *, fresh: bool = False) -> Decision:
    if authority(user, fresh=fresh).can_edit_for(certificate.organisation_id):
        return ALLOWED
    return denied(_("Only an owner or editor of the holding organisation can report a change."))


def can_list(user: Viewer) -> Decision:
    who = authority(user)
    if who.is_police or who.is_auditor:
        return ALLOWED
    return denied(_("This list is for police officers appointed to an area."))


def can_reclass(user: Viewer, change: MaterialChange, *, fresh: bool = False) -> Decision:
    who = authority(user, fresh=fresh)
    if not who.serves(change.area_id):
        return denied(_("Only an officer of the certificate's police area can class a change anew."))
    if who.member_of(change.certificate.organisation_id):
        return denied(_("You belong to the organisation that holds this certificate."))
    return ALLOWED
