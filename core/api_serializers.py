"""What every shape of the API stands on: output, strict input, pages of lists, problems."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.utils.translation import gettext as _
from rest_framework import serializers

from core import keyset

__all__ = ["Empty", "Input", "PageQuery", "ProblemSerializer", "Shape", "list_of", "page_body", "page_of"]

_NAMED_AT_MOST: Final = 20
_SHOWN: Final = 60
_MOST_ROWS: Final = 100


class Shape(serializers.Serializer[Any]):
    """Objects to plain data. `example` is shown in the documentation."""

    example: ClassVar[Mapping[str, object] | None] = None


class Input(Shape):
    """Plain data to clean values. A name that it does not know is an error, never passed over: a misspelt field would be
    lost in silence, and one that is not the caller's to set must not get in.
    """

    def to_internal_value(self, data: Any) -> Any:
        errors = self._unknown(data)
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            found = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
            raise serializers.ValidationError({**found, **errors}) from error
        if errors:
            raise serializers.ValidationError(errors)
        return value

    def _unknown(self, data: Any) -> dict[str, list[str]]:
        if not isinstance(data, Mapping):
            return {}
        known = {field.field_name for field in self._writable_fields}
        unknown = sorted({str(name) for name in data} - known)
        return {name[:_SHOWN]: [_("This field is not known here.")] for name in unknown[:_NAMED_AT_MOST]}


class Empty(Input):
    """For a request that says nothing but that it was made."""


class PageQuery(Input):
    """How every list is paged."""

    after = serializers.CharField(
        required=False, default="", max_length=2000, help_text="The `next` or `previous` of another page of this list."
    )
    size = serializers.IntegerField(required=False, default=50, min_value=1, max_value=_MOST_ROWS)


class _Fault(Shape):
    field = serializers.CharField(allow_blank=True, help_text="A dotted path; empty for the whole.")
    message = serializers.CharField()


class ProblemSerializer(Shape):
    """RFC 9457. `code` is stable and what a program should look at; `detail` is for people."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = _Fault(  # type: ignore[assignment]  # the name of a property of DRF's, which a declared field does not touch
        many=True, required=False, help_text="With invalid-input: what is wrong, field by field."
    )
    missing = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="With incomplete: what is missing, in page order."
    )

    example = {
        "type": "urn:wardmark:problem:invalid-input",
        "title": "Invalid input",
        "status": 422,
        "code": "invalid-input",
        "detail": "Some values cannot be taken.",
        "errors": [{"field": "postcode", "message": "Enter a full UK postcode, for example LS1 4AP."}],
    }


@functools.cache
def page_of(row: type[Shape]) -> type[Shape]:
    """The shape of a keyset page of such rows, for the schema."""
    cursor = functools.partial(serializers.CharField, allow_null=True)
    fields = {
        "results": row(many=True),
        "next": cursor(help_text="Give it as `after` for the rows that follow; null on the last page."),
        "previous": cursor(help_text="Give it as `after` for the rows before; null on the first page."),
    }
    return type(f"{row.__name__.removesuffix('Serializer')}PageSerializer", (Shape,), fields)


@functools.cache
def list_of(row: type[Shape]) -> type[Shape]:
    """The shape of a short list that comes whole."""
    return type(f"{row.__name__.removesuffix('Serializer')}ListSerializer", (Shape,), {"results": row(many=True)})


def page_body(rows: keyset.Page[Any], row: type[Shape]) -> dict[str, object]:
    return {
        "results": row(rows.rows, many=True).data,
        "next": rows.next_cursor,
        "previous": rows.previous_cursor,
    }
