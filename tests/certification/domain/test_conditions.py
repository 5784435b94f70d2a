"""When conditions are reminded of, which dates are sound, and the whole grid of discharges and extensions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from certification.domain import conditions as rules

DUE = date(2027, 6, 30)
LONG_AGO = date(2027, 1, 1)
DISCHARGE = {
    ("draft", "submit"): "submitted",
    ("draft", "withdraw"): "withdrawn",
    ("draft", "lapse"): "lapsed",
    ("submitted", "accept"): "accepted",
    ("submitted", "send_back"): "sent_back",
    ("submitted", "withdraw"): "withdrawn",
    ("submitted", "lapse"): "lapsed",
}
EXTENSION = {("asked", "grant"): "granted", ("asked", "refuse"): "refused", ("asked", "lapse"): "lapsed"}


@pytest.mark.parametrize("state", rules.DISCHARGE_STATES)
@pytest.mark.parametrize("action", rules.DISCHARGE_ACTIONS)
def test_each_move_of_a_discharge(state: str, action: str) -> None:
    assert rules.discharge_after(state, action) == DISCHARGE.get((state, action))


@pytest.mark.parametrize("state", rules.EXTENSION_STATES)
@pytest.mark.parametrize("action", rules.EXTENSION_ACTIONS)
def test_each_move_of_an_extension(state: str, action: str) -> None:
    assert rules.extension_after(state, action) == EXTENSION.get((state, action))


@pytest.mark.parametrize(
    ("left", "done", "send", "passed"),
    [
        (15, (), None, ()),
        (14, (), 14, (14,)),
        (13, (14,), None, ()),
        (4, (14,), None, ()),
        (3, (14,), 3, (3,)),
        (2, (), 3, (14, 3)),
        (0, (14, 3), None, ()),
        (-1, (14, 3), -1, (-1,)),
        (-40, (), -1, (14, 3, -1)),
        (-40, (14, 3, -1), None, ()),
    ],
)
def test_one_message_for_the_most_urgent(
    left: int, done: tuple[int, ...], send: int | None, passed: tuple[int, ...]
) -> None:
    found = rules.due_reminders(today=DUE - timedelta(days=left), due_on=DUE, since=LONG_AGO, done=frozenset(done))
    assert found == rules.Due(send, passed)


def test_a_date_that_was_set_yesterday_is_no_news_but_a_passed_one_is() -> None:
    set_on = DUE - timedelta(days=3)
    assert rules.due_reminders(today=set_on, due_on=DUE, since=set_on, done=frozenset()) == rules.Due(None, (14, 3))
    late = DUE + timedelta(days=1)
    assert rules.due_reminders(today=late, due_on=DUE, since=DUE, done=frozenset((14, 3))) == rules.Due(-1, (-1,))


@pytest.mark.parametrize(
    ("new", "sound"),
    [
        (DUE, False),
        (DUE + timedelta(days=1), True),
        (DUE + timedelta(days=366), True),
        (DUE + timedelta(days=367), False),
        (DUE - timedelta(days=1), False),
    ],
)
def test_a_new_date_is_later_and_within_a_year(new: date, sound: bool) -> None:
    ends = DUE + timedelta(days=1000)
    assert rules.new_date_is_sound(new, due_on=DUE, today=LONG_AGO, valid_until=ends) is sound


def test_a_new_date_lies_ahead_and_within_cover() -> None:
    today, ends = DUE + timedelta(days=20), DUE + timedelta(days=30)
    sound = [
        n
        for n in range(40)
        if rules.new_date_is_sound(DUE + timedelta(days=n), due_on=DUE, today=today, valid_until=ends)
    ]
    assert sound == list(range(21, 31))


def test_a_wait_is_short_and_within_cover() -> None:
    ends = DUE + timedelta(days=10)
    sound = [n for n in range(-2, 20) if rules.wait_is_sound(DUE + timedelta(days=n), today=DUE, valid_until=ends)]
    assert sound == list(range(1, 11))
    assert not rules.wait_is_sound(DUE + timedelta(days=93), today=DUE, valid_until=DUE + timedelta(days=900))
    assert rules.wait_is_sound(DUE + timedelta(days=92), today=DUE, valid_until=DUE + timedelta(days=900))
