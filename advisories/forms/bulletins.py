"""What people fill in around bulletins. A form makes values for a service; it decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from advisories.domain import bulletins as rules
from advisories.domain import tlp
from advisories.domain.audience import CERTIFICATES, KINDS, Audience, Flag, Near, parse
from advisories.domain.sectors import SECTORS
from advisories.models import Bulletin
from advisories.selectors import reach
from advisories.selectors.bulletins import SHOWS, InboxFilters, certificate_words, kind_words, tier_words
from core import uploads
from core.domain.faults import FaultsError
from core.govuk.fields import DateTimeField, TimeField
from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions
from events.domain.tiers import JUDGED_TIERS
from events.domain.uses import USES

__all__ = [
    "ApprovalForm",
    "BulletinForm",
    "DismissForm",
    "DoneForm",
    "InboxFilterForm",
    "PreferencesForm",
    "QuestionForm",
    "ReachFilterForm",
    "ReasonForm",
    "WrittenFilterForm",
]

_TLP_HINTS: Final = {
    tlp.RED: gettext_lazy("Only the people it is sent to, by name, signed in. Mails carry a link alone."),
    tlp.AMBER_STRICT: gettext_lazy("Only the organisations it is sent to, signed in. Mails carry a link alone."),
    tlp.AMBER: gettext_lazy("The organisations it is sent to, those they must tell, and the police of their areas."),
    tlp.GREEN: gettext_lazy("Everybody who takes part in this service. Not for public channels."),
    tlp.CLEAR: gettext_lazy("Anybody: it is on a public page and in the public feed."),
}
_SEVERITY_WORDS: Final = {
    "Extreme": gettext_lazy("Extreme: extraordinary threat to life or property"),
    "Severe": gettext_lazy("Severe: significant threat to life or property"),
    "Moderate": gettext_lazy("Moderate: possible threat to life or property"),
    "Minor": gettext_lazy("Minor: minimal or no known threat"),
    "Unknown": gettext_lazy("Unknown"),
}
_URGENCY_WORDS: Final = {
    "Immediate": gettext_lazy("Immediate: act at once"),
    "Expected": gettext_lazy("Expected: act soon, within the next hour"),
    "Future": gettext_lazy("Future: act in the near future"),
    "Past": gettext_lazy("Past: no action is needed any more"),
    "Unknown": gettext_lazy("Unknown"),
}
_CERTAINTY_WORDS: Final = {
    "Observed": gettext_lazy("Observed: it has happened or is happening"),
    "Likely": gettext_lazy("Likely: more than 50%"),
    "Possible": gettext_lazy("Possible: 50% or less"),
    "Unlikely": gettext_lazy("Unlikely"),
    "Unknown": gettext_lazy("Unknown"),
}
_CATEGORY_WORDS: Final = {
    "Security": gettext_lazy("Security"),
    "Safety": gettext_lazy("Public safety"),
    "Fire": gettext_lazy("Fire"),
    "Health": gettext_lazy("Health"),
    "Transport": gettext_lazy("Transport"),
    "Infra": gettext_lazy("Utilities and other infrastructure"),
    "CBRNE": gettext_lazy("Chemical, biological, radiological, nuclear or explosive"),
    "Rescue": gettext_lazy("Rescue"),
    "Env": gettext_lazy("Environment"),
    "Met": gettext_lazy("Weather"),
    "Geo": gettext_lazy("Ground movement"),
    "Other": gettext_lazy("Other"),
}
_LEVELS: Final = (
    ("0", gettext_lazy("0 Not in place")),
    ("1", gettext_lazy("1 Planned")),
    ("2", gettext_lazy("2 Partly in place")),
    ("3", gettext_lazy("3 In place")),
    ("4", gettext_lazy("4 In place and tested")),
)
_MOMENTS: Final = ("due_at", "expires_at", "publish_at")


class BulletinForm(GovukForm):
    """The words, the codes and the audience of one bulletin."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    body = forms.CharField(label=gettext_lazy("What is known"), max_length=8000, widget=forms.Textarea)
    instruction = forms.CharField(
        label=gettext_lazy("What to do"),
        help_text=gettext_lazy("One step a line. Leave it empty if the advisory is to be known and no more."),
        max_length=4000,
        required=False,
        widget=forms.Textarea,
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Is it real or an exercise?"),
        choices=[(rules.ACTUAL, gettext_lazy("Real")), (rules.EXERCISE, gettext_lazy("Exercise"))],
        initial=rules.ACTUAL,
        widget=forms.RadioSelect,
    )
    tlp = forms.ChoiceField(
        label=gettext_lazy("How far may it travel?"),
        choices=[(code, tlp.LABELS[code]) for code in tlp.ORDER],
        initial=tlp.DEFAULT,
        widget=forms.RadioSelect,
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("Severity"), choices=list(_SEVERITY_WORDS.items()), widget=forms.RadioSelect
    )
    urgency = forms.ChoiceField(
        label=gettext_lazy("Urgency"), choices=list(_URGENCY_WORDS.items()), widget=forms.RadioSelect
    )
    certainty = forms.ChoiceField(
        label=gettext_lazy("Certainty"), choices=list(_CERTAINTY_WORDS.items()), widget=forms.RadioSelect
    )
    category = forms.ChoiceField(label=gettext_lazy("Category"), choices=list(_CATEGORY_WORDS.items()))
    due_at = DateTimeField(
        label=gettext_lazy("Acknowledge by"),
        help_text=gettext_lazy(
            "Who has not acknowledged by then is reminded; then the owners, then the police are told."
        ),
        required=False,
    )
    expires_at = DateTimeField(label=gettext_lazy("It holds until"), required=False)
    publish_at = DateTimeField(
        label=gettext_lazy("Publish at"),
        help_text=gettext_lazy("Leave it empty to publish as soon as you press the button."),
        required=False,
    )
    question = forms.CharField(
        label=gettext_lazy("Temporary criterion"),
        help_text=gettext_lazy(
            "A question that each place answers with a level from 0 to 4 and an account. It stands beside the plan for the "
            "reviewer; it is no part of the standard and does not enter the score."
        ),
        max_length=300,
        required=False,
    )
    sectors = forms.MultipleChoiceField(
        label=gettext_lazy("Sectors"),
        choices=[(sector.code, sector.label) for sector in SECTORS.values()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds"), choices=[], required=False, widget=forms.CheckboxSelectMultiple
    )
    tiers = forms.MultipleChoiceField(
        label=gettext_lazy("Tiers"), choices=[], required=False, widget=forms.CheckboxSelectMultiple
    )
    certificate = forms.ChoiceField(label=gettext_lazy("Certificate"), required=False)
    uses = forms.MultipleChoiceField(
        label=gettext_lazy("Uses"),
        choices=[(use.code, f"{use.label[0].upper()}{use.label[1:]}") for use in USES.values()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    areas = forms.MultipleChoiceField(
        label=gettext_lazy("Police areas"), choices=[], required=False, widget=forms.CheckboxSelectMultiple
    )
    latitude = forms.FloatField(label=gettext_lazy("Latitude"), required=False)
    longitude = forms.FloatField(label=gettext_lazy("Longitude"), required=False)
    km = forms.FloatField(label=gettext_lazy("Kilometres around it"), required=False)
    flag_code = forms.CharField(
        label=gettext_lazy("Code of the criterion"),
        help_text=gettext_lazy("For example, PHY-03"),
        max_length=10,
        required=False,
    )
    flag_below = forms.TypedChoiceField(
        label=gettext_lazy("Below level"),
        choices=[("", ""), *[(str(level), str(level)) for level in range(1, 5)]],
        coerce=int,
        empty_value=None,
        required=False,
    )

    govuk = {
        "title": FieldOptions(label_size="m"),
        "body": FieldOptions(label_size="m", rows=8, count=True),
        "instruction": FieldOptions(label_size="m", rows=5),
        "status": FieldOptions(label_size="m", inline=True),
        "tlp": FieldOptions(label_size="m", hints=_TLP_HINTS, small=True),
        "severity": FieldOptions(label_size="s", small=True),
        "urgency": FieldOptions(label_size="s", small=True),
        "certainty": FieldOptions(label_size="s", small=True),
        "category": FieldOptions(label_size="s"),
        "due_at": FieldOptions(label_size="s"),
        "expires_at": FieldOptions(label_size="s"),
        "publish_at": FieldOptions(label_size="s"),
        "question": FieldOptions(label_size="s"),
        "sectors": FieldOptions(label_size="s", small=True),
        "kinds": FieldOptions(label_size="s", small=True),
        "tiers": FieldOptions(label_size="s", small=True),
        "certificate": FieldOptions(label_size="s"),
        "uses": FieldOptions(label_size="s", small=True),
        "areas": FieldOptions(label_size="s", small=True),
        "latitude": FieldOptions(width="10"),
        "longitude": FieldOptions(width="10"),
        "km": FieldOptions(width="5", suffix="km"),
        "flag_code": FieldOptions(width="10", spellcheck=False),
        "flag_below": FieldOptions(width="5"),
    }

    def __init__(self, *args: Any, areas: Mapping[str, str], national: bool, **options: Any) -> None:
        """`areas`: codes and names to choose from; empty for an area's own bulletin, which goes nowhere else."""
        super().__init__(*args, **options)
        self._choose("kinds", [(kind, kind_words(kind).capitalize()) for kind in KINDS])
        self._choose("tiers", [(tier, tier_words(tier).capitalize()) for tier in JUDGED_TIERS])
        states = [(state, certificate_words(state).capitalize()) for state in CERTIFICATES]
        self._choose("certificate", [("", _("With or without")), *states])
        if national:
            self._choose("areas", list(areas.items()))
            del self.fields["flag_code"], self.fields["flag_below"]
        else:
            del self.fields["areas"]

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - as declared above
        field.choices = list(choices)

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or {}
        near = [clean.get(name) for name in ("latitude", "longitude", "km")]
        if any(value is not None for value in near) and not all(value is not None for value in near):
            self.add_error("latitude", _("Enter latitude, longitude and kilometres, or none of the three"))
        code, below = clean.get("flag_code", ""), clean.get("flag_below")
        if bool(code) != (below is not None):
            self.add_error("flag_code", _("Enter both the criterion and the level, or neither"))
        if not self.errors:
            self._check_audience(clean)
        return clean

    def _check_audience(self, clean: Mapping[str, Any]) -> None:
        try:
            self.audience = parse(_audience(clean).as_json())
        except FaultsError as error:
            for fault in error.faults:
                self.add_error(_FIELDS.get(fault.place), fault.message)

    @property
    def opened(self) -> dict[str, bool]:
        """Whether a folded group holds a value or an error, and so must not be folded."""
        return {name: any(self._holds(field) for field in fields) for name, fields in _GROUPS.items()}

    def _holds(self, name: str) -> bool:
        return name in self.fields and bool(self[name].errors or self[name].value())

    def words(self) -> dict[str, Any]:
        """Everything but the audience, by the names of the service's input."""
        names = ("title", "body", "instruction", "status", "tlp", "severity", "urgency", "certainty", "category")
        return {name: self.cleaned_data[name] for name in (*names, "question", *_MOMENTS)}


_GROUPS: Final = {
    "uses": ("uses",),
    "areas": ("areas",),
    "near": ("latitude", "longitude", "km"),
    "flag": ("flag_code", "flag_below"),
}
_FIELDS: Final = {
    "near.latitude": "latitude",
    "near.longitude": "longitude",
    "near.km": "km",
    "flag.code": "flag_code",
    "flag.below": "flag_below",
    "flag": "flag_code",
    "areas": "areas",
}


def _audience(clean: Mapping[str, Any]) -> Audience:
    near = Near(clean["latitude"], clean["longitude"], clean["km"]) if clean.get("km") is not None else None
    code = clean.get("flag_code", "").strip().upper()
    return Audience(
        sectors=tuple(clean["sectors"]),
        uses=tuple(clean["uses"]),
        kinds=tuple(clean["kinds"]),
        tiers=tuple(clean["tiers"]),
        areas=tuple(clean.get("areas", ())),
        near=near,
        certificate=clean["certificate"],
        flag=Flag(code, clean["flag_below"]) if code else None,
    )


def initial_of(bulletin: Bulletin) -> dict[str, object]:
    """A stored bulletin as the form shows it."""
    audience = parse(bulletin.audience)
    names = ("title", "body", "instruction", "status", "tlp", "severity", "urgency", "certainty", "category")
    shown: dict[str, object] = {name: getattr(bulletin, name) for name in (*names, "question", *_MOMENTS)}
    shown |= {name: list(getattr(audience, name)) for name in ("sectors", "uses", "kinds", "tiers", "areas")}
    shown["certificate"] = audience.certificate
    if audience.near is not None:
        shown |= {"latitude": audience.near.latitude, "longitude": audience.near.longitude, "km": audience.near.km}
    if audience.flag is not None:
        shown |= {"flag_code": audience.flag.code, "flag_below": str(audience.flag.below)}
    return shown


class ApprovalForm(GovukForm):
    """`read` carries the hash of the text that stood on the page."""

    read = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reason = forms.CharField(
        label=gettext_lazy("What has to change, if you send it back"),
        max_length=2000,
        required=False,
        widget=forms.Textarea,
    )
    govuk = {"reason": FieldOptions(label_size="m", rows=4)}


class ReasonForm(GovukForm):
    reason = forms.CharField(
        label=gettext_lazy("Why is it retracted?"),
        help_text=gettext_lazy("Everybody who got the advisory reads this."),
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": gettext_lazy("Say why it is retracted")},
    )
    govuk = {"reason": FieldOptions(label_size="m", rows=4)}


class DoneForm(GovukForm):
    note = forms.CharField(label=gettext_lazy("What was done"), max_length=2000, required=False, widget=forms.Textarea)
    file = forms.FileField(
        label=gettext_lazy("A file that shows it (optional)"),
        help_text=format_lazy(
            "{} {}",
            gettext_lazy("PDF, PNG, JPG, DOCX, XLSX, ODT, TXT or CSV, up to 25 MB."),
            gettext_lazy("It is scanned and stored encrypted."),
        ),
        required=False,
        widget=forms.FileInput(attrs={"accept": uploads.ACCEPT}),
        allow_empty_file=True,
    )
    govuk = {"note": FieldOptions(rows=4)}


class DismissForm(GovukForm):
    reason = forms.CharField(
        label=gettext_lazy("Why it does not apply"),
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": gettext_lazy("Say why it does not apply")},
    )
    govuk = {"reason": FieldOptions(rows=4)}


class QuestionForm(GovukForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
    level = forms.TypedChoiceField(
        label=gettext_lazy("What is in place?"), choices=_LEVELS, coerce=int, widget=forms.RadioSelect
    )
    account = forms.CharField(
        label=gettext_lazy("Say what you have in place"),
        max_length=4000,
        widget=forms.Textarea,
        error_messages={"required": gettext_lazy("Say what you have in place")},
    )
    govuk = {"level": FieldOptions(label_size="s", small=True), "account": FieldOptions(label_size="s", rows=4)}


class InboxFilterForm(GovukForm):
    """Read from the address. A value that is no choice filters nothing: a filter is no place for an error message."""

    show = forms.ChoiceField(
        label=gettext_lazy("Show"),
        choices=[
            ("", gettext_lazy("All that I may read")),
            ("unread", gettext_lazy("Not read yet")),
            ("to_acknowledge", gettext_lazy("To acknowledge")),
            ("ours", gettext_lazy("Sent to my organisation")),
        ],
        required=False,
    )
    exercises = forms.ChoiceField(
        label=gettext_lazy("Exercises"),
        choices=[
            ("", gettext_lazy("With exercises")),
            ("hide", gettext_lazy("Without exercises")),
            ("only", gettext_lazy("Exercises alone")),
        ],
        required=False,
    )

    def filters(self) -> InboxFilters:
        self.is_valid()
        clean = self.cleaned_data
        show = clean.get("show", "")
        return InboxFilters(show=show if show in SHOWS else "", exercises=clean.get("exercises", ""))


class WrittenFilterForm(GovukForm):
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["state"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - as declared above
        states = [(value, str(label).capitalize()) for value, label in Bulletin.State.choices]
        field.choices = [("", _("All but discarded ones")), *states]

    def chosen(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("state", ""))


class ReachFilterForm(GovukForm):
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[
            ("", gettext_lazy("All states")),
            (reach.SILENT, gettext_lazy("Not read")),
            (reach.READ, gettext_lazy("Read, not acknowledged")),
            (rules.OPEN, gettext_lazy("Not acknowledged, read or not")),
            (rules.ACKNOWLEDGED, gettext_lazy("Acknowledged")),
            (rules.DONE, gettext_lazy("Done")),
            (rules.NOT_APPLICABLE, gettext_lazy("Does not apply")),
        ],
        required=False,
    )

    def chosen(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("state", ""))


class PreferencesForm(GovukForm):
    sectors = forms.MultipleChoiceField(
        label=gettext_lazy("More sectors"),
        help_text=gettext_lazy("Beside those of your own places. TLP:GREEN and TLP:CLEAR alone."),
        choices=[(sector.code, sector.label) for sector in SECTORS.values()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    areas = forms.MultipleChoiceField(
        label=gettext_lazy("More police areas"),
        help_text=gettext_lazy("Beside those of your own places. TLP:GREEN and TLP:CLEAR alone."),
        choices=[],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    quiet_from = TimeField(
        label=gettext_lazy("Quiet from"), help_text=gettext_lazy("For example, 9pm or 21:00"), required=False
    )
    quiet_until = TimeField(
        label=gettext_lazy("Quiet until"), help_text=gettext_lazy("For example, 7am or 07:00"), required=False
    )
    digest = forms.BooleanField(
        label=gettext_lazy("Send me one mail at 7am with links to whatever could wait"), required=False
    )
    mute_minor = forms.BooleanField(
        label=gettext_lazy("Do not mail me minor ones that ask for nothing"), required=False
    )
    govuk = {
        "sectors": FieldOptions(label_size="s", small=True),
        "areas": FieldOptions(label_size="s", small=True),
        "quiet_from": FieldOptions(width="10"),
        "quiet_until": FieldOptions(width="10"),
    }

    def __init__(self, *args: Any, areas: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["areas"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - as declared above
        field.choices = list(areas.items())
