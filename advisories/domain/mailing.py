"""When a message goes to one person: at once, in the morning, with the daily digest, or not at all.

Times are aware and in the service's own zone: quiet hours are those of the clock on the wall.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from advisories.domain import bulletins

__all__ = [
    "AT_ONCE",
    "DIGEST",
    "HELD",
    "MUTED",
    "NO_WISHES",
    "Sending",
    "Wishes",
    "morning_after",
    "plan",
    "quiet_until",
]

AT_ONCE: Final = "now"
HELD: Final = "held"
DIGEST: Final = "digest"
MUTED: Final = "muted"
DIGEST_AT: Final = time(7, 0)

_CALM_URGENCIES: Final = frozenset({"Future", "Past", "Unknown"})
_CALM_SEVERITIES: Final = frozenset({"Moderate", "Minor"})
# Whoever reads the digest needs the morning to act.
_SPARE: Final = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Wishes:
    """`quiet_from` and `quiet_until` are both set or both empty; the span may run over midnight."""

    quiet_from: time | None = None
    quiet_until: time | None = None
    digest: bool = False
    mute_minor: bool = False


NO_WISHES: Final = Wishes()


@dataclass(frozen=True, slots=True)
class Sending:
    """`at` is the moment of a message that waits, None where it goes at once or never."""

    how: str
    at: datetime | None = None


def plan(*, urgency: str, severity: str, due: datetime | None, wishes: Wishes, now: datetime) -> Sending:
    if bulletins.is_urgent(urgency=urgency, severity=severity):
        return Sending(AT_ONCE)
    if wishes.mute_minor and severity == "Minor" and due is None:
        return Sending(MUTED)
    calm = urgency in _CALM_URGENCIES and severity in _CALM_SEVERITIES
    next_digest = morning_after(now, DIGEST_AT)
    if wishes.digest and calm and (due is None or due > next_digest + _SPARE):
        return Sending(DIGEST, next_digest)
    until = quiet_until(wishes, now)
    return Sending(HELD, until) if until is not None else Sending(AT_ONCE)


def quiet_until(wishes: Wishes, now: datetime) -> datetime | None:
    """The end of the quiet hours that `now` lies in; None outside them."""
    begins, ends = wishes.quiet_from, wishes.quiet_until
    if begins is None or ends is None or begins == ends:
        return None
    clock = now.time()
    within = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
    return morning_after(now, ends) if within else None


def morning_after(now: datetime, at: time) -> datetime:
    """The next time that the clock on the wall shows `at`."""
    day = now.date() if now.time() < at else now.date() + timedelta(days=1)
    return datetime.combine(day, at, tzinfo=now.tzinfo)
