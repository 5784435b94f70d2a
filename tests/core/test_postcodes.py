from __future__ import annotations

import pytest

from core import postcodes


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("sw1a2aa", "SW1A 2AA"),
        (" SW1A  2AA ", "SW1A 2AA"),
        ("SW1A-2AA", "SW1A 2AA"),
        ("M1 1AE", "M1 1AE"),
        ("bt1\u00a05gs", "BT1 5GS"),
        ("zE2 9zz", "ZE2 9ZZ"),
    ],
)
def test_postcodes_are_written_one_way(typed: str, written: str) -> None:
    assert postcodes.normalise(typed) == written
    assert postcodes.normalise(written) == written


@pytest.mark.parametrize(
    "typed", ["", "SW1A", "2AA", "SW1A 2A", "QQ1 1AA", "SW1A 2AAA", "\uff33\uff371A 2AA", "SW1A\x002AA", "x" * 9000]
)
def test_what_is_no_postcode_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="not a UK postcode"):
        postcodes.normalise(typed)
