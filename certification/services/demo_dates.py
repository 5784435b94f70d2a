"""For the demonstration alone: a certificate that was decided some time ago."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from certification.domain import lifecycle
from certification.models import Certificate
from core import audit
from core.errors import IllegalMove, NotPermitted


def age(*, certificate_id: UUID, days: int) -> Certificate:
    """Moves the dates back before the document is made, so that document and record say the same.

    A story cannot wait two years for its end. Refused outside the demonstration; the trail says that it was done.
    """
    if not settings.DEMO:
        raise NotPermitted("Dates are moved in the demonstration alone.")
    back = timedelta(days=days)
    with transaction.atomic():
        certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate_id)
        if certificate.state != lifecycle.BEING_ISSUED:
            raise IllegalMove("An issued certificate does not change.")
        certificate.decided_on -= back
        certificate.valid_from -= back
        if certificate.venue_id is not None:
            # The end of an event's or a project's certificate is the event's or the opening's day.
            certificate.valid_until -= back
        certificate.save(update_fields=["decided_on", "valid_from", "valid_until"])
        for condition in certificate.conditions.all():
            condition.due_on -= back
            condition.save(update_fields=["due_on"])
        facts = {"number": certificate.number, "days": days}
        audit.record(
            actor=None, action="demo.aged", target=certificate, facts=facts, case=f"plan:{certificate.plan_id}"
        )
        return certificate
