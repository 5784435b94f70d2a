"""A condition gets more time and is met: the holder shows it with a file, an officer accepts, whoever checks sees it."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.govuk.formats import uk_date
from tests.e2e import steps
from tests.e2e.browsing import WAYS, Inspector, Visitor, Way, visiting
from tests.e2e.cast import CONDITION_ADVISERS, CONDITION_HOLDERS

pytestmark = pytest.mark.e2e

NOTE = "The survey was done in the spring; the report is added."
REPORT = {"name": "survey.txt", "mimeType": "text/plain", "buffer": b"Two approaches, both slow."}


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_condition_is_met_and_the_check_says_so(way: Way, inspector: Inspector) -> None:
    number = WAYS.index(way)
    with visiting(inspector, way) as holder, visiting(inspector, way) as anybody:
        holder.sign_in(CONDITION_HOLDERS[number])
        certificate, check = find_certificate(holder)
        holder.go(f"{certificate}#conditions")
        holder.click("PHY-01")
        condition = holder.path
        until = ask_for_time(holder)
        show_it_is_met(holder)
        anybody.go(check)
        assert "conditions" in anybody.heading().lower()
        assert NOTE not in anybody.page.content()

        with visiting(inspector, way) as officer:
            officer.sign_in(CONDITION_ADVISERS[number], code=steps.code)
            grant(officer, condition, until)
            send_back(officer, condition)
            holder.go(condition)
            assert "The report is not signed." in holder.text()
            send(holder)
            accept(officer, condition)

        anybody.go(check)
        assert "conditions" not in anybody.heading().lower()
        holder.go(certificate)
        assert "Condition on PHY-01 met" in holder.text()


def find_certificate(holder: Visitor) -> tuple[str, str]:
    """Its page, and the address that its code leads to."""
    holder.go("/certificates/")
    holder.page.locator("main table a").first.click()
    holder.look()
    check = holder.page.get_by_role("link", name="See what they see").get_attribute("href") or ""
    return holder.path, check[check.index("/check/") :]


def ask_for_time(holder: Visitor) -> date:
    holder.excuse("422")
    holder.page.get_by_text("Ask for more time", exact=True).click()
    holder.click("Ask the police for more time")
    holder.look(" time errors")
    assert "Enter the new date" in holder.text()
    until = datetime.now(ZoneInfo("Europe/London")).date() + timedelta(days=70)
    holder.fill_when("ask-until", str(until.day), str(until.month), str(until.year))
    holder.page.locator("[name=ask-reason]").fill("The surveyor comes in a month.")
    holder.click("Ask the police for more time")
    holder.look(" time asked for")
    assert "The police have not answered yet" in holder.text()
    return until


def grant(officer: Visitor, condition: str, until: date) -> None:
    officer.go(condition)
    officer.look(" time to grant")
    assert "The surveyor comes in a month." in officer.text()
    officer.click(f"Grant it: due on {uk_date(until)}")
    officer.look(" time granted")
    assert f"Due\t{uk_date(until)}" in officer.text() or f"Due\n{uk_date(until)}" in officer.text()


def show_it_is_met(holder: Visitor) -> None:
    holder.click("Send to the police")
    assert "Say what has been done to meet the condition" in holder.text()
    holder.look(" errors")
    holder.fill("What has been done?", NOTE)
    holder.page.locator("input[type=file]").set_input_files(REPORT)  # type: ignore[arg-type]  # a constant, no TypedDict
    holder.click("Save and add the file")
    deadline = time.monotonic() + steps.PATIENCE
    while "being scanned" in holder.text().lower() and time.monotonic() < deadline:
        time.sleep(0.5)
        holder.page.reload()
    holder.look(" with a file")
    send(holder)
    assert holder.page.get_by_role("button", name="Take it back").count() == 1


def send(holder: Visitor) -> None:
    holder.fill("What has been done?", NOTE)
    holder.click("Send to the police")
    assert "Sent to the police" in holder.text()
    holder.look(" sent")


def send_back(officer: Visitor, condition: str) -> None:
    officer.go("/queue/")
    officer.click("Conditions of certificates to look at")
    assert officer.heading() == "Conditions to look at"
    officer.page.locator(f"main a[href='{condition}']").click()
    officer.look(" for the officer")
    assert NOTE in officer.text()
    officer.page.get_by_text("Send it back", exact=True).click()
    officer.fill("What is still missing?", "The report is not signed.")
    officer.click("Send it back to the holder")
    assert "Those concerned have been told" in officer.text()


def accept(officer: Visitor, condition: str) -> None:
    officer.go(condition)
    officer.click("Accept: the condition is met")
    assert "The condition is met. The holder has been told." in officer.text()
    officer.look(" met")
