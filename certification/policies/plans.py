"""Who may do what with a plan, its evidence and the standards. Whether the plan's state allows it is the service's rule."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.selectors import Authority, Viewer, authority
from certification.models import Evidence, Plan
from certification.selectors.facts import subject_of
from core.policies import ALLOWED, Decision, denied
from events.models import Subject


def can_view(user: Viewer, plan: Plan, *, fresh: bool = False) -> Decision:
    """The same as Plan.objects.visible_to."""
    who = authority(user, fresh=fresh)
    if who.is_auditor or who.member_of(plan.organisation_id):
        return ALLOWED
    if who.serves(plan.area_id):
        if plan.first_submitted_at is not None:
            return ALLOWED
        return denied(_("This plan has not been submitted yet."))
    if _rests_on(who, plan):
        return ALLOWED
    return denied(_("This plan belongs to another organisation."))


def can_read_answers(user: Viewer, plan: Plan, *, fresh: bool = False) -> Decision:
    """The answers as they stand now, finished or not, beside the subject as it is now. The police read what was submitted;
    so does who wrote it, once the place has passed to another organisation: what that one says of it is its own.
    """
    who = authority(user, fresh=fresh)
    if who.is_auditor or _rests_on(who, plan):
        return ALLOWED
    if who.member_of(plan.organisation_id):
        if subject_of(plan).organisation_id == plan.organisation_id:
            return ALLOWED
        return denied(_("The place has passed to another organisation. Read what you submitted."))
    return denied(_("What the organisation is still writing is not yours to read. Read what was submitted."))


def wrote(user: Viewer, plan: Plan) -> Decision:
    """Whether it is the plan of an organisation of theirs, whoever has the place now."""
    if authority(user).member_of(plan.organisation_id):
        return ALLOWED
    return denied(_("This plan belongs to another organisation."))


def can_begin(user: Viewer, subject: Subject, *, fresh: bool = False) -> Decision:
    return _can_write_for(user, subject.organisation_id, fresh=fresh)


def can_edit(user: Viewer, plan: Plan, *, fresh: bool = False) -> Decision:
    """Owners and editors of the plan's organisation write it; nobody writes it for them."""
    return _can_write_for(user, plan.organisation_id, fresh=fresh)


def can_submit(user: Viewer, plan: Plan, *, fresh: bool = False) -> Decision:
    return _can_write_for(user, plan.organisation_id, fresh=fresh)


def can_withdraw(user: Viewer, plan: Plan, *, fresh: bool = False) -> Decision:
    return _can_write_for(user, plan.organisation_id, fresh=fresh)


def can_open_evidence(user: Viewer, evidence: Evidence, *, submitted: bool, fresh: bool = False) -> Decision:
    """`submitted`: a submission of the plan lists this file. Until then it is the organisation's draft alone.

    A file is opened by nobody before the scan has found nothing, its owner included.
    """
    who = authority(user, fresh=fresh)
    if evidence.scan != Evidence.Scan.CLEAN:
        return denied(_("This file cannot be opened until it has been scanned and nothing was found."))
    if who.is_auditor or who.member_of(evidence.plan.organisation_id):
        return ALLOWED
    if submitted and (who.serves(evidence.plan.area_id) or _rests_on(who, evidence.plan)):
        return ALLOWED
    return denied(_("This file has not been submitted."))


def can_manage_standards(user: Viewer, *, fresh: bool = False) -> Decision:
    if authority(user, fresh=fresh).is_administrator:
        return ALLOWED
    return denied(_("Only a national administrator can change standards."))


def can_list_standards(user: Viewer) -> Decision:
    """All versions, drafts included. Everybody else reads the one in force."""
    who = authority(user)
    if who.is_administrator or who.is_auditor:
        return ALLOWED
    return denied(_("Only national administrators and auditors see every version."))


def _rests_on(who: Authority, plan: Plan) -> bool:
    """A certificate that passed to the person's organisation rests on it. A query for members of organisations alone."""
    if not who.organisations or who.member_of(plan.organisation_id):
        return False
    return plan.certificates.filter(basis="transfer", organisation_id__in=list(who.organisations)).exists()


def _can_write_for(user: Viewer, organisation_id: object, *, fresh: bool) -> Decision:
    who = authority(user, fresh=fresh)
    role = next((role for known, role in who.organisations.items() if known == organisation_id), None)
    if role is None:
        return denied(_("Only the organisation's own owners and editors can do this."))
    if role == "viewer":
        return denied(_("You can read this plan. Ask an owner of your organisation to make you an editor."))
    return ALLOWED
