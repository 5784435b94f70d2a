"""People of halls and their police: a report that is answered, a question that is, and a lesson on its way to a criterion."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.e2e import steps
from tests.e2e.browsing import WAYS, Inspector, Visitor, Way, visiting
from tests.e2e.cast import ANSWERED, NETWORK_ADVISERS, NETWORK_MEMBERS, ORGANISER
from tests.e2e.service import Service

pytestmark = pytest.mark.e2e

SEEN = "Somebody filmed the loading bay for ten minutes and left when spoken to."
REPLY = "It was a surveyor. Thank you for telling us."
CRITERION = "PRO-07"


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_reports_questions_and_lessons(way: Way, inspector: Inspector, service: Service) -> None:
    number = WAYS.index(way)
    first, second = NETWORK_MEMBERS[number]
    with visiting(inspector, way) as asker, visiting(inspector, way) as adviser, visiting(inspector, way) as helper:
        asker.sign_in(first)
        helper.sign_in(second)
        adviser.sign_in(NETWORK_ADVISERS[number], code=steps.code)

        report = tell_the_police(asker)
        answer_it(adviser, report)
        hear_of_it(asker, report)

        for person in (asker, helper):
            ask_for_their_hall(person)
        admit(adviser, first, second)
        question = ask(asker, number)
        reply(helper, question)
        mark_the_answer(asker, question)

        lesson = propose_a_lesson(helper, number)
        review_it(adviser, lesson)
    with visiting(inspector, way) as writer:
        writer.sign_in(ORGANISER)
        meet_it_at_the_criterion(writer, service.plans[ANSWERED], number)
    with visiting(inspector, way) as anybody:
        anybody.go("/lessons/")
        assert f"Cards at every till, {number}" not in anybody.page.content()


def tell_the_police(person: Visitor) -> str:
    person.go("/")
    person.click("Report something suspicious")
    assert "In an emergency call 999 now" in person.text()
    person.choose("What did you see?", "Somebody studying a place")
    person.choose("Does it go on now?", "No")
    when = datetime.now(ZoneInfo("Europe/London")) - timedelta(hours=1)
    person.fill_when("happened_at", str(when.day), str(when.month), str(when.year), f"{when:%H:%M}")
    person.choose("Where was it?", "Somewhere else")
    person.page.locator("[name=area]").select_option("west-yorkshire")
    person.fill("What happened?", SEEN)
    person.page.locator("input[type=file]").set_input_files(steps.FILE)  # type: ignore[arg-type]  # a constant
    person.excuse("422")
    person.click("Send the report")
    assert "Say where it was" in person.text()
    assert person.page.locator("[name=description]").input_value() == SEEN
    person.look(" errors")
    person.fill("Where exactly?", "The service road behind the hall")
    person.click("Send the report")
    assert "Keep the number SR-" in person.text()
    return person.path


def answer_it(officer: Visitor, report: str) -> None:
    officer.click("Sectors")
    officer.click("Reports to the police")
    with officer.page.expect_navigation():
        officer.page.locator(f"main a[href='{report}']").click()
    officer.look()
    assert SEEN in officer.text()
    officer.click("I have read it")
    officer.look(" read")
    officer.choose("What came of it?", "There was an innocent explanation")
    officer.page.locator("form[action$='/close/'] [name=reply]").fill(REPLY)
    officer.click("Close the report")
    assert "There was an innocent explanation" in officer.text()


def hear_of_it(person: Visitor, report: str) -> None:
    person.go("/sightings/")
    with person.page.expect_navigation():
        person.page.locator(f"main a[href='{report}']").click()
    person.look(" answered")
    assert REPLY in person.text()


def ask_for_their_hall(person: Visitor) -> None:
    person.click("Sectors")
    person.click("Commercial centres")
    person.click("Ask to join")
    person.excuse("422")
    person.click("Ask to join")
    assert "Say what your organisation does and who will read" in person.text()
    person.look(" errors")
    person.page.locator("[name=words]").fill("We run a hall for 400 people. Its manager will read.")
    person.click("Ask to join")
    assert "has asked to join" in person.text()
    assert person.page.get_by_role("button", name="Join this network").count() == 0
    person.look(" asked")


def admit(officer: Visitor, *addresses: str) -> None:
    officer.go("/networks/commercial/")
    officer.click("Join this network")
    assert "2 organisations ask to join" in officer.text()
    for address in addresses:
        name = address.partition("@")[0].replace("-", " ").title()
        officer.go("/networks/commercial/organisations/")
        officer.click(f"Hall of {name}")
        officer.choose("May this organisation join?", "Yes, admit it")
        officer.page.locator("[name=reason]").fill("Known to us from its plan.")
        officer.look(" answer")
        officer.click("Save the answer")


def ask(person: Visitor, number: int) -> str:
    person.click("Sectors")
    person.click("Commercial centres")
    person.click("Join this network")
    person.look(" joined")
    person.click("Write something")
    person.choose("What is it?", "A question")
    person.fill("Title", f"Who moved a queue indoors? {number}")
    person.page.locator("[name=text]").fill("How did you do it without more staff?")
    person.click("Post it")
    assert "TLP:AMBER" in person.page.locator(".wm-tlp").inner_text()
    return person.path


def reply(person: Visitor, question: str) -> None:
    person.go("/networks/commercial/")
    assert "Who moved a queue" not in person.text()
    person.click("Join this network")
    with person.page.expect_navigation():
        person.page.locator(f"main a[href='{question}']").first.click()
    person.look()
    person.page.locator("[name=text]").fill("Open the side door half an hour earlier.")
    person.click("Reply")
    assert "Open the side door" in person.text()


def mark_the_answer(person: Visitor, question: str) -> None:
    person.go(question)
    with person.page.expect_navigation():
        person.page.locator("form[action$='/answer/'] button").first.click()
    person.look(" answered")
    assert "This is not the answer" in person.text()


def propose_a_lesson(person: Visitor, number: int) -> str:
    person.click("Sectors")
    person.click("Search the lessons")
    person.click("Add a lesson")
    for label, words in {
        "Title": f"Cards at every till, {number}",
        "City or venue": "Otley",
        "Country": "United Kingdom",
        "When": "May 2026",
        "What happened?": "In an exercise nobody at the tills knew what to say to the police.",
        "What was done about it?": "A card with five lines hangs at each till. It is read out at each briefing.",
        "What worked?": "Five lines and no more.",
        "Where does this come from?": "Own experience",
        "Published by": "The hall's committee",
        "Year": "2026",
    }.items():
        person.fill(label, words)
    person.page.locator("[name=category]").select_option("exercise")
    person.choose("What does it cost?", "Low")
    person.choose("Where can it be used?", "Nearly anywhere")
    person.tick("Commercial centres")
    person.page.locator(f"input[name=criteria][value={CRITERION}]").check(force=True)
    person.choose("Who may read it?", "TLP:GREEN")
    person.click("Save and send for review")
    assert "waits for another person" in person.text()
    assert person.page.get_by_role("button", name="Publish it").count() == 0
    return person.path


def review_it(officer: Visitor, lesson: str) -> None:
    officer.click("Sectors")
    officer.click("Lessons waiting for review")
    with officer.page.expect_navigation():
        officer.page.locator(f"main a[href='{lesson}']").click()
    officer.look(" review")
    officer.click("Publish it")
    assert "The lesson is in the library" in officer.text()


def meet_it_at_the_criterion(writer: Visitor, plan: str, number: int) -> None:
    writer.go(f"{plan}criteria/{CRITERION}/")
    writer.look(" lessons")
    writer.click(f"Cards at every till, {number}")
    assert "Five lines and no more." in writer.text()
