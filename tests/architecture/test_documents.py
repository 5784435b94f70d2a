"""What the documents name exists: make targets, management commands, settings, files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.architecture.source import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
# Where names of settings come from: what reads the environment, and what hands it on.
SETTINGS_TEXT = "\n".join(
    path.read_text(encoding="utf-8")
    for path in [
        *sorted((ROOT / "config").rglob("*.py")),
        *sorted((ROOT / "scripts").glob("*.py")),
        *sorted((ROOT / "core").rglob("*.py")),
        ROOT / "Dockerfile",
        ROOT / "docker-compose.yml",
    ]
)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
SETTING = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
READ = re.compile(r'env\.(?:text|flag|number|words)\(\s*"([A-Z_]+)"')
PATH = re.compile(r"[\w.*-]+(?:/[\w.*-]+)*/?")
ENDINGS = (".css", ".html", ".js", ".json", ".md", ".mjs", ".png", ".py", ".sh", ".toml", ".txt", ".yaml", ".yml")
# Made by a command, so not in a fresh clone; or any name, as the text says beside it.
MADE = ("static/dist", "var")
ANY_NAME = {"NAME_FILE"}
# A room's shape, said of every app and found in none.
ROOMS = re.compile(r"[a-z]+\.py|[a-z]+/")


def code(text: str) -> list[str]:
    """What stands in code spans and in blocks for the shell; prose may say "make sure"."""
    blocks = [body for language, body in FENCE.findall(text) if language in {"", "sh"}]
    return [*blocks, *SPAN.findall(FENCE.sub("", text))]


def unknown_targets(text: str) -> set[str]:
    known = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    return set(re.findall(r"(?:^|\s)make ([a-z][a-z0-9-]*)", "\n".join(code(text)), re.MULTILINE)) - known


def unknown_commands(text: str) -> set[str]:
    return set(re.findall(r"manage\.py,? ([a-z][a-z_]*)", text)) - set(get_commands())


def unknown_settings(text: str) -> set[str]:
    named = set(SETTING.findall("\n".join(SPAN.findall(FENCE.sub("", text))))) - ANY_NAME
    return {name for name in named if not re.search(rf"\b{name}\b", SETTINGS_TEXT)}


def missing_paths(text: str) -> set[str]:
    """Of code spans: whatever begins with a directory of ours, or ends like a file and has a directory."""
    spans = [word for span in SPAN.findall(FENCE.sub("", text)) for word in span.split()]
    return {word for word in spans if PATH.fullmatch(word) and _is_path(word) and not _is_there(word)}


def _is_path(word: str) -> bool:
    first, slash, _rest = word.partition("/")
    if not slash or ROOMS.fullmatch(word):
        return False
    return (ROOT / first).is_dir() or word.endswith(ENDINGS)


def _is_there(word: str) -> bool:
    return word.startswith(MADE) or any(ROOT.glob(word.rstrip("/")))


def broken_links(path: Path, text: str) -> set[str]:
    targets: Iterable[str] = LINK.findall(FENCE.sub("", text))
    return {
        target
        for target in targets
        if not target.startswith(("#", "http:", "https:", "mailto:"))
        and not (path.parent / target.partition("#")[0]).exists()
    }


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_a_document_names_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert unknown_targets(text) == set()
    assert unknown_commands(text) == set()
    assert unknown_settings(text) == set()
    assert missing_paths(text) == set()
    assert broken_links(path, text) == set()


def test_every_setting_that_is_read_is_in_the_table_of_operations() -> None:
    read = {name for path in sorted((ROOT / "config").rglob("*.py")) for name in READ.findall(path.read_text())}
    read |= {name for path in sorted((ROOT / "scripts").glob("*.py")) for name in READ.findall(path.read_text())}
    # Handed on by compose alone, beside what the settings read.
    passed_on = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    operations = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    described = {
        name
        for line in operations.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([A-Z_]+)`", line.split("|")[1])
    }
    compose_only = {"POSTGRES_PASSWORD", "VALKEY_PASSWORD"}

    assert (read | passed_on) - described == compose_only
    assert {name for name in described if not re.search(rf"\b{name}\b", SETTINGS_TEXT)} == set()


def test_every_target_and_every_decision_is_listed() -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    listed = set(re.findall(r"^\| `make ([a-z0-9-]+)`", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE))
    decisions = {path.name for path in (ROOT / "docs" / "adr").glob("[0-9]*.md")}
    index = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")

    assert listed == targets
    assert set(LINK.findall(index)) == decisions


def test_the_detectors_detect() -> None:
    assert unknown_targets("Then `make runn`, and make sure.\n```sh\nmake nothing\n```\n") == {"runn", "nothing"}
    assert unknown_commands("`manage.py verify_audits` and `manage.py migrate`") == {"verify_audits"}
    assert unknown_settings("`DATABASE_URI` beside `DATABASE_URL`") == {"DATABASE_URI"}
    assert missing_paths("`core/nothing.py`, `confg/env.py`, `config/env.py`, `core/no*.yaml`") == {
        "core/nothing.py",
        "confg/env.py",
        "core/no*.yaml",
    }
    assert broken_links(ROOT / "README.md", "[a](docs/nothing.md) [b](docs/domain.md#states)") == {"docs/nothing.md"}
