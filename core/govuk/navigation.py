"""What the layout needs to know of the whole service; the floor knows no app, so the top of the house supplies it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

__all__ = ["Layout", "NavItem", "Strip", "StripPart", "mark_active"]


@dataclass(frozen=True, slots=True)
class NavItem:
    """``active``: this section. ``current``: this very page. ``post``: a button, for what a link must not do (sign out).

    ``also``: beginnings of other addresses that belong to the section.
    """

    label: _StrOrPromise
    url: str
    active: bool = False
    current: bool = False
    post: bool = False
    count: int | None = None
    also: tuple[str, ...] = ()

    def reach(self, path: str) -> int:
        """How much of ``path`` this item's addresses cover; 0: the page is not of this section. The root is only itself."""
        own = len(self.url) if path == self.url or (self.url != "/" and path.startswith(self.url)) else 0
        return max(own, *(len(start) for start in self.also if path.startswith(start)), 0)


@dataclass(frozen=True, slots=True)
class StripPart:
    """“UK threat level **SEVERE**: an attack is highly likely.”"""

    name: _StrOrPromise
    value: _StrOrPromise
    words: _StrOrPromise = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """One line under the bar that every signed-in page carries. ``tone``: plain, raised or highest."""

    label: _StrOrPromise
    parts: Sequence[StripPart]
    tone: str = "plain"
    links: Sequence[NavItem] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """Left and right halves of the navigation bar, the footer's links, and what the demonstration's strip offers."""

    items: Sequence[NavItem] = ()
    account: Sequence[NavItem] = ()
    footer: Sequence[NavItem] = ()
    demo: Sequence[NavItem] = ()
    home_url: str = "/"
    who: str = ""
    contact_email: str = ""
    strip: Strip | None = None


def mark_active(items: Sequence[NavItem], path: str) -> list[NavItem]:
    """The item whose addresses cover most of ``path`` is where the reader is."""
    best = max((item.reach(path) for item in items), default=0)
    return [replace(item, active=0 < best == item.reach(path), current=item.url == path) for item in items]
