"""Fields whose answer is a date or a time of day, typed rather than picked from a calendar."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.forms import CharField, Field, TextInput
from django.forms.utils import from_current_timezone
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.govuk.formats import parse_time, uk_time
from core.govuk.widgets import DateInput, DateParts, DateTimeInput

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

__all__ = ["WRONG_PARTS", "DateField", "DateTimeField", "TimeField"]

WRONG_PARTS = "wrong_parts"
"""Key in a ValidationError's params: the boxes to mark and, the first of them, to jump to."""

_DATE = ("day", "month", "year")
_FIRST_YEAR, _LAST_YEAR = 1900, 2999


class DateField(Field):
    """Cleans to ``datetime.date``. A month may be typed as a word. Which boxes are wrong travels with the error."""

    widget = DateInput
    default_error_messages = {
        "invalid": _("Enter a real date, for example 27 3 2027"),
        "missing": _("Date must include %(missing)s"),
        "year": _("Year must be 4 numbers, for example 2027"),
        "day_number": _("Day must be a number"),
        "month_number": _("Month must be a number or a name, for example 3 or March"),
    }

    def to_python(self, value: object) -> dt.date | None:
        if isinstance(value, dt.date):
            return value
        if not isinstance(value, DateParts) or not value:
            return None
        self._require_all(value, _DATE)
        return self._date(value)

    def has_changed(self, initial: object, data: object) -> bool:
        if callable(initial):
            initial = initial()
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True

    def _require_all(self, value: DateParts, parts: tuple[str, ...]) -> None:
        names = {
            "day": gettext("a day"),
            "month": gettext("a month"),
            "year": gettext("a year"),
            "time": gettext("a time"),
        }
        missing = tuple(part for part in parts if not getattr(value, part))
        if missing:
            words = gettext(" and ").join(names[part] for part in missing)
            raise self._error("missing", missing, missing=words)

    def _date(self, value: DateParts) -> dt.date:
        if not _is_number(value.day):
            raise self._error("day_number", ("day",))
        month = _month(value.month)
        if month is None:
            raise self._error("month_number", ("month",))
        if not _is_number(value.year) or not _FIRST_YEAR <= int(value.year) <= _LAST_YEAR:
            raise self._error("year", ("year",))
        try:
            return dt.date(int(value.year), month, int(value.day))
        except ValueError:
            raise self._error("invalid", _DATE) from None

    def _error(self, code: str, parts: tuple[str, ...], *, missing: str = "") -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params={WRONG_PARTS: parts, "missing": missing})


class DateTimeField(DateField):
    """Cleans to an aware ``datetime``: the time is UK time. A time that the clocks skip or repeat is refused."""

    widget = DateTimeInput
    default_error_messages = {
        "time": _("Enter a time, for example 7:30pm or 19:30"),
    }

    def to_python(self, value: object) -> dt.datetime | None:
        if isinstance(value, dt.datetime):
            return value
        if not isinstance(value, DateParts) or not value:
            return None
        self._require_all(value, (*_DATE, "time"))
        day = self._date(value)
        time = parse_time(value.time)
        if time is None:
            raise self._error("time", ("time",))
        return from_current_timezone(dt.datetime.combine(day, time))


class TimeField(CharField):
    """Cleans to ``datetime.time`` from one text box."""

    widget = TextInput
    default_error_messages = {
        "invalid": _("Enter a time, for example 7:30pm or 19:30"),
    }

    def to_python(self, value: object) -> Any:
        if isinstance(value, dt.time):
            return value
        text = super().to_python(value)
        if not text:
            return None
        time = parse_time(text)
        if time is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return time

    def prepare_value(self, value: object) -> object:
        return uk_time(value) if isinstance(value, dt.time) else value


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _month(text: str) -> int | None:
    """``3``, ``mar`` and ``March`` are one month; a number outside the year is left for the date to refuse."""
    if _is_number(text):
        return int(text)
    wanted: _StrOrPromise = text.lower()
    for names in (MONTHS, MONTHS_3):
        for number, name in names.items():
            if str(name).lower() == wanted:
                return number
    return None
