"""What an officer says when proposing a move of a certificate, and a holder when giving it up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from certification.domain import proposals as rules
from certification.domain import variation
from certification.domain.variation import Changes, Present, Term
from certification.selectors.moves import URGENT_HOURS, Move
from core.govuk.fields import DateField
from core.govuk.formats import uk_date
from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions

__all__ = ["ReasonForm", "SurrenderForm", "SuspensionForm", "TermsForms", "VariationForm", "form_class"]

_LONGEST: Final = 4000
_SPARE_ROWS: Final = 2


class ReasonForm(GovukForm):
    """The holder reads the reason once it has taken effect."""

    reason = forms.CharField(
        label=_("Why?"),
        help_text=_(
            "Once it has taken effect the holder reads this on the certificate's page; it is never mailed or published."
        ),
        max_length=_LONGEST,
        widget=forms.Textarea,
        error_messages={"required": _("Say why")},
    )

    govuk = {"reason": FieldOptions(rows=6, count=True, label_size="m")}

    def __init__(self, data: Mapping[str, Any] | None, *, move: Move) -> None:
        super().__init__(data)
        reason = self.fields["reason"]
        reason.label = move.ask
        if move.kind == rules.TRANSFER:
            reason.help_text = _("The police and auditors alone read this.")


class SuspensionForm(ReasonForm):
    urgent = forms.BooleanField(
        label=_("Urgent: suspend it now, on my signature alone"),
        help_text=format_lazy(
            _(
                "For danger that cannot wait. The holder is told at once. The suspension lapses {hours} hours from now "
                "unless a second officer confirms it before then."
            ),
            hours=URGENT_HOURS,
        ),
        required=False,
    )


class VariationForm(ReasonForm):
    """What is left as it is changes nothing."""

    scope = forms.CharField(
        label=_("It covers"),
        max_length=variation.LONGEST_SCOPE,
        widget=forms.Textarea,
        help_text=_("Printed on the certificate and shown to everybody who checks it. One line."),
        error_messages={"required": _("Say what the certificate covers")},
    )
    holder_name = forms.CharField(
        label=_("Holder"),
        max_length=variation.LONGEST_NAME,
        help_text=_("To correct the name. Another organisation takes a transfer."),
        error_messages={"required": _("Enter the holder's name")},
    )
    subject_name = forms.CharField(
        label=_("Name of the place, event or project"),
        max_length=variation.LONGEST_NAME,
        error_messages={"required": _("Enter the name")},
    )
    valid_until = DateField(
        label=_("Last day"), help_text=_("It can be brought forward, not put off. For example, 27 3 2027.")
    )
    field_order = ("scope", "holder_name", "subject_name", "valid_until", "reason")

    govuk = {
        **ReasonForm.govuk,
        "scope": FieldOptions(rows=3, count=True),
        "valid_until": FieldOptions(label_size="s"),
    }

    def __init__(self, data: Mapping[str, Any] | None, *, move: Move, present: Present) -> None:
        super().__init__(data, move=move)
        self.initial = {
            name: getattr(present, name) for name in ("scope", "holder_name", "subject_name", "valid_until")
        }

    def changes(self, conditions: tuple[Term, ...]) -> Changes:
        clean = self.cleaned_data
        return Changes(
            scope=" ".join(clean["scope"].split()),
            holder_name=clean["holder_name"],
            subject_name=clean["subject_name"],
            valid_until=clean["valid_until"],
            conditions=conditions,
        )


class TermForm(GovukForm):
    """A condition that is outstanding: unticking it takes it away."""

    include = forms.BooleanField(required=False)
    text = forms.CharField(
        label=_("Condition"), widget=forms.Textarea, max_length=variation.LONGEST_CONDITION, required=False
    )
    due_on = DateField(label=_("To be met by"), required=False)

    govuk = {"text": FieldOptions(rows=3)}

    @property
    def is_wrong(self) -> bool:
        """An error inside a closed fold would not be seen."""
        return self.is_bound and bool(self.errors)

    def clean(self) -> dict[str, Any]:
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        if clean.get("include"):
            if not clean.get("text") and "text" not in self.errors:
                self.add_error("text", _("Write the condition"))
            if not clean.get("due_on") and "due_on" not in self.errors:
                self.add_error("due_on", _("Enter the day by which it is to be met"))
        return clean


class SpareTermForm(TermForm):
    """A new condition. Without a criterion it is an empty row."""

    code = forms.ChoiceField(label=_("Criterion"), required=False)
    field_order = ("code", "text", "due_on")

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
        if (clean.get("text") or clean.get("due_on")) and not clean.get("code") and "code" not in self.errors:
            self.add_error("code", _("Choose the criterion that the condition is for"))
        return clean


@dataclass(frozen=True, slots=True)
class TermRow:
    code: str
    form: TermForm


class TermsForms:
    """Rows are found by their criterion's code, so that one that was met meanwhile is passed over."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, outstanding: Sequence[Term], questions: Mapping[str, str]
    ) -> None:
        self.rows = tuple(TermRow(term.code, _row(data, term, questions.get(term.code, ""))) for term in outstanding)
        taken = {term.code for term in outstanding}
        free = {code: f"{code} · {text}" for code, text in questions.items() if code not in taken}
        self.spare = tuple(
            SpareTermForm(data, prefix=f"spare-{number}", codes=free) for number in range(_SPARE_ROWS if free else 0)
        )

    @property
    def forms(self) -> tuple[TermForm, ...]:
        return (*(row.form for row in self.rows), *self.spare)

    def is_valid(self) -> bool:
        """Asks every form, so that all errors are told at once."""
        wrong = [form for form in self.forms if not form.is_valid()]
        return not wrong

    def chosen(self) -> tuple[Term, ...]:
        """Of valid forms, in page order."""
        ticked = [(row.code, row.form) for row in self.rows if row.form.cleaned_data["include"]]
        added = [(form.cleaned_data["code"], form) for form in self.spare if form.cleaned_data["code"]]
        return tuple(
            Term(code, form.cleaned_data["text"].replace("\r\n", "\n"), form.cleaned_data["due_on"])
            for code, form in [*ticked, *added]
        )


def _row(data: Mapping[str, Any] | None, term: Term, question: str) -> TermForm:
    initial = {"include": True, "text": term.text, "due_on": term.due_on}
    form = TermForm(data, prefix=f"condition-{term.code}", initial=initial)
    include = form.fields["include"]
    include.label = f"{term.code} · {question}" if question else term.code
    include.help_text = _("%(text)s By %(day)s.") % {"text": term.text, "day": uk_date(term.due_on)}
    return form


class SurrenderForm(GovukForm):
    reason = forms.CharField(
        label=_("Why do you give it up?"),
        help_text=_("The police of your area read this. For example: the venue has closed for good."),
        max_length=_LONGEST,
        widget=forms.Textarea,
        error_messages={"required": _("Say why you give the certificate up")},
    )
    understood = forms.BooleanField(
        label=_("I understand that the certificate ends now and cannot be brought back"),
        error_messages={"required": _("Confirm that you understand that this cannot be taken back")},
    )

    govuk = {"reason": FieldOptions(rows=5, count=True, label_size="m")}


def form_class(kind: str) -> type[ReasonForm]:
    """Of every kind but a variation, which is drawn with its conditions."""
    return SuspensionForm if kind == rules.SUSPEND else ReasonForm
