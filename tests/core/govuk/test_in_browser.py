"""What the components do once a browser has them: saving, revealing, copying; and what they are without scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.template import engines
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings

from core.govuk.styleguide import styleguide
from tests.core.govuk.browser import Answer, Site, chromium, open_site
from tests.core.govuk.page import request

pytestmark = pytest.mark.e2e

PLAN = """{% extends "base.html" %}{% load govuk %}{% block title %}Answer{% endblock %}{% block content %}
<h1 class="govuk-heading-l">Answer</h1>
<form method="post" action="/save/" novalidate data-autosave="/autosave/">
  <input type="hidden" name="version" value="1">
  <label class="govuk-label" for="text">Text</label><textarea class="govuk-textarea" id="text" name="text"></textarea>
  {% include "govuk/autosave_status.html" %}{% govuk_button "Save" %}
</form>
<div id="score" hx-get="/score/" hx-trigger="wm:saved from:body">71.4</div>{% endblock %}"""
COPY = '{% include "govuk/copy.html" with id="number" value="PSC-1" what="number" %}'


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=20_000)
    with chromium() as found:
        yield found


@pytest.fixture
def plan(browser: Browser) -> Iterator[tuple[Page, Site]]:
    with open_site(browser) as (page, site):
        site.serve("/plan/", draw(PLAN))
        site.serve("/save/", "<title>Saved</title>")
        site.serve("/score/", "72")
        site.answers["/autosave/"] = version
        page.goto("/plan/")
        yield page, site


def draw(source: str) -> str:
    return (
        engines["django"]
        .from_string("{% load govuk %}" + source if "extends" not in source else source)
        .render({}, request("/plan/"))
    )


def version(fields: dict[str, str]) -> Answer:
    return 200, "application/json", json.dumps({"version": str(int(fields["version"]) + 1)})


def answer(status: int, **body: object) -> Answer:
    return status, "application/json", json.dumps(body)


def wait_for(page: Page, words: str) -> None:
    expect(page.locator("[data-autosave-status]")).to_have_text(re.compile(words))


def test_writing_is_saved_and_the_version_follows(plan: tuple[Page, Site]) -> None:
    page, site = plan
    site.serve("/score/", draw('<p id="new">73.0</p>' + COPY))
    page.fill("#text", "Two doors")
    wait_for(page, r"^Saved at 1?\d:\d\d[ap]m$")
    assert site.posted == [("/autosave/", {"version": "1", "text": "Two doors"})]
    page.locator("#text").press_sequentially(" each", delay=20)
    expect(page.locator("[name=version]")).to_have_value("3")
    assert [fields["version"] for _path, fields in site.posted] == ["1", "2"]
    expect(page.locator("#new")).to_have_text("73.0")
    assert site.said == []


def test_what_htmx_brings_is_awake(plan: tuple[Page, Site]) -> None:
    page, site = plan
    site.serve("/score/", draw(COPY))
    page.fill("#text", "x")
    page.locator("[data-copy]").click()
    expect(page.locator("[data-copy-text]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "PSC-1"
    assert site.said == []


def test_somebody_else_s_change_stops_saving_and_is_said(plan: tuple[Page, Site]) -> None:
    page, site = plan
    site.answers["/autosave/"] = lambda _fields: answer(409, message="Ann changed this at 10:41am.")
    page.fill("#text", "mine")
    wait_for(page, r"^Not saved\. Ann changed this at 10:41am\. Copy what you wrote")
    page.fill("#text", "mine, again")
    page.wait_for_timeout(1600)
    assert len(site.posted) == 1


def test_what_cannot_be_taken_is_said_and_tried_again(plan: tuple[Page, Site]) -> None:
    page, site = plan
    site.answers["/autosave/"] = lambda _fields: answer(422, errors={"text": ["Write less."]})
    page.fill("#text", "long")
    wait_for(page, r"^Not saved yet\. Write less\.$")
    site.answers["/autosave/"] = version
    page.fill("#text", "short")
    wait_for(page, r"^Saved at")


@pytest.mark.parametrize("status", [401, 403])
def test_an_ended_sign_in_is_said(plan: tuple[Page, Site], status: int) -> None:
    page, site = plan
    site.answers["/autosave/"] = lambda _fields: answer(status)
    page.fill("#text", "x")
    wait_for(page, r"^Not saved: you have been signed out")


def test_a_silent_service_is_said(plan: tuple[Page, Site]) -> None:
    page, site = plan
    site.answers["/autosave/"] = lambda _fields: (503, "text/html", "")
    page.fill("#text", "x")
    wait_for(page, r"^Not saved: the service could not be reached\. Trying again\.$")


def test_the_save_button_waits_for_what_is_under_way(plan: tuple[Page, Site]) -> None:
    page, site = plan
    page.evaluate(
        """() => { const real = window.fetch;
        window.fetch = async (...all) => { await new Promise((go) => setTimeout(go, 3000)); return real(...all); }; }"""
    )
    page.fill("#text", "mine")
    wait_for(page, "^Saving…$")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_title("Saved")
    assert [(path, fields["version"]) for path, fields in site.posted] == [("/autosave/", "1"), ("/save/", "2")]


def test_without_scripts_the_save_button_does_the_work(browser: Browser) -> None:
    with open_site(browser, scripts=False) as (page, site):
        site.serve("/plan/", draw(PLAN))
        site.serve("/save/", "<title>Saved</title>")
        page.goto("/plan/")
        page.fill("#text", "mine")
        page.get_by_role("button", name="Save").click()
        expect(page).to_have_title("Saved")
        assert site.posted == [("/save/", {"version": "1", "text": "mine"})]


@pytest.fixture
def guide(settings: Settings) -> str:
    settings.DEMO = True
    return styleguide(request("/styleguide/?errors")).content.decode()


@pytest.mark.parametrize("width", [1280, 375, 320])
def test_every_component_is_accessible_and_fits(browser: Browser, guide: str, width: int) -> None:
    with open_site(browser, width=width) as (page, site):
        site.serve("/styleguide/", guide)
        page.goto("/styleguide/")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        violations = Axe().run(page).response["violations"]
        assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in violations] == []
        assert site.said == []


@pytest.mark.parametrize("width", [1280, 375])
def test_without_scripts_nothing_dead_is_shown(browser: Browser, guide: str, width: int) -> None:
    with open_site(browser, width=width, scripts=False) as (page, site):
        site.serve("/styleguide/", guide)
        page.goto("/styleguide/")
        for selector in (
            "[data-copy]",
            "[data-print]",
            ".govuk-password-input__toggle",
            ".govuk-service-navigation__toggle",
        ):
            expect(page.locator(selector).first).to_be_hidden()
        expect(page.locator("#id_other")).to_be_visible()
        expect(page.locator("#navigation")).to_be_visible()


def test_a_card_is_pressed_anywhere_and_moved_through_by_keys(browser: Browser, guide: str) -> None:
    with open_site(browser) as (page, site):
        site.serve("/styleguide/", guide)
        page.goto("/styleguide/")
        hint = page.locator("#id_level_3-hint")
        hint.scroll_into_view_if_needed()
        box = hint.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] - 5, box["y"] + 5)
        expect(page.locator("#id_level_3")).to_be_checked()
        page.keyboard.press("ArrowUp")
        expect(page.locator("#id_level_2")).to_be_checked()


def test_an_option_opens_and_closes_what_belongs_to_it(browser: Browser, guide: str) -> None:
    with open_site(browser) as (page, site):
        site.serve("/styleguide/", guide)
        page.goto("/styleguide/")
        expect(page.locator("#id_other")).to_be_hidden()
        page.check("#id_kind_2")
        expect(page.locator("#id_other")).to_be_visible()
        page.check("#id_kind_0")
        expect(page.locator("#id_other")).to_be_hidden()


def test_a_line_of_the_error_summary_moves_to_its_control(browser: Browser, guide: str) -> None:
    with open_site(browser) as (page, site):
        site.serve("/styleguide/", guide)
        page.goto("/styleguide/")
        expect(page.locator(".govuk-error-summary")).to_be_focused()
        for words, control in (("Enter a real date", "id_opens_on_day"), ("What kind of place", "id_kind_0")):
            page.locator(".govuk-error-summary a", has_text=words).click()
            expect(page.locator(f"#{control}")).to_be_focused()


@pytest.mark.parametrize(("width", "folded"), [(1280, False), (375, True)])
def test_the_side_bar_is_open_where_there_is_room(browser: Browser, guide: str, width: int, *, folded: bool) -> None:
    with open_site(browser, width=width) as (page, site):
        site.serve("/styleguide/", guide)
        page.goto("/styleguide/")
        expect(page.locator(".wm-sidebar .wm-meter")).to_be_visible(visible=not folded)
