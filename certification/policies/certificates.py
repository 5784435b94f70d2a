"""Who may see, download, renew, change and end a certificate. `can_view` and `Certificate.objects.visible_to` agree."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.selectors import Authority, Viewer, authority
from certification.domain import cover, lifecycle, proposals
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


def can_see_proposals(user: Viewer, certificate: Certificate, *, fresh: bool = False) -> Decision:
    """What nobody confirmed is the police's own affair; once it has taken effect, the holder reads the reason too."""
    who = authority(user, fresh=fresh)
    if who.member_of(certificate.organisation_id):
        return denied(_("You belong to the organisation that holds this certificate."))
    if who.is_auditor or who.serves(certificate.area_id):
        return ALLOWED
    return denied(_("Only the police of the area see proposals about a certificate."))


def can_propose(
    user: Viewer, certificate: Certificate, *, to_organisation: UUID | None = None, fresh: bool = False
) -> Decision:
    """`to_organisation`: the new holder of a transfer, whose members take no part either."""
    who = authority(user, fresh=fresh)
    if not who.serves(certificate.area_id):
        return denied(_("Only an officer of the certificate's police area can propose this."))
    return _independent(who, certificate, to_organisation)


def can_confirm(
    user: Viewer, proposal: Proposal, *, to_organisation: UUID | None = None, fresh: bool = False
) -> Decision:
    """Two people, one of whom authorises: the database holds that too (certification_proposal_two_people and
    certification_proposal_one_of_them_authorises).
    """
    certificate = proposal.certificate
    who = authority(user, fresh=fresh)
    office = office_of(who, certificate.area_id)
    if not office or not proposals.may_be_second(office, first=proposal.proposed_as, urgent=proposal.urgent):
        return denied(_("Only an authorising officer of the certificate's police area can confirm this."))
    independent = _independent(who, certificate, to_organisation)
    if not independent:
        return independent
    if proposal.proposed_by_id == who.user_id:
        return denied(_("You proposed this: another officer has to confirm it."))
    return ALLOWED


def can_drop(user: Viewer, proposal: Proposal, *, fresh: bool = False) -> Decision:
    """Dropping an urgent suspension ends it: it never had its second signature."""
    certificate = proposal.certificate
    who = authority(user, fresh=fresh)
    independent = _independent(who, certificate, None)
    if not independent:
        return independent
    if who.authorises(certificate.area_id):
        return ALLOWED
    if who.serves(certificate.area_id) and proposal.proposed_by_id == who.user_id:
        return ALLOWED
    return denied(_("Only the officer who proposed it or an authorising officer of the area can drop a proposal."))


def can_surrender(user: Viewer, certificate: Certificate, *, fresh: bool = False) -> Decision:
    if authority(user, fresh=fresh).owns(certificate.organisation_id):
        return ALLOWED
    return denied(_("Only an owner of the holding organisation can give up its certificate."))


def office_of(who: Authority, area: str) -> str:
    """The one in which somebody signs; who holds both signs as authorising officer. Empty for nobody of the area."""
    if who.authorises(area):
        return proposals.AUTHORISER
    return proposals.ADVISER if who.serves(area) else ""


def _independent(who: Authority, certificate: Certificate, to_organisation: UUID | None) -> Decision:
    if who.member_of(certificate.organisation_id):
        return denied(_("You belong to the organisation that holds this certificate."))
    if to_organisation is not None and who.member_of(to_organisation):
        return denied(_("You belong to the organisation that is to hold this certificate."))
    return ALLOWED
