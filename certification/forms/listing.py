from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.domain import listing
from certification.models import ListingRequest
from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions

__all__ = ["AnswerForm", "AskForm", "StateForm"]

_LONGEST = 2000


class AskForm(GovukForm):
    reason = forms.CharField(
        label=_("Why should this site be kept off the register?"),
        help_text=_(
            "For example: people at risk live there. National administrators and auditors read this; it is never mailed "
            "or published."
        ),
        max_length=_LONGEST,
        widget=forms.Textarea,
        error_messages={"required": _("Say why the site should be kept off the register")},
    )

    govuk = {"reason": FieldOptions(rows=5, count=True, label_size="m")}


class AnswerForm(GovukForm):
    decision = forms.ChoiceField(
        label=_("What is the answer?"),
        choices=[
            ("consent", _("Keep it off the register")),
            ("refuse", _("Refuse: it stays on the register")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Select the answer")},
    )
    answer = forms.CharField(
        label=_("What do you tell them?"),
        help_text=_("The organisation reads it on its own page. Needed when you refuse."),
        max_length=_LONGEST,
        required=False,
        widget=forms.Textarea,
    )

    govuk = {
        "decision": FieldOptions(
            label_size="m",
            hints={"consent": _("At once none of its certificates is on the register. They can still be checked.")},
        ),
        "answer": FieldOptions(rows=4, count=True, label_size="m"),
    }


class StateForm(GovukForm):
    """Read from the address. A value that is no choice filters nothing."""

    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("All")), *((s, ListingRequest.State(s).label.capitalize()) for s in listing.STATES)],
        required=False,
    )

    def chosen(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("state", ""))
