"""CSV that a spreadsheet shows as it is: a name that begins like a formula is text, not a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

# What spreadsheets take for the beginning of a formula, also behind the quote of a cell.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def cell(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """With the mark by which Excel knows UTF-8, and the line ends of RFC 4180."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
