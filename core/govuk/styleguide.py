"""Every component on one page, for the eye and for the accessibility checks. Not there in production."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.govuk.charts import ScoreRow
from core.govuk.fields import DateField, DateTimeField, TimeField
from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions
from core.govuk.panels import Crumb, FileRow, Step, SummaryRow, TaskRow, TimelineItem

__all__ = ["ExampleForm", "styleguide"]


class ExampleForm(GovukForm):
    """One field of each kind."""

    name = forms.CharField(label=_("Name of the venue"), help_text=_("As on your signs"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), help_text=_("We use this only about your plan"))
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput)
    people = forms.IntegerField(
        label=_("Greatest number of people at one time"), help_text=_("Staff included"), min_value=1
    )
    fee = forms.DecimalField(label=_("Hire charge for a day"), decimal_places=2, required=False)
    kind = forms.ChoiceField(
        label=_("What kind of place is it?"),
        widget=forms.RadioSelect,
        choices=[("hall", _("Hall")), ("theatre", _("Theatre")), ("other", _("Something else"))],
    )
    other = forms.CharField(label=_("Say what it is"), required=False)
    has_building = forms.ChoiceField(
        label=_("Is there a building?"), widget=forms.RadioSelect, choices=[("yes", _("Yes")), ("no", _("No"))]
    )
    hours = forms.MultipleChoiceField(
        label=_("When do people come?"),
        help_text=_("Tick all that apply"),
        widget=forms.CheckboxSelectMultiple,
        choices=[("day", _("In the day")), ("evening", _("In the evening")), ("night", _("At night"))],
    )
    area = forms.ChoiceField(
        label=_("Police area"), choices=[("", _("Choose an area")), ("north", _("Northmoor")), ("vale", _("Valeside"))]
    )
    opens_on = DateField(label=_("When does it open?"), help_text=_("For example, 27 3 2027"))
    starts_at = DateTimeField(
        label=_("When does the first event start?"), help_text=_("For example, 27 3 2027, 7:30pm")
    )
    doors = TimeField(label=_("When do the doors open?"), help_text=_("For example, 6:30pm"), required=False)
    account = forms.CharField(
        label=_("What is in place?"),
        help_text=_("Write for somebody who has never been there"),
        widget=forms.Textarea,
        max_length=500,
    )
    level = forms.ChoiceField(
        label=_("How far are you with lockdown?"),
        widget=forms.RadioSelect,
        choices=[
            ("0", _("Not in place")),
            ("1", _("Planned")),
            ("2", _("Partly in place")),
            ("3", _("In place")),
            ("4", _("In place and tested")),
        ],
    )
    evidence = forms.FileField(
        label=_("Add a file"), help_text=_("PDF, picture or Word file, 25 MB at most"), required=False
    )
    declaration = forms.BooleanField(
        label=_("What I have written is true as far as I know"),
        help_text=_("A false statement can end the certificate"),
    )

    govuk = {
        "name": FieldOptions(width="two-thirds", autocomplete="organization"),
        "email": FieldOptions(width="20", autocomplete="email"),
        "password": FieldOptions(width="20", autocomplete="new-password"),
        "people": FieldOptions(width="5", suffix=_("people")),
        "fee": FieldOptions(width="5", prefix="£"),
        "kind": FieldOptions(
            label_size="m", hints={"hall": _("Village, church and school halls")}, reveal={"other": ("other",)}
        ),
        "has_building": FieldOptions(label_size="m", inline=True),
        "hours": FieldOptions(label_size="m", small=True),
        "opens_on": FieldOptions(label_size="m"),
        "starts_at": FieldOptions(label_size="m"),
        "doors": FieldOptions(width="5"),
        "account": FieldOptions(count=True, rows=4),
        "level": FieldOptions(
            label_size="m",
            cards=True,
            hints={
                "0": _("Nobody has thought about it yet."),
                "1": _("A named person is writing it, with a date."),
                "2": _("The main doors can be closed; the side doors cannot."),
                "3": _("Every door has somebody who closes it, and they know who gives the word."),
                "4": _("As before, and timed with staff in the last twelve months."),
            },
        ),
        "declaration": FieldOptions(legend=_("Declaration")),
    }


class FilterForm(GovukForm):
    """What a list is narrowed by."""

    area = forms.ChoiceField(
        label=_("Police area"), required=False, choices=[("", _("All areas")), ("north", _("Northmoor"))]
    )
    words = forms.CharField(label=_("Name or number"), required=False)


@dataclass(frozen=True, slots=True)
class _Middle:
    """A page with more on both sides."""

    newer: str = "earlier-rows"
    older: str = "later-rows"


@require_http_methods(["GET", "HEAD", "POST"])
def styleguide(request: HttpRequest) -> HttpResponse:
    """With ``?errors`` the form has been sent in empty, to show it with everything wrong."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    wrong = {"people": "many", "opens_on_day": "31", "opens_on_month": "2", "opens_on_year": "2027"}
    data = request.POST or (wrong if "errors" in request.GET else None)
    form = ExampleForm(data)
    return render(
        request,
        "core/styleguide.html",
        {"form": form, "filters": FilterForm(prefix="filter"), "page": _Middle(), **_examples()},
    )


