"""The register as open data: which columns, and each entry as one line of CSV or one object of JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.urls import reverse

from certification.selectors.register import RegisterEntry

# docs/how-to/open-data.md describes each. What is added here is published to the world.
COLUMNS: Final = (
    "number",
    "name",
    "kind",
    "place",
    "holder",
    "area_code",
    "area",
    "state",
    "valid_from",
    "valid_until",
    "page",
)
# A spreadsheet takes a cell that begins so for a formula, whoever wrote it.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def row_of(entry: RegisterEntry) -> dict[str, str]:
    return {
        "number": entry.number,
        "name": entry.subject,
        "kind": entry.kind,
        "place": entry.place,
        "holder": entry.holder,
        "area_code": entry.area_code,
        "area": entry.area,
        "state": entry.state,
        "valid_from": _day(entry.valid_from),
        "valid_until": _day(entry.valid_until),
        "page": settings.SITE_URL + reverse("certification:register_entry", args=[entry.number]),
    }


def as_csv(entries: Iterable[RegisterEntry], *, size: int = 500) -> Iterator[str]:
    """RFC 4180 with a line of names, in pieces of some hundred lines. A cell that a spreadsheet would compute is text:
    it begins with an apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for number, entry in enumerate(entries, start=1):
        writer.writerow([_harmless(value) for value in row_of(entry).values()])
        if number % size == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def as_json(entries: Iterable[RegisterEntry], *, generated_at: datetime) -> Iterator[str]:
    """One object: when, under which licence, and `results`."""
    head = {
        "generated_at": generated_at.isoformat(timespec="seconds"),
        "licence": settings.OPEN_DATA_LICENCE,
        "note": settings.OPEN_DATA_NOTE,
    }
    yield f'{json.dumps(head, default=str)[:-1]}, "results": ['
    before = "\n"
    for entry in entries:
        yield before + json.dumps(row_of(entry), ensure_ascii=False)
        before = ",\n"
    yield "\n]}\n"


def _harmless(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value


def _day(when: date) -> str:
    return when.isoformat()
