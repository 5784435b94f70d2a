"""For the demonstration alone: a certificate that was decided some time ago."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import transaction

from certification.domain import lifecycle, validity
from certification.models import Certificate
from certification.selectors import snapshots
from certification.selectors.standards import compiled
from core import audit
from core.errors import IllegalMove, NotPermitted


def age(*, certificate_id: UUID, decided_on: date) -> Certificate:
    """Moves the dates back before the document is made, so that document and record say the same.

    A story cannot wait two years for its end. Refused outside the demonstration; the trail says that it was done, and
    the signature keeps its own moment. The term is counted anew: years differ in length, so an end that is moved by
    days would be one off the term. The end of an event's or a project's certificate is the event's or the opening's
    day, and stays.
    """
    if not settings.DEMO:
        raise NotPermitted("Dates are moved in the demonstration alone.")
    with transaction.atomic():
        certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate_id)
        if certificate.state != lifecycle.BEING_ISSUED:
            raise IllegalMove("An issued certificate does not change.")
        back = certificate.decided_on - decided_on
        if certificate.venue_id is not None:
            facts = snapshots.read(certificate.decision.recommendation.submission).facts
            certificate.valid_until = validity.valid_until(compiled(certificate.standard), facts, decided_on)
        certificate.decided_on = certificate.valid_from = decided_on
        certificate.save(update_fields=["decided_on", "valid_from", "valid_until"])
        for condition in certificate.conditions.all():
            condition.due_on -= back
            condition.save(update_fields=["due_on"])
        audit.record(
            actor=None,
            action="demo.aged",
            target=certificate,
            facts={"number": certificate.number, "days": back.days},
            case=f"plan:{certificate.plan_id}",
        )
        return certificate
