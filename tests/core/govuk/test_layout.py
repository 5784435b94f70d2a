"""The page around every page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings as django_settings
from django.contrib import messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest
from django.template import engines
from django.template.loader import render_to_string
from pytest_django.fixtures import Settings

from core.govuk.navigation import Layout, NavItem, mark_active
from core.govuk.styleguide import ExampleForm, styleguide
from tests.core.govuk.page import attribute, one, request, soup, words

PAGE = '{% extends "base.html" %}{% block title %}Venues{% endblock %}{% block content %}<h1>Venues</h1>{% endblock %}'


def drawn(asked: HttpRequest | None = None, **context: object) -> BeautifulSoup:
    return soup(engines["django"].from_string(PAGE).render(context, asked or request()))


def build(asked: HttpRequest) -> Layout:
    return Layout(
        items=[NavItem("Home", "/"), NavItem("Queue", "/queue/", count=4), NavItem("Queue archive", "/queue/archive/")],
        account=[NavItem("Account", "/account/"), NavItem("Sign out", "/out/", post=True)],
        footer=[NavItem("Privacy", "/privacy/")],
        who="P. Nair",
    )


@pytest.fixture
def with_layout(settings: Settings) -> None:
    settings.LAYOUT = f"{__name__}.build"


def test_the_title_names_page_and_service(settings: Settings) -> None:
    settings.SERVICE_NAME = "Safe Places Northmoor"
    assert words(one(drawn(), "title")) == "Venues - Safe Places Northmoor"


def test_the_title_says_that_something_is_wrong() -> None:
    name = django_settings.SERVICE_NAME
    assert words(one(drawn(form=ExampleForm({})), "title")) == f"Error: Venues - {name}"
    assert words(one(drawn(has_errors=True), "title")) == f"Error: Venues - {name}"
    assert words(one(drawn(form=ExampleForm()), "title")) == f"Venues - {name}"


def test_the_skip_link_leads_to_the_page_itself() -> None:
    page = drawn()
    assert one(page, attribute(one(page, ".govuk-skip-link"), "href")).name == "main"
    assert one(page, "html")["lang"] == "en-gb"


@pytest.mark.usefixtures("with_layout")
def test_the_reader_sees_where_they_are() -> None:
    page = drawn(request("/queue/7/"))
    assert [(words(a), a.get("aria-current")) for a in page.select("#navigation a")] == [
        ("Home", None),
        ("Queue 4", "true"),
        ("Queue archive", None),
        ("Account", None),
    ]
    assert words(one(page, ".wm-header__who")) == "Signed in as P. Nair"
    form = one(page, "#navigation form")
    assert (form["method"], form["action"]) == ("post", "/out/")
    assert [words(a) for a in page.select(".wm-footer__links a")] == ["Privacy"]


def test_the_longest_address_wins() -> None:
    items = build(request()).items
    assert [item.active for item in mark_active(items, "/queue/archive/2/")] == [False, False, True]
    assert [item.current for item in mark_active(items, "/queue/")] == [False, True, False]
    assert [item.active for item in mark_active(items, "/elsewhere/")] == [False, False, False]
    assert [item.active for item in mark_active(items, "/")] == [True, False, False]


def test_a_section_may_hold_addresses_elsewhere() -> None:
    items = [NavItem("Home", "/"), NavItem("Places", "/places/", also=("/venues/", "/plans/"))]
    for path, active in (("/plans/7/", True), ("/venues/new/", True), ("/places/", True), ("/people/", False)):
        assert [item.active for item in mark_active(items, path)] == [False, active]
    assert [item.current for item in mark_active(items, "/plans/7/")] == [False, False]


@pytest.mark.usefixtures("with_layout")
def test_a_request_may_bring_its_own_navigation() -> None:
    asked = request("/mine/")
    asked.nav_items = lambda _request: [NavItem("Mine", "/mine/")]  # type: ignore[attr-defined]  # set by a view
    assert [words(a) for a in drawn(asked).select("#navigation a")] == ["Mine", "Account"]


def test_without_navigation_there_is_no_menu(settings: Settings) -> None:
    settings.LAYOUT = ""
    assert drawn().select("nav") == []


def test_the_demonstration_says_so(settings: Settings) -> None:
    settings.DEMO = True
    assert words(one(drawn(), ".wm-demo")).startswith("Demonstration Invented people and places.")
    settings.DEMO = False
    assert drawn().select(".wm-demo") == []


def test_the_footer_names_the_regulator() -> None:
    assert "The regulator of the 2025 Act is the Security Industry Authority." in words(one(drawn(), "footer"))


def test_messages_become_banners_with_names_of_their_own() -> None:
    asked = request()
    asked._messages = FallbackStorage(asked)  # type: ignore[attr-defined]  # what the middleware does
    messages.success(asked, "Saved.")
    messages.error(asked, "<b>Not saved.</b>")
    page = drawn(asked)
    banners = page.select(".govuk-notification-banner")
    assert [(b["role"], words(one(b, ".govuk-notification-banner__heading"))) for b in banners] == [
        ("alert", "Saved."),
        ("region", "<b>Not saved.</b>"),
    ]
    assert [words(one(page, f"#{b['aria-labelledby']}")) for b in banners] == ["Done", "Important"]


def test_no_script_or_style_is_inline_and_none_comes_from_elsewhere() -> None:
    page = drawn(form=ExampleForm({}))
    assert page.select("script:not([src]), style, [style]") == []
    addresses = [attribute(t, "src") for t in page.select("[src]")] + [
        attribute(t, "href") for t in page.select("link")
    ]
    assert all(address.startswith("/static/") for address in addresses)


def test_every_file_the_pages_ask_for_was_built() -> None:
    page = drawn()
    addresses = [attribute(t, "src") for t in page.select("script")] + [
        attribute(t, "href") for t in page.select("link")
    ]
    missing = [a for a in addresses if finders.find(a.removeprefix("/static/")) is None]
    assert missing == [], "run: make assets"


def test_the_built_styles_hold_nothing_of_another_brand_and_no_dead_link() -> None:
    found = finders.find("dist/app.css")
    assert isinstance(found, str), "run: make assets"
    css = Path(found).read_text(encoding="utf-8")
    assert re.findall(r"gds transport|crest|crown|url\(.?https?://", css, re.IGNORECASE) == []
    urls = set(re.findall(r"url\(\"?([^)\"]+)\"?\)", css))
    assert len(urls) == 5
    assert [u for u in urls if not (Path(found).parent / u).is_file()] == []


def test_a_page_for_each_fault() -> None:
    headings = {
        name: words(one(soup(render_to_string(f"{name}.html", {"retry_after": 90}, request())), "h1"))
        for name in ("400", "403", "403_csrf", "404", "405", "409", "429")
    }
    assert headings == {
        "400": "That address or form could not be read",
        "403": "You do not have permission for this page",
        "403_csrf": "This page was open for too long",
        "404": "Page not found",
        "405": "Nothing is shown at this address",
        "409": "Somebody else was first",
        "429": "Too many tries",
    }
    assert "Wait 1 minute 30 seconds, then" in render_to_string("429.html", {"retry_after": 90}, request())


def test_the_page_for_our_own_fault_needs_nothing() -> None:
    page = soup(engines["django"].get_template("500.html").render())
    assert words(one(page, "h1")) == "Something went wrong"
    assert page.select("script, style, [style], form") == []


def test_the_styleguide_is_not_there_in_production(settings: Settings) -> None:
    settings.DEBUG = settings.DEMO = False
    with pytest.raises(Http404):
        styleguide(request("/styleguide/"))


def test_the_styleguide_draws_everything_without_repeating_an_id(settings: Settings) -> None:
    settings.DEMO = True
    page = soup(styleguide(request("/styleguide/?errors")).content.decode())
    ids = [tag["id"] for tag in page.select("[id]")]
    assert sorted(ids) == sorted(set(ids))
    assert page.select("script:not([src]), style, [style]") == []
    for named in page.select("[aria-labelledby], [aria-describedby]"):
        for name in ("aria-labelledby", "aria-describedby"):
            for id_ in attribute(named, name).split() if named.has_attr(name) else []:
                assert id_ in ids, f"{name} of {named.name} leads nowhere: {id_}"
    classes = {c for tag in page.select("[class]") for c in attribute(tag, "class").split()}
    assert {"wm-steps", "wm-next", "wm-stat", "wm-chart", "wm-meter", "wm-files", "wm-timeline"} <= classes
