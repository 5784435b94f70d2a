"""What happens to a certificate after it was issued: two officers at a time, and everybody who checks it sees it at once."""

from __future__ import annotations

import time

import pytest

from tests.e2e import steps
from tests.e2e.browsing import WAYS, Inspector, Visitor, Way, visiting
from tests.e2e.moving import MOVED, OVERDUE, PASSED_ON, person, place

pytestmark = pytest.mark.e2e

WHY = "A lorry drove into the loading bay at noon."
SCOPE = "The hall without its loading bay, for no more than 900 people at one time, staff included."


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_suspended_reinstated_varied_and_revoked(way: Way, inspector: Inspector) -> None:
    number = WAYS.index(way)
    with (
        visiting(inspector, way) as holder,
        visiting(inspector, way) as first,
        visiting(inspector, way) as second,
        visiting(inspector, way) as anybody,
    ):
        holder.sign_in(person("holder", MOVED, number))
        certificate, check = steps.find_certificate(holder, place(MOVED, number))
        first.sign_in(person("adviser", MOVED, number), code=steps.code)
        first.click("Queue")
        decide_on_what_is_overdue(first, place(MOVED, number))
        suspend_at_once(first)
        assert verdict(anybody, check) == "Not valid now: suspended"
        holder.go(certificate)
        holder.look(" suspended at once")
        assert WHY in holder.text()
        assert "unless a second officer confirms it before then" in holder.text()

        second.sign_in(person("authoriser", MOVED, number), code=steps.code)
        second.click("Queue")
        answer(second, "Suspension", place(MOVED, number), "Confirm: suspend this certificate")
        assert verdict(anybody, check) == "Not valid now: suspended"

        propose(first, certificate, "Reinstate this certificate", "Propose to reinstate")
        assert verdict(anybody, check) == "Not valid now: suspended"
        answer(second, "Reinstatement", place(MOVED, number), "Confirm: reinstate this certificate")
        assert verdict(anybody, check).startswith("In force today")

        vary(first, certificate)
        answer(second, "Variation", place(MOVED, number), "Confirm: vary this certificate")
        varied, new_check = steps.newer_certificate(holder, certificate)
        assert verdict(anybody, check) == "Not valid: a newer certificate has taken its place"
        assert verdict(anybody, new_check).startswith("In force today")
        assert SCOPE in anybody.text()

        propose(first, varied, "Revoke this certificate", "Propose to revoke")
        assert verdict(anybody, new_check).startswith("In force today")
        answer(second, "Revocation", place(MOVED, number), "Confirm: revoke this certificate now")
        assert verdict(anybody, new_check) == "Not valid: revoked"
        assert WHY not in anybody.page.content()
        holder.go(varied)
        holder.look(" revoked")
        assert "Take down every copy that is on show" in holder.text()
        holder.click("Plans for this place")


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_handed_to_another_organisation_which_gives_it_up(way: Way, inspector: Inspector) -> None:
    number = WAYS.index(way)
    with visiting(inspector, way) as holder, visiting(inspector, way) as taker, visiting(inspector, way) as anybody:
        holder.sign_in(person("holder", PASSED_ON, number))
        certificate, check = steps.find_certificate(holder, place(PASSED_ON, number))
        offer(holder, person("taker", PASSED_ON, number))
        taker.sign_in(person("taker", PASSED_ON, number))
        accept(taker)
        holder.go(certificate)
        assert "It is with the police" in holder.text()

        with visiting(inspector, way) as first, visiting(inspector, way) as second:
            first.sign_in(person("adviser", PASSED_ON, number), code=steps.code)
            first.go("/proposals/")
            first.click(place(PASSED_ON, number))
            first.look(" for the police")
            first.click("Propose to transfer")
            say_why(first, "Propose to transfer")
            second.sign_in(person("authoriser", PASSED_ON, number), code=steps.code)
            answer(second, "Transfer", place(PASSED_ON, number), "Confirm: transfer this certificate")

        made, new_check = own(taker)
        assert verdict(anybody, check) == "Not valid: a newer certificate has taken its place"
        assert verdict(anybody, new_check).startswith("In force today")
        assert f"Taking Trust {number + 1}" in anybody.text()
        holder.go(certificate)
        holder.look(" passed on")
        assert f"Transferred to Taking Trust {number + 1}" in holder.text()
        download_all(taker)
        give_up(taker, made)
        assert verdict(anybody, new_check) == "Not valid: given up by its holder"


# What officers do -------------------------------------------------------------------------------------------------------


def decide_on_what_is_overdue(officer: Visitor, name: str) -> None:
    """To wait is one of the choices; this officer acts against the certificate instead."""
    officer.click("Conditions of certificates to look at")
    officer.page.get_by_role("row").filter(has_text=name).get_by_role("link").first.click()
    officer.look(" overdue")
    assert OVERDUE in officer.text()
    officer.excuse("422")
    officer.page.get_by_text("Wait until a day, the date unchanged", exact=True).click()
    officer.click("Wait until then")
    officer.look(" wait errors")
    assert "Say why" in officer.text()
    officer.click("Propose to act against the certificate")


