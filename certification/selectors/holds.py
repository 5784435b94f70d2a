"""What keeps a subject where it is: `settings.SUBJECT_HOLD` and `SUBJECT_HANDOVER_HOLD` name what is here, since events may
not import it.
"""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from certification.domain import lifecycle
from certification.models import Certificate
from certification.selectors.plans import open_plan_of
from core.govuk.formats import uk_date
from events.models import Subject


def hold_on(subject: Subject) -> str:
    """What is in the way and what to do about it; empty when nothing is.

    The plan is asked for first: the decision that ends it makes the certificate in the same transaction, so that in this
    order one of the two is always found.
    """
    if plan := _plan_on(subject):
        return plan
    certificate = (
        Certificate.objects.filter(
            **{subject.kind: subject}, state__in=lifecycle.CERTIFICATE_LIVE, valid_until__gte=timezone.localdate()
        )
        .order_by("-valid_until")
        .first()
    )
    if certificate is None:
        return ""
    return _(
        "Certificate %(number)s covers this until %(end)s. Wait until it has run out, or give the certificate up first."
    ) % {"number": certificate.number, "end": uk_date(certificate.valid_until)}


def hold_on_handover(subject: Subject, organisation_id: UUID) -> str:
    """A plan that is open stays with whoever writes it; a certificate goes along, or nothing goes."""
    if plan := _plan_on(subject):
        return plan
    standing = Certificate.objects.filter(
        **{subject.kind: subject}, state__in=lifecycle.CERTIFICATE_LIVE, valid_until__gte=timezone.localdate()
    )
    going = standing.filter(organisation_id=organisation_id).values("supersedes_id")
    staying = standing.exclude(organisation_id=organisation_id).exclude(pk__in=going).first()
    if staying is None:
        return ""
    return _("Certificate %(number)s covers this for the organisation that has it. Transfer the certificate.") % {
        "number": staying.number
    }


def _plan_on(subject: Subject) -> str:
    plan = open_plan_of(subject)
    if plan is None:
        return ""
    if plan.state == lifecycle.DRAFT:
        return _("A plan is being written for this. Withdraw the plan first, or submit it and wait for the decision.")
    return _("A plan for this is with the police. Wait for the decision, or withdraw the plan first.")
