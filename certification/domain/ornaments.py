"""The engraving of a certificate, as security printers draw it: a plaited border, and a rosette that differs by kind.

Nothing but arithmetic: the kinds are told apart at a glance and in a photocopy, and no drawing lies in the repository.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from math import ceil, cos, pi, sin, tau
from typing import Final

# Millimetres on A4.
WIDTH: Final = 210
HEIGHT: Final = 297
_INSET: Final = 10.5
_CORNER: Final = 8.0
_WAVE: Final = 6.4
_SWING: Final = 1.75
_MIDDLE: Final = (105.0, 132.0)

_NAVY: Final = "#14253d"
_TEAL: Final = "#1d6b62"
# Light enough to be read over, dark enough to survive a copier.
_FAINT: Final = "#d3e0de"

_Point = tuple[float, float]
_Curve = Callable[[float], _Point]


@functools.cache
def frame(kind: str) -> str:
    """An SVG of the whole page for "general", "special" or "stage"."""
    rosette = {"general": _lobes, "special": _star, "stage": _plan}[kind]()
    lines = (
        '<rect x="7" y="7" width="196" height="283" rx="11.5" stroke="{navy}" stroke-width=".7"/>',
        '<rect x="14" y="14" width="182" height="269" rx="4.5" stroke="{navy}" stroke-width=".35"/>',
        f'<path d="{_plait(0)}{_plait(pi)}" stroke="{{teal}}" stroke-width=".28"/>',
        f'<path d="{rosette}" stroke="{{faint}}" stroke-width=".25"/>',
    )
    drawn = "".join(lines).format(navy=_NAVY, teal=_TEAL, faint=_FAINT)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<g fill="none" stroke-linejoin="round">{drawn}</g></svg>'
    )


def _plait(phase: float) -> str:
    """A wave along a rounded rectangle; two of them, half a wave apart, are plaited."""
    straight = (WIDTH - 2 * _INSET - 2 * _CORNER, HEIGHT - 2 * _INSET - 2 * _CORNER)
    length = 2 * sum(straight) + tau * _CORNER
    waves = ceil(length / _WAVE)

    def at(turn: float) -> _Point:
        (x, y), (along, across) = _round(turn * length, straight)
        swing = _SWING * sin(tau * waves * turn + phase)
        return x + swing * along, y + swing * across

    return _closed(at, 4 * waves)


def _round(way: float, straight: _Point) -> tuple[_Point, _Point]:
    """Point and outward direction after `way` millimetres, clockwise from the upper left."""
    quarter = pi / 2 * _CORNER
    right, bottom = WIDTH - _INSET - _CORNER, HEIGHT - _INSET - _CORNER
    corners = (
        (right, _INSET + _CORNER),
        (right, bottom),
        (_INSET + _CORNER, bottom),
        (_INSET + _CORNER, _INSET + _CORNER),
    )
    for side, (centre_x, centre_y) in enumerate(corners):
        run, angle = straight[side % 2], side * pi / 2 - pi / 2
        outward = (cos(angle), sin(angle))
        if way <= run:
            # Backwards from where the corner begins, along the side that leads to it.
            back = run - way
            x, y = centre_x + _CORNER * outward[0], centre_y + _CORNER * outward[1]
            return (x + back * outward[1], y - back * outward[0]), outward
        way -= run
        if way <= quarter or side == len(corners) - 1:
            angle += way / _CORNER
            outward = (cos(angle), sin(angle))
            return (centre_x + _CORNER * outward[0], centre_y + _CORNER * outward[1]), outward
        way -= quarter
    raise AssertionError(way)


def _lobes() -> str:
    """General, for a place that is always there: rings of even lobes."""
    return "".join(_ring(40, 13, 12, turn * tau / 48) for turn in range(4)) + _ring(25, 3, 24, 0)


def _star() -> str:
    """Special, for one occasion: a burst."""
    return "".join(_ring(37, 16, 5, turn * tau / 30) for turn in range(6))


def _ring(radius: float, swing: float, lobes: int, turned: float) -> str:
    def at(turn: float) -> _Point:
        distance = radius + swing * cos(lobes * tau * turn)
        angle = tau * turn + turned
        return _MIDDLE[0] + distance * cos(angle), _MIDDLE[1] + distance * sin(angle)

    return _closed(at, 8 * lobes)


def _plan() -> str:
    """Stage, for what is still drawn: squares within squares, each standing a little further round."""
    squares = []
    for step in range(16):
        distance, turned = 54 * 0.9**step, step * pi / 28
        points = [
            (_MIDDLE[0] + distance * cos(turned + side * pi / 2), _MIDDLE[1] + distance * sin(turned + side * pi / 2))
            for side in range(4)
        ]
        squares.append("M" + "L".join(map(_written, points)) + "z")
    return "".join(squares)


def _closed(at: _Curve, pieces: int) -> str:
    """A smooth closed line through `pieces` points of a curve over [0, 1), as cubics with the slopes of its neighbours."""
    points = [at(piece / pieces) for piece in range(pieces)]
    drawn = [f"M{_written(points[0])}"]
    for piece in range(pieces):
        before, start, end, after = (points[(piece + offset) % pieces] for offset in (-1, 0, 1, 2))
        drawn.append(f"C{_written(_toward(start, before, end))} {_written(_toward(end, after, start))} {_written(end)}")
    return "".join(drawn) + "z"


def _toward(point: _Point, one: _Point, other: _Point) -> _Point:
    """A sixth of the way between the neighbours, from the point (Catmull and Rom)."""
    return point[0] + (other[0] - one[0]) / 6, point[1] + (other[1] - one[1]) / 6


def _written(point: Sequence[float]) -> str:
    return f"{point[0]:.2f} {point[1]:.2f}"
