"""Somebody who has no pointer. Every stop on the way must show that it is the one."""

from __future__ import annotations

from typing import Final

import pytest

from tests.e2e.browsing import Visitor

STOPS: Final = 120
# The words of what has the focus, and whether anything is drawn around it: by itself or, as a radio button, by its label.
FOCUSED: Final = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return null;
  const label = here.labels?.[0];
  const words = (label ?? here).innerText || here.getAttribute("aria-label") || here.name || here.tagName;
  const drawn = (style) => style.boxShadow !== "none" || (style.outlineStyle !== "none" && style.outlineWidth !== "0px");
  const shown = drawn(getComputedStyle(here)) || (label && drawn(getComputedStyle(label, "::before")))
    || (label && drawn(getComputedStyle(label)));
  return {words: words.trim(), name: here.name ?? "", shown: Boolean(shown)};
}"""


class Keyboard:
    def __init__(self, person: Visitor) -> None:
        self.person = person
        self.keys = person.page.keyboard

    def skip_to_main(self) -> None:
        """The first stop of every page leads past what stands on all of them."""
        self.keys.press("Tab")
        assert self.focused()["words"] == "Skip to main content"
        self.keys.press("Enter")
        assert self.person.page.evaluate("document.activeElement.id") == "main-content"

    def write(self, label: str, words: str) -> None:
        self.to(label)
        self.keys.type(words)

    def tick(self, label: str) -> None:
        self.to(label)
        self.keys.press("Space")

    def select_radio(self, name: str, value: str) -> None:
        """Into the group, then down it: a group is one stop."""
        self.to(name, by="name")
        self.keys.press("Space")
        chosen = self.person.page.locator(f"input[name={name}]:checked")
        for _ in range(STOPS):
            if chosen.get_attribute("value") == value:
                return
            self.keys.press("ArrowDown")
        pytest.fail(f"The keys do not reach {value} of {name}")

    def press(self, words: str) -> None:
        """A link or a button, on to the page behind it."""
        self.to(words)
        with self.person.page.expect_navigation():
            self.keys.press("Enter")
        self.person.look()

    def to(self, words: str, *, by: str = "words") -> None:
        for _ in range(STOPS):
            self.keys.press("Tab")
            here = self.focused()
            assert here["shown"], f"{self.person.path}: nothing shows that “{here['words']}” has the focus"
            if str(here[by]).startswith(words):
                return
        pytest.fail(f"{self.person.path}: {STOPS} stops do not lead to “{words}”")

    def focused(self) -> dict[str, object]:
        """After the last stop the page's own body has it for a moment."""
        found: dict[str, object] | None = self.person.page.evaluate(FOCUSED)
        return found or {"words": "", "name": "", "shown": True}
