from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from advisories.domain import networks as rules
from advisories.domain import tlp
from advisories.models import NetworkMember, NetworkPost
from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions

__all__ = ["AppointForm", "HideForm", "JoinForm", "MailForm", "PostForm", "RemoveForm", "ReplyForm", "SearchForm"]

_MARKING_WORDS: Final = {
    tlp.GREEN: _("Members of every sector network and all police officers of the scheme. Nothing further."),
    tlp.AMBER: _("Members of this network, who may use it inside their own organisation."),
    tlp.AMBER_STRICT: _("Members of this network alone, and not their organisations."),
}


class PostForm(GovukForm):
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=[(NetworkPost.Kind.NOTE, _("Something to tell")), (NetworkPost.Kind.QUESTION, _("A question"))],
        widget=forms.RadioSelect,
        initial=NetworkPost.Kind.NOTE,
    )
    title = forms.CharField(label=_("Title"), max_length=rules.LONGEST_TITLE)
    text = forms.CharField(label=_("Text"), widget=forms.Textarea, max_length=rules.LONGEST_TEXT)
    marking = forms.ChoiceField(label=_("How far may it travel?"), widget=forms.RadioSelect, initial=tlp.DEFAULT)

    govuk = {
        "kind": FieldOptions(inline=True, small=True),
        "text": FieldOptions(rows=8, count=True),
        "marking": FieldOptions(hints=_MARKING_WORDS, small=True),
    }

    def __init__(self, data: Mapping[str, Any] | None = None, *, kind: str) -> None:
        super().__init__(data)
        marking = self.fields["marking"]
        assert isinstance(marking, forms.ChoiceField)  # noqa: S101 - as declared above
        # The others are refused by the service, which says why; a program may try them.
        marking.choices = [(one, tlp.LABELS[one]) for one in reversed(rules.markings_for(kind))]


class ReplyForm(GovukForm):
    text = forms.CharField(label=_("Your reply"), widget=forms.Textarea, max_length=rules.LONGEST_TEXT)
    govuk = {"text": FieldOptions(rows=5, label_size="m")}


class SearchForm(GovukForm):
    """Read from the address."""

    words = forms.CharField(label=_("Search these posts"), max_length=rules.LONGEST_SEARCH, required=False)


class HideForm(GovukForm):
    reason = forms.CharField(
        label=_("Why is it hidden?"),
        help_text=_("Whoever wrote it reads this, and so do moderators and auditors"),
        widget=forms.Textarea,
        max_length=rules.LONGEST_REASON,
    )
    govuk = {"reason": FieldOptions(rows=4)}


class JoinForm(GovukForm):
    organisation = forms.ModelChoiceField(
        label=_("For which organisation do you join?"),
        queryset=Organisation.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Select the organisation for which you join")},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, organisations: Sequence[Organisation]) -> None:
        super().__init__(data)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - as declared above
        field.queryset = Organisation.objects.filter(pk__in=[one.pk for one in organisations]).order_by("name", "pk")
        field.required = len(organisations) > 1


class MailForm(GovukForm):
    mail = forms.ChoiceField(
        label=_("When should we write to you?"),
        choices=[(value, str(label).capitalize()) for value, label in NetworkMember.Mail.choices],
        widget=forms.RadioSelect,
    )
    govuk = {"mail": FieldOptions(small=True, label_size="s")}


class RemoveForm(GovukForm):
    reason = forms.CharField(
        label=_("Why are they removed?"),
        help_text=_("They read this. They can join again only when the police lead lets them."),
        max_length=rules.LONGEST_REMOVAL,
    )


class AppointForm(GovukForm):
    user = forms.ChoiceField(label=_("Whom?"), error_messages={"required": _("Select somebody")})

    def __init__(self, data: Mapping[str, Any] | None = None, *, candidates: Sequence[NetworkMember]) -> None:
        super().__init__(data)
        field = self.fields["user"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - as declared above
        named = [(str(one.user_id), f"{one.user}, {one.organisation or _('police')}") for one in candidates]
        field.choices = [("", _("Choose a member")), *named]
