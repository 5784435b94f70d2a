"""A row of what each role is answered by one page, and the rows that many pages share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.factories.case import ROLES, Case

__all__ = ["ANYBODY", "SIGNED_IN", "Ask", "posts"]

ANYBODY = "         200 200 200 200 200 200 200 200 200 200"
SIGNED_IN = "       302 200 200 200 200 200 200 200 200 200"


@dataclass(frozen=True)
class Ask:
    expected: str
    args: Callable[[Case], list[object]] = lambda _: []
    data: Callable[[Case], dict[str, object]] | None = None

    def status_for(self, role: str) -> int:
        return int(self.expected.split()[ROLES.index(role)])


def posts(_: Case) -> dict[str, object]:
    return {"confirm": "on"}
