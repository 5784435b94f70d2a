"""Certificates whose last day is over expire by themselves."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from certification.domain import lifecycle
from certification.models import Certificate
from certification.services import _standing
from certification.services._moves import move_certificate
from core import audit, sweeps

CHUNK: Final = 200


def expire(*, today: date) -> int:
    """How many expired. `today` is the UK date: the last day of cover is a whole day in the United Kingdom.

    In chunks with a transaction each: killed in the middle, the next run goes on where this one stopped; at once again it
    finds nothing. A page that asks before the sweep has come judges by the date and says expired all the same.
    """
    with sweeps.run("expiry") as counts:
        counts["certificates"] = 0
        while ids := _over(today):
            counts["certificates"] += _expire(ids, today=today)
    return counts["certificates"]


def _over(today: date) -> list[UUID]:
    over = Certificate.objects.filter(state__in=lifecycle.CERTIFICATE_LIVE, valid_until__lt=today)
    return list(over.order_by("valid_until", "id").values_list("pk", flat=True)[:CHUNK])


def _expire(ids: list[UUID], *, today: date) -> int:
    now = timezone.now()
    with transaction.atomic():
        # Asked again under the lock: revoked or renewed since, it is none of ours.
        locked = Certificate.objects.select_for_update(of=("self",)).filter(
            pk__in=ids, state__in=lifecycle.CERTIFICATE_LIVE, valid_until__lt=today
        )
        certificates = list(locked.order_by("-created_at", "-pk"))
        for certificate in certificates:
            move_certificate(certificate, "expire", at=now)
            certificate.save(update_fields=["state", "ended_at"])
            audit.record(
                actor=None,
                action="certificate.expired",
                target=certificate,
                facts={"number": certificate.number, "valid_until": certificate.valid_until},
                case=f"plan:{certificate.plan_id}",
            )
        _standing.let_go(certificates, at=now)
    return len(certificates)
