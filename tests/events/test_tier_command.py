"""`manage.py tier`, as a process of its own and through Django."""

from __future__ import annotations

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from core.commands import FileRefusedError

MANAGE = Path(__file__).parents[2] / "manage.py"
CASES = json.loads((Path(__file__).parent / "domain" / "tier_cases.json").read_text(encoding="utf-8"))
SHOP = {"kind": "premises", "use": "shop", "expected_attendance": 300}


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    # No settings, no database, no environment: the command must need none of them.
    return subprocess.run(
        [sys.executable, str(MANAGE), "tier", *arguments],
        env={"DATABASE_URL": "nonsense://", "DJANGO_SETTINGS_MODULE": "there.is.none"},
        input=stdin,
        capture_output=True,
        check=False,
        timeout=60,
    )


def test_one_object_for_one(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(CASES[0]["inputs"]), encoding="utf-8")
    done = run(str(file))
    assert (done.returncode, done.stderr) == (0, b"")
    found = json.loads(done.stdout)
    assert sorted(found) == ["advice", "reasons", "rule_set", "tier"]
    assert (found["tier"], found["rule_set"]) == ("none", "2025.1")
    assert sorted(found["reasons"][-1]) == ["basis", "rule", "text"]


def test_a_list_for_a_list_in_the_same_order() -> None:
    done = run("-", stdin=json.dumps([case["inputs"] for case in CASES]).encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert [item["tier"] for item in json.loads(done.stdout)] == [case["expected"] for case in CASES]


def test_an_empty_list() -> None:
    done = run("-", stdin=b"[]")
    assert (done.returncode, json.loads(done.stdout)) == (0, [])


def test_faults_of_a_list_name_the_entry() -> None:
    bad = [SHOP, {**SHOP, "use": "casino", "colour": 1}, SHOP, 7, {"kind": "premises", "use": None}]
    done = run("-", stdin=json.dumps(bad).encode())
    assert (done.returncode, done.stdout) == (2, b"")
    assert [line.split(": ")[0] for line in done.stderr.decode().splitlines()] == [
        "[1].colour",
        "[1].use",
        "[3]",
        "[4].expected_attendance",
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b'"premises"',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"kind": "premises", "kind": "event"}',
        b'{"kind": "premises", "use": "shop", "expected_attendance": NaN}',
        b'{"kind": "premises", "use": "shop", "expected_attendance": 1e999}',
        b'{"kind": "premises", "use": "shop", "expected_attendance": ' + b"9" * 5000 + b"}",
        b'{"kind": "premises", "use": "shop", "expected_attendance": 3, "\\ud800\\n": 1}',
    ],
)
def test_what_cannot_be_judged_is_one_plain_line(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_bytes(content)
    with pytest.raises(FileRefusedError) as caught:
        call_command("tier", str(file), stdout=StringIO())
    assert len(str(caught.value).splitlines()) == 1
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_a_file_that_cannot_be_read(name: str) -> None:
    done = run(name)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith(f"{name}: This file cannot be read")


def test_the_file_must_be_named() -> None:
    assert run().returncode == 2


def test_through_django(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(SHOP), encoding="utf-8")
    out = StringIO()
    call_command("tier", str(file), stdout=out)
    assert out.getvalue().encode() == run(str(file)).stdout


def test_through_django_a_fault_is_an_exception(tmp_path: Path) -> None:
    facts: dict[str, Any] = {**SHOP, "use": 3}
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(facts), encoding="utf-8")
    with pytest.raises(FileRefusedError) as caught:
        call_command("tier", str(file), stdout=StringIO())
    assert [fault.place for fault in caught.value.faults] == ["use"]
    assert caught.value.returncode == 2
