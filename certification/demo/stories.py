"""Which place goes how far, and with which shortfalls. Levels are 3 unless said; every fifth criterion is at 4."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from certification.demo import places, words
from events.domain.subjects import EventData, ProjectData, VenueData

SubjectInput = VenueData | EventData | ProjectData
ADMINISTRATOR: Final = "administrator@example.org"

DRAFT: Final = "draft"
SUBMITTED: Final = "submitted"
IN_REVIEW: Final = "in_review"
CHANGES: Final = "changes"
RECOMMENDED: Final = "recommended"
DECIDED: Final = "decided"

# An urgent suspension waits for its second officer, until it lapses.
SUSPENDED: Final = "suspended"
SURRENDERED: Final = "surrendered"
VARIED: Final = "varied"
EXPIRED: Final = "expired"
REVOKED: Final = "revoked"

HOME_ADVISER: Final = "adviser@example.org"
SECOND_ADVISER: Final = "adviser2@example.org"
HOME_AUTHORISER: Final = "authoriser@example.org"
OTHER_ADVISER: Final = "adviser.kent@example.org"
OTHER_AUTHORISER: Final = "authoriser.kent@example.org"


@dataclass(frozen=True, slots=True)
class Story:
    """`lower`: level by criterion. `days_ago`: how long before today it was decided; `days_left`: so that its certificate
    ends that many days from today, instead. `end`: what became of its certificate, one of the words below. `change`:
    what its holder told afterwards. `shown`: what the holder sent in, with a file, for the condition on a criterion; it
    waits for an officer.
    """

    organiser: str
    declared_as: str
    subject: Callable[[date], SubjectInput]
    reaches: str
    lower: Mapping[str, int] = field(default_factory=dict)
    requests: Mapping[str, str] = field(default_factory=dict)
    adviser: str = HOME_ADVISER
    authoriser: str = HOME_AUTHORISER
    days_ago: int = 0
    days_left: int | None = None
    end: str = ""
    change: str = ""
    shown: Mapping[str, str] = field(default_factory=dict)
    # Why it is kept off the public register, with the administrator's consent.
    off_list: str = ""


_OFF_LIST: Final = "People at risk live at this site. Its address is told to nobody who does not need it."


def _of_the_estate(number: int, _today: date) -> SubjectInput:
    return places.estate(number)


STORIES: Final = (
    Story(
        "stadium@example.org",
        "Chief operating officer",
        lambda _today: places.stadium(),
        DECIDED,
        lower={"PHY-01": 2, "PHY-02": 2, "EXR-02": 2, "INF-04": 2},
        change="numbers",
        # The conditions of ninety days are five days over: what is said of one waits, the other is overdue.
        days_ago=95,
        shown={"EXR-02": words.EXERCISE_HELD},
    ),
    Story(
        "hall@example.org",
        "Chair of the committee",
        lambda _today: places.village_hall(),
        DECIDED,
        lower={"INF-03": 2, "PER-04": 1},
        days_left=20,
    ),
    Story(
        "theatre@example.org",
        "Executive director",
        lambda _today: places.theatre(),
        CHANGES,
        lower={"PRO-03": 2, "MED-01": 2, "TRN-02": 2},
        requests={
            "PRO-03": "Please say who may order the doors closed when the manager is out, and add the record of a timed walk-through.",
            "MED-01": "Please say where the kits are in relation to the stalls and the circle, and who checks them.",
        },
        adviser=SECOND_ADVISER,
    ),
    Story(
        "theatre@example.org",
        "Executive director",
        lambda _today: places.museum(),
        DECIDED,
        days_ago=2 * 365 + 45,
        end=EXPIRED,
    ),
    Story(
        "theatre@example.org",
        "Executive director",
        lambda _today: places.concert_hall(),
        DECIDED,
        days_ago=12,
        change="works",
    ),
    Story(
        "cathedral@example.org",
        "Canon treasurer",
        lambda _today: places.cathedral(),
        RECOMMENDED,
        lower={"EXR-01": 2, "INF-03": 1},
    ),
    Story(
        "hospital@example.org", "Director of estates", lambda _today: places.hospital(), SUBMITTED, lower={"PHY-08": 1}
    ),
    Story(
        "festival@example.org",
        "Festival director",
        lambda today: places.street_festival(today=today),
        DRAFT,
        lower={"RSK-04": 2, "MED-03": 2},
    ),
    Story(
        "festival@example.org",
        "Festival director",
        lambda today: places.night_market(today=today),
        DECIDED,
        lower={"PRO-01": 1, "PRO-03": 0, "RSK-01": 1, "RSK-02": 1, "MOV-02": 1, "EVT-06": 1, "TRN-01": 1, "MED-03": 1},
        adviser=SECOND_ADVISER,
        days_ago=3,
    ),
    Story(
        "railway@example.org",
        "Project director",
        lambda today: places.railway_station(today=today),
        IN_REVIEW,
        lower={"PRJ-05": 2},
        adviser=OTHER_ADVISER,
        authoriser=OTHER_AUTHORISER,
    ),
    Story(
        "stadium@example.org",
        "Chief operating officer",
        lambda _today: places.arena(),
        DECIDED,
        adviser=SECOND_ADVISER,
        days_ago=150,
        end=REVOKED,
    ),
    Story(
        "hall@example.org",
        "Chair of the committee",
        lambda _today: places.reading_room(),
        DECIDED,
        days_ago=210,
        end=SURRENDERED,
    ),
    Story(
        "cathedral@example.org",
        "Canon treasurer",
        lambda _today: places.chapter_house(),
        DECIDED,
        adviser=SECOND_ADVISER,
        days_ago=95,
        end=SUSPENDED,
    ),
    Story(
        "theatre@example.org",
        "Executive director",
        lambda _today: places.rehearsal_hall(),
        DECIDED,
        lower={"INF-03": 2},
        days_ago=60,
        end=VARIED,
    ),
    # What is needed soon, so that the queue is told by dates.
    Story(
        "stadium@example.org",
        "Chief operating officer",
        lambda today: places.charity_run(today=today),
        IN_REVIEW,
        lower={"EVT-02": 2},
    ),
    Story(
        "festival@example.org",
        "Festival director",
        lambda today: places.lantern_parade(today=today),
        SUBMITTED,
        lower={"MOV-02": 2},
    ),
    # A holder of many, all of which run out soon: one list of them, and one site that is kept off the register.
    *(
        Story(
            "estate@example.org",
            "Head of estates",
            functools.partial(_of_the_estate, number),
            DECIDED,
            adviser=SECOND_ADVISER,
            days_left=left,
            off_list=_OFF_LIST if number == places.KEPT_OFF else "",
        )
        for number, left in enumerate((28, 24, 26, 27, 25))
    ),
)
