"""Which form and which service belong to which kind: the one place that the pages ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.domain.subjects import EventData, ProjectData, SubjectData, VenueData
from events.forms.event import EventForm, initial_event
from events.forms.premises import ProjectForm, VenueForm, initial_project, initial_venue
from events.forms.subjects import SubjectForm
from events.models import Event, Project, Subject, Venue
from events.services import events, projects, venues

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text


@dataclass(frozen=True, slots=True)
class Kind:
    """The words of the pages for one kind."""

    code: str
    plural: Text
    register: Text
    change: Text
    icon: str


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "venue": Kind("venue", _("Venues"), _("Register a venue"), _("Change the venue"), "building"),
        "event": Kind("event", _("Events"), _("Register an event"), _("Change the event"), "calendar"),
        "project": Kind("project", _("Projects"), _("Register a project"), _("Change the project"), "rail"),
    }
)
FORMS: Final[Mapping[str, type[SubjectForm]]] = MappingProxyType(
    {"venue": VenueForm, "event": EventForm, "project": ProjectForm}
)


def address_of(subject: Subject, page: str = "") -> str:
    """`page`: empty for the subject itself, or edit, archive, tier."""
    return reverse(f"events:{subject.kind}_{page}" if page else f"events:{subject.kind}", args=[subject.pk])


def initial(subject: Subject) -> dict[str, object]:
    match subject:
        case Venue():
            return initial_venue(subject)
        case Event():
            return initial_event(subject)
        case Project():
            return initial_project(subject)


def register(*, actor: User, organisation_id: UUID, data: SubjectData) -> Subject:
    match data:
        case VenueData():
            return venues.register(actor=actor, organisation_id=organisation_id, data=data)
        case EventData():
            return events.register(actor=actor, organisation_id=organisation_id, data=data)
        case ProjectData():
            return projects.register(actor=actor, organisation_id=organisation_id, data=data)
    raise TypeError


def change(*, actor: User, pk: UUID, data: SubjectData, version: int, confirmed: bool) -> Subject:
    match data:
        case VenueData():
            return venues.change(
                actor=actor, venue_id=pk, data=data, expected_version=version, tier_change_confirmed=confirmed
            )
        case EventData():
            return events.change(
                actor=actor, event_id=pk, data=data, expected_version=version, tier_change_confirmed=confirmed
            )
        case ProjectData():
            return projects.change(
                actor=actor, project_id=pk, data=data, expected_version=version, tier_change_confirmed=confirmed
            )
    raise TypeError


def set_archived(*, actor: User, subject: Subject, archived: bool) -> Subject:
    match subject:
        case Venue():
            act_on_venue = venues.archive if archived else venues.restore
            return act_on_venue(actor=actor, venue_id=subject.pk)
        case Event():
            act_on_event = events.archive if archived else events.restore
            return act_on_event(actor=actor, event_id=subject.pk)
        case Project():
            act_on_project = projects.archive if archived else projects.restore
            return act_on_project(actor=actor, project_id=subject.pk)
