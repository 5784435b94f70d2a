"""INSERT … SELECT, for which the ORM has no word: rows by the thousand without fetching one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.constants import OnConflict

__all__ = ["insert_from"]


def insert_from(model: type[Model], columns: Sequence[str], rows: QuerySet[Any, Any]) -> list[Any]:
    """The primary keys of what was new; a row that meets a unique constraint is left out, on both databases.

    `rows` is a `values_list` in the order of `columns`. For services and the floor's own tables: nothing is validated, no
    default is filled in, and what the columns need in the way of types the caller sees to.
    """
    table, quote = model._meta.db_table, connection.ops.quote_name
    fields: list[Any] = [model._meta.get_field(name) for name in columns]
    key: Any = model._meta.pk
    select, params = rows.query.get_compiler(connection=connection).as_sql()
    names = ", ".join(quote(field.column) for field in fields)
    parts = (
        connection.ops.insert_statement(on_conflict=OnConflict.IGNORE),
        f"{quote(table)} ({names})",
        select,
        connection.ops.on_conflict_suffix_sql(fields, OnConflict.IGNORE, (), ()),
        f"RETURNING {quote(key.column)}",
    )
    with connection.cursor() as cursor:
        cursor.execute(" ".join(part for part in parts if part), params)
        return [row[0] for row in cursor.fetchall()]
