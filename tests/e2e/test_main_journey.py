"""From “does this concern us?” to a certificate that a stranger checks, by everybody whom it takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.e2e import steps
from tests.e2e.browsing import WAYS, Inspector, Visitor, Way, visiting
from tests.e2e.cast import OFFICERS

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_village_hall_is_certified(way: Way, inspector: Inspector, tmp_path: Path) -> None:
    number = WAYS.index(way)
    with visiting(inspector, way) as organiser, visiting(inspector, way) as adviser, visiting(inspector, way) as signer:
        plan, codes = begin(organiser, f"nell-{number}@example.org")
        steps.answer_everything(organiser, plan, codes)
        organiser.go(plan)
        receipt = steps.submit(organiser)
        assert receipt

        adviser.sign_in(OFFICERS["adviser"][number], code=steps.code)
        review = claim(adviser, plan)
        ask_for_a_change(adviser, review, codes[1])
        change(organiser, plan, codes[1])
        assert steps.submit(organiser, again=True) != receipt
        finish_review(adviser, review, codes)

        signer.sign_in(OFFICERS["authoriser"][number], code=steps.code)
        steps.sign(signer, review)
        certificate = download(organiser, plan, tmp_path)
    with visiting(inspector, way) as anybody:
        check(anybody, certificate, tmp_path / "certificate.pdf")


def begin(organiser: Visitor, email: str) -> tuple[str, list[str]]:
    steps.find_out_about_a_hall(organiser)
    assert organiser.heading() == "Standard tier"
    organiser.click("Register this place")
    steps.make_account(organiser, name="Nell Newcomer", email=email)
    organiser.fill("Name of the organisation", f"Hall Trust of {email.partition('@')[0]}")
    organiser.choose("What kind of organisation is it?", "Charity")
    organiser.click("Register")
    steps.register_hall(organiser)
    assert "is registered" in organiser.text()
    organiser.click("Start a plan")
    plan = organiser.path
    page = organiser.context.request.get(plan).text()
    return plan, list(dict.fromkeys(re.findall(r"/criteria/([A-Z]+-\d+)/", page)))


def claim(adviser: Visitor, plan: str) -> str:
    adviser.click("Queue")
    with adviser.page.expect_navigation():
        adviser.page.locator(f"main a[href='{plan}review/']").first.click()
    adviser.look()
    adviser.click("Claim this plan")
    return adviser.path


def ask_for_a_change(adviser: Visitor, review: str, code: str) -> None:
    """One answer is not enough; asking gives the plan back."""
    adviser.go(f"{review}{code}/")
    adviser.page.get_by_label("What needs to change").fill("Say who checks it, and how often.")
    adviser.click("Save and go back")
    adviser.click("Send or delete 1 change request that you have written")
    adviser.click("Send 1 change request")
    assert "was sent to the organiser" in adviser.text()


def change(organiser: Visitor, plan: str, code: str) -> None:
    organiser.go(plan)
    organiser.click("Make the first change")
    assert organiser.path.endswith(f"{code}/")
    assert "Say who checks it, and how often." in organiser.text()
    organiser.page.locator("textarea[name=account]").fill("The caretaker checks it on the first Monday of each month.")
    organiser.click("Save and back to the plan")


def finish_review(adviser: Visitor, review: str, codes: list[str]) -> None:
    adviser.go(review)
    steps.judge_everything(adviser, review, codes)
    steps.recommend(adviser)


def download(organiser: Visitor, plan: str, tmp_path: Path) -> str:
    """The worker makes the document meanwhile; the page says when."""
    organiser.go(plan)
    organiser.click("Open the certificate")
    link = organiser.page.get_by_role("link", name=re.compile("^Download the certificate"))
    for _ in range(steps.PATIENCE):
        if link.count():
            break
        organiser.page.wait_for_timeout(1000)
        organiser.page.reload()
    organiser.look(" made")
    with organiser.page.expect_download() as found:
        link.click()
    found.value.save_as(tmp_path / "certificate.pdf")
    text = "\n".join(page.extract_text() for page in PdfReader(tmp_path / "certificate.pdf").pages)
    assert "Thistle Green Village Hall" in text
    assert "beech tree" not in text
    return organiser.page.get_by_role("link", name="See what they see").get_attribute("href") or ""


def check(anybody: Visitor, address: str, document: Path) -> None:
    """By the address in the code, and by the number that is printed beside it."""
    anybody.go(address)
    assert "In force today" in anybody.heading()
    found = re.search(r"PSC-\d{4}-\d{6}-\w", anybody.text())
    assert found
    anybody.go("/check/")
    anybody.fill("Certificate number", found[0].lower().replace("-", " "))
    anybody.click("Check")
    assert "In force today" in anybody.heading()
    assert "Thistle Green Village Hall" in anybody.text()
    assert "caretaker" not in anybody.page.content()
    drop(anybody, document.read_bytes())
    assert "In force today" in anybody.heading()
    assert "byte for byte" in anybody.text()
    drop(anybody, document.read_bytes() + b"\n")
    assert "this file has been changed" in anybody.heading()


def drop(anybody: Visitor, content: bytes) -> None:
    """The document itself, as the organiser downloaded it."""
    anybody.page.goto("/check/")
    file = {"name": "certificate.pdf", "mimeType": "application/pdf", "buffer": content}
    anybody.page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]  # a file in memory
    with anybody.page.expect_navigation():
        anybody.page.get_by_role("button", name="Check the file").click()
    anybody.look("a file")
