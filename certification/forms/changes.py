"""Telling what has changed, and classing it anew."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.domain import changes
from core.govuk.fields import DateField
from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions

__all__ = ["ReclassForm", "ReportForm"]

_LONGEST: Final = 4000
_LABELS: Final = {
    changes.LAYOUT: _("The layout: entrances, ways out, seating, fences, where crowds form"),
    changes.USE: _("What the place is used for"),
    changes.WORKS: _("Building or other works on the site"),
}


class ReportForm(GovukForm):
    declared = forms.MultipleChoiceField(
        label=_("What else has changed or is about to?"),
        help_text=_("Leave these empty if only what stands above has changed."),
        widget=forms.CheckboxSelectMultiple,
        choices=[(kind, _LABELS[kind]) for kind in changes.DECLARED],
        required=False,
    )
    starts_on = DateField(
        label=_("When do the works start?"),
        help_text=_(
            "For example, 27 3 2027. Tell us before they start. If they have started, give the date all the same."
        ),
        required=False,
    )
    description = forms.CharField(
        label=_("What has changed?"),
        help_text=_("A few sentences. The police of your area read this; nobody else does."),
        widget=forms.Textarea,
        max_length=_LONGEST,
        error_messages={"required": _("Say in your own words what has changed")},
    )

    govuk = {
        "declared": FieldOptions(label_size="m", reveal={changes.WORKS: ("starts_on",)}),
        "starts_on": FieldOptions(label_size="s"),
        "description": FieldOptions(label_size="m", rows=5, count=True),
    }


class ReclassForm(GovukForm):
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("The holder reads this."),
        widget=forms.Textarea,
        max_length=_LONGEST,
        error_messages={"required": _("Say why you class it anew")},
    )

    govuk = {"reason": FieldOptions(label_size="s", rows=4, count=True)}
