"""Where a subject lies in the United Kingdom, as points of a small drawing: no map service is ever asked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from events.domain.subjects import LATITUDES, LONGITUDES

__all__ = ["LANDMARKS", "Point", "point"]

# A degree of longitude at 55° north is 0.57 of a degree of latitude on the ground.
WIDTH: Final = Decimal(120)
HEIGHT: Final = Decimal(220)


@dataclass(frozen=True, slots=True)
class Point:
    """In units of the drawing, 120 wide and 220 high, from the top left; as text, so that no locale changes a comma."""

    x: str
    y: str
    label: str = ""
    label_y: str = ""


def point(latitude: Decimal | None, longitude: Decimal | None, label: str = "") -> Point | None:
    if latitude is None or longitude is None:
        return None
    x = (longitude - LONGITUDES[0]) / (LONGITUDES[1] - LONGITUDES[0]) * WIDTH
    y = (LATITUDES[1] - latitude) / (LATITUDES[1] - LATITUDES[0]) * HEIGHT
    return Point(f"{x:.1f}", f"{y:.1f}", label, f"{y - 4:.1f}")


_CITIES = (
    ("London", "51.51", "-0.13"),
    ("Cardiff", "51.48", "-3.18"),
    ("Edinburgh", "55.95", "-3.19"),
    ("Belfast", "54.60", "-5.93"),
)
LANDMARKS: Final = tuple(point(Decimal(north), Decimal(east), name) for name, north, east in _CITIES)
