"""Where a subject lies in the United Kingdom, as points of a small drawing: no map service is ever asked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from events.domain.subjects import LATITUDES, LONGITUDES

__all__ = ["COASTS", "LANDMARKS", "Point", "point"]

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

# Headlands and bays in order, as latitude and longitude to about a tenth of a degree: enough to know the country again,
# drawn by hand from public knowledge of where they are.
_GREAT_BRITAIN = (
    "50.1,-5.7 50.0,-5.2 50.3,-4.8 50.3,-4.1 50.2,-3.7 50.6,-3.4 50.7,-2.9 50.5,-2.5 50.6,-2.0 50.7,-1.6 50.6,-1.2 "
    "50.8,-0.9 50.8,-0.2 50.7,0.2 50.9,0.9 51.1,1.3 51.4,1.4 51.4,0.8 51.5,0.5 51.8,1.1 52.1,1.6 52.5,1.7 52.9,1.3 "
    "53.0,0.6 52.8,0.3 53.0,0.1 53.2,0.3 53.6,0.1 53.7,-0.2 54.1,-0.1 54.5,-0.6 54.7,-1.2 55.0,-1.4 55.6,-1.6 "
    "55.9,-2.1 56.0,-2.6 56.0,-3.2 56.3,-2.6 56.5,-3.0 56.7,-2.4 57.1,-2.1 57.5,-1.8 57.7,-2.0 57.7,-3.0 57.6,-4.0 "
    "57.9,-3.9 58.3,-3.3 58.6,-3.0 58.6,-4.0 58.6,-5.0 58.2,-5.3 57.9,-5.6 57.5,-5.8 57.3,-5.6 56.9,-5.8 56.7,-6.2 "
    "56.5,-5.6 56.2,-5.6 55.7,-5.6 55.3,-5.8 55.4,-5.5 55.9,-5.3 56.0,-4.9 55.6,-4.7 55.3,-4.8 54.9,-5.1 54.6,-4.9 "
    "54.8,-4.4 54.9,-3.6 54.9,-3.2 54.5,-3.6 54.1,-3.2 54.1,-2.8 53.7,-3.0 53.4,-3.1 53.3,-3.8 53.4,-4.4 53.2,-4.6 "
    "52.8,-4.7 52.9,-4.1 52.5,-4.1 52.1,-4.7 51.9,-5.2 51.7,-5.1 51.7,-4.4 51.6,-4.2 51.4,-3.6 51.5,-3.1 51.7,-2.6 "
    "51.4,-2.8 51.2,-3.2 51.2,-4.1 51.0,-4.5 50.6,-4.9 50.3,-5.3"
)
_IRELAND = (
    "55.2,-6.2 54.9,-5.8 54.6,-5.7 54.5,-5.4 54.2,-5.7 54.0,-6.1 53.6,-6.1 53.3,-6.1 52.7,-6.1 52.2,-6.4 52.1,-7.2 "
    "51.8,-8.0 51.5,-9.0 51.5,-9.8 51.9,-10.3 52.2,-10.3 52.5,-9.6 52.9,-9.4 53.2,-9.1 53.3,-9.9 53.7,-10.0 54.2,-9.9 "
    "54.3,-9.2 54.3,-8.6 54.6,-8.3 54.7,-8.7 55.1,-8.3 55.3,-7.4 55.1,-7.1 55.2,-6.6"
)
_ISLANDS = (
    "58.5,-6.3 58.2,-6.3 57.9,-6.8 57.7,-7.1 57.1,-7.3 57.6,-7.5 58.1,-7.1",
    "57.7,-6.3 57.3,-5.8 57.1,-5.9 57.3,-6.5",
    "56.6,-6.2 56.5,-5.7 56.3,-6.2",
    "55.9,-6.3 55.7,-6.0 55.6,-6.3",
    "54.4,-4.4 54.1,-4.6 54.2,-4.8",
    "59.1,-3.3 59.0,-2.8 58.9,-3.2",
    "60.6,-1.2 60.2,-1.1 59.9,-1.3 60.3,-1.6",
)


def _coast(corners: str) -> str:
    pairs = [corner.split(",") for corner in corners.split()]
    points = [point(Decimal(north), Decimal(east)) for north, east in pairs]
    return "M" + "L".join(f"{at.x} {at.y}" for at in points if at) + "Z"


COASTS: Final = " ".join(_coast(corners) for corners in (_GREAT_BRITAIN, _IRELAND, *_ISLANDS))
