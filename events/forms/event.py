from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.domain.faults import Fault
from core.govuk.fields import DateTimeField
from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions
from events.domain.subjects import EventData, SubjectData, common_faults, event_faults
from events.forms import facts, fields, triage
from events.forms.subjects import CHOICE, PLACE, RESPONSIBLE, Section, SubjectForm, initial_common
from events.models import Event

__all__ = ["EventForm", "VenueSearchForm", "initial_event"]

HOST = ("host_use", "host_tier")


class EventForm(SubjectForm):
    """With `venue_id` the event is at a venue of the register: the place and the host's facts are not asked."""

    starts_at = DateTimeField(label=_("When does it start?"), help_text=_("For example, 27 3 2027 and 7:30pm"))
    ends_at = DateTimeField(label=_("When does it end?"))
    police_assets_requested = forms.BooleanField(
        label=_("We are asking the police or other national bodies for people or equipment"), required=False
    )
    host_use = triage.question_field("host_use", "event")
    host_tier = triage.question_field("host_tier", "event")
    has_building = fields.yes_no(_("Is there a building on the site?"))
    open_air = fields.yes_no(_("Is the event in the open air, wholly or in part?"))
    public_access = triage.question_field("public_access", "event")
    entry_check = triage.question_field("entry_check", "event")
    entry_check_scope = fields.choice(
        _("Where is that checked?"),
        triage.EVENT_SCOPES,
        hint=_("Answer this if payment, tickets, passes or membership are checked."),
        required=False,
    )
    part_attendance = fields.attendance(
        _("How many people at most are in the checked part at one time?"), hint=_("Staff included."), required=False
    )
    excluded_kind = triage.question_field("excluded_kind", "event")

    sections = (
        Section(_("The event"), ("organisation", "name", "starts_at", "ends_at", "police_assets_requested")),
        Section(_("Where it is held"), (*PLACE, *HOST)),
        Section(_("How many people"), ("expected_attendance", "attendance_basis")),
        Section(
            _("The site and the way in"),
            ("has_building", "open_air", "public_access", "entry_check", "entry_check_scope", "excluded_kind"),
        ),
        RESPONSIBLE,
        CHOICE,
    )
    govuk: Mapping[str, FieldOptions] = {
        **SubjectForm.govuk,
        "police_assets_requested": FieldOptions(legend=_("Help from the police")),
        "has_building": FieldOptions(inline=True),
        "open_air": FieldOptions(inline=True),
        "public_access": FieldOptions(inline=True),
        "entry_check_scope": FieldOptions(reveal={"part_of_site": ("part_attendance",)}),
        "part_attendance": FieldOptions(width="10"),
    }

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        organisations: Iterable[Organisation] = (),
        initial: Mapping[str, object] | None = None,
        new: bool = True,
        venue_id: UUID | None = None,
    ) -> None:
        super().__init__(data, organisations=organisations, initial=initial, new=new)
        self.venue_id = venue_id
        if venue_id is not None:
            for name in (*PLACE, *HOST):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        checked = given.get("entry_check") not in {"none", None}
        if checked and not given.get("entry_check_scope"):
            self.add_error("entry_check_scope", _("Say where that is checked."))
        if checked and given.get("entry_check_scope") == "part_of_site" and "part_attendance" not in self.errors:
            self._check_part(given.get("part_attendance"), given.get("expected_attendance"))
        return super().clean()

    def _check_part(self, part: int | None, whole: int | None) -> None:
        if part is None:
            self.add_error("part_attendance", _("Enter how many people are in the checked part at most."))
        elif whole is not None and part > whole:
            self.add_error("part_attendance", _("The checked part cannot hold more people than the whole event."))

    def data_for_service(self) -> EventData:
        given = self.cleaned_data
        return EventData(
            **self.common(),
            facts=facts.event_facts(given),
            starts_at=given["starts_at"],
            ends_at=given["ends_at"],
            venue_id=self.venue_id,
            police_assets_requested=given["police_assets_requested"],
        )

    def faults(self, data: SubjectData) -> Iterable[Fault]:
        assert isinstance(data, EventData)  # noqa: S101 - this form's own data
        previous = self.initial.get("starts_at") if self.cleaned_data.get("version") else None
        yield from common_faults(data)
        yield from event_faults(data, now=timezone.now(), previous_start=previous)


class VenueSearchForm(GovukForm):
    q = forms.CharField(
        label=_("Name or postcode of the venue"),
        min_length=2,
        max_length=80,
        error_messages={
            "required": _("Enter the name or the postcode of the venue."),
            "min_length": _("Enter at least 2 letters or numbers."),
        },
    )

    govuk = {"q": FieldOptions(width="two-thirds", label_size="m", spellcheck=False)}


def initial_event(event: Event) -> dict[str, object]:
    own = {
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "police_assets_requested": event.police_assets_requested,
    }
    return {**initial_common(event), **facts.initial_facts(event), **own}
