"""Reads for the page of bundles, and what goes into one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts.models import Organisation
from accounts.selectors import Viewer, authority
from certification.domain import lifecycle
from certification.models import Bundle, Certificate
from certification.selectors.certificate_files import Paper, papers_of

_CHUNK: Final = 200
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """One certificate in a bundle. `outstanding` conditions are counted, not told."""

    certificate: Certificate
    paper: Paper
    outstanding: int


@dataclass(frozen=True, slots=True)
class Estate:
    """One organisation of the user's, how many of its certificates stand, and its last bundles."""

    organisation: Organisation
    standing: int
    bundles: tuple[Bundle, ...]


def standing(organisation_id: UUID, *, today: date) -> QuerySet[Certificate]:
    """In force or suspended today, by number."""
    return Certificate.objects.filter(
        organisation_id=organisation_id, state__in=lifecycle.CERTIFICATE_STANDING, valid_until__gte=today
    ).order_by("number")


def entries(organisation_id: UUID, kind: str, *, today: date) -> Iterator[Entry]:
    """In chunks by number: two queries for two hundred. A certificate without such a file is left out."""
    outstanding = Count("conditions", filter=Q(conditions__discharged_at__isnull=True))
    found = standing(organisation_id, today=today).select_related("area").annotate(outstanding=outstanding)
    after = ""
    while chunk := list(found.filter(number__gt=after)[:_CHUNK]):
        papers = papers_of(chunk)
        for certificate in chunk:
            of = papers[certificate.pk]
            paper = of.poster if kind == Bundle.Kind.POSTERS else of.document
            if paper is not None:
                yield Entry(certificate, paper, certificate.outstanding)
        after = chunk[-1].number


def estates(user: Viewer, *, today: date) -> list[Estate]:
    """Three queries, whatever the number of organisations; of each the bundles of late."""
    mine = list(Organisation.objects.filter(pk__in=list(authority(user).organisations)).order_by("name", "pk"))
    counts = dict(
        Certificate.objects.filter(
            organisation__in=mine, state__in=lifecycle.CERTIFICATE_STANDING, valid_until__gte=today
        )
        .values_list("organisation_id")
        .annotate(Count("pk"))
        .order_by()
    )
    recent: dict[UUID, list[Bundle]] = {organisation.pk: [] for organisation in mine}
    for bundle in recently(user):
        if len(recent[bundle.organisation_id]) < _SHOWN:
            recent[bundle.organisation_id].append(bundle)
    return [Estate(one, counts.get(one.pk, 0), tuple(recent[one.pk])) for one in mine]


def recently(user: Viewer) -> list[Bundle]:
    """Newest first; bounded, as nobody needs those of last year."""
    found = Bundle.objects.visible_to(user).select_related("organisation", "requested_by")
    return list(found.order_by("-requested_at", "-id")[:50])
