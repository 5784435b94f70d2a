"""The register for somebody who types in a hurry, and the badge on a holder's page."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browsing import WAYS, Inspector, Visitor, Way, visiting
from tests.e2e.cast import CERTIFIED, ORGANISER

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_name_with_a_typing_error_is_found(way: Way, inspector: Inspector) -> None:
    with visiting(inspector, way) as visitor:
        visitor.go("/register/")
        visitor.look(" all")
        search(visitor, "wetherfold libary")
        visitor.look(" close")
        assert "No certificate has “wetherfold libary” in its name, place or holder." in visitor.text()
        visitor.click("wetherfold library")
        assert "No certificate has" not in visitor.text()
        assert CERTIFIED in visitor.text()
        search(visitor, "ls213aa")
        assert CERTIFIED in visitor.text()
        search(visitor, "nothing of the kind")
        visitor.look(" nothing")
        assert "Nothing found" in visitor.text()
        search(visitor, CERTIFIED)
        visitor.page.get_by_role("link", name=re.compile("^PSC-")).click()
        visitor.look(" entry")
        assert visitor.heading() == CERTIFIED
        visitor.click("Check it now")
        assert "In force" in visitor.text()
        visitor.go("/register/data/")


def search(visitor: Visitor, words: str) -> None:
    visitor.fill("Name, town, postcode or certificate number", words)
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name="Search").click()


@pytest.fixture
def pasted(inspector: Inspector) -> str:
    """The words that the holder copies from the certificate's page."""
    with visiting(inspector, WAYS[0]) as holder:
        holder.sign_in(ORGANISER)
        holder.go("/certificates/")
        holder.page.get_by_role("link", name=re.compile("^PSC-")).first.click()
        holder.look(" with badge")
        holder.page.get_by_text("Copy the badge into your site").click()
        return holder.page.locator("#badge").inner_text()


@pytest.fixture
def elsewhere(pasted: str) -> Iterator[str]:
    """A holder's own site, which takes only what others let it show. To a browser it is another site than ours, which
    has a name.
    """
    page = f"<!doctype html><html lang=en><title>Trust</title><main><h1>Our hall</h1>{pasted}</main></html>"

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_the_badge_shows_on_another_site(browser: Browser, elsewhere: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(elsewhere)
    picture = page.get_by_role("img", name=re.compile("^Protective security certificate PSC-"))
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth") == 320
    assert context.cookies() == []
    picture.click()
    assert page.locator("h1").inner_text() == CERTIFIED
    context.close()
