"""Reads that are asked so often that putting their SQL together each time would cost more than running it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

__all__ = ["Prepared"]

# Stands in the place of the value while the SQL is put together. Nobody can ask for it: PostgreSQL takes no such text.
_PLACE: Final = "\0 the value \0"


@dataclass(frozen=True, slots=True)
class _Statement:
    """`converters`: by column, what the database's own values pass through on their way to Python. They may have come from
    another thread's connection, which is of the same kind, and are handed the one in use.
    """

    sql: str
    params: tuple[Any, ...]
    converters: tuple[tuple[int, tuple[Callable[..., Any], ...], Any], ...]


class Prepared:
    """A query by one text, of which only that text differs from call to call.

    `build` is handed a stand-in for the text and returns rows of `values_list`; it is called once in a process. What is
    kept is the statement and never a row: each call reads the database anew, in one query.
    """

    def __init__(self, build: Callable[[str], QuerySet[Any, tuple[Any, ...]]]) -> None:
        self._build = build
        self._statement: _Statement | None = None

    def first(self, value: str) -> tuple[Any, ...] | None:
        connection = connections[DEFAULT_DB_ALIAS]
        statement = self._statement = self._statement or self._put_together(connection)
        params = [value if given == _PLACE else given for given in statement.params]
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, params)
            found = cursor.fetchone()
        if found is None:
            return None
        row = list(found)
        for place, steps, expression in statement.converters:
            for step in steps:
                row[place] = step(row[place], expression, connection)
        return tuple(row)

    def _put_together(self, connection: BaseDatabaseWrapper) -> _Statement:
        compiler = self._build(_PLACE)[:1].query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        if _PLACE not in params:
            msg = "The query does not ask for the value that it is given."
            raise ValueError(msg)
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        return _Statement(
            sql,
            tuple(params),
            tuple((place, tuple(steps), expression) for place, (steps, expression) in converters.items()),
        )
