"""Pages in a real browser without a server: whatever it asks for is answered here, under the policy of production."""

from __future__ import annotations

import mimetypes
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route, sync_playwright

# Not any name will do: browsers give the clipboard to secure origins and to this one.
ORIGIN = "http://localhost"
Answer = tuple[int, str, str]
"""Status, content type, body."""


@dataclass
class Site:
    """`answers`: path → what it answers to the fields posted. `posted`: every POST, in order. `said`: the console."""

    answers: dict[str, Callable[[dict[str, str]], Answer]] = field(default_factory=dict)
    posted: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def serve(self, path: str, html: str) -> None:
        self.answers[path] = lambda _fields: (200, "text/html", html)

    def route(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        fields = {name: values[-1] for name, values in parse_qs(route.request.post_data or "").items()}
        if route.request.method == "POST":
            self.posted.append((path, fields))
        if path.startswith("/static/"):
            found = finders.find(path.removeprefix("/static/"))
            assert isinstance(found, str), f"{path} is missing; run: make assets"
            kind = mimetypes.guess_type(found)[0] or "application/octet-stream"
            route.fulfill(body=Path(found).read_bytes(), content_type=kind)
            return
        status, kind, body = self.answers[path](fields)
        route.fulfill(status=status, content_type=kind, body=body, headers={"Content-Security-Policy": policy()})


def policy() -> str:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())


@contextmanager
def chromium() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.fail("Chromium is not installed; run: make setup")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def open_site(browser: Browser, *, width: int = 1280, scripts: bool = True) -> Iterator[tuple[Page, Site]]:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=scripts, base_url=ORIGIN
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    site = Site()
    page = context.new_page()
    page.route("**/*", site.route)
    page.on("console", lambda message: site.said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: site.said.append(str(error)))
    yield page, site
    context.close()
