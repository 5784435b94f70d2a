"""The threat level rises: two administrators say so, a holder confirms, an adviser sees who has not."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.e2e import steps
from tests.e2e.browsing import WAYS, Inspector, Visitor, Way, visiting
from tests.e2e.cast import ADMINISTRATORS, AREA_ADVISERS, HELD, HOLDER, SILENT

pytestmark = pytest.mark.e2e

# One journey raises the level and the next one raises it again.
RISES = (("SUBSTANTIAL", "HEIGHTENED", "an attack is likely"), ("CRITICAL", "EXCEPTIONAL", "in the near future"))
MEASURES = "Close the service road and search every second bag."


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_the_level_rises_and_a_holder_confirms(way: Way, inspector: Inspector) -> None:
    number = WAYS.index(way)
    level, response, meaning = RISES[number]
    with visiting(inspector, way) as holder:
        holder.sign_in(HOLDER)
        write_measures(holder, response)
        with visiting(inspector, way) as first, visiting(inspector, way) as second:
            first.sign_in(ADMINISTRATORS[number][0], code=steps.code)
            proposal = propose(first, level, hours_ago=2 - number)
            second.sign_in(ADMINISTRATORS[number][1], code=steps.code)
            confirm(second, proposal, response)

        holder.go("/")
        strip = holder.page.locator(".wm-strip").inner_text()
        assert level in strip
        assert meaning in strip
        assert response in strip
        answer(holder, response)
    with visiting(inspector, way) as adviser:
        adviser.sign_in(AREA_ADVISERS[number], code=steps.code)
        see_who_has_not(adviser)
    with visiting(inspector, way) as anybody:
        anybody.go("/threat-level/")
        assert level in anybody.text()
        assert MEASURES not in anybody.page.content()
        assert HELD not in anybody.page.content()


def write_measures(holder: Visitor, response: str) -> None:
    holder.go("/threat-level/")
    holder.click(HELD)
    holder.click(f"Write the measures for {response}")
    holder.fill("What will you do at this level?", MEASURES)
    holder.click("Save")
    assert MEASURES in holder.text()


def propose(administrator: Visitor, level: str, *, hours_ago: int) -> str:
    administrator.go("/threat-level/")
    administrator.click("Record a change")
    administrator.choose("Whose level changes?", "United Kingdom")
    administrator.choose("What is the level?", level)
    administrator.fill("Where was it announced?", "An invented statement")
    when = datetime.now(ZoneInfo("Europe/London")) - timedelta(hours=hours_ago)
    administrator.fill_when("effective_at", str(when.day), str(when.month), str(when.year), f"{when:%H:%M}")
    administrator.fill("What should people know?", "Look out for news, and tell your staff.")
    administrator.click("Propose this change")
    assert "Another national administrator has to confirm it" in administrator.text()
    assert administrator.page.get_by_role("button", name="Confirm this change").count() == 0
    return administrator.path


def confirm(administrator: Visitor, proposal: str, response: str) -> None:
    administrator.go("/threat-level/")
    administrator.page.locator(f"main a[href='{proposal}']").click()
    administrator.look()
    assert f"to {response}. Holders of certificates in force at the enhanced tier are asked" in administrator.text()
    administrator.click("Confirm this change")
    assert "Every page says it now" in administrator.text()


def answer(holder: Visitor, response: str) -> None:
    """The worker asks meanwhile."""
    holder.go("/threat-level/confirmations/")
    deadline = time.monotonic() + steps.PATIENCE
    while not asked(holder, response) and time.monotonic() < deadline:
        time.sleep(0.5)
        holder.page.reload()
    holder.look(" asked")
    holder.click(HELD)
    assert holder.heading() == f"Response level {response}"
    assert MEASURES in holder.text()
    holder.excuse("422")
    holder.choose("Are your measures on?", "Not yet")
    holder.click("Send this answer")
    assert "Say what is not on yet, and why" in holder.text()
    holder.look(" errors")
    holder.choose("Are your measures on?", "Yes, all of them are on")
    holder.click("Send this answer")
    assert "You have confirmed" in holder.text()


def asked(holder: Visitor, response: str) -> bool:
    return response in holder.text() and holder.page.get_by_role("link", name=HELD, exact=True).count() > 0


def see_who_has_not(adviser: Visitor) -> None:
    adviser.go("/threat-level/")
    adviser.click("See who has not confirmed")
    places = adviser.page.locator("tbody a").all_inner_texts()
    assert SILENT in places
    assert HELD not in places
    adviser.go("/threat-level/confirmations/?state=confirmed")
    adviser.click(HELD)
    assert MEASURES in adviser.text()
    assert adviser.page.get_by_role("button", name="Send this answer").count() == 0
