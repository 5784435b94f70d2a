"""Anybody with a certificate in hand: its file dropped on the page, who signs it, how a scanner checks it."""

from __future__ import annotations

import base64

import pytest

from tests.e2e.browsing import WAYS, Inspector, Visitor, Way, visiting

pytestmark = pytest.mark.e2e

STRANGER = b"%PDF-1.7\nA document of somebody else\n%%EOF\n"
# As a person lets go of a file over the page: the file comes with the event.
DROP = """
([selector, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], "certificate.pdf", { type: "application/pdf" }));
  document.querySelector(selector).dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
}
"""


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_file_is_checked_without_an_account(way: Way, inspector: Inspector) -> None:
    with visiting(inspector, way) as anybody:
        anybody.page.goto("/check/")
        anybody.look("the form")
        with anybody.page.expect_navigation():
            anybody.page.get_by_role("button", name="Check the file").click()
        anybody.look("no file")
        assert "Choose the PDF of a certificate" in anybody.text()
        hand_over(anybody, STRANGER)
        with anybody.page.expect_navigation():
            anybody.page.get_by_role("button", name="Check the file").click()
        anybody.look("a stranger's file")
        assert "no certificate of ours" in anybody.heading()


def hand_over(anybody: Visitor, content: bytes) -> None:
    """Dropped where scripts run; chosen where they do not."""
    if anybody.way.scripts:
        anybody.page.evaluate(DROP, [".govuk-file-upload-button", base64.b64encode(content).decode()])
        anybody.page.get_by_text("certificate.pdf").wait_for()
        return
    file = {"name": "certificate.pdf", "mimeType": "application/pdf", "buffer": content}
    anybody.page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]  # a file in memory


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_who_signs_and_how_scanners_check_can_be_read(way: Way, inspector: Inspector) -> None:
    with visiting(inspector, way) as anybody:
        for link, heading in [
            ("Who signs our certificates", "Who signs our certificates"),
            ("Checking without a network, for makers of scanners", "Checking certificates without a network"),
        ]:
            anybody.page.goto("/check/")
            with anybody.page.expect_navigation():
                anybody.page.get_by_role("link", name=link).click()
            anybody.look(heading)
            assert anybody.heading() == heading
