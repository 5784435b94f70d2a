"""Whom a bulletin is for, as data: conditions that a place, event or project meets all of. An empty one asks nothing.

Stored as JSON and read back through `parse`, so that nothing else ever reaches a query.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Final

from advisories.domain.sectors import SECTORS
from core.domain.faults import Fault, FaultsError, shown
from events.domain.tiers import JUDGED_TIERS
from events.domain.uses import USES

__all__ = [
    "CERTIFICATES",
    "EARTH_KM",
    "EVERYBODY",
    "KINDS",
    "Audience",
    "Box",
    "Flag",
    "Near",
    "asked_for",
    "author_faults",
    "box_around",
    "distance_km",
    "parse",
]

KINDS: Final = ("venue", "event", "project")
CERTIFICATES: Final = ("in_force", "expiring", "none")
EARTH_KM: Final = 6371.0088
LATITUDES: Final = (49.8, 60.9)
LONGITUDES: Final = (-8.7, 1.8)
FURTHEST_KM: Final = 200.0
HIGHEST_LEVEL: Final = 4
MOST_AREAS: Final = 60
_CODE: Final = re.compile(r"[A-Z]{2,6}-\d{2}")
_AREA: Final = re.compile(r"[a-z0-9-]{1,40}")
_NAMES: Final = frozenset({"sectors", "uses", "kinds", "tiers", "areas", "near", "certificate", "flag"})


@dataclass(frozen=True, slots=True)
class Near:
    latitude: float
    longitude: float
    km: float


@dataclass(frozen=True, slots=True)
class Flag:
    """A criterion whose level, as judged or else as submitted, is below `below`."""

    code: str
    below: int


@dataclass(frozen=True, slots=True)
class Audience:
    """Within one tuple any will do; between them all must hold. `certificate`: one of CERTIFICATES or empty."""

    sectors: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    near: Near | None = None
    certificate: str = ""
    flag: Flag | None = None

    def as_json(self) -> dict[str, object]:
        """Only what asks something, so that equal audiences are equal documents."""
        found: dict[str, object] = {
            name: list(values)
            for name in ("sectors", "uses", "kinds", "tiers", "areas")
            if (values := getattr(self, name))
        }
        if self.near is not None:
            found["near"] = {"latitude": self.near.latitude, "longitude": self.near.longitude, "km": self.near.km}
        if self.certificate:
            found["certificate"] = self.certificate
        if self.flag is not None:
            found["flag"] = {"code": self.flag.code, "below": self.flag.below}
        return found


EVERYBODY: Final = Audience()


def parse(data: object) -> Audience:
    """Raises FaultsError with everything that is wrong."""
    if not isinstance(data, Mapping):
        raise FaultsError([Fault("", "An audience is an object.")])
    faults = list(_faults(data))
    if faults:
        raise FaultsError(faults)
    near, flag = data.get("near"), data.get("flag")
    return Audience(
        **{name: tuple(dict.fromkeys(data.get(name, ()))) for name in ("sectors", "uses", "kinds", "tiers", "areas")},
        near=Near(float(near["latitude"]), float(near["longitude"]), float(near["km"])) if near else None,
        certificate=data.get("certificate", ""),
        flag=Flag(flag["code"], flag["below"]) if flag else None,
    )


def asked_for(audience: Audience, *, sectors: Collection[str], areas: Collection[str]) -> bool:
    """Whether a subscription to these sectors in these areas covers it. An empty list of one of the two asks nothing of
    it; a subscription to nothing covers nothing. What is aimed at no sector, or no area, is for each.
    """
    if not sectors and not areas:
        return False
    in_sector = not sectors or not audience.sectors or not set(sectors).isdisjoint(audience.sectors)
    in_area = not areas or not audience.areas or not set(areas).isdisjoint(audience.areas)
    return in_sector and in_area


def author_faults(audience: Audience, *, area: str) -> Iterator[Fault]:
    """`area` empty: a national bulletin, whose authors see no plans. An area's officers write to their area alone."""
    if area and audience.areas != (area,):
        yield Fault("areas", "An area's bulletin goes to that area alone.")
    if not area and audience.flag is not None:
        yield Fault("flag", "A national bulletin cannot be aimed by what plans say.")


