"""The outcome, its conditions and its reasons, as the recommending and the signing officer fill them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from certification.domain import departures
from certification.domain.departures import Condition
from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions

__all__ = ["ConditionRow", "ConditionsForms", "DecisionForm", "RecommendationForm", "SendBackForm"]

_LONGEST: Final = 4000
_LONGEST_SUMMARY: Final = 6000
_LONGEST_CONDITION: Final = 2000
_SPARE_ROWS: Final = 2

_RECOMMEND = [
    (departures.CERTIFY, _("Certify")),
    (departures.CONDITIONS, _("Certify with conditions")),
    (departures.REFUSE, _("Refuse")),
]


class OutcomeForm(GovukForm):
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=_RECOMMEND,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an outcome")},
    )
    departure_reason = forms.CharField(
        label=_("Why this departs from the score"),
        help_text=_(
            "Needed when the outcome is not the one that the score gives, or when you leave out a condition that it "
            "calls for."
        ),
        widget=forms.Textarea,
        max_length=_LONGEST,
        required=False,
    )


class RecommendationForm(OutcomeForm):
    summary = forms.CharField(
        label=_("Summary for the authorising officer"),
        help_text=_("What they need to know before they sign. The organiser does not see it."),
        widget=forms.Textarea,
        max_length=_LONGEST_SUMMARY,
        error_messages={"required": _("Write a summary for the authorising officer")},
    )

    govuk = {
        "outcome": FieldOptions(label_size="m"),
        "departure_reason": FieldOptions(label_size="s", rows=4, count=True),
        "summary": FieldOptions(label_size="m", rows=8, count=True),
    }


class DecisionForm(OutcomeForm):
    recommendation = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Note to the organiser"),
        help_text=_("The organiser reads this with the decision. Optional."),
        widget=forms.Textarea,
        max_length=_LONGEST,
        required=False,
    )
    confirm = forms.BooleanField(
        label=_("I have read the review and I sign this decision. It cannot be taken back."),
        error_messages={"required": _("Confirm that you have read the review and sign this decision")},
    )

    govuk = {
        "outcome": FieldOptions(label_size="m"),
        "departure_reason": FieldOptions(label_size="s", rows=4, count=True),
        "note": FieldOptions(label_size="s", rows=4, count=True),
        "confirm": FieldOptions(),
    }


class SendBackForm(GovukForm):
    reason = forms.CharField(
        label=_("What the reviewer should look at again"),
        widget=forms.Textarea,
        max_length=_LONGEST,
        error_messages={"required": _("Say why you send the recommendation back")},
    )

    govuk = {"reason": FieldOptions(label_size="s", rows=4, count=True)}


class ConditionForm(GovukForm):
    """A condition that the score drafted or the reviewer set: its criterion is fixed, unticking it leaves it out."""

    include = forms.BooleanField(required=False)
    text = forms.CharField(label=_("Condition"), widget=forms.Textarea, max_length=_LONGEST_CONDITION, required=False)
    days = forms.IntegerField(
        label=_("Days to meet it, from the decision"), min_value=1, max_value=departures.LONGEST_DAYS, required=False
    )
    before_event = forms.BooleanField(label=_("Count these days back from the start of the event"), required=False)

    govuk = {
        "text": FieldOptions(rows=3),
        "days": FieldOptions(width="4"),
    }

    @property
    def is_wrong(self) -> bool:
        """An error inside a closed fold would not be seen."""
        return self.is_bound and bool(self.errors)

    def clean(self) -> dict[str, Any]:
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        if clean.get("include"):
            if not clean.get("text") and "text" not in self.errors:
                self.add_error("text", _("Write the condition"))
            if not clean.get("days") and "days" not in self.errors:
                self.add_error("days", _("Enter the days to meet the condition"))
        return clean


class SpareConditionForm(ConditionForm):
    """A condition of the officer's own, for a criterion that has none yet. Without a criterion it is an empty row."""

    code = forms.ChoiceField(label=_("Criterion"), required=False)
    field_order = ("code", "text", "days", "before_event")

    def __init__(self, data: Mapping[str, Any] | None, *, prefix: str, codes: Mapping[str, str]) -> None:
        super().__init__(data, prefix=prefix)
        del self.fields["include"]
        code = self.fields["code"]
        assert isinstance(code, forms.ChoiceField)  # noqa: S101 - as declared above
        code.choices = [("", _("Choose a criterion")), *codes.items()]

    @property
    def is_used(self) -> bool:
        return self.is_bound and self.has_changed()

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["include"] = bool(self.cleaned_data.get("code"))
        clean = super().clean()
        if clean.get("text") and not clean.get("code") and "code" not in self.errors:
            self.add_error("code", _("Choose the criterion that the condition is for"))
        return clean


@dataclass(frozen=True, slots=True)
class ConditionRow:
    code: str
    form: ConditionForm


class ConditionsForms:
    """`offered`: rows ready to tick, with what is ticked at first; `questions`: criteria for which one may be added.

    Rows are found by their criterion's code, so that a row that went meanwhile is passed over and never mistaken.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        offered: Sequence[tuple[Condition, bool]],
        questions: Mapping[str, str],
        for_event: bool = False,
    ) -> None:
        self.rows = tuple(
            ConditionRow(condition.code, _row(data, condition, questions.get(condition.code, ""), ticked=ticked))
            for condition, ticked in offered
        )
        taken = {condition.code for condition, _ticked in offered}
        free = {code: f"{code} · {text}" for code, text in questions.items() if code not in taken}
        self.spare = tuple(
            SpareConditionForm(data, prefix=f"spare-{number}", codes=free)
            for number in range(_SPARE_ROWS if free else 0)
        )
        if not for_event:
            for form in self.forms:
                del form.fields["before_event"]

    @property
    def forms(self) -> tuple[ConditionForm, ...]:
        return (*(row.form for row in self.rows), *self.spare)

    def is_valid(self) -> bool:
        """Asks every form, so that all errors are told at once."""
        wrong = [form for form in self.forms if not form.is_valid()]
        return not wrong

    def chosen(self) -> tuple[Condition, ...]:
        """Of valid forms, in page order."""
        ticked = [(row.code, row.form) for row in self.rows if row.form.cleaned_data["include"]]
        added = [(form.cleaned_data["code"], form) for form in self.spare if form.cleaned_data["code"]]
        return tuple(_condition(code, form) for code, form in [*ticked, *added])


def _row(data: Mapping[str, Any] | None, condition: Condition, question: str, *, ticked: bool) -> ConditionForm:
    initial = {
        "include": ticked,
        "text": condition.text,
        "days": condition.days,
        "before_event": condition.before_event,
    }
    form = ConditionForm(data, prefix=f"condition-{condition.code}", initial=initial)
    include = form.fields["include"]
    include.label = f"{condition.code} · {question}"
    include.help_text = f"{condition.text} ({_when(condition)})"
    return form


def _condition(code: str, form: ConditionForm) -> Condition:
    said = form.cleaned_data
    return Condition(
        code=code, text=said["text"], days=said["days"], before_event=bool(said.get("before_event", False))
    )


def _when(condition: Condition) -> str:
    if condition.before_event:
        words = ngettext("%d day before the event starts", "%d days before the event starts", condition.days)
    else:
        words = ngettext("within %d day", "within %d days", condition.days)
    return words % condition.days
