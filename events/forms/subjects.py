"""The registration forms of the three kinds. They give typed data to the services and never save."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, PoliceArea
from core.domain.faults import Fault
from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions
from events.domain.subjects import SubjectData, common_faults
from events.forms import fields
from events.models import AttendanceBasis, ResponsibleKind, Subject

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text

__all__ = ["Section", "SubjectForm"]


@dataclass(frozen=True, slots=True)
class Section:
    title: Text
    names: tuple[str, ...]
    intro: Text = ""


@dataclass(frozen=True, slots=True)
class DrawnSection:
    """`said`: the values in it, in short, for a section that is folded because nothing in it is left to do."""

    title: Text
    intro: Text
    fields: list[BoundField]
    opened: bool
    said: list[str]


PLACE: Final = ("address", "town", "postcode", "area_code", "latitude", "longitude")
BASES: Final = [
    (AttendanceBasis.HISTORIC.value, _("Counts from the past")),
    (AttendanceBasis.TICKETS.value, _("A limit on tickets or entry")),
    (AttendanceBasis.FIRE.value, _("The safe occupancy in the fire risk assessment")),
    (AttendanceBasis.OTHER.value, _("Another way")),
]
RESPONSIBLE_KINDS: Final = [
    (ResponsibleKind.ORGANISATION.value, _("An organisation")),
    (ResponsibleKind.INDIVIDUAL.value, _("One person")),
]
RESPONSIBLE: Final = Section(
    _("Who is responsible"),
    ("responsible_kind", "responsible_name", "responsible_ground", "senior_name", "senior_position", "shared_site"),
    _(
        "The responsible person has control of the place, or for an event, has control of it during the event. It is often an organisation."
    ),
)
_UNSAID: Final = frozenset({"latitude", "longitude"})
_NOTHING: Final[tuple[object, ...]] = (None, "", "none")
CHOICE: Final = Section(
    _("The tier you are judged at"),
    ("chosen_tier",),
    _("The tier follows from your answers. You may ask to be judged at a higher one."),
)


class SubjectForm(GovukForm):
    """What all three kinds ask. `sections` orders the fields of the kind; `version` is 0 for a new subject.

    `organisations`: those that the person may register for. With a single one nothing is asked. `confirmed_move` comes
    back from the page that shows a move of the tier, and names the move that was shown.
    """

    sections: ClassVar[tuple[Section, ...]] = ()

    organisation = forms.ChoiceField(label=_("Organisation"), help_text=_("Its people will see and answer for this."))
    name = forms.CharField(label=_("Name"), max_length=160)
    address = forms.CharField(label=_("Address"), max_length=240, help_text=_("Building and street."))
    town = forms.CharField(label=_("Town or city"), max_length=80)
    postcode = fields.PostcodeField(label=_("Postcode"), max_length=12)
    area_code = forms.ChoiceField(
        label=_("Police area"),
        help_text=_("The force that polices the place. For a railway station that is British Transport Police."),
        error_messages={"required": _("Choose the police area from the list.")},
    )
    latitude = forms.DecimalField(
        label=_("Latitude (optional)"),
        required=False,
        max_digits=8,
        decimal_places=5,
        help_text=_("In degrees, for example 53.79650"),
    )
    longitude = forms.DecimalField(
        label=_("Longitude (optional)"),
        required=False,
        max_digits=8,
        decimal_places=5,
        help_text=_("In degrees, for example -1.54785"),
    )
    expected_attendance: forms.Field = fields.attendance(
        _("Greatest number of people at one time"),
        hint=_("Count staff and volunteers too, at the busiest time that you expect."),
    )
    attendance_basis = fields.choice(_("How did you work that number out?"), BASES)
    responsible_kind = fields.choice(_("Is the responsible person an organisation or one person?"), RESPONSIBLE_KINDS)
    responsible_name = forms.CharField(label=_("Name of the responsible organisation or person"), max_length=160)
    responsible_ground = forms.CharField(
        label=_("Why are they responsible?"),
        max_length=240,
        help_text=_("For example: holds the lease and runs the building."),
    )
    senior_name = forms.CharField(
        label=_("Designated senior individual"),
        max_length=120,
        required=False,
        help_text=_(
            "Needed at the enhanced tier when the responsible person is an organisation: somebody concerned in its management who answers for this."
        ),
    )
    senior_position = forms.CharField(label=_("Their position"), max_length=120, required=False)
    shared_site = forms.BooleanField(label=_("Other organisations control part of the site"), required=False)
    chosen_tier = fields.choice(
        _("Which tier should be used?"),
        [("follow", _("The tier that follows from my answers")), ("enhanced", _("The enhanced tier, by choice"))],
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    confirmed_move = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)

    govuk: Mapping[str, FieldOptions] = {
        "name": FieldOptions(width="two-thirds"),
        "address": FieldOptions(width="two-thirds", autocomplete="street-address"),
        "town": FieldOptions(width="one-half", autocomplete="address-level2"),
        "postcode": FieldOptions(width="10", autocomplete="postal-code", spellcheck=False),
        "latitude": FieldOptions(width="10"),
        "longitude": FieldOptions(width="10"),
        "expected_attendance": FieldOptions(width="10"),
        "responsible_name": FieldOptions(width="two-thirds"),
        "responsible_kind": FieldOptions(inline=True),
        "senior_name": FieldOptions(width="two-thirds"),
        "senior_position": FieldOptions(width="two-thirds"),
        "shared_site": FieldOptions(legend=_("Is the site shared?")),
    }

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        organisations: Iterable[Organisation] = (),
        initial: Mapping[str, object] | None = None,
        new: bool = True,
    ) -> None:
        super().__init__(data, initial={"chosen_tier": "follow", **(initial or {})})
        self._organisations = list(organisations)
        if new and len(self._organisations) > 1:
            self._choices("organisation", [(str(o.pk), o.name) for o in self._organisations])
        else:
            del self.fields["organisation"]
        # As the page has them, so that the summary of what is wrong goes from its top to its end.
        self.order_fields([name for section in self.sections for name in section.names])
        self._choices("area_code", [fields.NO_ANSWER, *PoliceArea.objects.values_list("code", "name")])

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows a field that is declared above
        field.choices = choices

    @property
    def organisation_id(self) -> UUID:
        """Of the person's own organisations alone: nothing else passes the field's choices."""
        chosen = self.cleaned_data.get("organisation")
        return UUID(chosen) if chosen else self._organisations[0].pk

    @property
    def drawn_sections(self) -> list[DrawnSection]:
        """The sections with the fields that this form has; what is revealed under an option is drawn there."""
        revealed = {name for options in self.govuk.values() for names in options.reveal.values() for name in names}
        return [self._drawn(section, revealed) for section in self.sections if set(section.names) & set(self.fields)]

    def _drawn(self, section: Section, revealed: set[str]) -> DrawnSection:
        held = [self[name] for name in section.names if name in self.fields]
        return DrawnSection(
            section.title,
            section.intro,
            [field for field in held if field.name not in revealed],
            opened=any(_is_wanting(field) or self._is_wrong(field.name) for field in held),
            said=[words for field in held if field.name not in _UNSAID and (words := _in_short(field))],
        )

    def _is_wrong(self, name: str) -> bool:
        """Itself, or what is drawn under one of its options."""
        under = self.govuk[name].reveal.values() if name in self.govuk else ()
        return name in self.errors or any(n in self.errors for names in under for n in names)

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors:
            self.add_faults(self.faults(self.data_for_service()))
        return self.cleaned_data

    def faults(self, data: SubjectData) -> Iterable[Fault]:
        return common_faults(data)

    def add_faults(self, faults: Iterable[Fault]) -> None:
        """A fault in a field that this form does not show is for the service to find."""
        for fault in faults:
            if fault.place in self.fields and fault.place not in self.errors:
                self.add_error(fault.place, fault.message)

    def data_for_service(self) -> SubjectData:
        raise NotImplementedError  # each kind's form says it; a form cannot have abc's metaclass beside its own

    def common(self) -> dict[str, Any]:
        """The fields of SubjectData by name; those that a kind's form has dropped are empty."""
        given = self.cleaned_data
        chosen = given.get("chosen_tier")
        return {
            "name": given["name"],
            "address": given.get("address", ""),
            "town": given.get("town", ""),
            "postcode": given.get("postcode", ""),
            "area_code": given.get("area_code", ""),
            "latitude": given.get("latitude"),
            "longitude": given.get("longitude"),
            "expected_attendance": given["expected_attendance"],
            "attendance_basis": given["attendance_basis"],
            "responsible_kind": given["responsible_kind"],
            "responsible_name": given["responsible_name"],
            "responsible_ground": given["responsible_ground"],
            "senior_name": given["senior_name"],
            "senior_position": given["senior_position"],
            "shared_site": given["shared_site"],
            "chosen_tier": "" if chosen == "follow" else chosen,
        }


def _is_wanting(field: BoundField) -> bool:
    return field.field.required and field.value() in (None, "")


def _in_short(field: BoundField) -> str:
    """Words, figures and choices; a bare yes or no says nothing without its question, a date has parts."""
    value = field.value()
    if isinstance(field.field, forms.ChoiceField):
        chosen = dict(field.field.choices)  # type: ignore[arg-type]  # flat lists, none is grouped
        return "" if set(chosen) == {"yes", "no"} or value in _NOTHING else str(chosen.get(value, ""))
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return value if isinstance(value, str) else ""


def initial_common(subject: Subject) -> dict[str, object]:
    names = (
        "name", "address", "town", "postcode", "latitude", "longitude", "expected_attendance", "attendance_basis",
        "responsible_kind", "responsible_name", "responsible_ground", "senior_name", "senior_position", "shared_site",
        "version",
    )  # fmt: skip
    found = {name: getattr(subject, name) for name in names}
    chosen = "enhanced" if subject.chosen_tier == "enhanced" else "follow"
    return {**found, "area_code": subject.area_id, "chosen_tier": chosen}
