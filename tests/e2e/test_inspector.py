"""The journeys rest on the inspector: each thing that it looks for is shown to it once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from tests.e2e.browsing import WAYS, Inspector, Way, visiting
from tests.e2e.service import Service

pytestmark = pytest.mark.e2e

BAD = """<!doctype html><html><head><title></title></head><body><main><h1>Bad</h1>
<input type="text"><p style="width: 900px">Wide</p></main></body></html>"""


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_bad_page_is_seen(way: Way, service: Service, browser: Browser) -> None:
    inspector = Inspector(browser, service.address)
    with visiting(inspector, way) as person:
        person.page.route("**/bad/", lambda route: route.fulfill(body=BAD, content_type="text/html"))
        person.go("/bad/")
    found = " ".join(inspector.faults)
    assert re.search(r"\d{3} pixels wide on a screen of 320", found)
    for rule in ("document-title", "html-has-lang", "label"):
        assert f": {rule}: " in found


def test_a_loud_page_is_heard(service: Service, browser: Browser) -> None:
    inspector = Inspector(browser, service.address)
    with visiting(inspector, WAYS[0]) as person:
        person.page.goto("/about/")
        person.page.evaluate("""() => {
          const script = document.createElement("script");
          script.textContent = "1";
          document.body.append(script);
        }""")
        person.page.goto("/no-such-page/")
    found = " ".join(inspector.faults)
    assert "Content Security Policy" in found
    assert "404" in found
