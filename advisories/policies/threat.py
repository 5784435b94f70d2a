"""Who records the threat level, who answers for a certificate, and who reads what was agreed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.selectors import Viewer, authority
from advisories.models import ThreatChange, ThreatConfirmation
from certification.models import Certificate
from core.policies import ALLOWED, Decision, denied

__all__ = [
    "can_answer",
    "can_confirm_change",
    "can_drop_change",
    "can_propose",
    "can_read_measures",
    "can_see_proposals",
    "can_view_change",
    "can_view_confirmation",
    "can_write_measures",
]


def can_propose(user: Viewer, *, fresh: bool = False) -> Decision:
    if authority(user, fresh=fresh).is_administrator:
        return ALLOWED
    return denied(_("Only a national administrator can record a change of the threat level."))


def can_see_proposals(user: Viewer) -> Decision:
    """And who proposed and confirmed what is history now."""
    who = authority(user)
    if who.is_administrator or who.is_auditor:
        return ALLOWED
    return denied(_("A change that has not been confirmed is not public."))


def can_view_change(user: Viewer, change: ThreatChange) -> Decision:
    """The same as ThreatChange.objects.visible_to."""
    return ALLOWED if change.confirmed_at is not None else can_see_proposals(user)


def can_confirm_change(user: Viewer, change: ThreatChange, *, fresh: bool = False) -> Decision:
    """Two people: the database holds that too (advisories_threat_change_two_people)."""
    allowed = can_propose(user, fresh=fresh)
    if allowed and change.proposed_by_id == authority(user).user_id:
        return denied(_("You proposed this change: another national administrator has to confirm it."))
    return allowed


def can_drop_change(user: Viewer, change: ThreatChange, *, fresh: bool = False) -> Decision:  # noqa: ARG001 - as its siblings
    return can_propose(user, fresh=fresh)


def can_view_confirmation(user: Viewer, confirmation: ThreatConfirmation, *, fresh: bool = False) -> Decision:
    """The same as ThreatConfirmation.objects.visible_to."""
    who = authority(user, fresh=fresh)
    if who.is_auditor or who.member_of(confirmation.organisation_id) or who.serves(confirmation.area_id):
        return ALLOWED
    return denied(_("Only the holder, the police of the area and auditors may see this."))


def can_answer(user: Viewer, confirmation: ThreatConfirmation, *, fresh: bool = False) -> Decision:
    if authority(user, fresh=fresh).can_edit_for(confirmation.organisation_id):
        return ALLOWED
    return denied(_("Only an owner or editor of the organisation that holds the certificate can answer this."))


def can_read_measures(user: Viewer, thing: Certificate | ThreatConfirmation, *, fresh: bool = False) -> Decision:
    """The organisation and the officers of its area; not an auditor, who sees that they are there and when they were
    written. The reason for a “not yet” may quote them, and goes the same way.
    """
    who = authority(user, fresh=fresh)
    if who.member_of(thing.organisation_id) or who.serves(thing.area_id):
        return ALLOWED
    return denied(_("What was agreed is shown to the organisation and the police of its area alone."))


def can_write_measures(user: Viewer, certificate: Certificate, *, fresh: bool = False) -> Decision:
    if authority(user, fresh=fresh).can_edit_for(certificate.organisation_id):
        return ALLOWED
    return denied(_("Only an owner or editor of the organisation that holds the certificate can write this."))
