"""What may be proposed of a certificate, in which states, by whom, and whether it takes a second person: as plain data.

The move itself is the lifecycle's. A variation and a transfer move nothing at once: they make a certificate that takes the
old one's place when its document exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal

from certification.domain import lifecycle

__all__ = [
    "ADVISER",
    "AUTHORISER",
    "KINDS",
    "OWNER",
    "REINSTATE",
    "REVOKE",
    "SURRENDER",
    "SUSPEND",
    "TRANSFER",
    "VARY",
    "Kind",
    "has_lapsed",
    "may_be_second",
    "possible",
]

SUSPEND: Final = "suspend"
REINSTATE: Final = "reinstate"
REVOKE: Final = "revoke"
SURRENDER: Final = "surrender"
VARY: Final = "vary"
TRANSFER: Final = "transfer"

# The office in which somebody signs.
ADVISER: Final = "adviser"
AUTHORISER: Final = "authoriser"
OWNER: Final = "owner"


@dataclass(frozen=True, slots=True)
class Kind:
    """`action` of the lifecycle, empty where a new certificate is made. `done`: the word of the trail for it."""

    code: str
    states: tuple[str, ...]
    action: str
    done: str
    by: Literal["officer", "owner"] = "officer"
    takes_two: bool = True
    may_be_urgent: bool = False


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        kind.code: kind
        for kind in (
            Kind(SUSPEND, (lifecycle.IN_FORCE,), "suspend", "suspended", may_be_urgent=True),
            Kind(REINSTATE, (lifecycle.SUSPENDED,), "reinstate", "reinstated"),
            Kind(REVOKE, lifecycle.CERTIFICATE_LIVE, "revoke", "revoked"),
            Kind(VARY, (lifecycle.IN_FORCE,), "", "varied"),
            Kind(TRANSFER, (lifecycle.IN_FORCE,), "", "transferred"),
            Kind(SURRENDER, lifecycle.CERTIFICATE_LIVE, "surrender", "surrendered", by="owner", takes_two=False),
        )
    }
)


def possible(state: str) -> tuple[str, ...]:
    """What officers may propose of a certificate in that state, in the order of a page."""
    return tuple(kind.code for kind in KINDS.values() if kind.by == "officer" and state in kind.states)


def may_be_second(office: str, *, first: str, urgent: bool) -> bool:
    """An authorising officer. An urgent suspension needs one of the two: where the first was one, any officer will do,
    since nobody may be reached within two days at a week-end.
    """
    return office == AUTHORISER or (urgent and first == AUTHORISER and office == ADVISER)


def has_lapsed(*, lapses_at: datetime | None, now: datetime) -> bool:
    return lapses_at is not None and now >= lapses_at
