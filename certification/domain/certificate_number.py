"""The number of a certificate, such as PSC-2026-000123-X, and the check character at its end.

The digits are weighted by powers of 3 modulo the prime 31, counted from the right. Every weight is different and none is
0 or -1, so one wrong character anywhere is noticed, and so are two neighbours that changed places. The 31 check
characters leave out I, L, O, U and Z, which are taken for 1, 1, 0, V and 2 when a number is read aloud or from paper.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self

__all__ = ["CertificateNumber", "InvalidNumberError", "check", "make", "parse"]

_PREFIX: Final = "PSC"
_CHECK_CHARACTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXY"
_MODULUS: Final = len(_CHECK_CHARACTERS)
_BASE: Final = 3
_FIRST_YEAR, _LAST_YEAR = 2000, 9999
_SERIAL_DIGITS: Final = 6
_LAST_SERIAL: Final = 999_999_999

_COMPACT = re.compile(r"PSC([0-9]{4})([0-9]{6,9})([0-9A-HJKMNP-TV-Y])")
_SEPARATORS = re.compile(r"[\s\u2010-\u2015\u2212-]+")
_READ_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})


class InvalidNumberError(ValueError):
    """This is no certificate number, or it was copied wrongly."""


@dataclass(frozen=True, slots=True, order=True)
class CertificateNumber:
    """`serial` counts from 1 within the year of the decision."""

    year: int
    serial: int

    def __post_init__(self) -> None:
        if not _FIRST_YEAR <= self.year <= _LAST_YEAR or not 1 <= self.serial <= _LAST_SERIAL:
            raise InvalidNumberError("The year or the serial number is out of range.")

    def __str__(self) -> str:
        digits = f"{self.year}{self.serial:0{_SERIAL_DIGITS}d}"
        return f"{_PREFIX}-{self.year}-{self.serial:0{_SERIAL_DIGITS}d}-{_check_character(digits)}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Forgives lower case, missing or other separators, and O for 0, I or L for 1; nothing else."""
        compact = _SEPARATORS.sub("", text).upper().translate(_READ_AS)
        match = _COMPACT.fullmatch(compact)
        if match is None:
            raise InvalidNumberError("This is not a certificate number. One looks like PSC-2026-000123-X.")
        year, serial, character = match.groups()
        padded = len(serial) > _SERIAL_DIGITS and serial.startswith("0")
        if padded or character != _check_character(year + serial):
            raise InvalidNumberError("This number was copied wrongly: its check character does not fit.")
        return cls(int(year), int(serial))


def make(year: int, serial: int) -> str:
    return str(CertificateNumber(year, serial))


def parse(text: str) -> CertificateNumber:
    """Raises InvalidNumberError."""
    return CertificateNumber.read(text)


def check(text: str) -> bool:
    """Whether the number can be right. It says nothing about whether such a certificate exists."""
    try:
        CertificateNumber.read(text)
    except InvalidNumberError:
        return False
    return True


def _check_character(digits: str) -> str:
    total = sum(int(digit) * pow(_BASE, place, _MODULUS) for place, digit in enumerate(reversed(digits), start=1))
    return _CHECK_CHARACTERS[total % _MODULUS]
