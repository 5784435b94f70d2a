from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from advisories.domain import lessons as rules
from advisories.domain import tlp
from advisories.domain.sectors import SECTORS
from advisories.models import Lesson
from advisories.selectors.lessons import Filters
from certification.domain.standard import Criterion
from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions

__all__ = ["LessonForm", "LessonSearchForm", "SendBackForm", "WithdrawForm"]

_SECTORS: Final = [(code, sector.label) for code, sector in SECTORS.items()]
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_MARKING_WORDS: Final = {
    tlp.CLEAR: _("Anybody, on a public page"),
    tlp.GREEN: _("Organisations of the scheme and the police"),
    tlp.AMBER: _("Members of the networks of its sectors, and the police"),
    tlp.AMBER_STRICT: _("Police officers and national administrators alone"),
}


def _spoken(choices: list[tuple[str, Any]]) -> list[tuple[str, str]]:
    return [(value, str(label)[:1].upper() + str(label)[1:]) for value, label in choices]


class LessonSearchForm(GovukForm):
    """Read from the address. A value that is no choice filters nothing."""

    words = forms.CharField(label=_("Words"), max_length=120, required=False)
    sector = forms.ChoiceField(label=_("Sector"), choices=[("", _("All sectors")), *_SECTORS], required=False)
    criterion = forms.ChoiceField(label=_("Criterion"), required=False)
    category = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All kinds")), *_spoken(Lesson.Category.choices)], required=False
    )
    cost = forms.ChoiceField(
        label=_("Cost"), choices=[("", _("Any cost")), *_spoken(Lesson.Cost.choices)], required=False
    )

    def __init__(self, data: Mapping[str, Any], *, criteria: Mapping[str, Criterion]) -> None:
        super().__init__(data)
        field = self.fields["criterion"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - as declared above
        field.choices = [("", _("All criteria")), *[(code, f"{code} {one.question}") for code, one in criteria.items()]]

    def filters(self) -> Filters:
        self.is_valid()
        clean = self.cleaned_data
        return Filters(**{name: clean.get(name, "") for name in ("words", "sector", "criterion", "category", "cost")})


def _words(name: str, label: Any, hint: Any = "", *, required: bool = True, empty: Any = None) -> forms.CharField:
    messages = {"required": empty} if empty else {}
    return forms.CharField(
        label=label,
        help_text=hint,
        widget=forms.Textarea,
        max_length=rules.LONGEST[name],
        required=required,
        error_messages=messages,
    )


class LessonForm(GovukForm):
    title = forms.CharField(
        label=_("Title"), help_text=_("What is to be learnt, in one line"), max_length=rules.LONGEST["title"]
    )
    place = forms.CharField(label=_("City or venue"), max_length=rules.LONGEST["place"])
    country = forms.CharField(label=_("Country"), max_length=rules.LONGEST["country"])
    period = forms.CharField(
        label=_("When"), help_text=_("For example, May 2017, or 2018 to 2020"), max_length=rules.LONGEST["period"]
    )
    category = forms.ChoiceField(
        label=_("Kind of incident or exercise"),
        choices=[("", _("Choose a kind")), *_spoken(Lesson.Category.choices)],
        error_messages={"required": _("Select the kind of incident or exercise")},
    )
    happened = _words(
        "happened",
        _("What happened?"),
        _("As a report would say it in public: no names, and nothing that would help somebody to do it again"),
        empty=_("Say what happened"),
    )
    done = _words("done", _("What was done about it?"), empty=_("Say what was done about it"))
    worked = _words("worked", _("What worked?"), required=False)
    not_worked = _words("not_worked", _("What did not work?"), required=False)
    cost = forms.ChoiceField(
        label=_("What does it cost?"),
        choices=_spoken(Lesson.Cost.choices),
        widget=forms.RadioSelect,
        error_messages={"required": _("Select what it costs")},
    )
    transfer = forms.ChoiceField(
        label=_("Where can it be used?"),
        choices=_spoken(Lesson.Transfer.choices),
        widget=forms.RadioSelect,
        error_messages={"required": _("Select where it can be used")},
    )
    transfer_words = _words("transfer_words", _("What should others mind when they use it?"), required=False)
    sectors = forms.MultipleChoiceField(
        label=_("Which sectors is it for?"),
        choices=_SECTORS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Select the sectors that it is for")},
    )
    criteria = forms.MultipleChoiceField(
        label=_("Which criteria of the standard does it bear on?"),
        help_text=_("It is shown beside them when a plan is written or reviewed"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Select at least one criterion that it bears on")},
    )
    tlp = forms.ChoiceField(
        label=_("Who may read it?"),
        choices=[(one, tlp.LABELS[one]) for one in reversed(rules.MARKINGS)],
        widget=forms.RadioSelect,
        initial=tlp.DEFAULT,
    )
    source_title = forms.CharField(
        label=_("Where does this come from?"),
        help_text=_("Title of the report, or “own experience”"),
        max_length=rules.LONGEST["source_title"],
    )
    source_publisher = forms.CharField(label=_("Published by"), max_length=rules.LONGEST["source_publisher"])
    source_year = forms.IntegerField(label=_("Year"), min_value=_FIRST_YEAR, max_value=_LAST_YEAR)
    source_address = forms.CharField(
        label=_("Web address"),
        help_text=_("Optional. It is shown as text."),
        max_length=rules.LONGEST["source_address"],
        required=False,
    )

    govuk = {
        "place": FieldOptions(width="two-thirds"),
        "country": FieldOptions(width="one-half"),
        "period": FieldOptions(width="one-half"),
        "happened": FieldOptions(rows=6),
        "done": FieldOptions(rows=6),
        "worked": FieldOptions(rows=4),
        "not_worked": FieldOptions(rows=4),
        "cost": FieldOptions(inline=True, small=True),
        "transfer": FieldOptions(small=True),
        "transfer_words": FieldOptions(rows=3),
        "sectors": FieldOptions(small=True),
        "criteria": FieldOptions(small=True),
        "tlp": FieldOptions(hints=_MARKING_WORDS, small=True),
        "source_publisher": FieldOptions(width="two-thirds"),
        "source_year": FieldOptions(width="4"),
        "source_address": FieldOptions(spellcheck=False),
    }

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        criteria: Mapping[str, Criterion],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        field = self.fields["criteria"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - as declared above
        field.choices = [(code, f"{code} {one.question}") for code, one in criteria.items()]


class SendBackForm(GovukForm):
    note = forms.CharField(
        label=_("What needs to change?"),
        widget=forms.Textarea,
        max_length=rules.LONGEST_NOTE,
        error_messages={"required": _("Say what needs to change")},
    )
    govuk = {"note": FieldOptions(rows=5)}


class WithdrawForm(GovukForm):
    reason = forms.CharField(
        label=_("Why is it withdrawn?"),
        help_text=_("Everybody who could read it reads this"),
        max_length=rules.LONGEST_REASON,
        error_messages={"required": _("Say why it is withdrawn")},
    )
