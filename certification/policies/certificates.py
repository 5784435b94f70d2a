"""Who may see, download, renew and revoke a certificate. `can_view` and `Certificate.objects.visible_to` agree."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from accounts.selectors import Viewer, authority
from certification.domain import cover, lifecycle
from certification.models import Certificate, Proposal
from core.policies import ALLOWED, Decision, denied


def can_view(user: Viewer, certificate: Certificate, *, fresh: bool = False) -> Decision:
    who = authority(user, fresh=fresh)
    if who.is_auditor or who.member_of(certificate.organisation_id) or who.serves(certificate.area_id):
        return ALLOWED
    return denied(_("Only the holder, the police of the area and auditors may see this certificate."))


def can_download(user: Viewer, certificate: Certificate, *, fresh: bool = False) -> Decision:
    return can_view(user, certificate, fresh=fresh)


def can_renew(user: Viewer, certificate: Certificate, *, today: date, fresh: bool = False) -> Decision:
    """The right to begin; that no other plan is open is asked by `plans.begin_renewal` under its lock."""
    if not authority(user, fresh=fresh).can_edit_for(certificate.organisation_id):
        return denied(_("Only an owner or editor of the holding organisation can renew a certificate."))
    if certificate.event_id is not None:
        return denied(
            _("A certificate for an event ends with it. For the next event, register it and begin a new plan.")
        )
    if certificate.state not in {lifecycle.IN_FORCE, lifecycle.EXPIRED}:
        return denied(_("Only a certificate that is in force or has expired can be renewed."))
    if not cover.renewal_is_open(valid_until=certificate.valid_until, today=today):
        opens = cover.renewal_opens(valid_until=certificate.valid_until)
        return denied(_("Renewal opens on %(date)s.") % {"date": f"{opens.day} {opens:%B %Y}"})
    return ALLOWED


def can_see_revocation(user: Viewer, certificate: Certificate, *, fresh: bool = False) -> Decision:
    """A proposal that nobody confirmed is the police's own affair; once confirmed, the holder reads the reason too."""
    who = authority(user, fresh=fresh)
    if who.is_auditor or who.serves(certificate.area_id):
        return ALLOWED
    return denied(_("Only the police of the area see a proposal to revoke."))


def can_propose_revocation(user: Viewer, certificate: Certificate, *, fresh: bool = False) -> Decision:
    who = authority(user, fresh=fresh)
    if not who.serves(certificate.area_id):
        return denied(_("Only an officer of the certificate's police area can propose to revoke it."))
    if who.member_of(certificate.organisation_id):
        return denied(_("You belong to the organisation that holds this certificate."))
    return ALLOWED


def can_confirm_revocation(user: Viewer, revocation: Proposal, *, fresh: bool = False) -> Decision:
    """Two people: the database holds that too (certification_proposal_two_people)."""
    certificate = revocation.certificate
    who = authority(user, fresh=fresh)
    if not who.authorises(certificate.area_id):
        return denied(_("Only an authorising officer of the certificate's police area can confirm a revocation."))
    if who.member_of(certificate.organisation_id):
        return denied(_("You belong to the organisation that holds this certificate."))
    if revocation.proposed_by_id == who.user_id:
        return denied(_("You proposed this revocation: another officer has to confirm it."))
    return ALLOWED


def can_drop_revocation(user: Viewer, revocation: Proposal, *, fresh: bool = False) -> Decision:
    certificate = revocation.certificate
    who = authority(user, fresh=fresh)
    if who.member_of(certificate.organisation_id):
        return denied(_("You belong to the organisation that holds this certificate."))
    if who.authorises(certificate.area_id):
        return ALLOWED
    if who.serves(certificate.area_id) and revocation.proposed_by_id == who.user_id:
        return ALLOWED
    return denied(_("Only the officer who proposed it or an authorising officer of the area can drop a proposal."))
