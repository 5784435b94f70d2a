"""`make screenshots`: docs/screenshots/*.png, taken of the demonstration in a data directory that is thrown away.

Always the same pages under the same names, so that a change of a page shows as a change of its picture.
"""

from __future__ import annotations

import base64
import contextlib
import hmac
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from scripts.serve import is_ready
from scripts.stages import ROOT

TARGET: Final = ROOT / "docs" / "screenshots"
MOST_BYTES: Final = 250_000
WIDTH: Final = 1200
HEIGHT: Final = 1100
COLOURS: Final = 128
SECONDS: Final = 240.0
PERIOD: Final = 30
SPARE: Final = 5
# On the pictures, instead of a port that differs each time.
SITE: Final = "https://certificates.example.org"
TRIAGE: Final = ("premises", "hall", "yes", "indoors", "yes", "yes", "250", "yes", "none")


class CannotShowError(Exception):
    """Said to the person at the terminal as it stands."""


@dataclass(frozen=True, slots=True)
class SignIn:
    email: str
    password: str
    totp_secret: str

    def code(self) -> str:
        """By RFC 6238, with time left to send it; the service's own library wants the whole of Django around it."""
        if (left := PERIOD - time.time() % PERIOD) < SPARE:
            time.sleep(left)
        counter = (int(time.time()) // PERIOD).to_bytes(8, "big")
        digest = hmac.digest(base64.b32decode(self.totp_secret), counter, "sha1")
        start = digest[-1] & 0xF
        return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


@dataclass(frozen=True, slots=True)
class Studio:
    browser: Browser
    address: str
    people: dict[str, SignIn]

    @contextlib.contextmanager
    def page_of(self, email: str = "") -> Iterator[Page]:
        """A window of the person's own, signed in; of nobody's without an address."""
        context = self.browser.new_context(base_url=self.address, viewport={"width": WIDTH, "height": HEIGHT})
        page = context.new_page()
        if email:
            self._sign_in(page, self.people[email])
        yield page
        context.close()

    @staticmethod
    def _sign_in(page: Page, person: SignIn) -> None:
        page.goto("/accounts/login/")
        page.locator("[name=login]").fill(person.email)
        page.locator("[name=password]").fill(person.password)
        follow(page, page.get_by_role("button", name="Sign in", exact=True))
        if person.totp_secret:
            page.locator("[name=code]").fill(person.code())
            follow(page, page.get_by_role("button", name="Continue", exact=True))


def main() -> int:
    try:
        browser = found_program("chromium", "chromium-browser", "google-chrome")
        found_program("pdftoppm", package="poppler-utils")
        with tempfile.TemporaryDirectory(prefix="wm-shots-") as data_dir, served(Path(data_dir)) as (address, people):
            TARGET.mkdir(parents=True, exist_ok=True)
            with sync_playwright() as playwright:
                opened = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
                studio = Studio(opened, address, people)
                for shot in SHOTS:
                    shot(studio)
                opened.close()
    except CannotShowError as error:
        print(f"make screenshots: {error}", file=sys.stderr)
        return 1
    return 0


def found_program(*names: str, package: str = "") -> str:
    for name in names:
        if path := shutil.which(name):
            return path
    raise CannotShowError(f"{names[0]} is missing. Install it: apt-get install {package or names[0]}")


@contextlib.contextmanager
def served(data_dir: Path) -> Iterator[tuple[str, dict[str, SignIn]]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    address = f"http://127.0.0.1:{port}"
    # Nothing of what somebody serves by hand.
    env = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    env |= {"DATA_DIR": str(data_dir), "PORT": str(port), "DJANGO_SETTINGS_MODULE": "config.settings.dev"}
    env["SITE_URL"] = SITE
    process = subprocess.Popen([sys.executable, "-m", "scripts.serve"], cwd=ROOT, env=env)
    try:
        deadline = time.monotonic() + SECONDS
        while not is_ready(f"{address}/readyz"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise CannotShowError("the service did not start; the reason stands above")
            time.sleep(0.3)
        yield address, sign_ins(env)
    finally:
        process.terminate()
        process.wait(timeout=SECONDS)


def sign_ins(env: dict[str, str]) -> dict[str, SignIn]:
    command = [sys.executable, "manage.py", "demo_users", "--json"]
    said = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True).stdout
    return {
        one["email"]: SignIn(one["email"], one["password"], one.get("totp_secret") or "") for one in json.loads(said)
    }


# --- The pictures -----------------------------------------------------------------------------------------------------


def triage_result(studio: Studio) -> None:
    with studio.page_of() as page:
        page.goto("/find-out-what-applies/")
        follow(page, page.get_by_role("button", name="Start now"))
        for answer in TRIAGE:
            if page.locator("main select").count():
                page.locator("main select").select_option(answer)
            elif page.locator("main input[type=text]").count():
                page.locator("main input[type=text]").fill(answer)
            else:
                page.locator(f"main input[type=radio][value={answer}]").check(force=True)
            follow(page, page.get_by_role("button", name="Continue", exact=True))
        keep(page, "triage-result")


def plan_and_criterion(studio: Studio) -> None:
    with studio.page_of("festival@example.org") as page:
        page.goto("/places/?kind=event")
        follow(page, page.get_by_role("link", name="Fletchgate Street Festival"))
        follow(page, page.get_by_role("link", name="Plans and certificates of"))
        follow(page, page.get_by_role("button", name="Open the plan"))
        keep(page, "plan")
        follow(page, page.locator("main a[href$='/criteria/GOV-01/']").first)
        keep(page, "criterion")


def queue(studio: Studio) -> None:
    with studio.page_of("adviser@example.org") as page:
        page.goto("/queue/")
        keep(page, "queue")


def review(studio: Studio) -> None:
    with studio.page_of("adviser.kent@example.org") as page:
        page.goto("/queue/")
        follow(page, page.locator("main a[href$='/review/']").first)
        follow(page, page.locator("main a[href*='/review/PRJ-']").first)
        keep(page, "review")


def decision(studio: Studio) -> None:
    with studio.page_of("authoriser@example.org") as page:
        page.goto("/queue/")
        follow(page, page.locator("main a[href$='/review/']").filter(has_text="Cathedral").first)
        follow(page, page.get_by_role("button", name="Read the recommendation"))
        keep(page, "decision")


def certificate(studio: Studio) -> None:
    """The document first, as paper; then what a stranger sees of it."""
    with studio.page_of("stadium@example.org") as page:
        page.goto("/certificates/")
        follow(page, page.locator("main tr").filter(has_text="Calderbrook Stadium").get_by_role("link").first)
        link = page.get_by_role("link", name="Download the certificate")
        deadline = time.monotonic() + SECONDS
        while not link.count():
            if time.monotonic() > deadline:
                raise CannotShowError("the worker did not make the certificate's document")
            page.wait_for_timeout(1000)
            page.reload()
        public = page.get_by_role("link", name="See what they see").get_attribute("href") or ""
        body = page.context.request.get(link.get_attribute("href") or "").body()
    paper = subprocess.run(
        ["pdftoppm", "-png", "-r", "80", "-f", "1", "-l", "1"], input=body, stdout=subprocess.PIPE, check=True
    )
    write("certificate", paper.stdout)
    with studio.page_of() as page:
        page.goto(urlsplit(public).path)
        keep(page, "check")


SHOTS: Final[tuple[Callable[[Studio], None], ...]] = (
    triage_result,
    plan_and_criterion,
    queue,
    review,
    decision,
    certificate,
)


def follow(page: Page, way: Locator) -> None:
    with page.expect_navigation():
        way.click()


def keep(page: Page, name: str) -> None:
    """Without the pointer's and the focus's marks, once fonts and scripts have settled."""
    page.evaluate("document.fonts.ready")
    page.wait_for_load_state("networkidle")
    page.mouse.move(0, 0)
    write(name, page.screenshot(animations="disabled", caret="hide"))


def write(name: str, picture: bytes) -> None:
    """A palette is enough for pages, and a third of the size."""
    small = io.BytesIO()
    flat = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    flat.save(small, "PNG", optimize=True)
    if small.tell() > MOST_BYTES:
        raise CannotShowError(f"{name}.png takes {small.tell()} bytes; at most {MOST_BYTES} are meant to be kept")
    (TARGET / f"{name}.png").write_bytes(small.getvalue())
    print(f"docs/screenshots/{name}.png  {small.tell() // 1000} kB", flush=True)


if __name__ == "__main__":
    sys.exit(main())
