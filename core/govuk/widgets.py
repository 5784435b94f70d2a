"""Dates as people write them: three boxes, and a fourth for the time of day where one is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.forms import TextInput, Widget
from django.utils.datastructures import MultiValueDict
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext_lazy as _

from core.govuk.formats import uk_time

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

__all__ = ["DateInput", "DateParts", "DateTimeInput", "NumberText", "PartBox"]


@dataclass(frozen=True, slots=True)
class DateParts:
    """What was typed, untouched, so that a wrong date comes back exactly as it was entered."""

    day: str = ""
    month: str = ""
    year: str = ""
    time: str = ""

    def __bool__(self) -> bool:
        return bool(self.day or self.month or self.year or self.time)


@dataclass(frozen=True, slots=True)
class PartBox:
    """One box as the template draws it."""

    part: str
    label: _StrOrPromise
    name: str
    id: str
    value: str
    width: str
    inputmode: str
    autocomplete: str = ""
    wrong: bool = False
    disabled: bool = False


_BOXES: dict[str, tuple[_StrOrPromise, str, str]] = {
    "day": (_("Day"), "2", "numeric"),
    "month": (_("Month"), "2", "numeric"),
    "year": (_("Year"), "4", "numeric"),
    "time": (_("Time"), "5", ""),
}


class DateInput(Widget):
    """Posts ``name_day``, ``name_month`` and ``name_year``; the ids end the same way."""

    template_name = "govuk/widgets/date.html"
    use_fieldset = True
    parts: tuple[str, ...] = ("day", "month", "year")

    def split(self, value: object) -> DateParts:
        """A stored date or what was typed, as parts; an aware moment is shown in the service's time zone."""
        if isinstance(value, DateParts):
            return value
        if isinstance(value, dt.datetime):
            local = localtime(value) if is_aware(value) else value
            return replace(_date_parts(local.date()), time=uk_time(local))
        if isinstance(value, dt.date):
            return _date_parts(value)
        return DateParts()

    def boxes(
        self, *, name: str, auto_id: str, value: object, wrong: Collection[str] = (), birthday: bool = False
    ) -> list[PartBox]:
        typed = self.split(value)
        disabled = bool(self.attrs.get("disabled"))
        return [
            PartBox(
                part=part,
                label=_BOXES[part][0],
                name=f"{name}_{part}",
                id=f"{auto_id}_{part}" if auto_id else "",
                value=getattr(typed, part),
                width=_BOXES[part][1],
                inputmode=_BOXES[part][2],
                autocomplete=f"bday-{part}" if birthday else "",
                wrong=part in wrong,
                disabled=disabled,
            )
            for part in self.parts
        ]

    def get_context(self, name: str, value: object, attrs: dict[str, Any] | None) -> dict[str, Any]:
        auto_id = str({**self.attrs, **(attrs or {})}.get("id", ""))
        return {
            "widget": {
                "name": name,
                "is_hidden": False,
                "template_name": self.template_name,
                "boxes": self.boxes(name=name, auto_id=auto_id, value=value),
            }
        }

    def value_from_datadict(self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str) -> DateParts:  # noqa: ARG002 - Django's signature
        return DateParts(**{part: str(data.get(f"{name}_{part}") or "").strip() for part in self.parts})

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Mapping[str, Any], name: str) -> bool:  # noqa: ARG002 - Django's signature
        return all(f"{name}_{part}" not in data for part in self.parts)

    def id_for_label(self, id_: str, index: str = "") -> str:
        return f"{id_}_{index or self.parts[0]}" if id_ else id_


class DateTimeInput(DateInput):
    """A fourth box posts ``name_time``, written the way people write it: 7pm, 7:30pm, 19:30."""

    parts = ("day", "month", "year", "time")


class NumberText(TextInput):
    """Drawn for every number. A box of type ``number`` changes under the mouse wheel and hides what was typed wrong."""

    @classmethod
    def instead_of(cls, widget: Widget) -> NumberText:
        return cls(attrs={name: value for name, value in widget.attrs.items() if name not in {"min", "max", "step"}})


def _date_parts(value: dt.date) -> DateParts:
    return DateParts(day=str(value.day), month=str(value.month), year=str(value.year))