def suspend_at_once(officer: Visitor) -> None:
    officer.click("Suspend this certificate")
    officer.click("Propose to suspend")
    officer.look(" errors")
    assert "Say why" in officer.text()
    officer.fill("Why should this certificate be suspended?", WHY)
    officer.tick("Urgent: suspend it now")
    officer.click("Propose to suspend")
    officer.look(" urgent")
    assert "A second officer has to confirm that before" in officer.text()
    assert officer.page.get_by_role("button", name="Confirm: suspend this certificate").count() == 0


def propose(officer: Visitor, certificate: str, link: str, button: str) -> None:
    officer.go(certificate)
    officer.click(link)
    say_why(officer, button)


def say_why(officer: Visitor, button: str) -> None:
    officer.page.locator("textarea[name=reason]").fill(WHY)
    officer.click(button)
    assert "Another officer of the area has to confirm it" in officer.text()


def vary(officer: Visitor, certificate: str) -> None:
    """An end can be brought forward, not put off."""
    officer.go(certificate)
    officer.click("Vary this certificate")
    officer.look(" vary")
    year = officer.page.locator("[name=valid_until_year]")
    before = year.input_value()
    year.fill(str(int(before) + 1))
    officer.fill("It covers", SCOPE)
    officer.page.locator("textarea[name=reason]").fill(WHY)
    officer.click("Propose to vary")
    officer.look(" vary errors")
    assert "There is a problem" in officer.text()
    year.fill(before)
    officer.click("Propose to vary")
    officer.look(" variation")
    assert SCOPE in officer.text()


def answer(officer: Visitor, what: str, name: str, button: str) -> None:
    """From the list of what waits for a second officer."""
    officer.go("/proposals/")
    row = officer.page.get_by_role("row").filter(has_text=name).filter(has_text=what)
    with officer.page.expect_navigation():
        row.get_by_role("link").first.click()
    officer.look(f" {what}")
    assert WHY in officer.text()
    officer.click(button)
    officer.look(f" after {what}")


# What holders do --------------------------------------------------------------------------------------------------------


def own(taker: Visitor) -> tuple[str, str]:
    taker.go("/certificates/")
    with taker.page.expect_navigation():
        taker.page.locator("main table a").first.click()
    steps.wait_for(taker, "In force until")
    taker.look(" taken over")
    return taker.path, steps.check_of(taker)


def offer(holder: Visitor, email: str) -> None:
    holder.click("Hand the place and its certificate to another organisation")
    holder.excuse("422")
    holder.click("Send the offer")
    holder.look(" errors")
    assert "Confirm that the plan goes with the place" in holder.text()
    holder.fill("Email address of an owner of the other organisation", email)
    holder.tick("The security plan goes with the place")
    holder.click("Send the offer")
    assert email in holder.text()


def accept(taker: Visitor) -> None:
    """A new holder is tested as the first was."""
    assert "A certified place is offered to you" in taker.text()
    taker.look(" with an offer")
    taker.click("Read the offer")
    taker.look(" for the taker")
    taker.click("Accept: answer the questions")
    taker.excuse("422")
    taker.click("Accept the offer")
    taker.look(" errors")
    assert "Say how you can do what the certificate rests on" in taker.text()
    taker.choose("Who will control the place?", "An organisation")
    for label, words in {
        "Name of the responsible person or organisation": "Taking Trust",
        "On what ground?": "Leaseholder from the spring",
        "Designated senior individual": "Tess Taker",
        "Their position": "Director",
        "How can you do what the certificate rests on?": "The wardens stay, and train with us in the first week.",
        "Your own position in the organisation": "Director",
    }.items():
        taker.fill(label, words)
    taker.tick("What I have said is true")
    taker.click("Accept the offer")
    taker.look(" accepted")


def download_all(taker: Visitor) -> None:
    taker.go("/certificates/bulk/")
    taker.click("Make a ZIP of the posters", exact=False)
    link = taker.page.locator("main a[href$='/file/']")
    deadline = time.monotonic() + steps.PATIENCE
    while not link.count() and time.monotonic() < deadline:
        time.sleep(0.5)
        taker.page.reload()
    taker.look(" made")
    with taker.page.expect_download() as found:
        link.click()
    assert found.value.suggested_filename.endswith(".zip")


def give_up(taker: Visitor, certificate: str) -> None:
    taker.go(certificate)
    taker.click("Give this certificate up")
    taker.click("Give up this certificate now")
    taker.look(" errors")
    assert "There is a problem" in taker.text()
    taker.page.locator("textarea[name=reason]").fill("The hall closes for good.")
    for box in taker.page.locator("main input[type=checkbox]").all():
        box.check(force=True)
    taker.click("Give up this certificate now")
    taker.look(" given up")
    assert "Its holder gave it up on" in taker.text()


def verdict(anybody: Visitor, check: str) -> str:
    """What a steward reads now: no answer is kept, so that a move shows at the next look."""
    anybody.go(check)
    said = anybody.heading().strip()
    anybody.look(f" {said}")
    return said
