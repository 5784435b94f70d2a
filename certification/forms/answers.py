"""The form of one criterion: a level or "does not apply", an account, and a file beside it."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.domain.standard import Criterion, Standard
from certification.models import Answer
from core import uploads
from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions

NOT_APPLICABLE: Final = "na"


class AnswerForm(GovukForm):
    """Nothing is required: a note without a level is work in progress. `level` cleans to an int, "na" or None."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
    level = forms.ChoiceField(
        label=gettext_lazy("What is in place?"),
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the levels")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Why does it not apply?"), required=False, max_length=2000, widget=forms.Textarea
    )
    account = forms.CharField(
        label=gettext_lazy("Say what you have in place"),
        help_text=gettext_lazy(
            "What it is, who looks after it and when it was last checked. A few sentences are enough."
        ),
        required=False,
        max_length=10_000,
        widget=forms.Textarea,
    )
    file = forms.FileField(
        label=gettext_lazy("Add a file"),
        help_text=format_lazy(
            "{} {}",
            gettext_lazy("PDF, PNG, JPG, DOCX, XLSX, ODT, TXT or CSV, up to 25 MB."),
            gettext_lazy(
                "It is scanned and stored encrypted; only your organisation and the police of your area can open it."
            ),
        ),
        required=False,
        widget=forms.FileInput(attrs={"accept": uploads.ACCEPT}),
        allow_empty_file=True,
    )
    note = forms.CharField(label=gettext_lazy("What the file shows (optional)"), required=False, max_length=240)

    def __init__(self, *args: Any, standard: Standard, criterion: Criterion, mark: int | None, **options: Any) -> None:
        """`mark`: the level that the criterion must reach, or None where it is advice alone."""
        super().__init__(*args, **options)
        level = self.fields["level"]
        assert isinstance(level, forms.ChoiceField)  # noqa: S101 - declared above
        level.choices = [(str(item.value), _label(item.value, item.label, mark)) for item in standard.levels]
        hints = {str(value): text for value, text in criterion.descriptors.items()}
        reveal: dict[str, tuple[str, ...]] = {}
        if criterion.na_allowed:
            level.choices = [*level.choices, (NOT_APPLICABLE, _("This does not apply to us"))]
            reveal = {NOT_APPLICABLE: ("reason",)}
        else:
            del self.fields["reason"]
        if criterion.evidence == "none":
            del self.fields["file"], self.fields["note"]
        self.govuk = {
            "level": FieldOptions(
                label_size="m", cards=True, hints=hints, reveal=reveal, divider_before=NOT_APPLICABLE if reveal else ""
            ),
            "reason": FieldOptions(rows=3),
            "account": FieldOptions(label_size="m", rows=7, count=True),
            "note": FieldOptions(width="two-thirds"),
        }

    @property
    def chosen_level(self) -> int | None:
        chosen = self.cleaned_data.get("level", "")
        return int(chosen) if chosen not in {"", NOT_APPLICABLE} else None

    @property
    def says_not_applicable(self) -> bool:
        return bool(self.cleaned_data.get("level") == NOT_APPLICABLE)

    @property
    def has_changed_answer(self) -> bool:
        """A form sent for its file alone does not touch the answer."""
        return bool({"level", "reason", "account"} & set(self.changed_data))

    def carry_version(self, version: int) -> None:
        """The answer was saved and the page comes back for another reason: the next save is against this version."""
        self.data = self.sent_again(version)

    def sent_again(self, version: int) -> QueryDict:
        """The same words against another version."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["version"] = str(version)
        return data


def initial_of(answer: Answer | None) -> dict[str, object]:
    if answer is None:
        return {"version": 0}
    level = NOT_APPLICABLE if answer.not_applicable else "" if answer.level is None else str(answer.level)
    return {"version": answer.version, "level": level, "reason": answer.reason, "account": answer.account}


def _label(value: int, label: str, mark: int | None) -> str:
    words = _("Level %(value)s: %(label)s") % {"value": value, "label": label}
    return _("%(words)s (the pass mark)") % {"words": words} if value == mark else words
