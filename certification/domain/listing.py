"""A request to keep a site off the public register: (state, action) → state. A pair that is not here is illegal."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ASKED: Final = "asked"
CONSENTED: Final = "consented"
REFUSED: Final = "refused"
WITHDRAWN: Final = "withdrawn"
ENDED: Final = "ended"

STATES: Final = (ASKED, CONSENTED, REFUSED, WITHDRAWN, ENDED)
# At most one of these for a subject, by constraint.
OPEN: Final = (ASKED, CONSENTED)
ANSWERED: Final = (CONSENTED, REFUSED)
ACTIONS: Final = ("consent", "refuse", "withdraw", "end")

MOVES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        (ASKED, "consent"): CONSENTED,
        (ASKED, "refuse"): REFUSED,
        (ASKED, "withdraw"): WITHDRAWN,
        # By the holder, at any time: the site is on the register again at once.
        (CONSENTED, "end"): ENDED,
    }
)


def after(state: str, action: str) -> str | None:
    """The state that `action` leads to, or None when the move does not exist."""
    return MOVES.get((state, action))
