"""`manage.py score`, as a process of its own and through Django."""

from __future__ import annotations

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command

from core.commands import FileRefusedError
from tests.certification.domain.samples import VENUE, criterion, document, section

MANAGE = Path(__file__).parents[2] / "manage.py"
GOOD = document(
    section("GOV", criterion("GOV-01", 3, obligation="law"), criterion("GOV-02", 2, na_allowed=True)),
    section("EVT", criterion("EVT-01", when={"fact": "kind", "op": "eq", "value": "event"})),
)
ANSWERS = {"facts": VENUE, "answers": {"GOV-01": {"level": 3}, "GOV-02": {"na": True, "reason": "There is none."}}}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "standard.yaml").write_text(yaml.safe_dump(GOOD), encoding="utf-8")
    (tmp_path / "answers.json").write_text(json.dumps(ANSWERS), encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    # No settings, no database, no environment: the command must need none of them.
    return subprocess.run(
        [sys.executable, str(MANAGE), "score", *arguments],
        cwd=folder,
        env={"DATABASE_URL": "nonsense://", "DJANGO_SETTINGS_MODULE": "there.is.none"},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def refused(folder: Path) -> list[str]:
    """The same without a process: most faults need none."""
    with pytest.raises(FileRefusedError) as caught:
        call_command("score", str(folder / "standard.yaml"), str(folder / "answers.json"), stdout=StringIO())
    assert caught.value.returncode == 2
    return str(caught.value).splitlines()


def test_prints_one_object(files: Path) -> None:
    done = run(files, "standard.yaml", "answers.json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert {key: found[key] for key in ("standard", "version", "outcome", "overall", "sections")} == {
        "standard": "TEST",
        "version": "2026.1",
        "outcome": "certify",
        "overall": "75.0",
        "sections": {"GOV": "75.0", "EVT": None},
    }
    assert [row["code"] for row in found["criteria"]] == ["GOV-01", "GOV-02", "EVT-01"]


@pytest.mark.parametrize("at", [0, 1])
def test_either_file_may_come_from_standard_input(files: Path, at: int) -> None:
    names = ["standard.yaml", "answers.json"]
    stdin = (files / names[at]).read_text(encoding="utf-8")
    whole = run(files, *names)
    names[at] = "-"
    done = run(files, *names, stdin=stdin)
    assert (done.returncode, done.stdout) == (0, whole.stdout)


def test_only_one_from_standard_input(files: Path) -> None:
    done = run(files, "-", "-")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("sheet", "places"),
    [
        (
            {**ANSWERS, "answers": {"GOV-09": {"level": 1}, "EVT-01": {"level": 1}, "GOV-01": {"na": True}}},
            ["answers.GOV-09", "answers.EVT-01", "answers.GOV-01.na", "answers.GOV-01.reason"],
        ),
        # Faults of shape and of sense come together.
        (
            {**ANSWERS, "answers": {"GOV-01": {"level": "3"}, "GOV-02": {"level": 7}}},
            ["answers.GOV-01.level", "answers.GOV-02.level"],
        ),
        ({**ANSWERS, "answers": {"GOV-01": {"level": True}}}, ["answers.GOV-01.level"]),
        ({**ANSWERS, "answers": {"GOV-01": {"level": 3.0}}}, ["answers.GOV-01.level"]),
        ({**ANSWERS, "answers": {"GOV-01": 3}}, ["answers.GOV-01"]),
        ({**ANSWERS, "answers": {"GOV-01": {"level": 3, "lvl": 3}}}, ["answers.GOV-01.lvl"]),
        ({**ANSWERS, "answers": {"GOV-01": {"na": "yes"}}}, ["answers.GOV-01.na"]),
        ({**ANSWERS, "answers": {"GOV-02": {"na": True, "reason": 3}}}, ["answers.GOV-02.reason"]),
        ({**ANSWERS, "answers": []}, ["answers"]),
        ({"answers": {}}, ["facts"]),
        ({"facts": {}}, ["answers"]),
        ({**ANSWERS, "facts": {"kind": 3}}, ["facts.kind"]),
        ({**ANSWERS, "more": 3}, ["more"]),
    ],
)
def test_each_fault_of_the_answers_is_a_line(files: Path, sheet: dict[str, Any], places: list[str]) -> None:
    (files / "answers.json").write_text(json.dumps(sheet), encoding="utf-8")
    assert [line.split(": ")[0] for line in refused(files)] == places


def test_each_fault_of_the_standard_is_a_line(files: Path) -> None:
    bad = {**GOOD, "sections": [section("GOV", criterion("GOV-01", 9), criterion("GOV-01"))]}
    (files / "standard.yaml").write_text(yaml.safe_dump(bad), encoding="utf-8")
    done = run(files, "standard.yaml", "answers.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert [line.split(": ")[0] for line in done.stderr.splitlines()] == [
        "sections[0].criteria[0].weight",
        "sections[0].criteria[1].code",
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("answers.json", b'{"facts": {}, "facts": {}, "answers": {}}'),
        ("answers.json", b'{"facts": {"x": NaN}, "answers": {}}'),
        ("answers.json", b"\xff\xfe"),
        ("answers.json", b"[" * 100_000),
        ("answers.json", b"3"),
        ("answers.json", b""),
        ("standard.yaml", b"[" * 100_000),
        ("standard.yaml", b"a: 1\na: 2"),
        ("standard.yaml", b"\x00"),
    ],
)
def test_a_file_with_a_trap_in_it_is_a_plain_line(files: Path, name: str, content: bytes) -> None:
    (files / name).write_bytes(content)
    (line,) = refused(files)
    assert line.startswith(str(files / name)) or content == b"3"


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_a_file_that_cannot_be_read(files: Path, name: str) -> None:
    done = run(files, "standard.yaml", name)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{name}: This file cannot be read")
    assert done.stderr.count("\n") == 1


def test_nothing_applies(files: Path) -> None:
    (files / "standard.yaml").write_text(yaml.safe_dump({**GOOD, "sections": GOOD["sections"][1:]}), encoding="utf-8")
    (files / "answers.json").write_text(json.dumps({"facts": VENUE, "answers": {}}), encoding="utf-8")
    done = run(files, "standard.yaml", "answers.json")
    assert (done.returncode, done.stderr) == (2, "sections: No criterion of this standard applies to these facts.\n")


def test_through_django(files: Path) -> None:
    out = StringIO()
    call_command("score", str(files / "standard.yaml"), str(files / "answers.json"), stdout=out)
    assert out.getvalue() == run(files, "standard.yaml", "answers.json").stdout
