from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from advisories.domain import guidance as rules
from advisories.domain import tlp
from advisories.domain.sectors import SECTORS
from advisories.models import GuidancePack
from advisories.selectors.guidance import PackChoices
from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions

__all__ = ["BeginForm", "PackForm"]


class BeginForm(GovukForm):
    sector = forms.ChoiceField(label=_("Which sector is it for?"))
    tier = forms.ChoiceField(
        label=_("For which tier?"),
        choices=[(value, str(label).capitalize()) for value, label in GuidancePack.Tier.choices],
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, sectors: list[str], sector: str = "") -> None:
        super().__init__(data, initial={"sector": sector})
        field = self.fields["sector"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - as declared above
        field.choices = [(code, SECTORS[code].label) for code in sectors]


class PackForm(GovukForm):
    title = forms.CharField(label=_("Title"), max_length=rules.LONGEST_TITLE)
    introduction = forms.CharField(
        label=_("Introduction"), widget=forms.Textarea, max_length=rules.LONGEST_INTRODUCTION, required=False
    )
    actions = forms.CharField(
        label=_("Key actions"),
        help_text=_("One on a line, the most important first"),
        widget=forms.Textarea,
        max_length=rules.LONGEST_ACTION * rules.MOST_ACTIONS,
        required=False,
    )
    tlp = forms.ChoiceField(
        label=_("Who may read it?"),
        choices=[(one, tlp.LABELS[one]) for one in reversed(rules.MARKINGS)],
        widget=forms.RadioSelect,
    )
    criteria = forms.MultipleChoiceField(
        label=_("Criteria"),
        help_text=_("Of the standard in force, those that are asked of the sector at this tier"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    lessons = forms.MultipleChoiceField(
        label=_("Lessons"),
        help_text=_("The guidance travels no further than the narrowest of them"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    govuk = {
        "introduction": FieldOptions(rows=6),
        "actions": FieldOptions(rows=10),
        "tlp": FieldOptions(inline=True, small=True),
        "criteria": FieldOptions(small=True),
        "lessons": FieldOptions(small=True),
    }

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, choices: PackChoices, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        for name, options in (("criteria", choices.criteria), ("lessons", choices.lessons)):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - as declared above
            field.choices = list(options)

    @property
    def lines(self) -> list[str]:
        return str(self.cleaned_data["actions"]).splitlines()
