"""Somebody at a browser. Every page that they come to is looked at: accessible, quiet, within a narrow screen."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, sync_playwright

from tests.factories.accounts import PASSWORD

NARROW: Final = 320
_NAMES: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/)|/[A-Z]{3,4}-\d\d\b|/check/[^/]+|/invitations/[^/]+|confirm-email/[^/]+"
)
# Everything that axe knows about WCAG 2.2 AA, and what it holds to be good practice.
AXE: Final = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # Or it would write out every element that is as it should be.
    "resultTypes": ["violations"],
}


@contextmanager
def chromium() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.fail("Chromium is not installed; run: make setup")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody browses."""

    scripts: bool
    width: int

    def __str__(self) -> str:
        return f"{'with' if self.scripts else 'without'} scripts, {self.width} wide"


WAYS: Final = (Way(scripts=True, width=1280), Way(scripts=False, width=375))


@dataclass
class Inspector:
    """Looks at each kind of page once for each way of browsing; `faults` is what is wrong."""

    browser: Browser
    address: str
    seen: set[tuple[str, str]] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    copier: Page | None = None

    def look(self, page: Page, way: Way, note: str = "") -> None:
        shape = _NAMES.sub("·", urlsplit(page.url).path) + note
        if (shape, str(way)) in self.seen:
            return
        self.seen.add((shape, str(way)))
        copy = self._readable(page, way)
        found: dict[str, Any] = Axe().run(copy, options=AXE).response
        for fault in found["violations"]:
            where = [" ".join(node["target"]) for node in fault["nodes"]]
            self.faults.append(f"{shape} ({way}): {fault['id']}: {fault['help']}: {where[:4]}")
        copy.set_viewport_size({"width": NARROW, "height": 700})
        if (wide := copy.evaluate("document.documentElement.scrollWidth")) > NARROW:
            self.faults.append(f"{shape} ({way}): {wide} pixels wide on a screen of {NARROW}")
        copy.set_viewport_size({"width": way.width, "height": 900})

    def _readable(self, page: Page, way: Way) -> Page:
        """Axe is a script: a page without scripts is copied into a browser that would run them, but gets none."""
        if way.scripts:
            return page
        if self.copier is None:
            self.copier = self.browser.new_context().new_page()
        copy = self.copier
        copy.set_viewport_size({"width": way.width, "height": 900})
        source, here = page.content(), page.url.partition("#")[0]

        def answer(route: Route) -> None:
            if route.request.is_navigation_request():
                route.fulfill(body=source, content_type="text/html")
            elif route.request.resource_type == "script":
                route.abort()
            else:
                route.continue_()

        copy.unroute_all()
        copy.route("**/*", answer)
        copy.goto(here)
        return copy


@dataclass
class Visitor:
    """One person's browser. `said` is what its console complained of, `asked` the requests that left this machine."""

    context: BrowserContext
    page: Page
    way: Way
    inspector: Inspector
    excused: list[str] = field(default_factory=list)

    def excuse(self, status: str) -> None:
        """The browser's own line in the console about an answer that this journey is after."""
        self.excused.append(f"the server responded with a status of {status}")

    def go(self, path: str) -> None:
        self.page.goto(path)
        self.look()

    def look(self, note: str = "") -> None:
        self.inspector.look(self.page, self.way, note)

    def click(self, name: str, *, exact: bool = True) -> None:
        """The button or link with these words, on to the page behind it."""
        for role in ("button", "link"):
            found = self.page.get_by_role(role, name=name, exact=exact)  # type: ignore[arg-type]  # both are roles
            if found.count():
                with self.page.expect_navigation():
                    found.first.click()
                self.look()
                return
        pytest.fail(f"{self.page.url} has neither button nor link “{name}”:\n{self.text()}")

    def fill(self, label: str, words: str) -> None:
        self.page.get_by_label(label, exact=True).fill(words)

    def fill_when(self, name: str, *boxes: str) -> None:
        """A date of three boxes, or a moment of four."""
        for part, words in zip(("day", "month", "year", "time"), boxes, strict=False):
            self.page.locator(f"[name={name}_{part}]").fill(words)

    def choose(self, group: str, option: str) -> None:
        """A radio button: the group by its question, the option by its words or their beginning."""
        fieldset = self.page.get_by_role("group", name=re.compile(f"^{re.escape(group)}"))
        fieldset.get_by_role("radio", name=re.compile(f"^{re.escape(option)}")).first.check(force=True)

    def tick(self, label: str) -> None:
        self.page.get_by_label(label, exact=False).check(force=True)

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def email(self) -> str:
        """Whose sign-in this is, as their account page says."""
        self.go("/account/")
        return self.page.get_by_text("@example.org").first.inner_text()

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def post(self, path: str, fields: dict[str, Any]) -> int:
        """What a form would send, without drawing the page before or after it: for the many pages of one kind."""
        cookies = {cookie.get("name"): cookie.get("value") for cookie in self.context.cookies()}
        fields = {**fields, "csrfmiddlewaretoken": str(cookies["csrftoken"])}
        headers = {"Referer": self.page.url}
        return self.context.request.post(path, multipart=fields, headers=headers, max_redirects=0).status

    def sign_in(self, email: str, *, code: Callable[[], str] | None = None) -> None:
        """`code` is asked when its page is there: one of an authenticator app holds for seconds."""
        self.go("/accounts/login/")
        self.fill("Email address", email)
        self.fill("Password", PASSWORD)
        self.click("Sign in")
        if code:
            self.fill("Security code", code())
            self.click("Continue")


@contextmanager
def visiting(inspector: Inspector, way: Way, downloads: Path | None = None) -> Iterator[Visitor]:
    """Whatever the console says and whatever leaves this machine is a fault."""
    context = inspector.browser.new_context(
        base_url=inspector.address,
        java_script_enabled=way.scripts,
        viewport={"width": way.width, "height": 900},
        accept_downloads=True,
    )
    context.set_default_timeout(40_000)
    page = context.new_page()

    visitor = Visitor(context, page, way, inspector)

    def listen(kind: str, words: str) -> None:
        if not any(excused in words for excused in visitor.excused):
            inspector.faults.append(f"{urlsplit(page.url).path} ({way}): {kind}: {words}")

    def asked(request: Request) -> None:
        if urlsplit(request.url).hostname not in {"localhost", "127.0.0.1", None}:
            listen("asked another machine", request.url)

    page.on("console", lambda said: listen("console", said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: listen("script", str(error)))
    page.on("request", asked)
    yield visitor
    context.close()
