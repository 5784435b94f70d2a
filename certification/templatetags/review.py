"""``{% load review %}``: pictures and words of the police side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django import template
from django.utils.dates import MONTHS_3
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.domain.word_diff import Part
from certification.selectors.queue import Week
from certification.selectors.snapshots import SnapshotAnswer

register = template.Library()
_KINDS: Final = {
    "venue": gettext_lazy("venue"),
    "event": gettext_lazy("event"),
    "project": gettext_lazy("infrastructure project"),
}

_WIDTH, _FLOOR, _TALLEST = 600, 116, 92
_SHARE = 0.72


@dataclass(frozen=True, slots=True)
class WeekBar:
    """Lengths in units of the picture; `month` is said where it changes."""

    x: str
    y: str
    width: str
    height: str
    middle: str
    figure_y: str
    count: int
    day: int
    month: str
    now: bool


@register.simple_tag
def week_bars(weeks: Sequence[Week]) -> list[WeekBar]:
    """The first week is this one."""
    most = max((week.count for week in weeks), default=0)
    step = _WIDTH / max(len(weeks), 1)
    return [_bar(weeks, number, step, most) for number in range(len(weeks))]


@register.simple_tag
def level_words(answer: SnapshotAnswer, labels: Mapping[int, str]) -> str:
    """An answer's level as people say it."""
    if answer.not_applicable:
        return _("Does not apply")
    if answer.level is None:
        return _("No answer")
    return f"{answer.level} · {labels.get(answer.level, '')}"


@register.simple_tag
def judged_words(judgement: object, labels: Mapping[int, str]) -> str:
    """A judgement's level, short for a table."""
    if getattr(judgement, "not_applicable", False):
        return _("Does not apply")
    level = getattr(judgement, "level", None)
    return "" if level is None else f"{level} · {labels.get(level, '')}"


@register.simple_tag
def kind_words(kind: str) -> str:
    return str(_KINDS.get(kind, kind))


@register.simple_tag
def word_changes(parts: Sequence[Part]) -> SafeString:
    """Marked up without a space of its own: the text is shown with its line ends. Said in words for those who hear it."""
    return format_html_join("", "{}", ((_marked(part),) for part in parts))


def _marked(part: Part) -> SafeString | str:
    hidden = '<span class="govuk-visually-hidden">{}</span>'
    if part.kind == "added":
        return format_html("<ins>" + hidden + "{}" + hidden + "</ins>", _("[added: "), part.text, "]")
    if part.kind == "removed":
        return format_html("<del>" + hidden + "{}" + hidden + "</del>", _("[removed: "), part.text, "]")
    return part.text


def _bar(weeks: Sequence[Week], number: int, step: float, most: int) -> WeekBar:
    week = weeks[number]
    height = _TALLEST * week.count / most if most else 0
    before = weeks[number - 1].starts.month if number else None
    return WeekBar(
        x=f"{number * step + step * (1 - _SHARE) / 2:.1f}",
        y=f"{_FLOOR - height:.1f}",
        width=f"{step * _SHARE:.1f}",
        height=f"{height:.1f}",
        middle=f"{(number + 0.5) * step:.1f}",
        figure_y=f"{_FLOOR - height - 5:.1f}",
        count=week.count,
        day=week.starts.day,
        month="" if week.starts.month == before else str(MONTHS_3[week.starts.month]).capitalize(),
        now=number == 0,
    )
