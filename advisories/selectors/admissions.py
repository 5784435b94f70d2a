"""Reads over what organisations asked of networks, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import CharField, Value

from accounts.models import User
from advisories.domain import admissions as rules
from advisories.models import NetworkAdmission
from advisories.models.networks import in_sector
from core import keyset
from events.models import Event, Project, Subject, Venue

__all__ = ["Listed", "listed", "places", "waiting"]

_MOST_PLACES: Final = 25
_MOST_WAITING: Final = 100


@dataclass(frozen=True, slots=True)
class Listed:
    """`waiting`: oldest first; `page`: what was answered, newest first."""

    waiting: tuple[NetworkAdmission, ...]
    page: keyset.Page[NetworkAdmission]


def listed(user: User, sector: str, *, after: str = "") -> Listed:
    found = NetworkAdmission.objects.visible_to(user).filter(sector=sector).select_related("organisation")
    asked = () if after else tuple(found.filter(state=rules.ASKED).order_by("asked_at", "pk")[:_MOST_WAITING])
    answered = found.exclude(state__in=[rules.ASKED, rules.WITHDRAWN])
    return Listed(asked, keyset.page(answered, order=("-asked_at", "-id"), after=after))


def waiting(sector: str) -> int:
    return NetworkAdmission.objects.filter(sector=sector, state=rules.ASKED).count()


def places(admission: NetworkAdmission) -> tuple[Subject, ...]:
    """What the organisation has in the sector, for whoever decides. A query for each kind of subject."""
    found: list[Subject] = []
    sector = Value(admission.sector, output_field=CharField())
    for model in (Venue, Event, Project):
        own = model.objects.filter(organisation=admission.organisation_id, archived_at__isnull=True)
        rows = own.annotate(sector=sector).filter(in_sector(model)).select_related("area")
        found += rows.order_by("name", "pk")[:_MOST_PLACES]
    return tuple(found)
