"""Dates and times as people type them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError

from core.govuk.errors import error_lines
from core.govuk.fields import DateField, DateTimeField, TimeField
from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions
from core.govuk.widgets import DateParts
from tests.core.govuk.page import one, soup

LONDON = ZoneInfo("Europe/London")


class Form(GovukForm):
    on = DateField(label="Date of the event")
    at = DateTimeField(label="Start", required=False)
    doors = TimeField(label="Doors", required=False)


def posted(day: str, month: str, year: str) -> Form:
    return Form({"on_day": day, "on_month": month, "on_year": year})


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [("27", "3", "2027"), (" 27 ", "03", "2027"), ("27", "march", "2027"), ("27", "Mar", "2027")],
)
def test_a_date_in_any_common_writing(day: str, month: str, year: str) -> None:
    form = posted(day, month, year)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["on"] == dt.date(2027, 3, 27)


@pytest.mark.parametrize(
    ("parts", "message", "first_wrong"),
    [
        (("", "", ""), "Enter date of the event", "id_on_day"),
        (("", "3", "2027"), "Date must include a day", "id_on_day"),
        (("27", "", ""), "Date must include a month and a year", "id_on_month"),
        (("27", "3", ""), "Date must include a year", "id_on_year"),
        (("27th", "3", "2027"), "Day must be a number", "id_on_day"),
        (("27", "Mars", "2027"), "Month must be a number or a name, for example 3 or March", "id_on_month"),
        (("27", "3", "27"), "Year must be 4 numbers, for example 2027", "id_on_year"),
        (("27", "3", "12027"), "Year must be 4 numbers, for example 2027", "id_on_year"),
        (("31", "2", "2027"), "Enter a real date, for example 27 3 2027", "id_on_day"),
        (("1", "13", "2027"), "Enter a real date, for example 27 3 2027", "id_on_day"),
        (("²", "3", "2027"), "Day must be a number", "id_on_day"),
    ],
)
def test_a_wrong_date_says_which_part(parts: tuple[str, str, str], message: str, first_wrong: str) -> None:
    form = posted(*parts)
    lines = error_lines([form])
    assert [(line.message, line.link) for line in lines] == [(message, first_wrong)]
    page = soup(str(form))
    assert one(page, f"#{first_wrong}")["aria-invalid"] == "true"
    assert [one(page, f"#id_on_{part}")["value"] for part in ("day", "month", "year")] == list(parts)


def marked(page: BeautifulSoup) -> list[str]:
    return [str(tag["id"]) for tag in page.select(".govuk-input--error")]


def test_only_the_wrong_boxes_are_marked() -> None:
    assert marked(soup(str(posted("27", "", "2027")))) == ["id_on_month"]
    assert marked(soup(str(posted("31", "2", "2027")))) == ["id_on_day", "id_on_month", "id_on_year"]


def test_an_error_from_elsewhere_marks_the_whole_date() -> None:
    form = posted("27", "3", "2027")
    form.add_error("on", ValidationError("The event must be in the future"))
    assert marked(soup(str(form))) == ["id_on_day", "id_on_month", "id_on_year"]
    assert error_lines([form])[0].link == "id_on_day"


def test_a_stored_date_fills_the_boxes() -> None:
    page = soup(str(Form(initial={"on": dt.date(2027, 3, 7), "at": dt.datetime(2027, 7, 1, 18, 30, tzinfo=dt.UTC)})))
    assert [one(page, f"#id_on_{part}")["value"] for part in ("day", "month", "year")] == ["7", "3", "2027"]
    assert [one(page, f"#id_at_{part}")["value"] for part in ("day", "time")] == ["1", "7:30pm"]


def test_a_date_that_did_not_change_is_not_a_change() -> None:
    data = {"on_day": "07", "on_month": "3", "on_year": "2027"}
    assert Form(data, initial={"on": dt.date(2027, 3, 7)}).changed_data == []
    assert Form(data, initial={"on": dt.date(2027, 3, 8)}).changed_data == ["on"]
    assert Form({"on_day": "x"}, initial={"on": dt.date(2027, 3, 7)}).changed_data == ["on"]


def test_a_birthday_fills_itself_in() -> None:
    class Born(GovukForm):
        born = DateField()
        govuk = {"born": FieldOptions(autocomplete="bday")}

    page = soup(str(Born()))
    assert [box["autocomplete"] for box in page.select("input")] == ["bday-day", "bday-month", "bday-year"]


def test_a_moment_is_uk_time() -> None:
    field = DateTimeField()
    assert field.clean(DateParts("1", "7", "2027", "7:30pm")) == dt.datetime(2027, 7, 1, 19, 30, tzinfo=LONDON)
    assert field.clean(DateParts("1", "7", "2027", "7:30pm")) == dt.datetime(2027, 7, 1, 18, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize("parts", [DateParts("28", "3", "2027", "1:30am"), DateParts("31", "10", "2027", "1:30am")])
def test_a_time_that_the_clocks_skip_or_repeat_is_refused(parts: DateParts) -> None:
    with pytest.raises(ValidationError):
        DateTimeField().clean(parts)


def test_a_moment_without_a_time_asks_for_it() -> None:
    form = Form({"on_day": "1", "on_month": "1", "on_year": "2027", "at_day": "1", "at_month": "1", "at_year": "2027"})
    assert [(line.message, line.link) for line in error_lines([form])] == [("Date must include a time", "id_at_time")]


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("7pm", dt.time(19)),
        ("7:30pm", dt.time(19, 30)),
        ("7.30 PM", dt.time(19, 30)),
        ("19:30", dt.time(19, 30)),
        ("1930", dt.time(19, 30)),
        ("12am", dt.time(0)),
        ("12pm", dt.time(12)),
        ("midday", dt.time(12)),
        ("midnight", dt.time(0)),
        ("00:05", dt.time(0, 5)),
    ],
)
def test_times_people_write(text: str, time: dt.time) -> None:
    assert TimeField().clean(text) == time


@pytest.mark.parametrize(
    "text", ["7", "25:00", "13pm", "0am", "7:60pm", "soon", "\N{ARABIC-INDIC DIGIT SEVEN}pm", "7:3"]
)
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValidationError, match="Enter a time"):
        TimeField().clean(text)


def test_a_stored_time_is_shown_as_people_write_it() -> None:
    page = soup(str(Form(initial={"doors": dt.time(18, 5)})))
    assert one(page, "#id_doors")["value"] == "6:05pm"