def _examples() -> dict[str, Any]:
    when = dt.datetime(2026, 11, 23, 10, 42, tzinfo=dt.UTC)
    return {
        "when": when,
        "crumbs": [Crumb(label=_("Places and events"), url="#places"), Crumb(label=_("Larkfield Hall"))],
        "icons": ["shield-tick", "calendar", "building", "pin", "rail", "lock", "people", "bell", "signature"],
        "rows": _rows(),
        "tasks": _tasks(),
        "steps": _steps(),
        "items": _items(when),
        "files": _files(when),
        "scores": _scores(),
    }


def _rows() -> list[SummaryRow]:
    return [
        SummaryRow(key=_("Name"), value="Larkfield Hall", change_url="#name"),
        SummaryRow(key=_("Address"), value="1 Example Lane, Larkfield, ZZ99 1AA", change_url="#address"),
        SummaryRow(key=_("Tier"), value=_("Standard"), change_url=""),
    ]


def _tasks() -> list[TaskRow]:
    return [
        TaskRow(label=_("Governance"), status="complete", status_text=_("Done"), url="#gov"),
        TaskRow(
            label=_("Public protection procedures"),
            status="in_progress",
            status_text=_("3 of 9 answered"),
            url="#pro",
            hint=_("Evacuation, lockdown and how you tell people"),
        ),
        TaskRow(label=_("Send the plan"), status="not_started", status_text=_("Cannot start yet")),
    ]


def _steps() -> list[Step]:
    return [
        Step(label=_("Draft"), state="done"),
        Step(label=_("Submitted"), state="done", note=_("9 November")),
        Step(label=_("Under review"), state="current", note=_("With the adviser")),
        Step(label=_("Decided"), state="todo"),
        Step(label=_("Certificate"), state="todo"),
    ]


def _items(when: dt.datetime) -> list[TimelineItem]:
    return [
        TimelineItem(title=_("The adviser asked for changes to 2 answers"), when=when, who="P. Nair, Northmoor"),
        TimelineItem(
            title=_("The plan was submitted"),
            when=when - dt.timedelta(days=14),
            who="M. Okafor, Larkfield Hall",
            body=_("34 answers and 6 files, sealed together."),
        ),
    ]


def _files(when: dt.datetime) -> list[FileRow]:
    return [
        FileRow(
            name="door-schedule.pdf", size=182_300, status="clean", status_text=_("Checked"), url="#file", when=when
        ),
        FileRow(
            name="a-very-long-file-name-that-somebody-gave-without-a-single-space-in-it-2026-11-23.docx",
            size=2_400_000,
            status="pending",
            status_text=_("Held until checked"),
            remove_url="",
        ),
    ]


def _scores() -> list[ScoreRow]:
    return [
        ScoreRow(label=_("Governance and responsibility"), percent="80.0", pass_mark=60, met=True, url="#gov"),
        ScoreRow(label=_("Public protection procedures"), percent="54.5", pass_mark=60, met=False, url="#pro"),
        ScoreRow(label=_("Training"), percent=Fraction(2, 3) * 100, pass_mark=60),
        ScoreRow(label=_("Physical safety"), percent=None, pass_mark=60),
    ]
