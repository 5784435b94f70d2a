"""Scores as pictures: geometry worked out here, drawn as SVG by templates, readable as text without either.

Nothing is compared that was rounded: whether a mark is met is the caller's knowledge (``met``), and only where the
caller does not say are the figures compared as they stand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import pi
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

__all__ = ["Bar", "Meter", "Percent", "ScoreRow", "bars", "meter", "percent_text"]

Percent = str | int | Decimal | Fraction | None

_RADIUS = 52


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRow:
    """One section. ``percent`` None: nothing in it applies. ``met`` None: compare the figures given."""

    label: _StrOrPromise
    percent: Percent
    pass_mark: Percent = None
    met: bool | None = None
    url: str = ""
    note: _StrOrPromise = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """Lengths are out of 100."""

    label: _StrOrPromise
    url: str
    note: _StrOrPromise
    text: str
    length: str
    mark_text: str
    mark: str
    met: bool | None
    state: str


@dataclass(frozen=True, slots=True)
class Meter:
    """A ring: ``filled`` of ``around`` is drawn; the pass mark is a tick turned ``angle`` degrees from the top."""

    label: _StrOrPromise
    text: str
    mark_text: str
    radius: int
    around: str
    filled: str
    angle: str
    met: bool | None
    state: str


def percent_text(value: Percent) -> str:
    """One decimal, half up, as the standard shows it; a string is taken to be rounded already, an integer is exact."""
    if value is None:
        return ""
    if isinstance(value, str | int):
        return str(value)
    exact = Fraction(value)
    return str((Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.1"), ROUND_HALF_UP))


def bars(rows: Iterable[ScoreRow]) -> list[Bar]:
    return [_bar(row) for row in rows]


def meter(*, label: _StrOrPromise, percent: Percent, pass_mark: Percent = None, met: bool | None = None) -> Meter:
    around = 2 * pi * _RADIUS
    share, mark = _number(percent), _number(pass_mark)
    is_met = _met(percent, pass_mark, met)
    return Meter(
        label=label,
        text=percent_text(percent),
        mark_text=percent_text(pass_mark),
        radius=_RADIUS,
        around=f"{around:.2f}",
        filled=f"{around * float(share or 0) / 100:.2f}",
        angle="" if mark is None else f"{float(mark) * 3.6:.1f}",
        met=is_met,
        state=_state(is_met),
    )


def _bar(row: ScoreRow) -> Bar:
    share, mark = _number(row.percent), _number(row.pass_mark)
    is_met = _met(row.percent, row.pass_mark, row.met)
    return Bar(
        label=row.label,
        url=row.url,
        note=row.note,
        text=percent_text(row.percent),
        length=f"{float(share or 0):.2f}",
        mark_text=percent_text(row.pass_mark),
        mark="" if mark is None else f"{float(mark):.2f}",
        met=is_met,
        state=_state(is_met),
    )


def _met(percent: Percent, pass_mark: Percent, said: bool | None) -> bool | None:  # noqa: FBT001 - the row's own field
    share, mark = _number(percent), _number(pass_mark)
    if said is not None or share is None or mark is None:
        return said
    return share >= mark


def _state(met: bool | None) -> str:  # noqa: FBT001 - three-valued on purpose
    if met is None:
        return _("No pass mark")
    return _("Meets the pass mark") if met else _("Below the pass mark")


def _number(value: Percent) -> Fraction | None:
    """Kept inside the picture: a figure outside 0 to 100 is a fault elsewhere and must not draw over the page."""
    if value is None or value == "":
        return None
    return min(max(Fraction(value), Fraction(0)), Fraction(100))
