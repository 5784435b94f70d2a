"""The places, events and works of the demonstration: all invented, postcodes of districts that do not exist."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from accounts.services.demo import HOME_AREA, OTHER_AREA
from events.domain.subjects import EventData, ProjectData, VenueData

# What the form asks of every building. Left out, it would be presumed, and asked anew when the place is changed.
BUILDING: Final = {
    "recurring": True,
    "has_building": True,
    "wholly_or_mainly": True,
    "public_access": True,
    "open_air": False,
    "entry_check": "none",
}

TICKETED: Final = {
    "has_building": False,
    "open_air": True,
    "public_access": True,
    "entry_check": "ticket_or_pass",
    "entry_check_scope": "general",
}


def stadium() -> VenueData:
    return VenueData(
        name="Calderbrook Stadium",
        address="1 Weavers Way",
        town="Calderbrook",
        postcode="HX77 8QJ",
        area_code=HOME_AREA,
        latitude=Decimal("53.72100"),
        longitude=Decimal("-1.86300"),
        expected_attendance=18_400,
        attendance_basis="tickets",
        responsible_kind="organisation",
        responsible_name="Calderbrook Rovers Football Club Ltd",
        responsible_ground="Owns and runs the ground; holds its safety certificate",
        senior_name="Marcus Thwaite",
        senior_position="Chief operating officer",
        shared_site=True,
        use="sports_ground",
        facts={
            **BUILDING,
            "open_air": True,
            "open_air_type": "sports_ground",
            "designated_sports_ground": True,
            "entry_check": "ticket_or_pass",
            "entry_check_scope": "general",
        },
    )


def arena() -> VenueData:
    return VenueData(
        name="Calderbrook Indoor Arena",
        address="3 Weavers Way",
        town="Calderbrook",
        postcode="HX77 8QL",
        area_code=HOME_AREA,
        expected_attendance=2_100,
        attendance_basis="fire",
        responsible_kind="organisation",
        responsible_name="Calderbrook Rovers Football Club Ltd",
        responsible_ground="Leaseholder in occupation",
        senior_name="Marcus Thwaite",
        senior_position="Chief operating officer",
        use="entertainment_leisure",
        facts={**BUILDING, "entry_check": "ticket_or_pass"},
    )


def village_hall() -> VenueData:
    return VenueData(
        name="Thornby Beck Village Hall",
        address="Beck Lane",
        town="Thornby Beck",
        postcode="WF98 9ZZ",
        area_code=HOME_AREA,
        latitude=Decimal("53.64210"),
        longitude=Decimal("-1.70440"),
        expected_attendance=220,
        attendance_basis="historic",
        responsible_kind="organisation",
        responsible_name="Thornby Beck Village Hall Committee",
        responsible_ground="Trustees of the hall; the deed is kept with the parish clerk",
        use="hall",
        facts=BUILDING,
    )


def reading_room() -> VenueData:
    return VenueData(
        name="Thornby Beck Reading Room",
        address="4 Beck Lane",
        town="Thornby Beck",
        postcode="WF98 9ZY",
        area_code=HOME_AREA,
        expected_attendance=205,
        attendance_basis="fire",
        responsible_kind="organisation",
        responsible_name="Thornby Beck Village Hall Committee",
        responsible_ground="Leaseholder in occupation",
        use="hall",
        facts=BUILDING,
    )


def chapter_house() -> VenueData:
    return VenueData(
        name="Aldermere Chapter House",
        address="Cathedral Close",
        town="Aldermere",
        postcode="LS97 1BB",
        area_code=HOME_AREA,
        expected_attendance=240,
        attendance_basis="fire",
        responsible_kind="organisation",
        responsible_name="Aldermere Cathedral",
        responsible_ground="Freehold owner in occupation",
        use="hall",
        facts=BUILDING,
    )


# Of one holder of many: name, street, postcode, people.
ESTATE: Final = (
    ("Beckdale Library", "2 Market Street", "WF98 1AB", 260),
    ("Beckdale Community Centre", "Mill Road", "WF98 1AD", 320),
    ("Cinder Lane Sports Hall", "Cinder Lane", "WF98 2BD", 450),
    ("Beckdale Assembly Rooms", "4 Market Street", "WF98 1AB", 380),
    ("Rowan House", "Orchard Rise", "WF98 3DF", 210),
)


KEPT_OFF: Final = 4


def estate(number: int) -> VenueData:
    name, address, postcode, people = ESTATE[number]
    return VenueData(
        name=name,
        address=address,
        town="Beckdale",
        postcode=postcode,
        area_code=HOME_AREA,
        expected_attendance=people,
        attendance_basis="fire",
        responsible_kind="organisation",
        responsible_name="Beckdale Community Trust",
        responsible_ground="Freehold owner in occupation",
        use="hall",
        facts=BUILDING,
    )


def rehearsal_hall() -> VenueData:
    return VenueData(
        name="Lantern Row Rehearsal Hall",
        address="26 Lantern Row",
        town="Aldermere",
        postcode="LS97 6QE",
        area_code=HOME_AREA,
        expected_attendance=260,
        attendance_basis="historic",
        responsible_kind="organisation",
        responsible_name="Lantern Row Theatre Trust",
        responsible_ground="Leaseholder in occupation",
        use="hall",
        facts=BUILDING,
    )


def theatre() -> VenueData:
    return VenueData(
        name="Lantern Row Theatre",
        address="22 Lantern Row",
        town="Aldermere",
        postcode="LS97 6QD",
        area_code=HOME_AREA,
        latitude=Decimal("53.80460"),
        longitude=Decimal("-1.54210"),
        expected_attendance=640,
        attendance_basis="tickets",
        responsible_kind="organisation",
        responsible_name="Lantern Row Theatre Trust",
        responsible_ground="Freehold owner in occupation",
        use="entertainment_leisure",
        facts={**BUILDING, "entry_check": "ticket_or_pass"},
    )


def museum() -> VenueData:
    return VenueData(
        name="Aldermere Weaving Museum",
        address="Old Mill, Water Street",
        town="Aldermere",
        postcode="LS97 4TB",
        area_code=HOME_AREA,
        expected_attendance=310,
        attendance_basis="historic",
        responsible_kind="organisation",
        responsible_name="Lantern Row Theatre Trust",
        responsible_ground="Runs the museum under a management agreement",
        use="library_museum_gallery",
        facts=BUILDING,
    )


def concert_hall() -> VenueData:
    return VenueData(
        name="Aldermere Concert Hall",
        address="40 Lantern Row",
        town="Aldermere",
        postcode="LS97 6QF",
        area_code=HOME_AREA,
        latitude=Decimal("53.80520"),
        longitude=Decimal("-1.54330"),
        expected_attendance=1_350,
        attendance_basis="tickets",
        responsible_kind="organisation",
        responsible_name="Lantern Row Theatre Trust",
        responsible_ground="Freehold owner in occupation",
        senior_name="Beatrix Lowe",
        senior_position="Executive director",
        use="entertainment_leisure",
        facts={**BUILDING, "entry_check": "ticket_or_pass"},
    )


def cathedral() -> VenueData:
    return VenueData(
        name="Aldermere Cathedral",
        address="Minster Close",
        town="Aldermere",
        postcode="LS97 1AA",
        area_code=HOME_AREA,
        latitude=Decimal("53.79950"),
        longitude=Decimal("-1.53580"),
        expected_attendance=1_150,
        attendance_basis="historic",
        responsible_kind="organisation",
        responsible_name="The Chapter of Aldermere Cathedral",
        responsible_ground="Governing body in occupation of the church and close",
        use="worship",
        facts={**BUILDING, "is_place_of_worship": True},
    )


def hospital() -> VenueData:
    return VenueData(
        name="Aldermere General Hospital",
        address="Infirmary Road",
        town="Aldermere",
        postcode="LS97 9XX",
        area_code=HOME_AREA,
        expected_attendance=2_600,
        attendance_basis="historic",
        responsible_kind="organisation",
        responsible_name="Aldermere General Hospital",
        responsible_ground="Provider of health care at the site",
        senior_name="Nkechi Amadi",
        senior_position="Director of estates",
        shared_site=True,
        use="health_care",
        facts=BUILDING,
    )


def street_festival(*, today: date) -> EventData:
    starts = datetime(today.year, today.month, today.day, 11, tzinfo=UTC) + timedelta(weeks=10)
    return EventData(
        name="Fletchgate Street Festival",
        address="Fletchgate and Corn Square",
        town="Aldermere",
        postcode="LS97 2DD",
        area_code=HOME_AREA,
        latitude=Decimal("53.79720"),
        longitude=Decimal("-1.54010"),
        expected_attendance=5_000,
        attendance_basis="tickets",
        responsible_kind="organisation",
        responsible_name="Fletchgate Street Festival CIC",
        responsible_ground="Controls the closed streets under the event agreement",
        senior_name="Zofia Marek",
        senior_position="Festival director",
        shared_site=True,
        facts=TICKETED,
        starts_at=starts,
        ends_at=starts + timedelta(hours=34),
        police_assets_requested=True,
    )


def night_market(*, today: date) -> EventData:
    starts = datetime(today.year, today.month, today.day, 17, tzinfo=UTC) + timedelta(weeks=5)
    return EventData(
        name="Fletchgate Night Market",
        address="Corn Square",
        town="Aldermere",
        postcode="LS97 2DD",
        area_code=HOME_AREA,
        expected_attendance=1_200,
        attendance_basis="other",
        responsible_kind="organisation",
        responsible_name="Fletchgate Street Festival CIC",
        responsible_ground="Hires the square from the council",
        senior_name="Zofia Marek",
        senior_position="Festival director",
        facts={
            "has_building": False,
            "open_air": True,
            "public_access": True,
            "entry_check": "payment",
            "entry_check_scope": "general",
        },
        starts_at=starts,
        ends_at=starts + timedelta(hours=5),
    )


def lantern_parade(*, today: date) -> EventData:
    starts = datetime(today.year, today.month, today.day, 18, tzinfo=UTC) + timedelta(weeks=6, days=2)
    return EventData(
        name="Aldermere Lantern Parade",
        address="From Corn Square to Fletchgate",
        town="Aldermere",
        postcode="LS97 2DE",
        area_code=HOME_AREA,
        expected_attendance=2_500,
        attendance_basis="other",
        responsible_kind="organisation",
        responsible_name="Fletchgate Street Festival CIC",
        responsible_ground="Controls the route under the event agreement",
        senior_name="Zofia Marek",
        senior_position="Festival director",
        facts=TICKETED,
        starts_at=starts,
        ends_at=starts + timedelta(hours=3),
    )


def charity_run(*, today: date) -> EventData:
    starts = datetime(today.year, today.month, today.day, 9, tzinfo=UTC) + timedelta(weeks=2, days=4)
    return EventData(
        name="Calderbrook Charity Run",
        address="Start and finish in Rovers Way",
        town="Calderbrook",
        postcode="HX77 8QL",
        area_code=HOME_AREA,
        expected_attendance=1_800,
        attendance_basis="other",
        responsible_kind="organisation",
        responsible_name="Calderbrook Rovers Football Club",
        responsible_ground="Controls the start and the finish under the event agreement",
        senior_name="Marcus Thwaite",
        senior_position="Chief operating officer",
        facts=TICKETED,
        starts_at=starts,
        ends_at=starts + timedelta(hours=6),
    )


def railway_station(*, today: date) -> ProjectData:
    return ProjectData(
        name="Northmoor Parkway Station",
        address="Land north of Moor Lane",
        town="Northmoor",
        postcode="CT77 8QJ",
        area_code=OTHER_AREA,
        latitude=Decimal("51.26500"),
        longitude=Decimal("1.08900"),
        expected_attendance=1_900,
        attendance_basis="other",
        responsible_kind="organisation",
        responsible_name="Northmoor Line Stations",
        responsible_ground="Future operator under the station licence",
        senior_name="Alun Prosser",
        senior_position="Project director",
        use="transport_station",
        facts=BUILDING,
        project_type="station",
        stage=3,
        opens_on=today + timedelta(days=700),
    )
