"""``{% load bulletins %}``: the picture of how a bulletin was received."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django import template
from django.utils.translation import gettext as _

from advisories.domain import bulletins as rules
from advisories.selectors.reach import READ, SILENT, ReachPart

register = template.Library()

_WIDTH: Final = 600


@dataclass(frozen=True, slots=True)
class ReachBar:
    """Lengths in units of the picture."""

    state: str
    words: str
    count: int
    share: str
    x: str
    width: str


@register.simple_tag
def reach_bars(parts: Iterable[ReachPart]) -> list[ReachBar]:
    """One part of the bar for each state, one after the other; a part of nothing is of no width."""
    found, at = [], 0.0
    for part in parts:
        width = _WIDTH * part.share / 100
        found.append(
            ReachBar(part.state, _words(part.state), part.count, f"{part.share:.0f}", f"{at:.1f}", f"{width:.1f}")
        )
        at += width
    return found


def _words(state: str) -> str:
    return {
        READ: _("Read, not acknowledged"),
        SILENT: _("Not read"),
        rules.ACKNOWLEDGED: _("Acknowledged"),
        rules.DONE: _("Done"),
        rules.NOT_APPLICABLE: _("Does not apply"),
    }[state]
