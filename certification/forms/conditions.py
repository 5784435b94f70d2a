"""What the holder and the police say about one condition."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core import uploads
from core.govuk.fields import DateField
from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions

__all__ = ["AnswerForm", "DischargeForm", "OwnerForm", "SendBackForm", "TimeForm", "WaitForm"]

_LONGEST: Final = 4000


class DischargeForm(GovukForm):
    """A file goes with the words in one form, so that nothing typed is lost by adding one."""

    note = forms.CharField(
        label=gettext_lazy("What has been done?"),
        help_text=gettext_lazy("What was done, when, and who checked it. The officer who looks at it reads this."),
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea,
    )
    file = forms.FileField(
        label=gettext_lazy("Add a file that shows it"),
        help_text=gettext_lazy(
            "PDF, PNG, JPG, DOCX, XLSX, ODT, TXT or CSV, up to 25 MB. It is scanned and stored encrypted; only your "
            "organisation and the police of your area can open it."
        ),
        required=False,
        widget=forms.FileInput(attrs={"accept": uploads.ACCEPT}),
        allow_empty_file=True,
    )

    govuk = {"note": FieldOptions(rows=6, count=True, label_size="s"), "file": FieldOptions(label_size="s")}


class OwnerForm(GovukForm):
    owner = forms.ChoiceField(
        label=gettext_lazy("Who looks after it?"),
        help_text=gettext_lazy("They are told, and reminded before it is due."),
        required=False,
    )

    govuk = {"owner": FieldOptions(label_size="s")}

    def __init__(self, *args: Any, members: Iterable[User], **options: Any) -> None:
        super().__init__(*args, **options)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField)  # noqa: S101 - as declared above
        owner.choices = [("", _("Nobody by name")), *((str(one.pk), f"{one.name} ({one.email})") for one in members)]

    @property
    def owner_id(self) -> UUID | None:
        chosen = self.cleaned_data["owner"]
        return UUID(chosen) if chosen else None


class _DatedForm(GovukForm):
    until = DateField(
        label=gettext_lazy("New date"),
        help_text=gettext_lazy("For example, 27 3 2027"),
        error_messages={"required": gettext_lazy("Enter the new date")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=_LONGEST,
        widget=forms.Textarea,
        error_messages={"required": gettext_lazy("Say why")},
    )

    govuk = {"until": FieldOptions(label_size="s"), "reason": FieldOptions(rows=4, label_size="s")}


class TimeForm(_DatedForm):
    """For more time: the holder's wish, or the officer's own decision."""


class WaitForm(_DatedForm):
    """Two forms of one page need names of their own: it is made with a prefix."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        until = self.fields["until"]
        until.label = gettext_lazy("Wait until")
        until.error_messages["required"] = gettext_lazy("Enter the day until which the police wait")


class SendBackForm(GovukForm):
    reason = forms.CharField(
        label=gettext_lazy("What is still missing?"),
        help_text=gettext_lazy("The holder reads this on the page of the condition. It is never mailed."),
        max_length=_LONGEST,
        widget=forms.Textarea,
        error_messages={"required": gettext_lazy("Say what is still missing")},
    )

    govuk = {"reason": FieldOptions(rows=4, label_size="s")}


class AnswerForm(GovukForm):
    """A wish for more time refused."""

    answer = forms.CharField(
        label=gettext_lazy("Why does the date stay?"),
        max_length=_LONGEST,
        widget=forms.Textarea,
        error_messages={"required": gettext_lazy("Say why the date stays")},
    )

    govuk = {"answer": FieldOptions(rows=4, label_size="s")}
