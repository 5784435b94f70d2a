from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions


class DeclarationForm(GovukForm):
    name = forms.CharField(
        label=_("Your full name"), max_length=120, error_messages={"required": _("Enter your full name")}
    )
    position = forms.CharField(
        label=_("Your position"),
        help_text=_("For example, manager, chair of the committee or head of security"),
        max_length=120,
        error_messages={"required": _("Enter your position")},
    )
    agreed = forms.BooleanField(
        label=_(
            "I have checked this plan. It is true and complete as far as I know, and I am allowed to submit it for my organisation."
        ),
        error_messages={"required": _("Confirm that the declaration is true")},
    )

    govuk = {
        "name": FieldOptions(width="two-thirds", autocomplete="name"),
        "position": FieldOptions(width="two-thirds", autocomplete="organization-title"),
        "agreed": FieldOptions(legend=_("Declaration")),
    }
