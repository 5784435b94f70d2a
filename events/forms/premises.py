"""Venues, and projects, which are judged as the premises that they will be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.domain.faults import Fault
from core.govuk.fields import DateField
from core.govuk.options import FieldOptions
from events.domain.facts import OPEN_AIR_TYPES
from events.domain.subjects import ProjectData, SubjectData, VenueData, common_faults, project_faults
from events.forms import facts, fields, triage
from events.forms.subjects import CHOICE, PLACE, RESPONSIBLE, Section, SubjectForm, initial_common
from events.models import Project, Venue

__all__ = ["ProjectForm", "VenueForm", "initial_project", "initial_venue"]

USE: Final = ("use", "has_building", "wholly_or_mainly", "public_access")
PEOPLE: Final = ("expected_attendance", "attendance_basis", "recurring")
OPEN_AIR: Final = ("open_air_type", "designated_sports_ground", "entry_check", "entry_check_scope", "excluded_kind")


class PremisesForm(SubjectForm):
    use = triage.question_field("use", "premises")
    has_building = triage.question_field("has_building", "premises")
    wholly_or_mainly = triage.question_field("wholly_or_mainly", "premises")
    public_access = triage.question_field("public_access", "premises")
    recurring = triage.question_field("recurring", "premises")
    open_air_type = triage.question_field("open_air_type", "premises")
    designated_sports_ground = fields.yes_no(
        _("Is it a designated sports ground?"),
        hint=_("Designated under the Safety of Sports Grounds Act 1975, or by order in Northern Ireland."),
        required=False,
    )
    entry_check = triage.question_field("entry_check", "premises")
    entry_check_scope = fields.choice(
        _("When is that checked?"),
        triage.PREMISES_SCOPES,
        hint=_(
            "Answer this for a park, garden, recreation ground, sports ground or another open-air place for recreation."
        ),
        required=False,
    )
    excluded_kind = triage.question_field("excluded_kind", "premises")

    govuk: Mapping[str, FieldOptions] = {
        **SubjectForm.govuk,
        "has_building": FieldOptions(inline=True),
        "wholly_or_mainly": FieldOptions(inline=True),
        "public_access": FieldOptions(inline=True),
        "recurring": FieldOptions(inline=True),
        "open_air_type": FieldOptions(reveal={"sports_ground": ("designated_sports_ground",)}),
    }

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        where = given.get("open_air_type")
        if where == "sports_ground" and not given.get("designated_sports_ground"):
            self.add_error("designated_sports_ground", _("Say whether the sports ground is designated."))
        checked = given.get("entry_check") not in {"none", None}
        if where in OPEN_AIR_TYPES and checked and not given.get("entry_check_scope"):
            self.add_error("entry_check_scope", _("Say when that is checked."))
        return super().clean()

    def use_code(self) -> str:
        return str(facts.none_to_null(self.cleaned_data["use"]) or "")


class VenueForm(PremisesForm):
    sections = (
        Section(_("The place"), ("organisation", "name", *PLACE)),
        Section(_("What it is used for"), USE),
        Section(_("How many people"), PEOPLE),
        Section(_("Open air and entry"), OPEN_AIR),
        RESPONSIBLE,
        CHOICE,
    )

    def data_for_service(self) -> VenueData:
        return VenueData(**self.common(), facts=facts.premises_facts(self.cleaned_data), use=self.use_code())


class ProjectForm(PremisesForm):
    use = triage.question_field("use", "project")
    has_building = triage.question_field("has_building", "project")
    expected_attendance = triage.question_field("expected_attendance", "project")
    project_type = fields.choice(
        _("What type of project is it?"),
        [(value, capfirst(label)) for value, label in Project.ProjectType.choices],
    )
    stage = forms.TypedChoiceField(
        label=_("Stage of the RIBA plan of work"),
        coerce=int,
        choices=[
            fields.NO_ANSWER,
            ("0", _("0: strategic definition")),
            ("1", _("1: preparation and briefing")),
            ("2", _("2: concept design")),
            ("3", _("3: spatial coordination")),
            ("4", _("4: technical design")),
            ("5", _("5: manufacturing and construction")),
            ("6", _("6: handover")),
            ("7", _("7: use")),
        ],
        error_messages={"required": _("Choose the stage from the list.")},
    )
    opens_on = DateField(label=_("When is it expected to open?"), help_text=_("For example, 27 3 2029"))

    sections = (
        Section(_("The project"), ("organisation", "name", "project_type", "stage", "opens_on")),
        Section(_("The place"), PLACE),
        Section(_("What it will be used for"), USE, _("Answer for the day on which it opens.")),
        Section(_("How many people"), PEOPLE),
        Section(_("Open air and entry"), OPEN_AIR),
        RESPONSIBLE,
        CHOICE,
    )

    def data_for_service(self) -> ProjectData:
        given = self.cleaned_data
        return ProjectData(
            **self.common(),
            facts=facts.premises_facts(given),
            use=self.use_code(),
            project_type=given["project_type"],
            stage=given["stage"],
            opens_on=given["opens_on"],
        )

    def faults(self, data: SubjectData) -> Iterable[Fault]:
        assert isinstance(data, ProjectData)  # noqa: S101 - this form's own data
        previous = self.initial.get("opens_on") if self.cleaned_data.get("version") else None
        yield from common_faults(data)
        yield from project_faults(data, today=timezone.localdate(), previous_opening=previous)


def initial_venue(venue: Venue) -> dict[str, object]:
    return {**initial_common(venue), **facts.initial_facts(venue)}


def initial_project(project: Project) -> dict[str, object]:
    own = {"project_type": project.project_type, "stage": project.stage, "opens_on": project.opens_on}
    return {**initial_common(project), **facts.initial_facts(project), **own}
