"""The facts of tiering.md as form fields: triage asks them one by one, registration in sections.

Every field's cleaned value is the word of the page; `events.forms.facts` turns words into facts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core import postcodes
from events.domain.uses import EXCLUSIONS, USES

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text

__all__ = ["NO_ANSWER", "PostcodeField", "WholeNumberField", "choice", "exclusions", "uses", "yes_no"]

MOST_PEOPLE: Final = 1_000_000
NO_ANSWER: Final = ("", _("Choose from the list"))
_SEPARATORS = re.compile(r"[\s,]")


class WholeNumberField(forms.IntegerField):
    """Takes 1,200 and 1 200 for 1200."""

    def to_python(self, value: Any) -> int | None:
        return super().to_python(_SEPARATORS.sub("", value) if isinstance(value, str) else value)


class PostcodeField(forms.CharField):
    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        try:
            return postcodes.normalise(text)
        except ValueError as error:
            message = _("Enter a full UK postcode, for example LS1 4AP.")
            raise forms.ValidationError(message, code="postcode") from error


def yes_no(label: Text, *, hint: Text = "", required: bool = True) -> forms.ChoiceField:
    return choice(label, [("yes", _("Yes")), ("no", _("No"))], hint=hint, required=required)


def choice(label: Text, choices: list[tuple[str, Any]], *, hint: Text = "", required: bool = True) -> forms.ChoiceField:
    """Left empty it says so with its own question, which the form renderer puts into the message."""
    return forms.ChoiceField(label=label, choices=choices, help_text=hint, required=required, widget=forms.RadioSelect)


def uses(label: Text, *, hint: Text = "") -> forms.ChoiceField:
    listed = sorted((capfirst(use.label), use.code) for use in USES.values())
    return forms.ChoiceField(
        label=label,
        choices=[NO_ANSWER, *((code, words) for words, code in listed), ("none", _("None of these"))],
        help_text=hint,
        error_messages={"required": _("Choose a use from the list, or “None of these”.")},
    )


def exclusions(label: Text, *, hint: Text = "") -> forms.ChoiceField:
    listed = [(item.code, capfirst(item.text)) for item in EXCLUSIONS.values()]
    return choice(label, [("none", _("None of these")), *listed], hint=hint)


def attendance(label: Text, *, hint: Text = "", required: bool = True) -> WholeNumberField:
    few, many = _("Enter 1 or more people."), _("Enter a number up to 1,000,000.")
    return WholeNumberField(
        label=label,
        help_text=hint,
        required=required,
        min_value=1,
        max_value=MOST_PEOPLE,
        error_messages={
            "required": _("Enter the greatest number of people expected at one time."),
            "invalid": _("Enter a whole number, for example 250."),
            "min_value": few,
            "max_value": many,
        },
    )
