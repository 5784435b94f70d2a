"""UK postcodes as Royal Mail writes them: upper case, one space before the last three characters."""

from __future__ import annotations

from typing import Final

from ukpostcodeutils import validation

__all__ = ["INWARD_LENGTH", "normalise"]

INWARD_LENGTH: Final = 3
_LONGEST: Final = 40


def normalise(text: str) -> str:
    """`sw1a2aa`, `SW1A-2AA` and ` sw1a 2aa ` become `SW1A 2AA`; raises ValueError for what is no postcode.

    Checked: the shape, the letters that may stand in each place, and that the area at the front exists. Not checked:
    that mail is delivered there, for which Royal Mail's own file would be needed.
    """
    bare = "".join(c for c in text[:_LONGEST].upper() if not c.isspace() and c != "-")
    if not bare.isascii() or not validation.is_valid_postcode(bare):
        msg = "not a UK postcode"
        raise ValueError(msg)
    return f"{bare[:-INWARD_LENGTH]} {bare[-INWARD_LENGTH:]}"
