"""What people do in the journeys, one function an errand."""

from __future__ import annotations

import functools
import re
import time
from typing import Any, Final

import yaml
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from scripts.prepare import STANDARD
from scripts.stages import ROOT
from tests.e2e.browsing import Visitor
from tests.factories.accounts import PASSWORD, TOTP_SEED

BY_HAND: Final = 3
# Seconds that a worker may take on a machine that does much else.
PATIENCE: Final = 120
FOUND: Final = 302
PERIOD: Final = 30
SPARE: Final = 5
FILE: Final = {"name": "assembly-point.txt", "mimeType": "text/plain", "buffer": b"Everybody meets at the beech tree."}
HALL: Final = {
    "Name": "Thistle Green Village Hall",
    "Address": "2 Well Lane",
    "Town or city": "Thistle Green",
    "Postcode": "LS26 8QX",
    "Name of the responsible organisation or person": "Thistle Green Hall Trust",
    "Why are they responsible?": "Owns the hall and lets it out.",
}


def code() -> str:
    """With time left to send it: the service takes the code of this half minute alone."""
    if (left := PERIOD - time.time() % PERIOD) < SPARE:
        time.sleep(left)
    return format_hotp_value(hotp_value(TOTP_SEED, int(time.time()) // PERIOD))


def make_account(person: Visitor, *, name: str, email: str) -> None:
    """From the page of signing in to an address that is confirmed by the link in the mail."""
    person.click("Make an account")
    person.fill("Full name", name)
    person.fill("Email address", email)
    person.fill("Password", PASSWORD)
    person.fill("Password again", PASSWORD)
    person.click("Make an account")
    person.click("Read the demonstration\N{RIGHT SINGLE QUOTATION MARK}s mail")
    row = person.page.get_by_role("row").filter(has_text=email)
    with person.page.expect_navigation():
        row.get_by_role("link").first.click()
    person.look()
    person.go(person.page.locator("main a[href*='confirm-email']").get_attribute("href") or "")
    person.click("Yes, confirm it")


def find_out_about_a_hall(person: Visitor) -> None:
    person.go("/")
    person.click("Find out what applies")
    person.click("Start now")
    answer_triage(
        person,
        ["A place", "A hall for hire", "Yes", "No, it is mainly indoors", "Yes", "Yes", "250", "Yes", "None of these"],
    )


def answer_triage(person: Visitor, answers: list[str]) -> None:
    for answer in answers:
        if person.page.locator("main select").count():
            options = person.page.locator("main select option").all_inner_texts()
            [wanted] = [words for words in options if words.startswith(answer)][:1]
            person.page.locator("main select").select_option(label=wanted)
        elif person.page.locator("main input[type=text]").count():
            person.page.locator("main input[type=text]").fill(answer)
        else:
            person.page.get_by_role("radio", name=re.compile(f"^{re.escape(answer)}")).first.check(force=True)
        person.click("Continue")


def register_hall(person: Visitor) -> None:
    """What triage was told is there already; the rest is typed."""
    expect(person.page.get_by_label("Greatest number of people at one time")).to_have_value("250")
    for label, words in HALL.items():
        person.fill(label, words)
    person.page.get_by_label("Police area").select_option("west-yorkshire")
    person.choose("How did you work that number out?", "The safe occupancy")
    person.choose("What is checked when people come in?", "None of these")
    person.choose("Is the responsible person an organisation", "An organisation")
    person.click("Register")


def answer_everything(person: Visitor, plan: str, codes: list[str], *, level: int = 3) -> None:
    """The first questions by hand, the others as their forms would send them."""
    person.click("Answer the first question")
    for _ in range(BY_HAND):
        answer_by_hand(person, level)
    want_files = _wanting_files()
    for one in codes[BY_HAND:]:
        fields: dict[str, Any] = {"version": "0", "level": str(level), "account": f"In place: {one}.", "action": "back"}
        if one in want_files:
            fields["file"] = FILE
        assert person.post(f"{plan}criteria/{one}/", fields) == FOUND, one


@functools.cache
def _wanting_files() -> frozenset[str]:
    document = yaml.safe_load((ROOT / STANDARD).read_text(encoding="utf-8"))
    criteria = [one for section in document["sections"] for one in section["criteria"]]
    return frozenset(one["code"] for one in criteria if one["evidence"] == "required")


def answer_by_hand(person: Visitor, level: int) -> None:
    person.page.locator(f"input[name=level][value='{level}']").check(force=True)
    person.page.locator("textarea[name=account]").fill("The hall manager looks after it; checked in September.")
    files = person.page.locator("input[type=file]")
    if files.count():
        files.set_input_files(FILE)  # type: ignore[arg-type]  # a constant, and so not the TypedDict
    person.click("Save and continue")


def submit(person: Visitor, *, again: bool = False) -> str:
    """Waits for the scanner's word on the files, as somebody would; returns the receipt."""
    person.click("Check and submit again" if again else "Check and submit")
    deadline = time.monotonic() + PATIENCE
    while "being scanned" in person.text() and time.monotonic() < deadline:
        time.sleep(0.5)
        person.page.reload()
    person.fill("Your full name", "Nell Newcomer")
    person.fill("Your position", "Chair of the trust")
    person.tick("I have checked this plan")
    person.click("Submit the plan")
    found = re.search(r"Your receipt is\s+(\S+)", person.text())
    assert found, person.text()
    return found[1]


def judge_everything(adviser: Visitor, review: str, codes: list[str]) -> None:
    """Claims are read by hand for the first criteria, then agreed with in the order of the list."""
    adviser.click(f"Judge {codes[0]}")
    for _ in range(BY_HAND):
        adviser.click("Agree with the organiser's level and go on")
    agreed = {"version": "0", "level": "", "comment": "", "change": "", "agree": "1"}
    for one in codes[BY_HAND:]:
        assert adviser.post(f"{review}{one}/", agreed) == FOUND, one
    adviser.go(review)


def wait_for(person: Visitor, words: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while words not in person.text() and time.monotonic() < deadline:
        time.sleep(0.5)
        person.page.reload()
    assert words in person.text()


def find_certificate(holder: Visitor, name: str) -> tuple[str, str]:
    """Its page, and the address that its code leads to."""
    holder.go("/certificates/")
    with holder.page.expect_navigation():
        holder.page.get_by_role("row").filter(has_text=name).get_by_role("link").first.click()
    holder.look()
    return holder.path, check_of(holder)


def check_of(holder: Visitor) -> str:
    address = holder.page.get_by_role("link", name="See what they see").get_attribute("href") or ""
    return address[address.index("/check/") :]


def newer_certificate(holder: Visitor, certificate: str) -> tuple[str, str]:
    """What has taken its place, once the worker has made the document."""
    holder.go(certificate)
    wait_for(holder, "Superseded")
    holder.look(" superseded")
    with holder.page.expect_navigation():
        holder.page.locator("main .govuk-inset-text a[href^='/certificates/']").first.click()
    holder.look(" varied")
    return holder.path, check_of(holder)


def recommend(adviser: Visitor) -> None:
    adviser.click("Make your recommendation")
    adviser.page.get_by_role("radio", name="Certify", exact=True).check(force=True)
    adviser.fill("Summary for the authorising officer", "A small hall that is well looked after.")
    adviser.click("Send the recommendation")


def sign(signer: Visitor, review: str) -> None:
    signer.go(review)
    signer.click("Read the recommendation")
    signer.page.get_by_role("radio", name="Certify", exact=True).check(force=True)
    signer.tick("I have read the review and I sign this decision")
    signer.click("Sign")
