"""The threat level as it stands, its history, and how far each response has come."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.selectors import Viewer, authority
from advisories.domain import threat
from advisories.models import Level, ResponseLevel, Scope, ThreatChange, ThreatConfirmation, ThreatResponse, Zone
from certification.domain import lifecycle
from core import keyset

__all__ = [
    "Counts",
    "Filters",
    "Picture",
    "Running",
    "Standing",
    "counts",
    "forget",
    "forget_asked",
    "history",
    "is_asked",
    "levels_now",
    "listed",
    "open_proposals",
    "picture",
    "remember",
    "responses_running",
    "shifts_of",
]

CACHE_KEY: Final = "advisories:threat:picture"
# Forgotten when something is confirmed; this bounds what a process keeps whose cache nobody else can reach.
CACHE_SECONDS: Final = 30
HISTORY_SIZE: Final = 20
_STATES: Final[Mapping[str, tuple[str, ...]]] = {
    "": threat.OUTSTANDING,
    threat.ASKED: (threat.ASKED,),
    threat.NOT_YET: (threat.NOT_YET,),
    threat.CONFIRMED: (threat.CONFIRMED,),
    "all": threat.STATES,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One scope's level and since when."""

    scope: str
    level: str
    since: datetime
    source: str

    @property
    def scope_words(self) -> str:
        return str(Scope(self.scope).label)

    @property
    def level_words(self) -> str:
        return str(Level(self.level).label)


@dataclass(frozen=True, slots=True)
class Running:
    """A response that holders of a zone are in."""

    zone: str
    response: str
    started_at: datetime
    due_at: datetime

    @property
    def zone_words(self) -> str:
        return str(Zone(self.zone).label)

    @property
    def response_words(self) -> str:
        return str(ResponseLevel(self.response).label)


@dataclass(frozen=True, slots=True)
class Picture:
    """What every page says. Empty until a level was recorded."""

    standings: tuple[Standing, ...] = ()
    running: tuple[Running, ...] = ()

    @property
    def levels(self) -> dict[str, str]:
        return {standing.scope: standing.level for standing in self.standings}

    def response_in(self, zone: str) -> str | None:
        return threat.response_in(zone, self.levels)


def picture() -> Picture:
    """Out of the cache; one query where it is not there."""
    known = cache.get(CACHE_KEY)
    if known is not None:
        standings, running = known
        return Picture(tuple(Standing(*one) for one in standings), tuple(Running(*one) for one in running))
    found = _read()
    remember(found)
    return found


def remember(found: Picture) -> None:
    """As plain values: old and new code share the cache for the minute in which a release is rolled out."""
    plain = ([astuple(one) for one in found.standings], [astuple(one) for one in found.running])
    cache.set(CACHE_KEY, plain, CACHE_SECONDS)


def forget() -> None:
    cache.delete(CACHE_KEY)


def is_asked(organisations: Collection[UUID]) -> bool:
    """Whether one of them has something to confirm; out of the cache, or one query for those that are not in it."""
    keys = {_asked_key(pk): pk for pk in organisations}
    known: dict[str, bool] = cache.get_many(keys)
    missing = {key: pk for key, pk in keys.items() if key not in known}
    if missing:
        rows = ThreatConfirmation.objects.open().filter(
            organisation_id__in=missing.values(),
            state__in=threat.OUTSTANDING,
            certificate__state=lifecycle.IN_FORCE,
        )
        asked = set(rows.values_list("organisation_id", flat=True).distinct())
        fresh = {key: pk in asked for key, pk in missing.items()}
        cache.set_many(fresh, CACHE_SECONDS)
        known |= fresh
    return any(known.values())


def forget_asked(organisation_id: UUID) -> None:
    cache.delete(_asked_key(organisation_id))


def _asked_key(organisation_id: UUID) -> str:
    return f"advisories:threat:asked:{organisation_id}"


