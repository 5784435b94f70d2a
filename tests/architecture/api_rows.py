"""A row of what each role is answered by one operation of the API, and the rows that many operations share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.factories.case import ROLES, Case

__all__ = ["ANYBODY", "SIGNED_IN", "Ask", "fixed", "made"]

#                        nobody own edi vie str adv aut oth adm aud
ANYBODY = "              200    200 200 200 200 200 200 200 200 200"
SIGNED_IN = "            401    200 200 200 200 200 200 200 200 200"


@dataclass(frozen=True)
class Ask:
    """`path` and `body` are made for the case. `expected`: a status for each of ROLES, in their order."""

    method: str
    path: Callable[[Case], str]
    expected: str
    body: Callable[[Case], Any] = lambda _: None
    files: bool = False

    def status_for(self, role: str) -> int:
        return int(self.expected.split()[ROLES.index(role)])


def fixed(body: dict[str, object]) -> Callable[[Case], Any]:
    return lambda _: body


def made(row: str, status: int) -> str:
    """The same row with another status of success."""
    return row.replace("200", str(status))
