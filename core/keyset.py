"""Lists by keyset: the next page starts after the last row seen, so that page 4,000 costs what page 1 does.

A cursor is signed and bound to its model and ordering: a value in it is always one that this service wrote, so nothing
else checks it. It holds the ordering columns of one row; order lists by times, numbers and ids, not by what is secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from django.core import signing
from django.db.models import Field, Model, Q, QuerySet
from django.utils.translation import gettext as _

from core.errors import InvalidInput

__all__ = ["DEFAULT_SIZE", "Page", "page"]

DEFAULT_SIZE: Final = 50
_MAX_COLUMNS: Final = 3
_LONGEST_CURSOR: Final = 2000

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """Rows in the list's own order, whichever way the reader came; a cursor is None where there is no more."""

    rows: tuple[R, ...]
    next_cursor: str | None = None
    previous_cursor: str | None = None

    @property
    def newer(self) -> str | None:
        """The names that `{% keyset_pagination %}` asks for."""
        return self.previous_cursor

    @property
    def older(self) -> str | None:
        return self.next_cursor


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    field: Field[Any, Any]
    descending: bool

    def value_of(self, row: object) -> str:
        value: object = row
        for part in self.name.split("__"):
            value = getattr(value, part)
        if value is None:
            msg = f"{self.name} is null: a keyset column must not be"
            raise ValueError(msg)
        # `to_python` of every kind of column reads back what str() writes: dates and times in ISO form, zone included.
        return str(value)


def page(queryset: QuerySet[Any, R], *, order: tuple[str, ...], after: str = "", size: int = DEFAULT_SIZE) -> Page[R]:
    """One query. `order` as in `order_by`, one to three columns without nulls, the last of them unique.

    Rows are models, or of a `values_list(named=True)` that has the ordering columns among its own.
    `after` is a cursor of an earlier page, either of its two, or empty for the first page. A cursor that is not ours, or
    is another list's, raises InvalidInput. A cursor whose following rows have gone since gives an empty page.
    """
    columns = _columns(queryset, order)
    salt = f"keyset:{queryset.model._meta.label_lower}:{','.join(order)}"
    backwards, values = _read(after, columns, salt) if after else (False, [])
    if values:
        queryset = queryset.filter(_beyond(columns, values, backwards=backwards))
    ordering = [f"-{c.name}" if c.descending != backwards else c.name for c in columns]
    found = list(queryset.order_by(*ordering)[: size + 1])
    more, rows = len(found) > size, found[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return Page(())
    before, behind = (more, True) if backwards else (bool(values), more)
    return Page(
        tuple(rows),
        next_cursor=_write(rows[-1], columns, salt, backwards=False) if behind else None,
        previous_cursor=_write(rows[0], columns, salt, backwards=True) if before else None,
    )


def _columns(queryset: QuerySet[Any, Any], order: tuple[str, ...]) -> list[_Column]:
    if not 1 <= len(order) <= _MAX_COLUMNS:
        msg = f"a keyset has 1 to {_MAX_COLUMNS} columns, not {len(order)}"
        raise ValueError(msg)
    return [
        _Column(name=name.removeprefix("-"), field=_field(queryset, name.removeprefix("-")), descending=name[0] == "-")
        for name in order
    ]


def _field(queryset: QuerySet[Any, Any], name: str) -> Field[Any, Any]:
    annotation = queryset.query.annotations.get(name)
    if annotation is not None:
        return annotation.output_field
    model: type[Model] = queryset.model
    *relations, last = name.split("__")
    for relation in relations:
        related = model._meta.get_field(relation).related_model
        if not isinstance(related, type):
            msg = f"{name} does not lead to a column"
            raise TypeError(msg)
        model = related
    found = model._meta.pk if last == "pk" else model._meta.get_field(last)
    if not isinstance(found, Field) or found.null:
        msg = f"{name} is no column, or may be null: it cannot order a keyset"
        raise ValueError(msg)
    return found


def _beyond(columns: list[_Column], values: list[Any], *, backwards: bool) -> Q:
    """(a, b, c) lies beyond (x, y, z), column by column.

    The first column's bound is also said on its own: with it both databases start the index scan at the right place,
    which they do not find inside the alternatives.
    """
    alternatives, equal = Q(), Q()
    for column, value in zip(columns, values, strict=True):
        operator = "lt" if column.descending != backwards else "gt"
        alternatives |= equal & Q((f"{column.name}__{operator}", value))
        equal &= Q((column.name, value))
    first = columns[0]
    bound = "lte" if first.descending != backwards else "gte"
    return Q((f"{first.name}__{bound}", values[0])) & alternatives


def _write(row: object, columns: list[_Column], salt: str, *, backwards: bool) -> str:
    values = [column.value_of(row) for column in columns]
    return signing.Signer(salt=salt).sign_object(["b" if backwards else "f", *values])


def _read(cursor: str, columns: list[_Column], salt: str) -> tuple[bool, list[Any]]:
    try:
        direction, *values = signing.Signer(salt=salt).unsign_object(cursor[:_LONGEST_CURSOR])
    except (signing.BadSignature, ValueError) as error:
        raise InvalidInput(
            _("This link to a page of the list is not valid. Start from the first page."), "after"
        ) from error
    return direction == "b", [column.field.to_python(value) for column, value in zip(columns, values, strict=True)]
