"""An advisory closes its loop: written, approved, published, acknowledged by one, chased, raised with the police, retracted."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.e2e import steps
from tests.e2e.browsing import WAYS, Inspector, Visitor, Way, visiting
from tests.e2e.cast import OFFICERS, ORGANISER
from tests.e2e.later import hours_later
from tests.e2e.service import Service

pytestmark = pytest.mark.e2e
LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_an_advisory_is_acted_on_chased_and_taken_back(way: Way, service: Service, inspector: Inspector) -> None:
    number = WAYS.index(way)
    title = f"Vans at loading bays, seen {number + 2} times"
    with visiting(inspector, way) as author, visiting(inspector, way) as second, visiting(inspector, way) as reader:
        author.sign_in(OFFICERS["adviser"][number], code=steps.code)
        second.sign_in(OFFICERS["authoriser"][number], code=steps.code)
        reader.sign_in(ORGANISER)

        address = write(author, title)
        approve(second, title)
        publish(author, address)
        answer_one_place(reader, title)
        paper(reader, address)
        look_at_the_reach(author, address)

        # At the due time, and each stage half of the time that was given later.
        given = (tomorrow_midday() - datetime.now(LONDON)) / timedelta(hours=1)
        assert [hours_later(service, given * share) > 0 for share in (0.9, 1.1, 1.6, 2.1)] == [False, True, True, True]
        assert hours_later(service, given * 3) == 0
        chased(author)

        # Others of the cast stay silent.
        before = silent(author, address)
        acknowledge_the_rest(reader, address)
        assert silent(author, address) == before - 1
        retract(author, reader, address, title)


def tomorrow_midday() -> datetime:
    return datetime.now(LONDON).replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=1)


def write(author: Visitor, title: str) -> str:
    """The address of the advisory."""
    author.click("Advisories")
    author.click("Write an advisory")
    author.fill("Title", title)
    author.fill("What is known", "An unmarked van waited at two loading bays while nothing was due.")
    author.fill("What to do", "Ask each driver whom they are for.")
    author.choose("Severity", "Severe")
    # Or reminders would keep to the day.
    author.choose("Urgency", "Immediate")
    author.choose("Certainty", "Likely")
    due = tomorrow_midday()
    author.fill_when("due_at", str(due.day), str(due.month), str(due.year), "midday")
    author.tick("Commercial centres")
    author.fill("Temporary criterion", "Can a van be stopped outside the gate?")
    author.click("Save and see whom it reaches")
    assert re.search(r"\d+\s+people to be told", author.text())
    author.click("Send it for approval")
    assert "Waiting for a second person" in author.text()
    return author.path.removesuffix("manage/")


def approve(second: Visitor, title: str) -> None:
    second.go("/advisories/written/")
    second.click(title)
    second.click("Decide on it")
    second.click("Approve it")
    assert "Ready to send" in second.text()


def publish(author: Visitor, address: str) -> None:
    author.go(f"{address}manage/")
    author.click("Publish it now")
    for _ in range(steps.PATIENCE):
        if re.search(r"\b[1-9]\d*\s+places addressed", author.text()) and "still addressing" not in author.text():
            break
        author.page.wait_for_timeout(1000)
        author.page.reload()
    author.look(" addressed")
    assert "still addressing" not in author.text()


def answer_one_place(reader: Visitor, title: str) -> None:
    reader.click("Advisories")
    reader.click(title)
    assert "Ask each driver whom they are for." in reader.text()
    assert "TLP:AMBER" in reader.page.locator(".wm-tlp").inner_text()
    with reader.page.expect_navigation():
        reader.page.get_by_role("link", name=re.compile("^Say what you did")).first.click()
    reader.look()
    reader.choose("What is in place?", "2 Partly")
    reader.page.locator("textarea[name=account]").fill("A chain across the lane.")
    reader.click("Save the answer")
    reader.fill("What was done", "The bays are locked and the drivers' list is at the desk.")
    reader.click("Mark as done")
    assert "The bays are locked" in reader.text()


def paper(reader: Visitor, address: str) -> None:
    """The worker draws it meanwhile."""
    for _ in range(steps.PATIENCE):
        answer = reader.page.request.get(f"{reader.inspector.address}{address}pdf/", max_redirects=0)
        if answer.status == 200:
            break
        reader.page.wait_for_timeout(1000)
    assert (answer.headers["content-type"], answer.body()[:5]) == ("application/pdf", b"%PDF-")
    assert re.fullmatch(
        r'attachment; filename="TLP-AMBER-advisory-[0-9-]+\.pdf"', answer.headers["content-disposition"]
    )


def look_at_the_reach(author: Visitor, address: str) -> None:
    """Who is silent, who has read it, and that no mail came back."""
    author.go(f"{address}reach/?state=silent")
    assert "Not read" in author.page.locator("table.wm-table").inner_text()
    author.look(" silent")
    author.go(f"{address}reach/?state=done")
    assert "Not read" not in author.page.locator("table.wm-table").inner_text()
    author.go(f"{address}reach/returned/")
    assert "Nothing came back" in author.text()


def chased(author: Visitor) -> None:
    """The demonstration shows its mail: one of each to the organiser or the adviser."""
    author.go("/sent-mail/")
    for words in (
        "please acknowledge an advisory",
        "an advisory is overdue at your organisation",
        "an advisory is still not acknowledged everywhere",
    ):
        assert words in author.text(), words


def silent(author: Visitor, address: str) -> int:
    """How many organisations have not answered for any of their places."""
    author.go(f"{address}reach/")
    found = re.search(r"\b(\d+)\s+organisations? silent", author.text())
    assert found is not None, author.text()
    return int(found[1])


def acknowledge_the_rest(reader: Visitor, address: str) -> None:
    reader.go(address)
    reader.click("I have read it: acknowledge for all of our places")
    assert re.search(r"Acknowledged for \d+ places", reader.text())
    assert "I have read it" not in reader.text()


def retract(author: Visitor, reader: Visitor, address: str, title: str) -> None:
    author.go(f"{address}manage/")
    author.click("Retract it")
    author.fill("Why is it retracted?", "The vans are the laundry's. Nothing further is to be done.")
    author.click("Retract it")
    reader.go(address)
    reader.look(" retracted")
    assert "Do not act on this advisory any further." in reader.text()
    assert "The vans are the laundry's." in reader.text()
    for _ in range(steps.PATIENCE):
        author.page.goto("/sent-mail/")
        if f"Retracted: {title}" in author.text():
            break
        author.page.wait_for_timeout(1000)
    assert f"TLP:AMBER Retracted: {title}" in author.text()
