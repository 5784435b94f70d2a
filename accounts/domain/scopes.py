"""What an API token may be used for. A scope narrows what its owner may do; it never adds to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

SCOPES: Final = (
    "subjects:read",
    "subjects:write",
    "plans:read",
    "plans:write",
    "reviews:read",
    "reviews:write",
    "decisions:write",
    "certificates:read",
    "certificates:write",
    "threat:read",
    "threat:write",
    "advisories:read",
    "advisories:write",
    "networks:read",
    "networks:write",
    "sightings:read",
    "sightings:write",
    "lessons:read",
    "lessons:write",
)


def unknown(scopes: Iterable[str]) -> list[str]:
    return sorted(set(scopes) - set(SCOPES))


def ordered(scopes: Iterable[str]) -> list[str]:
    """In the order of SCOPES, each once."""
    wanted = set(scopes)
    return [scope for scope in SCOPES if scope in wanted]