def _faults(data: Mapping[object, object]) -> Iterator[Fault]:
    for name in data:
        if name not in _NAMES:
            yield Fault("", f"{shown(name)} is not a condition.")
    yield from _listed(data, "sectors", SECTORS)
    yield from _listed(data, "uses", USES)
    yield from _listed(data, "kinds", KINDS)
    yield from _listed(data, "tiers", JUDGED_TIERS)
    yield from _areas(data.get("areas", ()))
    if data.get("certificate", "") not in {"", *CERTIFICATES}:
        yield Fault("certificate", f"{shown(data['certificate'])} is no state of a certificate to choose by.")
    yield from _near(data.get("near"))
    yield from _flag(data.get("flag"))


def _listed(data: Mapping[object, object], name: str, known: Collection[str]) -> Iterator[Fault]:
    values = data.get(name, ())
    if not isinstance(values, list | tuple):
        yield Fault(name, "This is a list.")
        return
    for value in values:
        if not isinstance(value, str) or value not in known:
            yield Fault(name, f"{shown(value)} is not one of those to choose from.")


def _areas(values: object) -> Iterator[Fault]:
    if not isinstance(values, list | tuple) or len(values) > MOST_AREAS:
        yield Fault("areas", "This is a list of police areas.")
        return
    for value in values:
        if not isinstance(value, str) or not _AREA.fullmatch(value):
            yield Fault("areas", f"{shown(value)} is not the code of a police area.")


def _near(near: object) -> Iterator[Fault]:
    if near is None:
        return
    if not isinstance(near, Mapping) or set(near) != {"latitude", "longitude", "km"}:
        yield Fault("near", "Give latitude, longitude and km.")
        return
    for name, (low, high) in (("latitude", LATITUDES), ("longitude", LONGITUDES), ("km", (0.1, FURTHEST_KM))):
        if not _is_number(near[name]) or not low <= near[name] <= high:
            yield Fault(f"near.{name}", f"This is a number between {low:g} and {high:g}.")


def _flag(flag: object) -> Iterator[Fault]:
    if flag is None:
        return
    if not isinstance(flag, Mapping) or set(flag) != {"code", "below"}:
        yield Fault("flag", "Give a criterion's code and the level that it is below.")
        return
    if not isinstance(flag["code"], str) or not _CODE.fullmatch(flag["code"]):
        yield Fault("flag.code", "A criterion's code is letters, a hyphen and two digits, for example PHY-03.")
    below = flag["below"]
    if not isinstance(below, int) or isinstance(below, bool) or not 1 <= below <= HIGHEST_LEVEL:
        yield Fault("flag.below", f"This is a level from 1 to {HIGHEST_LEVEL}.")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# Distance ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Box:
    south: float
    north: float
    west: float
    east: float


def box_around(near: Near) -> Box:
    """The smallest box of latitudes and longitudes that holds the whole circle, a hair wider: no one inside is left out."""
    angle = near.km / EARTH_KM * 1.000001
    north_south = angle * 180 / 3.141592653589793
    east_west = asin(min(1.0, sin(angle) / cos(radians(near.latitude)))) * 180 / 3.141592653589793
    return Box(
        near.latitude - north_south,
        near.latitude + north_south,
        near.longitude - east_west,
        near.longitude + east_west,
    )


def distance_km(latitude: float, longitude: float, near: Near) -> float:
    """Along the great circle, by the haversine; the query says the same in SQL (selectors.audience)."""
    a, b = radians(latitude), radians(near.latitude)
    half_up, half_over = (a - b) / 2, radians(longitude - near.longitude) / 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, sin(half_up) ** 2 + cos(a) * cos(b) * sin(half_over) ** 2)))
