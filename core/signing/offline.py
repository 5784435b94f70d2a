"""The reference verifier: what somebody at a door can know of a claim with a key set and a status list, and no network.

Nothing here asks a database, a network or a clock; the command `verify_credential` is a shell around it. The order is
the one that others should keep: the signature, then the dates, then the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from core.signing import claims, status_list

Answer = Literal[
    "valid",
    "valid_as_signed",
    "not_yet",
    "expired",
    "not_valid",
    "suspended",
    "being_issued",
    "forged",
    "list_unusable",
]
_UK: Final = ZoneInfo("Europe/London")
# The short names of the claim in the printed code, and what they stand for.
SHORT: Final[Mapping[str, str]] = {
    "n": "number",
    "s": "subject",
    "p": "place",
    "f": "valid_from",
    "u": "valid_until",
    "i": "index",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """`answer` "valid_as_signed": signature and dates are right, and no list was at hand to ask whether it still holds.

    `age` is that of the list, in seconds.
    """

    answer: Answer
    facts: Mapping[str, Any] = field(default_factory=dict)
    age: int | None = None

    @property
    def holds(self) -> bool:
        return self.answer in {"valid", "valid_as_signed"}


def verify(text: str, keys: Iterable[Mapping[str, Any]], *, token: str = "", now: datetime) -> Outcome:
    """`token`: the status list as it was downloaded, if there is one."""
    known = list(keys)
    try:
        claim = claims.verify(text, known)
        if "typ" in claim.header:
            # Signed by the same keys as something else: a list of states, an advisory.
            return Outcome("forged")
        facts = long_names(claim.payload)
        begins, ends = date.fromisoformat(facts["valid_from"]), date.fromisoformat(facts["valid_until"])
    except (claims.ClaimRefused, KeyError, TypeError, ValueError):
        return Outcome("forged")
    today = now.astimezone(_UK).date()
    if today < begins:
        return Outcome("not_yet", facts)
    if today > ends:
        return Outcome("expired", facts)
    if not token:
        return Outcome("valid_as_signed", facts)
    return _asked_of_list(facts, token, known, now)


def long_names(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The claim's facts by one set of names, whether it is the printed or the embedded one."""
    facts = {SHORT.get(name, name): value for name, value in payload.items()}
    if "status" in facts:
        facts["list"], facts["index"] = (facts["status"]["status_list"][name] for name in ("uri", "idx"))
        del facts["status"]
    else:
        # In print there is no room for the list's address: its number follows from the index.
        number, facts["index"] = divmod(facts["index"], status_list.SIZE)
        facts["list"] = str(number)
    return facts


def _asked_of_list(facts: Mapping[str, Any], token: str, keys: list[Mapping[str, Any]], now: datetime) -> Outcome:
    try:
        claim = claims.verify(token.strip(), keys)
        states = status_list.unpack(claim.payload["status_list"])
        state = status_list.state_at(states, facts["index"])
        # By its last part: the printed claim has no more.
        right = claim.payload["sub"].rpartition("/")[2] == facts["list"].rpartition("/")[2]
        made, ends = (datetime.fromtimestamp(claim.payload[name], UTC) for name in ("iat", "exp"))
    except (
        claims.ClaimRefused,
        status_list.ListUnreadable,
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
        OverflowError,
    ):
        return Outcome("list_unusable", facts)
    age = int((now - made).total_seconds())
    if not right or claim.header.get("typ") != status_list.TYPE or now > ends or state is None:
        return Outcome("list_unusable", facts, age)
    answers: dict[int, Answer] = {
        status_list.VALID: "valid",
        status_list.INVALID: "not_valid",
        status_list.SUSPENDED: "suspended",
        status_list.NOT_YET: "being_issued",
    }
    return Outcome(answers[state], facts, age)
