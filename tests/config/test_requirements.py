"""The lock files say what pyproject.toml asks for, with hashes and without an address."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.stages import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME = PROJECT["project"]["dependencies"]
GROUPS = [*PROJECT["dependency-groups"]["test"], *PROJECT["dependency-groups"]["lint"]]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def locked(name: str) -> dict[str, list[str]]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    found: dict[str, list[str]] = {}
    for package, version in re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, flags=re.MULTILINE):
        found.setdefault(canonicalize_name(package), []).append(version)
    return found


@pytest.mark.parametrize(
    ("lock", "wanted"), [("runtime", RUNTIME), ("dev", [*RUNTIME, *GROUPS])], ids=["runtime", "dev"]
)
def test_the_lock_answers_every_requirement(lock: str, wanted: list[str]) -> None:
    versions = locked(lock)
    unanswered = [
        text
        for text in wanted
        if not versions.get(canonicalize_name(Requirement(text).name))
        or not any(
            Requirement(text).specifier.contains(version)
            for version in versions[canonicalize_name(Requirement(text).name)]
        )
    ]

    assert unanswered == []


def test_development_has_the_versions_that_production_runs() -> None:
    runtime, dev = locked("runtime"), locked("dev")

    assert {name: dev.get(name) for name in runtime} == runtime


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_locked_package_has_hashes_and_no_address(path: object) -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", path.read_text())

    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert [line for line in path.read_text().splitlines() if "://" in line] == []
