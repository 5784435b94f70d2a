"""Views that answer everybody alike, signed in or not: a shared cache may keep their answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

__all__ = ["is_same_for_everybody", "same_for_everybody"]

_MARK: Final = "same_for_everybody"
View = TypeVar("View", bound=Callable[..., Any])


def same_for_everybody(view: View) -> View:
    """Outermost on a view that looks at nobody: nothing on the way to it looks at the session either, or the answer
    would vary by cookie.
    """
    view.__dict__[_MARK] = True
    return view


def is_same_for_everybody(view: Callable[..., Any]) -> bool:
    return bool(getattr(view, _MARK, False))
