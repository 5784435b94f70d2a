"""Shapes of the components that list things: views build these, templates draw them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

__all__ = ["Crumb", "FileRow", "KeysetPage", "Step", "StepState", "SummaryRow", "TaskRow", "TimelineItem"]

StepState = Literal["done", "current", "todo", "stopped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crumb:
    """The last one has no address: it is the page itself."""

    label: _StrOrPromise
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One stage of a case. Exactly one is ``current``, unless the case is over."""

    label: _StrOrPromise
    state: StepState
    note: _StrOrPromise = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRow:
    """``change_url`` draws a Change link that names the key for those who hear it out of context."""

    key: _StrOrPromise
    value: object
    change_url: str = ""
    change_text: _StrOrPromise = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """``status`` picks the colour; an empty ``url`` is a task that cannot be started yet."""

    label: _StrOrPromise
    status: str
    status_text: _StrOrPromise
    url: str = ""
    hint: _StrOrPromise = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineItem:
    """What happened, in a sentence; newest first is the page's choice."""

    title: _StrOrPromise
    when: dt.datetime
    who: _StrOrPromise = ""
    body: _StrOrPromise = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """``url`` empty: held, and the status says why."""

    name: str
    size: int
    status: str
    status_text: _StrOrPromise
    url: str = ""
    remove_url: str = ""
    when: dt.datetime | None = None
    who: _StrOrPromise = ""


class KeysetPage(Protocol):
    """What the pagination needs of a page of a list: ready-made cursors of ``core.keyset``; None where there is no more."""

    @property
    def newer(self) -> str | None: ...

    @property
    def older(self) -> str | None: ...
