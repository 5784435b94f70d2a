"""The printer: attachments, drawings, and that the same input is the same bytes."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pikepdf
import pytest
import segno
import time_machine

from core import pdf, pdf_pictures
from tests import pdf_reading

PAGE = '<html lang="en"><head><title>Title</title></head><body><h1>Head</h1><p>Words.</p></body></html>'
CREDENTIAL = pdf.Attachment("credential.json", b'{"number": "PSC-2026-000001-0"}', "application/json", "For programs")
CLAIM = pdf.Attachment(
    "claim.jws", b"eyJ.e30.x", "application/jose+json", "Signed", dated=datetime(2026, 9, 30, 10, 0, tzinfo=UTC)
)
SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297"><path d="M10 10L50 10L50 50z" stroke="#000" fill="none"/></svg>'


def source(**changes: object) -> pdf.Source:
    return pdf.Source(html=PAGE, stylesheet="@page { size: A4 }", identifier="x", **changes)  # type: ignore[arg-type]


def opened(made: pdf.Source) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf.render(made)))


def test_an_attachment_is_the_data_of_the_document() -> None:
    document = opened(source(attachments=(CREDENTIAL, CLAIM)))
    assert {name: file.get_file().read_bytes() for name, file in document.attachments.items()} == {
        "credential.json": CREDENTIAL.content,
        "claim.jws": CLAIM.content,
    }
    listed = list(document.Root.AF)  # type: ignore[call-overload]
    assert [(str(f.UF), str(f.AFRelationship), str(f.Desc), str(f.EF.F.Subtype)) for f in listed] == [
        ("credential.json", "/Data", "For programs", "/application/json"),
        ("claim.jws", "/Data", "Signed", "/application/jose+json"),
    ]
    assert str(listed[1].EF.F.Params.ModDate) == "D:20260930100000Z"


def test_without_attachments_there_are_none() -> None:
    document = opened(source())
    assert "/AF" not in document.Root
    assert list(document.attachments) == []


def test_the_same_input_is_the_same_bytes_on_another_day() -> None:
    made = source(attachments=(CREDENTIAL, CLAIM), underlay=SQUARE, pictures={"code": pdf_pictures.qr_code("x")})
    with time_machine.travel("2026-10-01T10:00:00+00:00", tick=False):
        first = pdf.render(made)
    with time_machine.travel("2031-02-03T04:05:06+00:00", tick=False):
        assert pdf.render(made) == first


def test_another_identifier_is_another_file() -> None:
    other = pdf.Source(html=PAGE, stylesheet="@page { size: A4 }", identifier="y")
    assert pdf.render(source()) != pdf.render(other)


def test_a_drawing_lies_under_the_first_page_and_is_not_read_out() -> None:
    document = opened(source(underlay=SQUARE))
    assert "/underlay" in document.pages[0].Resources.XObject
    assert pdf_reading.read(document).loose == []
    assert pdf_reading.in_order(document) == [("/H1", "Head"), ("/P", "Words.")]


def test_a_drawing_of_more_than_lines_is_refused() -> None:
    with pytest.raises(ValueError, match="plain colours"):
        pdf_pictures.drawing(SQUARE.replace('fill="none"', 'stroke-opacity=".2"'))


def test_a_code_is_drawn_module_for_module() -> None:
    picture = pdf_pictures.qr_code("https://example.org/check/abc/")
    matrix = segno.make("https://example.org/check/abc/", error="q", micro=False, boost_error=False).matrix
    dark = {(x + 2, y + 2) for y, row in enumerate(matrix) for x, module in enumerate(row) if module}
    drawn = set()
    for line in picture.content.decode().splitlines():
        if line.endswith(" re"):
            x, y, width, _height = map(int, line.split()[:4])
            drawn |= {(x + step, y) for step in range(width)}
    assert (drawn, picture.width) == (dark, len(matrix) + 4)


def test_a_picture_in_the_page_has_the_words_that_stand_for_it() -> None:
    html = PAGE.replace("<p>", '<img src="picture:code" alt="A code"><p>')
    made = pdf.Source(
        html=html, stylesheet="img { width: 30mm }", identifier="x", pictures={"code": pdf_pictures.qr_code("x")}
    )
    assert ("/Figure", "A code") in pdf_reading.in_order(opened(made))


def test_a_picture_that_was_not_given_is_not_looked_for_elsewhere() -> None:
    with pytest.raises(pdf.ForbiddenAddress):
        pdf.render(pdf.Source(PAGE.replace("<p>", '<img src="picture:other" alt=""><p>'), "", "x"))
