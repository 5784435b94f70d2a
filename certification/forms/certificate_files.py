from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import PoliceArea
from certification.domain import certificate_number
from certification.models import Bundle
from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions

__all__ = ["BundleForm", "ReissueForm"]


class BundleForm(GovukForm):
    """Drawn as one button for each choice; whatever else is posted is nobody's."""

    organisation = forms.UUIDField()
    kind = forms.ChoiceField(choices=Bundle.Kind.choices)


class ReissueForm(GovukForm):
    """One certificate, an area, or with neither all of them."""

    area = forms.ChoiceField(label=_("Police area"), required=False)
    number = forms.CharField(
        label=_("Or one certificate, by its number"),
        help_text=_("Leave both empty for every certificate in force."),
        max_length=60,
        required=False,
    )

    govuk = {"number": FieldOptions(width="20", autocomplete="off", spellcheck=False)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.fields["area"]
        assert isinstance(area, forms.ChoiceField)  # noqa: S101 - narrows the type of our own field
        self._areas = dict(PoliceArea.objects.order_by("name").values_list("code", "name"))
        area.choices = [("", _("All areas")), *self._areas.items()]

    @property
    def area_name(self) -> str:
        """Of the area that was chosen; empty for all."""
        return self._areas.get(self.data.get("area", ""), "")

    def clean_number(self) -> str:
        text = str(self.cleaned_data["number"]).strip()
        if not text:
            return ""
        try:
            return str(certificate_number.parse(text))
        except certificate_number.InvalidNumberError as error:
            raise forms.ValidationError(_("There is a typing mistake in that number")) from error
