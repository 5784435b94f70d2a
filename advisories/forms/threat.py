from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from advisories.domain import threat
from advisories.models import Level, Scope, ThreatConfirmation
from advisories.selectors import threat_words
from advisories.selectors.threat import Filters
from core.govuk.fields import DateTimeField
from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions

__all__ = ["ON", "AnswerForm", "ConfirmationFilterForm", "MeasuresForm", "ProposalForm"]

ON: Final = "on"
_NOT_YET: Final = "not_yet"


class ProposalForm(GovukForm):
    scope = forms.ChoiceField(
        label=_("Whose level changes?"),
        choices=Scope.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Select whose level changes")},
    )
    level = forms.ChoiceField(
        label=_("What is the level?"),
        choices=Level.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Select the level")},
    )
    source = forms.CharField(
        label=_("Where was it announced?"),
        help_text=_("Shown to everybody. For example, “Statement of the Home Secretary, 23 November 2026”"),
        max_length=200,
        error_messages={"required": _("Say where it was announced")},
    )
    effective_at = DateTimeField(
        label=_("From when does it hold?"),
        help_text=_("UK time. You can propose a change 7 days ahead; it can be confirmed once that time has come."),
        error_messages={"required": _("Enter from when it holds")},
    )
    reason = forms.CharField(
        label=_("What should people know?"),
        help_text=_("Shown to everybody who signs in. Nothing that is not public."),
        max_length=4000,
        widget=forms.Textarea,
        error_messages={"required": _("Say what people should know")},
    )

    govuk = {
        "scope": FieldOptions(label_size="m"),
        "level": FieldOptions(
            label_size="m",
            hints={level: capfirst(words) for level, words in threat_words.LIKELIHOOD.items()},
        ),
        "source": FieldOptions(label_size="m"),
        "effective_at": FieldOptions(label_size="m"),
        "reason": FieldOptions(label_size="m", rows=5, count=True),
    }


class AnswerForm(GovukForm):
    """`level`: the response level in the words of the page."""

    answer = forms.ChoiceField(
        label=_("Are your measures on?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether your measures are on")},
    )
    reason = forms.CharField(
        label=_("What is not on yet, and why?"),
        help_text=_("Read by your organisation and the police of your area, nobody else."),
        required=False,
        max_length=2000,
        widget=forms.Textarea,
    )
    expected_at = DateTimeField(label=_("When will it be?"), help_text=_("UK time"), required=False)
    measures_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    govuk = {
        "answer": FieldOptions(label_size="m", reveal={_NOT_YET: ("reason", "expected_at")}),
        "reason": FieldOptions(rows=4, count=True),
    }

    def __init__(self, *args: Any, level: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answer = self.fields["answer"]
        assert isinstance(answer, forms.ChoiceField)  # noqa: S101 - as declared above
        yes = _("Yes, we are back at our everyday measures") if level == threat.NORMAL else _("Yes, all of them are on")
        answer.choices = [(ON, yes), (_NOT_YET, _("Not yet"))]

    def clean(self) -> dict[str, Any]:
        """What stands under “Not yet” counts with it alone: without scripts it is always on the page."""
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        if clean.get("answer") == ON:
            for name in ("reason", "expected_at"):
                self.errors.pop(name, None)
        elif clean.get("answer") == _NOT_YET:
            if not clean.get("reason") and "reason" not in self.errors:
                self.add_error("reason", _("Say what is not on yet, and why"))
            if not clean.get("expected_at") and "expected_at" not in self.errors:
                self.add_error("expected_at", _("Enter when it will be on"))
        return clean


class MeasuresForm(GovukForm):
    text = forms.CharField(
        label=_("What will you do at this level?"),
        help_text=_(
            "In an order that whoever is on duty can follow: what changes, who does it, and what must be to hand. "
            "Read by your organisation and the police of your area, nobody else."
        ),
        max_length=10_000,
        widget=forms.Textarea,
        error_messages={"required": _("Write down what you will do at this level")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    govuk = {"text": FieldOptions(label_size="m", rows=14, count=True)}

    def sent_again(self, version: int) -> dict[str, Any]:
        """The same words against the version that is shown beside them."""
        return {"text": self.cleaned_data["text"], "version": version}


class ConfirmationFilterForm(GovukForm):
    """Read from the address. A value that is no choice filters nothing."""

    state = forms.ChoiceField(
        label=_("State"),
        choices=[
            ("", _("Not confirmed")),
            (threat.ASKED, capfirst(ThreatConfirmation.State.ASKED.label)),
            (threat.NOT_YET, capfirst(ThreatConfirmation.State.NOT_YET.label)),
            (threat.CONFIRMED, capfirst(ThreatConfirmation.State.CONFIRMED.label)),
            ("all", _("All")),
        ],
        required=False,
    )
    area = forms.ChoiceField(label=_("Police area"), required=False)

    def __init__(self, data: Mapping[str, Any], *, areas: Mapping[str, str]) -> None:
        super().__init__(data)
        area = self.fields["area"]
        assert isinstance(area, forms.ChoiceField)  # noqa: S101 - as declared above
        area.choices = [("", _("All areas")), *areas.items()]

    @staticmethod
    def filters_in(data: Mapping[str, Any]) -> Filters:
        """Without the area's name: any code may be asked for, and those out of reach find nothing."""
        form = ConfirmationFilterForm(data, areas={str(data.get("area", "")): ""})
        form.is_valid()
        return Filters(state=form.cleaned_data.get("state", ""), area=form.cleaned_data.get("area", ""))
