"""Subjects in situations, made by the services. The plain ones: a hall, a concert and a station, each of one tier."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import Organisation, User
from events.domain.subjects import EventData, ProjectData, VenueData
from events.models import Event, Project, Venue
from events.services import events, projects, venues
from tests.factories.accounts import AREA

_number = itertools.count(1)


def venue_data(*, people: int = 250, use: str = "hall", name: str = "") -> VenueData:
    """A hall of the standard tier."""
    return VenueData(
        name=name or f"Hall {next(_number)}",
        address="1 Mill Lane",
        town="Otley",
        postcode="LS21 3AA",
        area_code=AREA,
        expected_attendance=people,
        attendance_basis="fire",
        responsible_kind="organisation",
        responsible_name="The hall's committee",
        responsible_ground="It holds the lease and lets the rooms",
        facts={"recurring": True, "has_building": True, "wholly_or_mainly": True, "public_access": True},
        latitude=Decimal("53.90500"),
        longitude=Decimal("-1.69200"),
        senior_name="Sasha Senior",
        senior_position="Chair",
        use=use,
    )


def event_data(
    *, people: int = 1200, name: str = "", venue: Venue | None = None, entry_check: str = "ticket_or_pass"
) -> EventData:
    """A concert of the enhanced tier, elsewhere unless a venue is given."""
    starts = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=60)
    return EventData(
        name=name or f"Concert {next(_number)}",
        address="The Showground, Moor Road",
        town="Ilkley",
        postcode="LS29 9AB",
        area_code=AREA,
        expected_attendance=people,
        attendance_basis="tickets",
        responsible_kind="organisation",
        responsible_name="Moor Road Concerts",
        responsible_ground="It hires the ground for the day",
        facts={"public_access": True, "entry_check": entry_check},
        senior_name="Sasha Senior",
        senior_position="Director",
        starts_at=starts,
        ends_at=starts + timedelta(hours=6),
        venue_id=venue.pk if venue else None,
    )


def project_data(*, people: int = 5000, use: str = "transport_station", name: str = "") -> ProjectData:
    """A railway station predicted for the enhanced tier."""
    return ProjectData(
        name=name or f"Station {next(_number)}",
        address="Canal Street",
        town="Shipley",
        postcode="BD17 7AA",
        area_code=AREA,
        expected_attendance=people,
        attendance_basis="other",
        responsible_kind="organisation",
        responsible_name="New Stations Partnership",
        responsible_ground="It commissions the building",
        facts={"has_building": True, "public_access": True, "recurring": True, "wholly_or_mainly": True},
        senior_name="Sasha Senior",
        senior_position="Programme director",
        project_type="station",
        use=use,
        stage=2,
        opens_on=timezone.localdate() + timedelta(days=900),
    )


def make_venue(
    organisation: Organisation,
    *,
    people: int = 250,
    use: str = "hall",
    name: str = "",
    area: str = AREA,
    by: User | None = None,
) -> Venue:
    data = replace(venue_data(people=people, use=use, name=name), area_code=area)
    return venues.register(actor=by or organisation.created_by, organisation_id=organisation.pk, data=data)


def make_event(
    organisation: Organisation,
    *,
    people: int = 1200,
    name: str = "",
    venue: Venue | None = None,
    by: User | None = None,
) -> Event:
    data = event_data(people=people, name=name, venue=venue)
    return events.register(actor=by or organisation.created_by, organisation_id=organisation.pk, data=data)


def make_project(organisation: Organisation, *, people: int = 5000, name: str = "", by: User | None = None) -> Project:
    data = project_data(people=people, name=name)
    return projects.register(actor=by or organisation.created_by, organisation_id=organisation.pk, data=data)