def _read() -> Picture:
    confirmed = ThreatChange.objects.confirmed()
    later = confirmed.filter(scope=OuterRef("scope"), effective_at__gt=OuterRef("effective_at"))
    running = Q(responses__isnull=False, responses__ended_at__isnull=True)
    rows = (
        confirmed.annotate(latest=~Exists(later))
        .filter(Q(latest=True) | running)
        .order_by("effective_at", "pk", "responses__zone")
        .values(
            "latest",
            "scope",
            "level",
            "effective_at",
            "source",
            "responses__zone",
            "responses__response",
            "responses__started_at",
            "responses__due_at",
            "responses__ended_at",
        )
    )
    standings, open_responses = {}, {}
    for row in rows:
        if row["latest"]:
            standings[row["scope"]] = Standing(row["scope"], row["level"], row["effective_at"], row["source"])
        zone = row["responses__zone"]
        if zone and row["responses__ended_at"] is None:
            open_responses[zone] = Running(
                zone, row["responses__response"], row["responses__started_at"], row["responses__due_at"]
            )
    return Picture(
        tuple(standings[scope] for scope in threat.SCOPES if scope in standings),
        tuple(open_responses[zone] for zone in threat.ZONES if zone in open_responses),
    )


def levels_now() -> dict[str, str]:
    """From the rows, for whoever holds the lock."""
    return _read().levels


def shifts_of(change: ThreatChange) -> tuple[threat.Shift, ...]:
    """What confirming it now would move."""
    before = levels_now()
    return threat.shifts(before, {**before, change.scope: change.level})


def history(*, after: str = "", size: int = HISTORY_SIZE) -> keyset.Page[ThreatChange]:
    """What was confirmed, newest first; one query."""
    found = ThreatChange.objects.confirmed().select_related("proposed_by", "confirmed_by")
    return keyset.page(found, order=("-effective_at", "-id"), after=after, size=size)


def open_proposals() -> list[ThreatChange]:
    waiting = ThreatChange.objects.filter(confirmed_at__isnull=True, dropped_at__isnull=True)
    return list(waiting.select_related("proposed_by").order_by("scope"))


def responses_running() -> list[ThreatResponse]:
    return list(ThreatResponse.objects.filter(ended_at__isnull=True).select_related("change").order_by("zone"))


@dataclass(frozen=True, slots=True)
class Filters:
    """`state` empty: whoever has not confirmed."""

    state: str = ""
    area: str = ""

    @property
    def active(self) -> int:
        return sum(bool(value) for value in (self.state, self.area))


@dataclass(frozen=True, slots=True)
class Counts:
    """`waiting` and `not_yet` are within their time, `late` past it, whichever of the two they are."""

    confirmed: int = 0
    not_yet: int = 0
    waiting: int = 0
    late: int = 0

    @property
    def total(self) -> int:
        return self.confirmed + self.not_yet + self.waiting + self.late

    @property
    def outstanding(self) -> int:
        return self.total - self.confirmed


def listed(
    viewer: Viewer, filters: Filters, *, after: str = "", size: int = keyset.DEFAULT_SIZE
) -> keyset.Page[ThreatConfirmation]:
    """Of the responses that run, as far as the viewer sees, by the time by which they are due: whoever is late comes
    first. One query.
    """
    found = _open(viewer).filter(state__in=_STATES[filters.state if filters.state in _STATES else ""])
    if filters.area:
        found = found.filter(area_id=filters.area)
    found = found.select_related("certificate", "organisation", "area", "response", "answered_by")
    return keyset.page(found, order=("due_at", "id"), after=after, size=size)


def counts(viewer: Viewer, *, now: datetime, area: str = "") -> Counts:
    """Of the same; a national administrator, who sees no case, gets the figures of the whole country. One query."""
    found = _open(viewer, figures_only=True)
    if area:
        found = found.filter(area_id=area)
    late = Q(due_at__lte=now)
    figures = found.aggregate(
        confirmed=Count("pk", filter=Q(state=threat.CONFIRMED)),
        not_yet=Count("pk", filter=Q(state=threat.NOT_YET) & ~late),
        waiting=Count("pk", filter=Q(state=threat.ASKED) & ~late),
        late=Count("pk", filter=Q(state__in=threat.OUTSTANDING) & late),
    )
    return Counts(**figures)


def _open(viewer: Viewer, *, figures_only: bool = False) -> QuerySet[ThreatConfirmation]:
    found = ThreatConfirmation.objects.all()
    if not (figures_only and authority(viewer).is_administrator):
        found = found.visible_to(viewer)
    return found.open()
