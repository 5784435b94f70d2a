"""Emptying the database between tests that commit, although triggers refuse it and reference data must stay."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.backends.base.operations import BaseDatabaseOperations

from core import triggers

Flush = Callable[[BaseDatabaseOperations, Iterable[str]], Any]


def allow_flush() -> Callable[[], None]:
    """Wrap the flush of this connection; the answer puts the original back."""
    kind = type(connection.ops)
    original: Flush = kind.execute_sql_flush

    def flush(self: BaseDatabaseOperations, sql_list: Iterable[str]) -> None:
        with transaction.atomic():
            _triggers(present=False)
            original(self, sql_list)
            _triggers(present=True)
            _reference_data()

    kind.execute_sql_flush = flush  # type: ignore[method-assign]

    def restore() -> None:
        kind.execute_sql_flush = original  # type: ignore[method-assign]

    return restore


@contextmanager
def lifted(table: str) -> Iterator[None]:
    """For a test that brings about by hand what the database refuses: time that has passed, or a forged row."""
    with transaction.atomic():
        _triggers(present=False, only=table)
        yield
        _triggers(present=True, only=table)


def _triggers(*, present: bool, only: str = "") -> None:
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in triggers.PROTECTED:
            if table not in tables or (only and table != only):
                continue
            remove = triggers.remove(table, vendor=connection.vendor)
            for statement in _protection(table) if present else remove:
                cursor.execute(statement)


@functools.cache
def _protection(table: str) -> list[str]:
    """Asked of the database once: between tests the tables are those of the last migration."""
    return triggers.statements(table, connection)


def _reference_data() -> None:
    # What a migration put there, every test may count on.
    areas = import_module("accounts.migrations.0002_police_areas")
    model = apps.get_model("accounts", "PoliceArea")
    model.objects.bulk_create([model(code=c, name=n, nation=nation) for c, n, nation in areas.areas()])
