"""In which order locks are taken, so that nobody waits in a circle: the subject, its open plan, the certificate.

Who needs fewer of them leaves some out, and takes none that comes earlier afterwards: a signature begins at the plan.
A condition, a proposal, an offer and a material change are locked after their certificate, or after the plan alone.
"""

from __future__ import annotations

from uuid import UUID

from certification.domain import lifecycle
from certification.models import Certificate, Plan
from certification.selectors.certificates import subject_of
from events.models import Subject
from events.services import locks


def before_certificate(certificate_id: UUID) -> Subject:
    """The subject, fresh, and its open plan if there is one, both under lock. Raises Certificate.DoesNotExist."""
    certificate = Certificate.objects.select_related("venue", "event", "project").get(pk=certificate_id)
    subject = locks.locked(subject_of(certificate))
    open_plans = Plan.objects.filter(**{subject.kind: subject}, state__in=lifecycle.PLAN_OPEN)
    list(open_plans.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    return subject


def certificate_of(certificate_id: UUID) -> tuple[Certificate, Subject]:
    """The certificate and its subject, fresh and under lock, and the open plan too."""
    subject = before_certificate(certificate_id)
    return Certificate.objects.select_for_update(of=("self",)).get(pk=certificate_id), subject
