"""Dates, times and spans in words."""

from __future__ import annotations

import datetime as dt

import pytest

from core.govuk.formats import day_count, duration_words, uk_date, uk_datetime, uk_time
from tests.core.govuk.page import draw


def test_a_date() -> None:
    assert uk_date(dt.date(2026, 11, 23)) == "23 November 2026"
    assert uk_date(None) == ""


def test_a_moment_is_the_day_it_is_in_the_uk() -> None:
    summer_night = dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC)
    assert uk_date(summer_night) == "1 July 2026"
    assert uk_datetime(summer_night) == "1 July 2026 at 12:30am"
    assert uk_datetime(None) == ""


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (dt.time(0, 0), "midnight"),
        (dt.time(0, 1), "12:01am"),
        (dt.time(9, 5), "9:05am"),
        (dt.time(12, 0), "midday"),
        (dt.time(12, 1), "12:01pm"),
        (dt.time(23, 59), "11:59pm"),
    ],
)
def test_a_time(time: dt.time, words: str) -> None:
    assert uk_time(time) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (dt.timedelta(days=3, hours=4, minutes=5), "3 days 4 hours"),
        (dt.timedelta(days=1, minutes=5), "1 day 5 minutes"),
        (90, "1 minute 30 seconds"),
        (1, "1 second"),
        (0, "less than a second"),
        (dt.timedelta(seconds=-60), "1 minute"),
    ],
)
def test_a_span(span: dt.timedelta | int, words: str) -> None:
    assert duration_words(span) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "today"), (1, "tomorrow"), (-1, "yesterday"), (20, "in 20 days"), (-2, "2 days ago")],
)
def test_days_from_today(days: int, words: str) -> None:
    assert day_count(days) == words


def test_the_filters_say_the_same() -> None:
    page = draw(
        "{{ day|uk_date }}; {{ moment|uk_datetime }}; {{ span|duration_words }}; {{ 20|day_count }}; {{ 182300|file_size }}",
        day=dt.date(2026, 11, 23),
        moment=dt.datetime(2026, 11, 23, 10, 42, tzinfo=dt.UTC),
        span=dt.timedelta(hours=2),
    )
    assert page.get_text() == "23 November 2026; 23 November 2026 at 10:42am; 2 hours; in 20 days; 178.0 KB"
