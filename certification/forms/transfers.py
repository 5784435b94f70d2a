"""Handing a certified place over, and taking one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from certification.domain import transfer
from certification.domain.transfer import HolderAnswers
from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions
from events.models import ResponsibleKind

__all__ = ["AcceptanceForm", "OfferForm", "RefusalForm"]


class OfferForm(GovukForm):
    email = forms.EmailField(
        label=_("Email address of an owner of the other organisation"),
        help_text=_("They have 30 days to answer. We do not tell you whether the address has an account."),
        error_messages={"required": _("Enter the email address of an owner of the other organisation")},
    )
    plan_goes_along = forms.BooleanField(
        label=_("The security plan goes with the place: once the police have confirmed, the new holder can read it"),
        error_messages={"required": _("Confirm that the plan goes with the place")},
    )

    govuk = {"email": FieldOptions(width="two-thirds", label_size="m", autocomplete="off", spellcheck=False)}


class AcceptanceForm(GovukForm):
    organisation_id = forms.ChoiceField(
        label=_("Which of your organisations takes it over?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the organisation that takes it over")},
    )
    responsible_kind = forms.ChoiceField(
        label=_("Who will control the place?"),
        choices=[(value, label.capitalize()) for value, label in ResponsibleKind.choices],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say who will control the place")},
    )
    responsible_name = forms.CharField(
        label=_("Name of the responsible person or organisation"),
        max_length=160,
        error_messages={"required": _("Enter the name of the responsible person or organisation")},
    )
    responsible_ground = forms.CharField(
        label=_("On what ground?"),
        help_text=_("For example: leaseholder from 1 May 2027."),
        max_length=240,
        error_messages={"required": _("Say on what ground they will control the place")},
    )
    senior_name = forms.CharField(
        label=_("Designated senior individual"),
        help_text=_("Asked of an organisation at the enhanced tier: who answers for this?"),
        max_length=120,
        required=False,
    )
    senior_position = forms.CharField(label=_("Their position"), max_length=120, required=False)
    capability = forms.CharField(
        label=_("How can you do what the certificate rests on?"),
        help_text=_(
            "Who runs the place from the first day, what training and experience they have, and what you will do "
            "differently. The police read this; it is never published."
        ),
        max_length=transfer.LONGEST_CAPABILITY,
        widget=forms.Textarea,
        error_messages={"required": _("Say how you can do what the certificate rests on")},
    )
    declared_position = forms.CharField(
        label=_("Your own position in the organisation"),
        max_length=120,
        error_messages={"required": _("Enter your own position in the organisation")},
    )
    declared = forms.BooleanField(
        label=_(
            "What I have said is true. We take over the security plan, its conditions and its duties from the day on which "
            "the police confirm the transfer, and I may say so for the organisation."
        ),
        error_messages={"required": _("Confirm the declaration")},
    )

    govuk = {
        "organisation_id": FieldOptions(label_size="m"),
        "responsible_kind": FieldOptions(label_size="m"),
        "responsible_name": FieldOptions(width="two-thirds"),
        "senior_name": FieldOptions(width="two-thirds"),
        "senior_position": FieldOptions(width="two-thirds"),
        "capability": FieldOptions(rows=6, count=True, label_size="m"),
        "declared_position": FieldOptions(width="two-thirds"),
    }

    def __init__(
        self, data: Mapping[str, Any] | None, *, organisations: Iterable[Organisation], judged_tier: str
    ) -> None:
        super().__init__(data)
        chosen = self.fields["organisation_id"]
        assert isinstance(chosen, forms.ChoiceField)  # noqa: S101 - as declared above
        chosen.choices = [(str(one.pk), one.name) for one in organisations]
        if len(chosen.choices) == 1:
            self.initial["organisation_id"] = chosen.choices[0][0]
        if judged_tier != "enhanced":
            del self.fields["senior_name"], self.fields["senior_position"]

    @property
    def organisation(self) -> UUID:
        return UUID(self.cleaned_data["organisation_id"])

    def answers(self) -> HolderAnswers:
        names = HolderAnswers.__dataclass_fields__
        return HolderAnswers(**{name: self.cleaned_data.get(name, "") for name in names})


class RefusalForm(GovukForm):
    reason = forms.CharField(
        label=_("Why is the transfer refused?"),
        help_text=_("Both organisations read this on the page of the offer; it is never mailed or published."),
        max_length=4000,
        widget=forms.Textarea,
        error_messages={"required": _("Say why the transfer is refused")},
    )

    govuk = {"reason": FieldOptions(rows=4, count=True, label_size="s")}
