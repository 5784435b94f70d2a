"""What a subject is registered with, and what may not be said of one whatever its tier.

A fault's place is the name of the field. Times are aware; figures count people, staff included.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from core.domain.faults import Fault

__all__ = [
    "EXTRA_FACTS",
    "EventData",
    "ProjectData",
    "SubjectData",
    "VenueData",
    "common_faults",
    "event_faults",
    "project_faults",
    "senior_faults",
]

LATITUDES: Final = (Decimal("49.8"), Decimal("60.9"))
LONGITUDES: Final = (Decimal("-8.7"), Decimal("1.8"))
# Somebody may register on the evening of a day that has begun.
LATE_BY: Final = timedelta(days=1)
LONGEST_EVENT: Final = timedelta(days=180)
FURTHEST_EVENT: Final = timedelta(days=5 * 366)
FURTHEST_OPENING: Final = timedelta(days=30 * 366)
IN_USE: Final = 7

# Triage facts without a column: everything else of tiering.md is a field of the subject or of the venue that hosts it.
EXTRA_FACTS: Final = frozenset(
    {
        "recurring",
        "has_building",
        "wholly_or_mainly",
        "public_access",
        "is_place_of_worship",
        "education_phase",
        "open_air",
        "open_air_type",
        "designated_sports_ground",
        "entry_check",
        "entry_check_scope",
        "part_attendance",
        "excluded_kind",
        "host_tier",
        "host_use",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectData:
    """`facts`: the triage facts of EXTRA_FACTS. `chosen_tier`: a tier opted into, or empty."""

    name: str
    address: str
    town: str
    postcode: str
    area_code: str
    expected_attendance: int
    attendance_basis: str
    responsible_kind: str
    responsible_name: str
    responsible_ground: str
    facts: Mapping[str, object] = field(default_factory=dict)
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    chosen_tier: str = ""
    senior_name: str = ""
    senior_position: str = ""
    shared_site: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueData(SubjectData):
    """`use`: a code of `events.domain.uses`, or empty where none of the listed uses fits."""

    use: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventData(SubjectData):
    """With `venue_id` the address and the police area are the venue's, whatever the fields here say."""

    starts_at: datetime
    ends_at: datetime
    venue_id: UUID | None = None
    police_assets_requested: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectData(SubjectData):
    """Figures and facts are those predicted for the day of opening. `stage`: RIBA plan of work, 0 to 7."""

    project_type: str
    stage: int
    opens_on: date
    use: str = ""


def common_faults(data: SubjectData) -> Iterator[Fault]:
    for name in ("name", "address", "town", "responsible_name", "responsible_ground"):
        if not getattr(data, name).strip():
            yield Fault(name, "This must be filled in.")
    if data.expected_attendance < 1:
        yield Fault("expected_attendance", "Enter a whole number of people, 1 or more.")
    for unknown in sorted(set(data.facts) - EXTRA_FACTS):
        yield Fault("facts", f"{unknown} is not a fact that is given here.")
    yield from _coordinate_faults(data.latitude, data.longitude)


def _coordinate_faults(latitude: Decimal | None, longitude: Decimal | None) -> Iterator[Fault]:
    if (latitude is None) != (longitude is None):
        missing = "latitude" if latitude is None else "longitude"
        yield Fault(missing, "Enter both the latitude and the longitude, or neither.")
    for name, value, (low, high) in (("latitude", latitude, LATITUDES), ("longitude", longitude, LONGITUDES)):
        if value is not None and not low <= value <= high:
            yield Fault(name, f"For a place in the United Kingdom the {name} is between {low} and {high}.")


def senior_faults(data: SubjectData, judged_tier: str) -> Iterator[Fault]:
    """Section 10 of the Act asks enhanced premises and qualifying events for one; the scheme asks whoever it judges so."""
    if judged_tier != "enhanced" or data.responsible_kind != "organisation":
        return
    why = "At the enhanced tier an organisation names one senior person who answers for this."
    if not data.senior_name.strip():
        yield Fault("senior_name", f"{why} Enter their name.")
    if not data.senior_position.strip():
        yield Fault("senior_position", f"{why} Enter their position.")


def event_faults(data: EventData, *, now: datetime, previous_start: datetime | None = None) -> Iterator[Fault]:
    """`previous_start`: an event that has begun may still be corrected, but not moved to another day in the past."""
    if data.starts_at != previous_start and data.starts_at < now - LATE_BY:
        yield Fault("starts_at", "The event must start in the future.")
    if data.starts_at > now + FURTHEST_EVENT:
        yield Fault("starts_at", "The event must start within the next 5 years.")
    if data.ends_at <= data.starts_at:
        yield Fault("ends_at", "The end must be after the start.")
    elif data.ends_at - data.starts_at > LONGEST_EVENT:
        yield Fault(
            "ends_at", f"An event lasts {LONGEST_EVENT.days} days at most. Register what lasts longer as a venue."
        )


def project_faults(data: ProjectData, *, today: date, previous_opening: date | None = None) -> Iterator[Fault]:
    if not 0 <= data.stage <= IN_USE:
        yield Fault("stage", "The stage of the RIBA plan of work is a number from 0 to 7.")
    if data.opens_on < today and data.opens_on != previous_opening and data.stage < IN_USE:
        yield Fault("opens_on", "The expected opening must be in the future, unless the project is in use (stage 7).")
    if data.opens_on > today + FURTHEST_OPENING:
        yield Fault("opens_on", "The expected opening must be within the next 30 years.")
