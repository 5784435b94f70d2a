from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from advisories.domain import mailing
from advisories.domain.mailing import Sending, Wishes

LONDON = ZoneInfo("Europe/London")
NIGHT = Wishes(quiet_from=time(21), quiet_until=time(7))


def at(hour: int, minute: int = 0, day: int = 10) -> datetime:
    return datetime(2027, 3, day, hour, minute, tzinfo=LONDON)


def plan(
    now: datetime,
    wishes: Wishes,
    *,
    urgency: str = "Expected",
    severity: str = "Moderate",
    due: datetime | None = None,
) -> Sending:
    return mailing.plan(urgency=urgency, severity=severity, due=due, wishes=wishes, now=now)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (at(20, 59), None),
        (at(21), at(7, day=11)),
        (at(23, 59), at(7, day=11)),
        (at(0), at(7)),
        (at(6, 59), at(7)),
        (at(7), None),
    ],
)
def test_quiet_hours_run_over_midnight(now: datetime, until: datetime | None) -> None:
    expected = Sending(mailing.AT_ONCE) if until is None else Sending(mailing.HELD, until)

    assert plan(now, NIGHT) == expected


def test_quiet_hours_within_a_day() -> None:
    lunch = Wishes(quiet_from=time(12), quiet_until=time(13))

    assert plan(at(12, 30), lunch) == Sending(mailing.HELD, at(13))
    assert plan(at(13), lunch) == Sending(mailing.AT_ONCE)


def test_the_night_on_which_the_clocks_go_forward_ends_at_seven_by_the_clock() -> None:
    now = datetime(2027, 3, 27, 23, tzinfo=LONDON)

    sending = plan(now, NIGHT)

    assert sending.at == datetime(2027, 3, 28, 7, tzinfo=LONDON)
    assert sending.at is not None
    assert sending.at.utcoffset() == timedelta(hours=1)


@pytest.mark.parametrize(("urgency", "severity"), [("Immediate", "Minor"), ("Future", "Extreme")])
def test_what_is_urgent_waits_for_nobody_and_is_never_muted(urgency: str, severity: str) -> None:
    wishes = Wishes(quiet_from=time(21), quiet_until=time(7), digest=True, mute_minor=True)

    assert plan(at(3), wishes, urgency=urgency, severity=severity) == Sending(mailing.AT_ONCE)


@pytest.mark.parametrize(
    ("severity", "due", "how"),
    [
        ("Minor", None, mailing.MUTED),
        ("Minor", at(12, day=20), mailing.AT_ONCE),
        ("Moderate", None, mailing.AT_ONCE),
        ("Severe", None, mailing.AT_ONCE),
    ],
)
def test_minor_ones_that_ask_for_nothing_may_be_muted(severity: str, due: datetime | None, how: str) -> None:
    assert plan(at(12), Wishes(mute_minor=True), severity=severity, due=due).how == how


@pytest.mark.parametrize(
    ("urgency", "severity", "due", "digested"),
    [
        ("Future", "Moderate", None, True),
        ("Unknown", "Minor", None, True),
        ("Expected", "Minor", None, False),
        ("Future", "Severe", None, False),
        ("Future", "Unknown", None, False),
        ("Future", "Moderate", at(11, day=11), False),
        ("Future", "Moderate", at(11, 1, day=11), True),
    ],
)
def test_what_can_wait_comes_with_the_digest(urgency: str, severity: str, due: datetime | None, digested: bool) -> None:
    sending = plan(at(12), Wishes(digest=True), urgency=urgency, severity=severity, due=due)

    assert sending == (Sending(mailing.DIGEST, at(7, day=11)) if digested else Sending(mailing.AT_ONCE))


def test_without_wishes_it_goes_at_once_at_any_hour() -> None:
    assert plan(at(3), mailing.NO_WISHES) == Sending(mailing.AT_ONCE)
