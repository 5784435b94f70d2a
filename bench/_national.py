"""A PostgreSQL of its own, thrown away afterwards, and rows by the hundred thousand, made by the server itself.

One case is made by the services; what a bench needs many of is multiplied from its rows with `multiply`.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.test import postgres_url


def size(default: int) -> int:
    """From the command line, or BENCH_ROWS."""
    given = [word for word in sys.argv[1:] if word.isdecimal()]
    return int(given[0] if given else os.environ.get("BENCH_ROWS") or default)


@contextlib.contextmanager
def database() -> Iterator[None]:
    """Django on an empty, migrated PostgreSQL, with the settings of the suite."""
    with postgres_url() as url, tempfile.TemporaryDirectory(prefix="wm-bench-") as data:
        wanted = {
            "DATABASE_URL": url,
            "DATA_DIR": data,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "LOG_LEVEL": "ERROR",
        }
        with mock.patch.dict(os.environ, wanted):
            import django
            from django.core.management import call_command
            from django.db import connection

            django.setup()
            call_command("migrate", verbosity=0)
            try:
                yield
            finally:
                connection.close()


def multiply(model: type, source: object, count: int, changes: Mapping[str, str], *, extra: str = "") -> None:
    """`count` rows like that of `source` with other values: SQL by column, in which `i` counts from 1."""
    from django.db import connection

    columns = [field.column for field in model._meta.concrete_fields]
    chosen = ", ".join(changes.get(column, f't."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table
    # No trigger of foreign keys: what is made here fits by construction.
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {chosen} FROM {table} t, generate_series(1, {count}) i "  # noqa: S608 - words of the bench
            f"WHERE t.{model._meta.pk.column} = %s {extra}",
            [source.pk],
        )
        cursor.execute("SET session_replication_role = origin")


def analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def seconds(work: Callable[[], object], *, rounds: int = 5) -> float:
    """The best of some rounds, after one that warms up, so that the neighbours on the machine count little."""
    work()
    spent = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begun)
    return min(spent)


def once(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


class Budget:
    """Prints each figure as a ratio to its floor, and remembers which was over."""

    def __init__(self) -> None:
        self.over: list[str] = []

    def say(self, what: str, figure: float, floor: float, most: float) -> None:
        ratio = figure / floor
        print(
            f"{what}: {figure * 1000:,.1f} ms, floor {floor * 1000:,.1f} ms, ratio {ratio:.2f} (budget {most:g})",
            flush=True,
        )
        if ratio > most:
            self.over.append(what)

    def count(self, what: str, number: int, most: int) -> None:
        print(f"{what}: {number:,} (budget {most:,})", flush=True)
        if number > most:
            self.over.append(what)

    def close(self) -> int:
        for what in self.over:
            print(f"over budget: {what}", file=sys.stderr)
        return 1 if self.over else 0
