"""An audience as querysets: the places, events and projects that meet every condition, and the people behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import cos, radians, sin
from types import MappingProxyType
from typing import Any, Final

from django.db.models import Exists, F, FloatField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Cos, Power, Radians, Sin
from django.utils import timezone

from accounts.models import Membership
from advisories.domain import sectors, tlp
from advisories.domain.audience import EARTH_KM, KINDS, Audience, Near, box_around
from advisories.models import BulletinPreferences
from certification.domain import lifecycle
from certification.models import Certificate
from certification.selectors import flags
from events.models import Event, Project, Venue

__all__ = ["EXPIRING", "MODELS", "AudienceSize", "size", "subjects", "subscribers"]

MODELS: Final[Mapping[str, type[Venue | Event | Project]]] = MappingProxyType(
    {Venue.kind: Venue, Event.kind: Event, Project.kind: Project}
)
EXPIRING: Final = timedelta(days=90)
TOLD_ROLES: Final = (Membership.Role.OWNER, Membership.Role.EDITOR)


@dataclass(frozen=True, slots=True)
class AudienceSize:
    """`people`: owners and editors, each once, subscribers left out: theirs is a wish and not a duty."""

    venues: int
    events: int
    projects: int
    organisations: int
    people: int

    @property
    def places(self) -> int:
        return self.venues + self.events + self.projects


def size(audience: Audience, *, today: date) -> AudienceSize:
    """Five queries, however many."""
    found = {kind: subjects(kind, audience, today=today) for kind in KINDS}
    behind = Q()
    for queryset in found.values():
        behind |= Q(organisation_id__in=queryset.values("organisation_id"))
    memberships = Membership.objects.filter(behind)
    return AudienceSize(
        venues=found["venue"].count(),
        events=found["event"].count(),
        projects=found["project"].count(),
        organisations=memberships.values("organisation_id").distinct().count(),
        people=memberships.filter(role__in=TOLD_ROLES, user__is_active=True).values("user_id").distinct().count(),
    )


def subjects(kind: str, audience: Audience, *, today: date) -> QuerySet[Any]:
    """Those in use that meet everything, in no order. An event that is over is nobody's concern any more."""
    found: QuerySet[Any] = MODELS[kind].objects.filter(archived_at__isnull=True)
    if audience.kinds and kind not in audience.kinds:
        return found.none()
    found = found.filter(_by_sector(kind, audience), _by_use(kind, audience))
    if kind == Event.kind:
        found = found.filter(ends_at__gte=timezone.now())
    if audience.tiers:
        found = found.filter(judged_tier__in=audience.tiers)
    if audience.areas:
        found = found.filter(area_id__in=audience.areas)
    if audience.certificate:
        found = found.filter(_by_certificate(kind, audience.certificate, today))
    if audience.flag is not None:
        found = found.filter(flags.below_level(kind, audience.flag.code, audience.flag.below))
    return _within(found, kind, audience.near) if audience.near is not None else found


def subscribers(*, marking: str, after: int, size: int) -> list[BulletinPreferences]:
    """One chunk, by key, of those who asked for more than their own places; for TLP:GREEN and TLP:CLEAR alone.

    Whether they asked for this one is `domain.audience.asked_for`: no query that both databases speak looks into a list.
    """
    if marking not in {tlp.GREEN, tlp.CLEAR}:
        return []
    found = BulletinPreferences.objects.filter(subscribes=True, user__is_active=True, pk__gt=after)
    return list(found.select_related("user").order_by("pk")[:size])


def _by_sector(kind: str, audience: Audience) -> Q:
    if not audience.sectors:
        return Q()
    wanted = [sectors.SECTORS[code] for code in audience.sectors]
    uses = {use for sector in wanted for use in sector.uses}
    if kind == Event.kind:
        whole = any(kind in sector.kinds for sector in wanted)
        return Q() if whole else Q(venue__use__in=uses)
    if kind == Project.kind:
        types = {code for sector in wanted for code in sector.project_types}
        return Q(use__in=uses) | Q(project_type__in=types)
    return Q(use__in=uses)


def _by_use(kind: str, audience: Audience) -> Q:
    if not audience.uses:
        return Q()
    return Q(venue__use__in=audience.uses) if kind == Event.kind else Q(use__in=audience.uses)


def _by_certificate(kind: str, state: str, today: date) -> Q:
    current = Certificate.objects.filter(**{kind: OuterRef("pk")}, state=lifecycle.IN_FORCE, valid_until__gte=today)
    if state == "none":
        return ~Q(Exists(current))
    if state == "expiring":
        return Q(Exists(current.filter(valid_until__lte=today + EXPIRING)))
    return Q(Exists(current))


def _within(found: QuerySet[Any], kind: str, near: Near) -> QuerySet[Any]:
    """First the box, which an index or a plain comparison settles; then the great circle, exactly, in the database.

    The haversine is compared before its root and arc are taken: sin²(d/2R) grows with d over any distance on Earth. An
    event at a venue of the register has the venue's place.
    """
    box = box_around(near)
    hosted = kind == Event.kind
    place = {
        "at_latitude": Coalesce("latitude", "venue__latitude") if hosted else F("latitude"),
        "at_longitude": Coalesce("longitude", "venue__longitude") if hosted else F("longitude"),
    }
    inside = found.annotate(**place).filter(
        at_latitude__gte=box.south,
        at_latitude__lte=box.north,
        at_longitude__gte=box.west,
        at_longitude__lte=box.east,
    )
    latitude, longitude = Cast("at_latitude", FloatField()), Cast("at_longitude", FloatField())
    here = radians(near.latitude)
    up = Power(Sin((Radians(latitude) - Value(here)) / 2.0), 2)
    over = Power(Sin((Radians(longitude) - Value(radians(near.longitude))) / 2.0), 2)
    haversine = up + Value(cos(here)) * Cos(Radians(latitude)) * over
    within: QuerySet[Any] = inside.annotate(haversine=haversine)
    return within.filter(haversine__lte=sin(near.km / EARTH_KM / 2) ** 2)
