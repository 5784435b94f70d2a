from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions


class UploadForm(GovukForm):
    document = forms.FileField(
        label=_("The standard's file"),
        help_text=_("YAML or JSON, up to 4 MB. It is checked whole; nothing changes until you publish it."),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,.json"}),
        error_messages={"required": _("Choose a file")},
    )


class PublishForm(GovukForm):
    agreed = forms.BooleanField(
        label=_("I have read this version and checked it. I understand that it can never be changed again."),
        error_messages={"required": _("Confirm that you have read this version")},
    )

    govuk = {"agreed": FieldOptions(legend=_("Before you publish"))}


class ReadingForm(GovukForm):
    """The filter of the public reading page; anything unknown falls back to everything."""

    KINDS = (
        ("", _("Everything")),
        ("venue", _("A venue")),
        ("event", _("An event")),
        ("project", _("An infrastructure project")),
    )
    TIERS = (("", _("Both")), ("standard", _("Standard")), ("enhanced", _("Enhanced")))

    kind = forms.ChoiceField(label=_("What is it for?"), choices=KINDS, required=False)
    tier = forms.ChoiceField(label=_("Judged at which tier?"), choices=TIERS, required=False)
