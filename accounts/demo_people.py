"""The demonstration's people and organisations: all invented, all at example.org, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

HOME_AREA: Final = "west-yorkshire"
OTHER_AREA: Final = "kent"


@dataclass(frozen=True, slots=True)
class DemoOrganisation:
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """`role` is a membership's, an appointment's or a national one; `place` is the organisation's name or area's code."""

    email: str
    name: str
    role: str
    place: str = ""


STADIUM: Final = DemoOrganisation("Calderbrook Rovers Football Club", "company")
HALL: Final = DemoOrganisation("Thornby Beck Village Hall Committee", "charity")
THEATRE: Final = DemoOrganisation("Lantern Row Theatre Trust", "charity")
CATHEDRAL: Final = DemoOrganisation("Chapter of Aldermere Cathedral", "faith")
HOSPITAL: Final = DemoOrganisation("Aldermere General Hospital", "public")
FESTIVAL: Final = DemoOrganisation("Fletchgate Street Festival", "other")
RAILWAY: Final = DemoOrganisation("Northmoor Line Stations", "public")
ESTATE: Final = DemoOrganisation("Beckdale Community Trust", "charity")

ORGANISATIONS: Final = (STADIUM, HALL, THEATRE, CATHEDRAL, HOSPITAL, FESTIVAL, RAILWAY, ESTATE)

# Owners stand before their colleagues: the first person of an organisation registers it.
PEOPLE: Final = (
    DemoPerson("administrator@example.org", "Morgan Ashdown", "administrator"),
    DemoPerson("administrator2@example.org", "Rowan Tillotson", "administrator"),
    DemoPerson("auditor@example.org", "Ines Falk", "auditor"),
    DemoPerson("adviser@example.org", "Priya Nandakumar", "adviser", HOME_AREA),
    DemoPerson("adviser2@example.org", "Tom Hesketh-Rowe", "adviser", HOME_AREA),
    DemoPerson("authoriser@example.org", "Gwen Farrant", "authoriser", HOME_AREA),
    DemoPerson("adviser.kent@example.org", "Colm Dunleavy", "adviser", OTHER_AREA),
    DemoPerson("authoriser.kent@example.org", "Sade Okonjo", "authoriser", OTHER_AREA),
    DemoPerson("stadium@example.org", "Marcus Thwaite", "owner", STADIUM.name),
    DemoPerson("stadium.editor@example.org", "Leila Haddon", "editor", STADIUM.name),
    DemoPerson("stadium.viewer@example.org", "Jonah Pell", "viewer", STADIUM.name),
    DemoPerson("hall@example.org", "Doreen Appleyard", "owner", HALL.name),
    DemoPerson("hall.editor@example.org", "Raj Bhogal", "editor", HALL.name),
    DemoPerson("theatre@example.org", "Beatrix Lowe", "owner", THEATRE.name),
    DemoPerson("cathedral@example.org", "Hugh Pemberley", "owner", CATHEDRAL.name),
    DemoPerson("hospital@example.org", "Nkechi Amadi", "owner", HOSPITAL.name),
    DemoPerson("festival@example.org", "Zofia Marek", "owner", FESTIVAL.name),
    DemoPerson("railway@example.org", "Alun Prosser", "owner", RAILWAY.name),
    DemoPerson("estate@example.org", "Ffion Brathwaite", "owner", ESTATE.name),
)
