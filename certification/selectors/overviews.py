"""What an organisation holds, for its monthly overview."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from certification.domain import lifecycle
from certification.models import Certificate
from certification.selectors.certificates import EXPIRING_DAYS


@dataclass(slots=True)
class Holding:
    """`soon` run out within 120 days, the soonest first."""

    name: str = ""
    in_force: int = 0
    suspended: int = 0
    soon: list[Certificate] = field(default_factory=list)


def holdings(organisations: Collection[UUID], *, today: date) -> dict[UUID, Holding]:
    """Of those with a certificate that stands; one query."""
    standing = Certificate.objects.filter(
        organisation_id__in=organisations, state__in=lifecycle.CERTIFICATE_STANDING, valid_until__gte=today
    )
    found: dict[UUID, Holding] = {}
    for certificate in standing.select_related("organisation").order_by("valid_until", "pk"):
        held = found.setdefault(certificate.organisation_id, Holding(certificate.organisation.name))
        held.in_force += certificate.state == lifecycle.IN_FORCE
        held.suspended += certificate.state == lifecycle.SUSPENDED
        if certificate.valid_until <= today + timedelta(days=EXPIRING_DAYS):
            held.soon.append(certificate)
    return found


def holders_after(last: UUID | None, *, today: date, size: int) -> list[UUID]:
    """Organisations with a certificate that stands, by id, a chunk at a time."""
    standing = Certificate.objects.filter(state__in=lifecycle.CERTIFICATE_STANDING, valid_until__gte=today)
    standing = standing.filter(organisation_id__gt=last) if last is not None else standing
    return list(standing.order_by("organisation_id").values_list("organisation_id", flat=True).distinct()[:size])
