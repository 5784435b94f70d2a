from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import PoliceArea
from advisories.domain import sightings as rules
from advisories.models import Sighting
from core.govuk.fields import DateTimeField
from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions
from core.uploads import ACCEPT, EXTENSIONS
from events.models import Subject

__all__ = ["ELSEWHERE", "CloseForm", "FileForm", "PassOnForm", "ReaddressForm", "ReportForm"]

ELSEWHERE: Final = "elsewhere"
_CATEGORIES: Final = [(value, str(label).capitalize()) for value, label in Sighting.Category.choices]
_KINDS: Final = ", ".join(ending.removeprefix(".") for ending in EXTENSIONS)


class FileForm(GovukForm):
    file = forms.FileField(
        label=_("A picture or document"),
        help_text=_("%(kinds)s; up to 25 MB. Do not put yourself in danger to get one.") % {"kinds": _KINDS},
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        error_messages={"required": _("Choose a file")},
    )


class ReportForm(GovukForm):
    category = forms.ChoiceField(
        label=_("What did you see?"),
        choices=_CATEGORIES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Select what you saw")},
    )
    ongoing = forms.TypedChoiceField(
        label=_("Does it go on now?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
        error_messages={"required": _("Say whether it goes on now")},
    )
    happened_at = DateTimeField(label=_("When did you see it?"), help_text=_("For example, 27 3 2027 at 7:30pm"))
    subject = forms.ChoiceField(label=_("Where was it?"), widget=forms.RadioSelect, required=False)
    where = forms.CharField(
        label=_("Where exactly?"),
        help_text=_("An address or postcode, or which part of the place"),
        max_length=rules.LONGEST["where"],
        required=False,
    )
    area = forms.ModelChoiceField(
        label=_("Police area where it happened"),
        queryset=PoliceArea.objects.none(),
        empty_label=_("Choose an area"),
        required=False,
    )
    description = forms.CharField(
        label=_("What happened?"),
        help_text=_("What you saw and heard yourself, in your own words"),
        widget=forms.Textarea,
        max_length=rules.LONGEST["description"],
        error_messages={"required": _("Say what you saw")},
    )
    people = forms.CharField(
        label=_("People"),
        help_text=_("How many, what they looked like, what they wore, where they went. Optional."),
        widget=forms.Textarea,
        max_length=rules.LONGEST["people"],
        required=False,
    )
    vehicles = forms.CharField(
        label=_("Vehicles"),
        help_text=_("Registration, make, colour. Optional."),
        widget=forms.Textarea,
        max_length=rules.LONGEST["vehicles"],
        required=False,
    )
    file = forms.FileField(
        label=_("A picture or document"),
        help_text=_("Optional. %(kinds)s; up to 25 MB. You can add more afterwards.") % {"kinds": _KINDS},
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        required=False,
    )

    govuk = {
        "category": FieldOptions(label_size="m"),
        "ongoing": FieldOptions(label_size="m", inline=True),
        "happened_at": FieldOptions(label_size="m"),
        "description": FieldOptions(label_size="m", rows=8),
        "people": FieldOptions(rows=3),
        "vehicles": FieldOptions(rows=2),
    }

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        subjects: Mapping[str, Subject],
        areas: Iterable[PoliceArea],
    ) -> None:
        super().__init__(data, files, initial={"subject": "" if subjects else ELSEWHERE})
        area, subject = self.fields["area"], self.fields["subject"]
        assert isinstance(area, forms.ModelChoiceField)  # noqa: S101 - as declared above
        assert isinstance(subject, forms.ChoiceField)  # noqa: S101 - as declared above
        area.queryset = PoliceArea.objects.filter(pk__in=[one.pk for one in areas]).order_by("name")
        named = [(key, f"{one.name}, {one.town}") for key, one in subjects.items()]
        subject.choices = [*named, (ELSEWHERE, _("Somewhere else"))]
        self.govuk = {**self.govuk, "subject": FieldOptions(label_size="m", reveal={ELSEWHERE: ("area",)})}
        if not subjects:
            subject.widget = forms.HiddenInput()
            self.govuk = {**self.govuk, "subject": FieldOptions()}

    @property
    def chosen_subject(self) -> str:
        chosen: str = self.cleaned_data.get("subject", "")
        return "" if chosen == ELSEWHERE else chosen

    @property
    def chosen_area(self) -> str:
        """An area that was chosen and then hidden again by another answer does not count."""
        area = self.cleaned_data.get("area")
        return "" if area is None or self.chosen_subject else str(area.pk)


class PassOnForm(GovukForm):
    reply = forms.CharField(
        label=_("Answer to whoever reported it"),
        help_text=_("Optional. Do not say to whom it goes, or what else is known."),
        widget=forms.Textarea,
        max_length=rules.LONGEST_REPLY,
        required=False,
    )
    govuk = {"reply": FieldOptions(rows=4)}


class CloseForm(GovukForm):
    outcome = forms.ChoiceField(
        label=_("What came of it?"),
        choices=[(value, str(label).capitalize()) for value, label in Sighting.Outcome.choices],
        widget=forms.RadioSelect,
        error_messages={"required": _("Select what came of it")},
    )
    reply = forms.CharField(
        label=_("Answer to whoever reported it"),
        help_text=_("People who hear nothing report once"),
        widget=forms.Textarea,
        max_length=rules.LONGEST_REPLY,
        error_messages={"required": _("Write an answer to whoever reported it")},
    )
    govuk = {"outcome": FieldOptions(label_size="s"), "reply": FieldOptions(rows=4)}


class ReaddressForm(GovukForm):
    area = forms.ModelChoiceField(
        label=_("Which area is it for?"), queryset=PoliceArea.objects.none(), empty_label=_("Choose an area")
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, areas: Iterable[PoliceArea]) -> None:
        super().__init__(data)
        field = self.fields["area"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - as declared above
        field.queryset = PoliceArea.objects.filter(pk__in=[one.pk for one in areas]).order_by("name")
