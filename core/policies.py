"""The answer of every `can_x(user, obj)`: yes or no, and why, in words that may be shown."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import NotPermitted


@dataclass(frozen=True, slots=True)
class Decision:
    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        """Raise NotPermitted with the reason unless allowed."""
        if not self.allowed:
            raise NotPermitted(self.reason)


ALLOWED = Decision(allowed=True)


def denied(reason: str) -> Decision:
    return Decision(allowed=False, reason=str(reason))
