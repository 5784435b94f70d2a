"""Runs named commands one after the other, all of them, and sums up at the end which failed."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
# pytest's last line, "== 12 passed, 1 skipped in 3.21s ==", with or without the rule around it.
_PYTEST_SUMMARY: Final = re.compile(r"^=*\s*((?:no tests ran|\d+ \w+).* in [\d.]+s.*?)\s*=*$")


@dataclass(frozen=True, slots=True)
class Outcome:
    name: str
    ok: bool
    seconds: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ran:
    """An exit code, and what pytest said last if it was pytest."""

    code: int
    summary: str


def stream(command: Sequence[str], *, env: dict[str, str]) -> Ran:
    """Run it with its output passed on line by line as it comes."""
    summary = ""
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        for line in process.stdout or ():
            sys.stdout.write(line)
            sys.stdout.flush()
            if match := _PYTEST_SUMMARY.match(line.strip()):
                summary = match[1]
    return Ran(process.returncode, summary)


def run(name: str, act: Callable[[], tuple[bool, str]]) -> Outcome:
    print(f"\n--- {name} {'-' * max(3, 96 - len(name))}", flush=True)
    started = time.monotonic()
    ok, note = act()
    return Outcome(name, ok, time.monotonic() - started, note)


def sum_up(outcomes: Sequence[Outcome]) -> int:
    """One line for each; the exit code."""
    failed = [outcome for outcome in outcomes if not outcome.ok]
    print(f"\n{'=' * 100}")
    width = max(len(outcome.name) for outcome in outcomes)
    for outcome in outcomes:
        word = "ok    " if outcome.ok else "FAILED"
        print(f"{word}  {outcome.name:<{width}}  {outcome.seconds:6.1f} s  {outcome.note}".rstrip())
    total = sum(outcome.seconds for outcome in outcomes)
    verdict = f"{len(failed)} of {len(outcomes)} failed" if failed else f"all {len(outcomes)} passed"
    print(f"{verdict} in {total:.0f} s", flush=True)
    return 1 if failed else 0
