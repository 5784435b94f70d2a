"""The twelve sectors of crowded places (NaCTSO's sector guides), and which uses of Schedule 1 belong to which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

__all__ = ["SECTORS", "Sector", "sectors_of"]


@dataclass(frozen=True, slots=True)
class Sector:
    """`uses`: Schedule 1 uses of a venue or project; `kinds`: whole kinds of subject ("event")."""

    code: str
    label: str
    uses: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    project_types: frozenset[str] = frozenset()


def _sector(code: str, label: str, *uses: str, kinds: tuple[str, ...] = (), types: tuple[str, ...] = ()) -> Sector:
    return Sector(code, label, frozenset(uses), frozenset(kinds), frozenset(types))


_SECTORS = (
    _sector("nightlife", "Bars, pubs and nightclubs", "food_drink"),
    _sector("shopping", "Shopping centres", "shop", types=("retail",)),
    _sector("stadia", "Stadia and arenas", "sports_ground", types=("stadium",)),
    _sector("theatres", "Cinemas and theatres", "entertainment_leisure", types=("culture",)),
    _sector("attractions", "Visitor attractions", "visitor_attraction", "library_museum_gallery"),
    _sector("hotels", "Hotels and restaurants", "hotel", "food_drink"),
    _sector("events", "Major events", kinds=("event",)),
    _sector("worship", "Places of worship", "worship"),
    _sector("health", "Health", "health_care", types=("health",)),
    _sector(
        "education",
        "Education",
        *("childcare", "primary_secondary_education", "further_education", "higher_education"),
        types=("education",),
    ),
    _sector("transport", "Transport", "transport_station", "aerodrome", types=("station",)),
    _sector("commercial", "Commercial centres", "hall", "public_authority", types=("public_realm", "other")),
)
SECTORS: Final[Mapping[str, Sector]] = MappingProxyType({sector.code: sector for sector in _SECTORS})


def sectors_of(*, kind: str, use: str = "", project_type: str = "") -> tuple[str, ...]:
    """Codes of the sectors that a subject belongs to, in the list's order; none for a use that no sector has."""
    return tuple(
        sector.code
        for sector in _SECTORS
        if kind in sector.kinds or use in sector.uses or (kind == "project" and project_type in sector.project_types)
    )
