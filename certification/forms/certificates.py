from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.domain import certificate_number, lifecycle
from certification.models import Certificate
from certification.selectors.certificates import Filters
from certification.selectors.register import Search
from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions

__all__ = ["CertificateFilterForm", "CheckFileForm", "CheckForm", "RegisterForm"]

_LONGEST_ENTRY: Final = 300
_TOKEN: Final = re.compile(r"(?:^|/)([A-Za-z0-9_-]{43})/?$")


class CheckForm(GovukForm):
    """What people type or paste: a number in any spelling, a token, or the whole address that a scanner showed."""

    number = forms.CharField(
        label=_("Certificate number"),
        help_text=_("It is on the certificate, for example PSC-2026-000123-X. Capitals and dashes do not matter."),
        max_length=_LONGEST_ENTRY,
        error_messages={"required": _("Enter the certificate number")},
    )

    govuk = {"number": FieldOptions(width="20", label_size="m", autocomplete="off", spellcheck=False)}

    def clean_number(self) -> str:
        text = str(self.cleaned_data["number"]).strip()
        token = _TOKEN.search(text)
        if token:
            return token[1]
        try:
            return str(certificate_number.parse(text))
        except certificate_number.InvalidNumberError as error:
            raise forms.ValidationError(
                _(
                    "There is a typing mistake in that number. Compare it with the certificate, character by character: "
                    "the last one is a check on the others"
                )
            ) from error


class CheckFileForm(GovukForm):
    """A document to be compared with ours. The view has it read into memory, up to the limit that it is given."""

    file = forms.FileField(
        label=_("The certificate as a PDF"),
        help_text=_("Up to 25 MB. It is compared with what we issued and not kept."),
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={"required": _("Choose the PDF of a certificate"), "empty": _("This file is empty")},
    )
    too_large = _("This file is larger than 25 MB. A certificate is far smaller: it is none of ours")

    govuk = {"file": FieldOptions(label_size="m")}


class RegisterForm(GovukForm):
    """Read from the address. A value that is no choice filters nothing."""

    words = forms.CharField(label=_("Name, town, postcode or certificate number"), required=False, max_length=100)
    area = forms.ChoiceField(label=_("Police area"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            ("", _("All kinds")),
            ("venue", _("Venues")),
            ("event", _("Events")),
            ("project", _("Infrastructure projects")),
        ],
        required=False,
    )
    state = forms.ChoiceField(
        label=_("State"),
        choices=[
            ("", _("All states")),
            *((s, Certificate.State(s).label.capitalize()) for s in lifecycle.CERTIFICATE_STATES[1:]),
        ],
        required=False,
    )

    def __init__(self, data: Mapping[str, Any], *, areas: Mapping[str, str]) -> None:
        super().__init__(data)
        area = self.fields["area"]
        assert isinstance(area, forms.ChoiceField)  # noqa: S101 - as declared above
        area.choices = [("", _("All areas")), *areas.items()]

    def search(self) -> Search:
        self.is_valid()
        clean = self.cleaned_data
        return Search(
            words=clean.get("words", ""),
            area=clean.get("area", ""),
            kind=clean.get("kind", ""),
            state=clean.get("state", ""),
        )


class CertificateFilterForm(GovukForm):
    """Read from the address. A value that is no choice filters nothing."""

    state = forms.ChoiceField(
        label=_("State"),
        choices=[
            ("", _("All states")),
            ("expiring", _("Running out within 120 days")),
            *((s, Certificate.State(s).label.capitalize()) for s in lifecycle.CERTIFICATE_STATES),
        ],
        required=False,
    )
    number = forms.CharField(label=_("Certificate number"), required=False, max_length=40)

    def filters(self) -> Filters:
        self.is_valid()
        clean = self.cleaned_data
        number = clean.get("number", "").strip()
        if number and certificate_number.check(number):
            number = str(certificate_number.parse(number))
        return Filters(state=clean.get("state", ""), number=number)
