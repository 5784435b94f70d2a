"""What the layout needs to know of the whole service; the floor knows no app, so the top of the house supplies it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

__all__ = ["Layout", "NavItem", "mark_active"]


@dataclass(frozen=True, slots=True)
class NavItem:
    """``active``: this section. ``current``: this very page. ``post``: a button, for what a link must not do (sign out)."""

    label: _StrOrPromise
    url: str
    active: bool = False
    current: bool = False
    post: bool = False
    count: int | None = None


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


def mark_active(items: Sequence[NavItem], path: str) -> list[NavItem]:
    """The item whose address is the longest beginning of ``path`` is where the reader is; the root only matches itself."""
    best = max(
        (item.url for item in items if path == item.url or (item.url != "/" and path.startswith(item.url))),
        key=len,
        default=None,
    )
    return [NavItem(item.label, item.url, item.url == best, item.url == path, item.post, item.count) for item in items]
