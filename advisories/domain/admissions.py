"""How an organisation comes into a network: the life of its request as plain data, (state, action) → state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

__all__ = [
    "ADMITTED",
    "ASKED",
    "ENDED",
    "LONGEST_REASON",
    "LONGEST_WORDS",
    "MOVES",
    "OPEN",
    "REFUSED",
    "STATES",
    "WITHDRAWN",
    "after",
    "again_from",
]

ASKED: Final = "asked"
ADMITTED: Final = "admitted"
REFUSED: Final = "refused"
WITHDRAWN: Final = "withdrawn"
ENDED: Final = "ended"
STATES: Final = (ASKED, ADMITTED, REFUSED, WITHDRAWN, ENDED)
# Of one organisation and network there is one of these at most.
OPEN: Final = (ASKED, ADMITTED)

LONGEST_WORDS: Final = 1000
LONGEST_REASON: Final = 600

# After the network has said no, so that its moderators are not asked each morning.
_PAUSE: Final = timedelta(days=7)

MOVES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        (ASKED, "admit"): ADMITTED,
        (ASKED, "refuse"): REFUSED,
        (ASKED, "withdraw"): WITHDRAWN,
        (ADMITTED, "end"): ENDED,
    }
)


def after(state: str, action: str) -> str | None:
    """The state that `action` leads to, or None when the move does not exist."""
    return MOVES.get((state, action))


def again_from(state: str, decided_at: datetime | None) -> datetime | None:
    """When the organisation may ask again; None: at once, as far as this request is concerned."""
    return decided_at + _PAUSE if state in (REFUSED, ENDED) and decided_at is not None else None
