"""How a certificate's term meets the one before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from certification.domain import cover, lifecycle
from certification.models import Certificate, Plan


def covered_until(certificate: Certificate) -> date:
    """The last day on which it held: its own end, or the day on which it was ended before that."""
    return last_day_of_cover(certificate.state, certificate.valid_until, ended_at=certificate.ended_at)


def last_day_of_cover(state: str, valid_until: date, *, ended_at: datetime | None) -> date:
    """The same where columns were read and no certificate."""
    if state in {lifecycle.REVOKED, lifecycle.SURRENDERED} and ended_at is not None:
        return min(valid_until, timezone.localdate(ended_at))
    return valid_until


def gap_before(certificate: Certificate) -> cover.Gap | None:
    """The days without cover between the certificate before and this one; reads `supersedes`."""
    before = certificate.supersedes
    if before is None:
        return None
    return cover.gap(previous_end=covered_until(before), valid_from=certificate.valid_from)


@dataclass(frozen=True, slots=True)
class Renewing:
    """What a plan renews: in time until `last_day`, late afterwards."""

    number: str
    last_day: date
    is_late: bool


def renewing(plan: Plan, *, today: date) -> Renewing | None:
    """For an open plan; once it is decided its certificate says it."""
    if plan.renews is None or plan.state not in lifecycle.PLAN_OPEN:
        return None
    last_day = covered_until(plan.renews)
    return Renewing(plan.renews.number, last_day, is_late=today > last_day)
