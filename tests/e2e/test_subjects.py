"""What is not a building of one's own: an event at somebody's registered venue, and a place that is still being built."""

from __future__ import annotations

import re

import pytest

from tests.e2e import steps
from tests.e2e.browsing import WAYS, Inspector, Visitor, Way, visiting
from tests.e2e.cast import ORGANISER

pytestmark = pytest.mark.e2e

RESPONSIBLE = {
    "Why are they responsible?": "Runs it.",
    "Designated senior individual": "Sasha Senior",
    "Their position": "Director",
}


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_an_event_and_a_project_get_a_plan_each(way: Way, inspector: Inspector) -> None:
    with visiting(inspector, way) as organiser:
        organiser.sign_in(ORGANISER)
        register_event(organiser, f"Lantern Parade {way.width}")
        assert "The address and the police area are those of the venue" not in organiser.text()
        assert "Lantern Hall" in organiser.text()
        begin(organiser, f"Lantern Parade {way.width}")
        register_project(organiser, f"Mill Lane Station {way.width}")
        assert "predicted for the day of opening" in organiser.text()
        begin(organiser, f"Mill Lane Station {way.width}")


def register_event(organiser: Visitor, name: str) -> None:
    """The venue is found in the register; its place is not asked again, and its tier is taken into account."""
    organiser.go("/places/?kind=event")
    organiser.click("Register an event")
    organiser.fill("Name or postcode of the venue", "lantern")
    organiser.click("Search")
    organiser.click("Lantern Hall, Otley")
    assert organiser.page.get_by_label("Postcode").count() == 0
    organiser.fill("Name", name)
    organiser.fill_when("starts_at", "27", "3", "2027", "7:30pm")
    organiser.fill_when("ends_at", "27", "March", "2027", "11pm")
    organiser.fill("Greatest number of people at one time", "850")
    organiser.choose("How did you work that number out?", "A limit on tickets")
    organiser.choose("Is there a building on the site?", "Yes")
    organiser.choose("Is the event in the open air", "No")
    organiser.choose("Can members of the public come", "Yes")
    organiser.choose("What is checked when people come in?", "That people hold a ticket")
    organiser.choose("Where is that checked?", "On the way into the whole site")
    organiser.choose("Is the place one of these?", "None of these")
    fill_responsible(organiser)
    organiser.click("Register")


def register_project(organiser: Visitor, name: str) -> None:
    """What triage was told is in the form already."""
    organiser.go("/find-out-what-applies/")
    organiser.click("Start now")
    answers = [
        "An infrastructure project",
        "A rail, bus",
        "Yes",
        "No, it is",
        "Yes",
        "Yes",
        "5,000",
        "Yes",
        "None of these",
    ]
    steps.answer_triage(organiser, answers)
    assert organiser.heading().startswith("Enhanced tier")
    organiser.click("Register this project")
    organiser.fill("Name", name)
    organiser.choose("What type of project is it?", "Transport station")
    organiser.page.get_by_label("Stage of the RIBA plan of work").select_option("2")
    organiser.fill_when("opens_on", "1", "9", "2029")
    for label, words in {"Address": "Mill Lane", "Town or city": "Shipley", "Postcode": "BD17 7AA"}.items():
        organiser.fill(label, words)
    organiser.page.get_by_label("Police area").select_option(label="British Transport Police")
    organiser.choose("Do members of the public come in?", "Yes")
    organiser.choose("How did you work that number out?", "Another way")
    organiser.choose("What is checked when people come in?", "None of these")
    fill_responsible(organiser)
    organiser.click("Register")


def fill_responsible(organiser: Visitor) -> None:
    for label, words in RESPONSIBLE.items():
        organiser.fill(label, words)


def begin(organiser: Visitor, name: str) -> None:
    assert organiser.heading().startswith(name)
    organiser.click("Start a plan")
    assert re.fullmatch(r"/plans/[0-9a-f-]+/", organiser.path)
    organiser.click("Answer the first question")
    steps.answer_by_hand(organiser, 3)
    organiser.click("Back to the plan")
    assert re.search(r"\b1 of \d+ questions are answered", organiser.text())
