"""Who may do what about a condition of a certificate. Whether its state allows it is the service's rule.

Whoever may see the certificate sees its conditions; what the holder is still writing is the holder's own.
"""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from accounts.selectors import Viewer, authority
from certification.models import CertificateCondition, ConditionDischarge, ConditionExtension, Evidence
from core.policies import ALLOWED, Decision, denied


def can_fulfil(user: Viewer, condition: CertificateCondition, *, fresh: bool = False) -> Decision:
    """To write and send a discharge, name the owner, ask for more time."""
    who = authority(user, fresh=fresh)
    organisation = condition.certificate.organisation_id
    if who.can_edit_for(organisation):
        return ALLOWED
    if who.member_of(organisation):
        return denied(_("Ask an owner of your organisation to make you an editor."))
    return denied(_("Only an owner or editor of the holding organisation can do this."))


def can_judge(user: Viewer, condition: CertificateCondition, *, fresh: bool = False) -> Decision:
    """An officer of the area, with no part in the holder, and another than the one who signed the certificate."""
    who = authority(user, fresh=fresh)
    certificate = condition.certificate
    if not who.serves(certificate.area_id):
        return denied(_("Only an officer of the certificate's police area can do this."))
    if who.member_of(certificate.organisation_id):
        return denied(_("You belong to the organisation that holds this certificate."))
    if certificate.decision.decided_by_id == who.user_id:
        return denied(
            _(
                "You signed this certificate: another officer of the area looks at its conditions. Where there is no "
                "other, an administrator can appoint one of another area."
            )
        )
    return ALLOWED


def can_decide(user: Viewer, discharge: ConditionDischarge, *, fresh: bool = False) -> Decision:
    """Two people: the database holds that too (certification_discharge_two_people)."""
    return _not_own(can_judge(user, discharge.condition, fresh=fresh), user, discharge.submitted_by_id)


def can_answer(user: Viewer, extension: ConditionExtension, *, fresh: bool = False) -> Decision:
    return _not_own(can_judge(user, extension.condition, fresh=fresh), user, extension.asked_by_id)


def can_see_discharge(user: Viewer, discharge: ConditionDischarge, *, fresh: bool = False) -> Decision:
    """What was never sent to the police is the holder's own; an auditor reads everything."""
    who = authority(user, fresh=fresh)
    certificate = discharge.condition.certificate
    if who.is_auditor or who.member_of(certificate.organisation_id):
        return ALLOWED
    if who.serves(certificate.area_id) and discharge.submitted_at is not None:
        return ALLOWED
    return denied(_("This has not been sent to the police."))


def can_open_file(user: Viewer, evidence: Evidence, *, fresh: bool = False) -> Decision:
    assert evidence.discharge is not None  # noqa: S101 - asked of such files alone
    if evidence.scan != Evidence.Scan.CLEAN:
        return denied(_("This file cannot be opened until it has been scanned and nothing was found."))
    return can_see_discharge(user, evidence.discharge, fresh=fresh)


def can_see_list(user: Viewer) -> Decision:
    who = authority(user)
    if who.is_police or who.is_auditor:
        return ALLOWED
    return denied(_("Only police officers and auditors see the conditions to look at."))


def _not_own(decision: Decision, user: Viewer, sender: UUID | None) -> Decision:
    if decision and sender is not None and sender == authority(user).user_id:
        return denied(_("You sent this in: another officer has to look at it."))
    return decision
