"""The codes on a certificate, read from a picture of the page by a reader that did not draw them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageEnhance, ImageFilter

from certification import documents
from core import pdf
from tests.certification.certificates.test_paper import FORMS, FULLEST, GENERAL, drawn

Worsened = Callable[[Image.Image], Image.Image]
# How a code meets a phone or scanner: dots an inch of the picture, and what has happened to it on the way.
SEEN: Final[dict[str, tuple[int, Worsened]]] = {
    "on paper": (150, lambda image: image),
    "on a screen": (96, lambda image: image),
    "photocopied": (110, lambda image: image.convert("L").point(lambda grey: 255 * (grey > 128))),
    "askew and out of focus": (
        150,
        lambda image: image.rotate(8, expand=True, fillcolor="white").filter(ImageFilter.GaussianBlur(1.0)),
    ),
    "upside down on poor toner": (150, lambda image: ImageEnhance.Contrast(image.rotate(180)).enhance(0.35)),
}


def read(content: bytes, *, how: str) -> set[str]:
    dots, worsened = SEEN[how]
    [page, *_] = pypdfium2.PdfDocument(content)
    image: Image.Image = page.render(scale=dots / 72).to_pil()
    return {code.text for code in zxingcpp.read_barcodes(worsened(image.convert("RGB")))}


@pytest.fixture(scope="module")
def fullest() -> bytes:
    return drawn(FULLEST)


@pytest.mark.parametrize("how", SEEN)
def test_both_codes_of_the_fullest_certificate_are_read(fullest: bytes, how: str) -> None:
    assert read(fullest, how=how) == {FULLEST.check_url, FULLEST.offline_claim}


@pytest.mark.parametrize("form", FORMS)
def test_without_the_second_code_there_is_the_address_alone(form: str) -> None:
    assert read(drawn(FORMS[form]), how="on paper") == {GENERAL.check_url}


@pytest.mark.parametrize("how", SEEN)
def test_the_poster_s_code_is_read_across_a_door(how: str) -> None:
    dots, worsened = SEEN[how]
    poster = pdf.render(documents.poster_source(GENERAL, identifier="test"))
    [page] = pypdfium2.PdfDocument(poster)
    # A third of the dots: a phone three times as far away.
    image: Image.Image = page.render(scale=dots / 3 / 72).to_pil()
    assert [code.text for code in zxingcpp.read_barcodes(worsened(image.convert("RGB")))] == [GENERAL.check_url]
