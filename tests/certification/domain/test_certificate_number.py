from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from certification.domain.certificate_number import CertificateNumber, InvalidNumberError, check, make, parse

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
years = st.integers(2000, 9999)
serials = st.integers(1, 999_999_999)


@given(years, serials)
def test_a_number_is_read_back(year: int, serial: int) -> None:
    text = make(year, serial)
    assert parse(text) == CertificateNumber(year, serial)
    assert len(text) <= 24


def test_what_a_number_looks_like() -> None:
    assert make(2026, 123) == "PSC-2026-000123-X"
    assert make(2026, 1_234_567) == "PSC-2026-1234567-W"


@given(years, serials, st.data())
def test_one_wrong_character_is_noticed(year: int, serial: int, data: st.DataObject) -> None:
    text = make(year, serial)
    place = data.draw(st.sampled_from([n for n, character in enumerate(text) if character != "-"]))
    wrong = data.draw(st.sampled_from(ALPHABET))
    read_as = {"O": "0", "I": "1", "L": "1"}
    assume(read_as.get(wrong, wrong) != text[place])
    assert not check(text[:place] + wrong + text[place + 1 :])


@given(years, serials, st.data())
def test_two_neighbours_that_changed_places_are_noticed(year: int, serial: int, data: st.DataObject) -> None:
    text = make(year, serial).replace("-", "")
    place = data.draw(st.integers(0, len(text) - 2))
    first, second = text[place], text[place + 1]
    assume(first != second)
    assert not check(text[:place] + second + first + text[place + 2 :])


@given(years, serials, st.data())
def test_a_lost_or_doubled_character_is_noticed_in_a_number_of_six_digits(
    year: int, serial: int, data: st.DataObject
) -> None:
    assume(serial <= 999_999)
    text = make(year, serial).replace("-", "")
    place = data.draw(st.integers(0, len(text) - 1))
    assert not check(text[:place] + text[place + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        "psc-2026-000123-x",
        "PSC2026000123X",
        " PSC 2026 000123 X ",
        "PSC\u20132026\u2013000123\u2013X",
        "PSC-2O26-OOO123-X",
        "PSC-2026-000I23-X",
        "psc-2026-000l23-x",
    ],
)
def test_forgiven(text: str) -> None:
    assert parse(text) == CertificateNumber(2026, 123)
    assert str(parse(text)) == "PSC-2026-000123-X"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PSC",
        "PSC-2026-000123",
        "PSC-2026-123-X",
        "ABC-2026-000123-X",
        "PSC-2026-0000123-X",
        "PSC-2026-000123-XX",
        "PSC-2026-\uff10\uff10\uff10123-X",
        "0" * 5000,
    ],
)
def test_not_forgiven(text: str) -> None:
    assert not check(text)
    with pytest.raises(InvalidNumberError):
        parse(text)


@pytest.mark.parametrize(("year", "serial"), [(1999, 1), (10_000, 1), (2026, 0), (2026, -1), (2026, 1_000_000_000)])
def test_out_of_range(year: int, serial: int) -> None:
    with pytest.raises(InvalidNumberError):
        make(year, serial)


def test_zero_is_no_serial_even_with_a_fitting_check_character() -> None:
    fitting = [c for c in ALPHABET if not isinstance(_outcome(f"PSC-2026-000000-{c}"), str)]
    assert fitting == []


def _outcome(text: str) -> CertificateNumber | str:
    try:
        return parse(text)
    except InvalidNumberError as error:
        return str(error)
