"""What the demonstration's organisations say of themselves: one short account for each section, harmless by intent."""

from __future__ import annotations

from typing import Final

# section → (an account at level 3 or 4, an account below)
ACCOUNTS: Final[dict[str, tuple[str, str]]] = {
    "GOV": (
        "Settled by the management in the spring and minuted. The named people have it in writing and know who stands in for them.",
        "Agreed in principle; the letter is drafted and goes to the next meeting.",
    ),
    "RSK": (
        "Covered in our assessment of this year, which we walked through on site with the duty team.",
        "Looked at for the busiest days alone. We will widen it before the season.",
    ),
    "PRO": (
        "Written on one page, posted in the staff room, and part of every briefing before doors open.",
        "We have a draft that the older staff know by heart. It has not been written down for newcomers.",
    ),
    "MON": (
        "The duty manager's log shows it for each opening. Reports are followed up the next working day.",
        "Done on busy evenings. Quiet days depend on who is in.",
    ),
    "MOV": (
        "Planned zone by zone with our contractor and checked against arrivals on the last full day.",
        "In hand with the contractor; two entrances are still to be settled.",
    ),
    "PHY": (
        "Surveyed, put in order, and on the maintenance round.",
        "Surveyed. The works are priced and wait for a date.",
    ),
    "INF": (
        "Kept in one restricted folder; who may open it is checked twice a year. Public pages were read through for this.",
        "Some of it still goes around by email.",
    ),
    "PER": (
        "Part of our recruitment and of the contract with our suppliers. Checked on the day by the shift lead.",
        "Done for our own staff. Agencies tell us that they do it.",
    ),
    "TRN": (
        "The training matrix shows names and dates; newcomers are briefed before their first shift.",
        "About half of the team has done it. The rest is booked.",
    ),
    "EXR": (
        "Walked through with the whole team, with a note of what we learnt and who put it right.",
        "Planned for the quiet month; no date yet.",
    ),
    "RSP": (
        "Agreed and tried at short notice. The card in the control point says who does what.",
        "Talked through, not tried.",
    ),
    "MED": (
        "In place near the crowd, signed, and on the weekly check sheet.",
        "One kit at reception. More are on order.",
    ),
    "COM": (
        "We take part, and the duty manager reads what comes in.",
        "Signed up; nobody is named as the reader yet.",
    ),
    "EVT": (
        "In the event plan, agreed at the planning meeting, and in the stewards' briefing.",
        "In the draft plan. The council's reply is awaited.",
    ),
    "PRJ": (
        "Recorded at the gate review of this stage, with the decision and its reason.",
        "Under way with the design team; to be closed at the next gate review.",
    ),
    "REV": (
        "Dated, versioned and looked at every year and after each exercise.",
        "We review it when something happens. A yearly date is to be set.",
    ),
}

REVIEWER_AGREES: Final = "The account and what I saw support this level."
REVIEWER_LOWERS: Final = "What was sent shows part of it. See the condition for what is left to do."

EVIDENCE_TEXT: Final = (
    "Demonstration file. {place}: what supports {code}.\n"
    "Invented for the demonstration; it describes no real place and no real measure.\n"
)


def account(section: str, level: int) -> str:
    good, partly = ACCOUNTS[section]
    return good if level >= 3 else partly  # noqa: PLR2004 - level 3 is "in place"


WORKS: Final = (
    "A glass foyer is built onto the north side. The main doors move, and people queue in the yard meanwhile."
)
MORE_PEOPLE: Final = "A new block of seats in the east stand: 350 more people on a full day."
EXERCISE_HELD: Final = (
    "We held a table-top exercise in the control room with the ambulance service and the arena next door. The note says what "
    "we tried, what we learnt and who puts it right."
)
