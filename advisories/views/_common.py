"""What the pages of networks, reports, lessons and guidance share: who asks, and which sector."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpRequest

from accounts.models import User
from advisories.domain import tlp
from advisories.domain.lessons import narrowest
from advisories.domain.sectors import SECTORS, Sector

__all__ = ["marking_of", "member", "sector_or_404"]


def member(request: HttpRequest) -> User:
    """The signed-in person of a view behind `login_required`."""
    assert isinstance(request.user, User)  # noqa: S101 - login_required saw to it
    return request.user


def sector_or_404(code: str) -> Sector:
    found = SECTORS.get(code)
    if found is None:
        raise Http404
    return found


def marking_of(markings: Iterable[str]) -> str:
    """Of a list: the narrowest marking in it; empty for a list that anybody may read."""
    found = narrowest(markings)
    return "" if found == tlp.CLEAR else tlp.LABELS[found]
