"""What the box at the top of a page with errors lists, and where each line leads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.forms import BaseForm, BaseFormSet
from django.forms.utils import ErrorList

from core.govuk.bound_field import GovukBoundField

__all__ = ["ErrorLine", "error_lines"]


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """``link`` is the id of an element on the page, or empty for an error that belongs to no field."""

    message: str
    link: str


def error_lines(sources: Iterable[object]) -> list[ErrorLine]:
    """Forms, formsets, lists of forms or of messages, and None (a form that this request does not have), in page order."""
    return [line for source in sources for line in _lines(source)]


def _lines(source: object) -> Iterator[ErrorLine]:
    if source is None or source == "":
        return
    if isinstance(source, BaseFormSet):
        yield from (ErrorLine(str(message), "") for message in source.non_form_errors())
        for form in source.forms:
            yield from _form_lines(form)
    elif isinstance(source, BaseForm):
        yield from _form_lines(source)
    elif isinstance(source, ErrorList | list | tuple):
        for item in source:
            yield from _form_lines(item) if isinstance(item, BaseForm) else (ErrorLine(str(item), ""),)
    else:
        msg = f"An error summary is made of forms, formsets and lists of messages, not {type(source).__name__}."
        raise TypeError(msg)


def _form_lines(form: BaseForm) -> Iterator[ErrorLine]:
    yield from (ErrorLine(str(message), "") for message in form.non_field_errors())
    for name in form.fields:
        field = form[name]
        if not field.errors:
            continue
        if isinstance(field, GovukBoundField):
            yield from (ErrorLine(message, field.link_id) for message in field.messages)
        else:
            yield from (ErrorLine(str(message), field.id_for_label or "") for message in field.errors)
