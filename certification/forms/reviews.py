"""The form of one criterion under review, and of the draft of a change request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.selectors.reviews import CriterionCase
from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions

__all__ = ["NOT_APPLICABLE", "ChangeRequestForm", "CriterionReviewForm"]

NOT_APPLICABLE: Final = "na"
_LONGEST: Final = 4000


class CriterionReviewForm(GovukForm):
    """`level` cleans to the posted word: a number of the scale or NOT_APPLICABLE."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    level = forms.ChoiceField(
        label=_("Your level"),
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": _("Choose a level")},
    )
    comment = forms.CharField(
        label=_("Comment to the organiser"),
        help_text=_("The organiser reads this with the decision. Say why if you judge lower than they do."),
        widget=forms.Textarea,
        max_length=_LONGEST,
        required=False,
    )
    change = forms.CharField(
        label=_("What needs to change"),
        help_text=_(
            "Only if you want the organiser to change this answer before you go on. It is sent when you send all change "
            "requests together. Empty the box to drop an unsent request."
        ),
        widget=forms.Textarea,
        max_length=_LONGEST,
        required=False,
    )

    govuk = {
        "comment": FieldOptions(label_size="s", rows=4, count=True),
        "change": FieldOptions(label_size="s", rows=3, count=True),
    }

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, case: CriterionCase, labels: Mapping[int, str]
    ) -> None:
        super().__init__(data, initial=_initial(case))
        criterion = case.criterion
        level = self.fields["level"]
        assert isinstance(level, forms.ChoiceField)  # noqa: S101 - as declared above
        choices = [(str(value), f"{value} · {labels.get(value, '')}") for value in criterion.earnings]
        hints = {str(value): text for value, text in criterion.descriptors.items()}
        if criterion.na_allowed:
            choices.append((NOT_APPLICABLE, str(_("Does not apply"))))
            hints[NOT_APPLICABLE] = str(_("You accept the organiser's reason, or have one of your own"))
        level.choices = choices
        self.govuk = {
            **self.govuk,
            "level": FieldOptions(
                label_size="m",
                cards=True,
                hints=hints,
                divider_before=NOT_APPLICABLE if criterion.na_allowed else "",
            ),
        }

    @property
    def expected_version(self) -> int:
        return int(self.cleaned_data.get("version") or 0)


class ChangeRequestForm(GovukForm):
    message = forms.CharField(
        label=_("What needs to change"),
        widget=forms.Textarea,
        max_length=_LONGEST,
        error_messages={"required": _("Say what is missing or needs to change")},
    )

    govuk = {"message": FieldOptions(label_size="s", rows=4, count=True)}


def _initial(case: CriterionCase) -> dict[str, object]:
    judged = case.judgement
    draft = case.request
    level = ""
    if judged is not None:
        level = NOT_APPLICABLE if judged.not_applicable else str(judged.level)
    return {
        "version": judged.version if judged is not None else 0,
        # A changed answer is judged afresh: the old level is shown beside it, never chosen beforehand.
        "level": level if case.settled else "",
        "comment": judged.comment if judged is not None else "",
        "change": draft.message if draft is not None and draft.state == draft.State.DRAFT else "",
    }
