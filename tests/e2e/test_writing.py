"""Writing an answer: with the keyboard alone, beside a colleague, and with nobody pressing Save."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import WAYS, Inspector, Visitor, Way, visiting
from tests.e2e.cast import ANSWERED, COLLEAGUE, ORGANISER
from tests.e2e.keyboard import Keyboard
from tests.e2e.service import Service
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.e2e

CRITERION = "criteria/GOV-01/"


def test_the_keyboard_is_enough(service: Service, inspector: Inspector) -> None:
    """Signing in, one answer, a submission: no pointer, every stop visible."""
    with visiting(inspector, WAYS[0]) as person:
        keys = Keyboard(person)
        person.go("/accounts/login/")
        keys.skip_to_main()
        keys.write("Email address", ORGANISER)
        keys.write("Password", PASSWORD)
        keys.press("Sign in")

        person.go(service.plans["keyboard"])
        keys.press("Answer the first question")
        keys.select_radio("level", "3")
        keys.write("Say what you have in place", "Two wardens a shift.")
        keys.press("Save and back to the plan")
        assert "1 of" in person.text()

        person.go(service.plans[ANSWERED])
        keys.press("Check and submit")
        keys.write("Your full name", "Olive Organiser")
        keys.write("Your position", "Trust manager")
        keys.tick("I have checked this plan")
        keys.press("Submit the plan")
        assert "Your receipt is" in person.text()


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_two_colleagues_who_write_one_answer_both_see_both(way: Way, service: Service, inspector: Inspector) -> None:
    address = f"{service.plans[f'clash-{WAYS.index(way)}']}{CRITERION}"
    with visiting(inspector, way) as olive, visiting(inspector, way) as cass:
        olive.sign_in(ORGANISER)
        cass.sign_in(COLLEAGUE)
        olive.go(address)
        cass.go(address)
        write(olive, "Olive wrote this.", level=2)
        olive.click("Save and back to the plan")

        cass.excuse("409")
        write(cass, "Cass wrote that.", level=4)
        cass.click("Save and back to the plan")
        assert cass.path == address
        cass.look(" clash")
        both = cass.page.get_by_role("region", name="Two versions of this answer").inner_text()
        assert "Olive wrote this." in both
        assert "Cass wrote that." in both
        assert "Olive Organiser" in both

        write(cass, "Olive wrote this. Cass wrote that.", level=4)
        cass.click("Save and back to the plan")
        olive.go(address)
        expect(olive.page.locator("textarea[name=account]")).to_have_value("Olive wrote this. Cass wrote that.")


def test_what_is_written_is_kept_without_a_button(service: Service, inspector: Inspector) -> None:
    """The score follows by htmx, a reload shows the words, and so does another device."""
    address = f"{service.plans['autosave']}{CRITERION}"
    with visiting(inspector, WAYS[0]) as olive, visiting(inspector, WAYS[0]) as elsewhere:
        olive.sign_in(ORGANISER)
        olive.go(address)
        score = olive.page.locator("#score")
        expect(score).to_contain_text(re.compile(r"\b0 of \d+ questions answered"))
        write(olive, "Kept without a button.", level=3)
        expect(olive.page.locator("[data-autosave-status]")).to_have_text(re.compile(r"^Saved at \d"))
        expect(score).to_contain_text(re.compile(r"\b1 of \d+ questions answered"))
        olive.look(" saved")

        olive.page.reload()
        expect(olive.page.locator("textarea[name=account]")).to_have_value("Kept without a button.")
        expect(olive.page.locator("input[name=level][value='3']")).to_be_checked()
        elsewhere.sign_in(ORGANISER)
        elsewhere.go(address)
        expect(elsewhere.page.locator("textarea[name=account]")).to_have_value("Kept without a button.")


def write(person: Visitor, words: str, *, level: int) -> None:
    person.page.locator(f"input[name=level][value='{level}']").check(force=True)
    person.page.locator("textarea[name=account]").fill(words)
