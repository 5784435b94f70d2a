"""Dates, times and spans in the words people use. UK time throughout: the service's time zone is Europe/London."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.timezone import is_aware, localtime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

__all__ = ["day_count", "duration_words", "parse_time", "uk_date", "uk_datetime", "uk_time"]

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_TIME = re.compile(r"^(?P<hour>\d{1,2})(?:[:.]?(?P<minute>\d{2}))?\s*(?P<half>am|pm)?$", re.ASCII)
_NOON = 12
_WORDS = {"midday": dt.time(_NOON), "noon": dt.time(_NOON), "midnight": dt.time(0)}


def uk_date(value: dt.date | None) -> str:
    """``23 November 2026``; an aware moment is the day it is in the United Kingdom, not in UTC."""
    if value is None:
        return ""
    local = _local(value)
    return _date_words(local.date() if isinstance(local, dt.datetime) else local, get_language())


@lru_cache(maxsize=4096)
def _date_words(day: dt.date, _language: str | None) -> str:
    """A list says the same few days over and over, and each is put together from a dozen looks at words."""
    return date_format(day, "j F Y")


def uk_time(value: dt.datetime | dt.time) -> str:
    """``10:42am``; noon and midnight are words, because 12pm is read both ways."""
    local = localtime(value) if isinstance(value, dt.datetime) and is_aware(value) else value
    if (local.hour, local.minute) == (0, 0):
        return _("midnight")
    if (local.hour, local.minute) == (_NOON, 0):
        return _("midday")
    half = "am" if local.hour < _NOON else "pm"
    return f"{local.hour % _NOON or _NOON}:{local.minute:02d}{half}"


def uk_datetime(value: dt.datetime | None) -> str:
    """``23 November 2026 at 10:42am``."""
    if value is None:
        return ""
    return _("%(date)s at %(time)s") % {"date": uk_date(value), "time": uk_time(value)}


def duration_words(value: dt.timedelta | int) -> str:
    """The two largest units that are not nothing: ``3 days 4 hours``, ``5 minutes``. An integer is seconds."""
    seconds = abs(int(value.total_seconds() if isinstance(value, dt.timedelta) else value))
    days, rest = divmod(seconds, _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes, secs = divmod(rest, _MINUTE)
    units = [
        (days, ngettext("%d day", "%d days", days)),
        (hours, ngettext("%d hour", "%d hours", hours)),
        (minutes, ngettext("%d minute", "%d minutes", minutes)),
        (secs, ngettext("%d second", "%d seconds", secs)),
    ]
    words = [text % count for count, text in units if count]
    return " ".join(words[:2]) or _("less than a second")


def day_count(days: int) -> str:
    """A signed number of days from today, as a person would say it."""
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days == -1:
        return _("yesterday")
    if days > 0:
        return ngettext("in %d day", "in %d days", days) % days
    return ngettext("%d day ago", "%d days ago", -days) % -days


def parse_time(text: str) -> dt.time | None:
    """``7pm``, ``7.30 pm``, ``19:30``, ``1930``, ``midday``; None for what is not a time of day."""
    words = text.strip().lower()
    if words in _WORDS:
        return _WORDS[words]
    match = _TIME.match(words)
    if match is None:
        return None
    hour, minute, half = int(match["hour"]), int(match["minute"] or 0), match["half"]
    # A bare "7" could be morning or evening; "13pm" and "0am" are slips, not times.
    slip = not 1 <= hour <= _NOON if half else match["minute"] is None
    if half:
        hour = hour % _NOON + (_NOON if half == "pm" else 0)
    try:
        return None if slip else dt.time(hour, minute)
    except ValueError:
        return None


def _local(value: dt.date) -> dt.date:
    """Aware moments only: a plain date has no zone, and a naive one is already what the clock on the wall says."""
    return localtime(value) if isinstance(value, dt.datetime) and is_aware(value) else value
