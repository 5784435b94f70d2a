from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from advisories.domain import admissions as rules
from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions

__all__ = ["AskForm", "DecideForm", "EndForm"]

ADMIT: Final = "admit"
REFUSE: Final = "refuse"


class AskForm(GovukForm):
    organisation = forms.ModelChoiceField(
        label=_("Which organisation asks to join?"),
        queryset=Organisation.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Select the organisation that asks to join")},
    )
    words = forms.CharField(
        label=_("What does your organisation do, and who will read in the network?"),
        help_text=_("For example, that you run a hall for 400 people, and that its manager and head steward will read"),
        widget=forms.Textarea,
        max_length=rules.LONGEST_WORDS,
        error_messages={"required": _("Say what your organisation does and who will read")},
    )
    govuk = {"words": FieldOptions(rows=5, count=True)}

    def __init__(self, data: Mapping[str, Any] | None = None, *, organisations: Sequence[Organisation]) -> None:
        super().__init__(data)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - as declared above
        field.queryset = Organisation.objects.filter(pk__in=[one.pk for one in organisations]).order_by("name", "pk")
        if len(organisations) == 1:
            field.widget = forms.HiddenInput()
            field.initial = organisations[0].pk


class DecideForm(GovukForm):
    decision = forms.ChoiceField(
        label=_("May this organisation join?"),
        choices=[(ADMIT, _("Yes, admit it")), (REFUSE, _("No, refuse it"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Select whether you admit it")},
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("What you checked, or what is missing. The organisation reads this, and it stays in the record."),
        widget=forms.Textarea,
        max_length=rules.LONGEST_REASON,
        error_messages={"required": _("Give the reason")},
    )
    govuk = {"decision": FieldOptions(inline=True), "reason": FieldOptions(rows=4, count=True)}


class EndForm(GovukForm):
    reason = forms.CharField(
        label=_("Why should it be in the network no longer?"),
        help_text=_("The organisation reads this. Its people can read here no longer; what they wrote stays."),
        widget=forms.Textarea,
        max_length=rules.LONGEST_REASON,
        error_messages={"required": _("Give the reason")},
    )
    govuk = {"reason": FieldOptions(rows=4, count=True)}
