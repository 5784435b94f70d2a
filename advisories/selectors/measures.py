"""What an organisation has agreed to do at each response level, and for which of its certificates it is asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from advisories.domain import threat
from advisories.models import ResponseLevel, ResponseMeasures
from certification.domain import lifecycle
from certification.models import Certificate

SHOWN: Final = 20


def subject_of(certificate: Certificate) -> dict[str, UUID]:
    """The one column that is set, as a filter."""
    for name in ("venue_id", "event_id", "project_id"):
        value = getattr(certificate, name)
        if value is not None:
            return {name: value}
    raise AssertionError(certificate.pk)  # a constraint of the table sees to it


def of_certificate(certificate: Certificate) -> dict[str, ResponseMeasures]:
    """By response level; one query."""
    found = ResponseMeasures.objects.filter(**subject_of(certificate)).select_related("updated_by")
    return {measures.response: measures for measures in found}


def asked_of() -> QuerySet[Certificate]:
    """Certificates whose holders a response concerns, but for their zone and their end: in force, enhanced tier."""
    return Certificate.objects.filter(state=lifecycle.IN_FORCE, judged_tier="enhanced")


@dataclass(frozen=True, slots=True)
class Held:
    """`written`: the response levels for which something has been agreed."""

    certificate: Certificate
    written: frozenset[str]

    @property
    def missing_words(self) -> tuple[str, ...]:
        return tuple(str(ResponseLevel(level).label) for level in threat.AGREED if level not in self.written)


def held_by(organisations: Collection[UUID], *, today: date) -> tuple[Held, ...]:
    """The first of what these organisations hold that a response concerns; two queries."""
    rows = asked_of().filter(organisation_id__in=organisations, valid_until__gte=today)
    certificates = list(rows.order_by("subject_name", "pk")[:SHOWN])
    written: dict[UUID, set[str]] = {}
    for subject, level in versions(certificates):
        written.setdefault(subject, set()).add(level)
    return tuple(Held(one, frozenset(written.get(subject_key(one), ()))) for one in certificates)


def versions(certificates: Collection[Certificate]) -> Mapping[tuple[UUID, str], int]:
    """Of what is written, by subject and response level; one query."""
    wanted = Q(pk__in=[])
    for name in ("venue_id", "event_id", "project_id"):
        ids = [value for one in certificates if (value := getattr(one, name)) is not None]
        wanted |= Q((f"{name}__in", ids))
    found = ResponseMeasures.objects.filter(wanted)
    subject = Coalesce("venue_id", "event_id", "project_id")
    rows = found.annotate(subject=subject).values_list("subject", "response", "version")
    return {(key, level): version for key, level, version in rows}


def subject_key(certificate: Certificate) -> UUID:
    [value] = subject_of(certificate).values()
    return value
