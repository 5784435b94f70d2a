"""The legal moves of a bundle, as plain data: (state, action) → state."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

WAITING: Final = "waiting"
MAKING: Final = "making"
READY: Final = "ready"
FAILED: Final = "failed"
EXPIRED: Final = "expired"

STATES: Final = (WAITING, MAKING, READY, FAILED, EXPIRED)
# One of these at most for an organisation and kind, by constraint: who asks again is shown the one that is open.
OPEN: Final = (WAITING, MAKING)

MOVES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        (WAITING, "start"): MAKING,
        # The worker was killed: the next one begins anew.
        (MAKING, "start"): MAKING,
        (MAKING, "finish"): READY,
        # Nothing stands any more of what was asked for.
        (MAKING, "fail"): FAILED,
        (READY, "expire"): EXPIRED,
    }
)
ACTIONS: Final = tuple(sorted({action for _, action in MOVES}))


def after(state: str, action: str) -> str | None:
    """The state that `action` leads to, or None when the move does not exist."""
    return MOVES.get((state, action))
