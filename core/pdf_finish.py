"""What the PDF library leaves undone, before the file is written: tags that readers go by, and work done once.

Each function changes the objects of one file in memory (pydyf), and says which rule asks for it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pydyf

from core.pdf_pictures import Picture

_POINTS_PER_PIXEL: Final = 0.75
_MILLIMETRE: Final = 72 / 25.4
# Level 9 takes three times as long for a hundredth of the size.
_COMPRESSION: Final = 6


def header_scopes(made: Any) -> None:
    """Cells are linked to their headers already; older readers go by Scope. Only column headers are drawn."""
    for item in made.objects:
        if isinstance(item, dict) and item.get("S") == "/TH" and "A" in item:
            item["A"]["Scope"] = "/Column"


def figure_boxes(made: Any) -> None:
    """Given in pixels from the top of the page; the standard (14.8.5.4.3) wants points from its bottom."""
    height = _pages(made)[0]["MediaBox"][3]
    for item in made.objects:
        if isinstance(item, dict) and item.get("S") == "/Figure" and "A" in item:
            left, top, right, bottom = (edge * _POINTS_PER_PIXEL for edge in item["A"]["BBox"])
            item["A"]["BBox"] = pydyf.Array([left, height - bottom, right, height - top])


def page_furniture(made: Any) -> None:
    """Running heads and page numbers: neither in the tree nor marked as what may be left out, which PDF/A forbids (every
    word is the one or the other). They become artifacts, so that nobody hears the number on every page.
    """
    document: Any = next(item for item in made.objects if isinstance(item, dict) and item.get("S") == "/Document")
    kept = set(document["K"])
    loose = [
        item
        for item in made.objects
        if isinstance(item, pydyf.Dictionary) and item.get("P") == document.reference and item.reference not in kept
    ]
    pages = _pages(made)
    marks: dict[bytes, set[int]] = {page.reference: set() for page in pages}
    for element in [part for top in loose for part in _below(made, top)]:
        marks[element["Pg"]].update(kid for kid in element["K"] if isinstance(kid, int))
        element.clear()
    numbers = made.objects[_number(made.objects[_number(made.catalog["StructTreeRoot"])]["ParentTree"])]["Nums"]
    for index, page in enumerate(pages):
        for mark in marks[page.reference]:
            # The place in the list is the mark's own number: it stays, and leads nowhere.
            numbers[2 * index + 1][mark] = b"null"
        _make_artifacts(made.objects[_number(page["Contents"])], marks[page.reference])


def _below(made: Any, element: Any) -> Iterator[Any]:
    yield element
    for kid in element["K"]:
        if isinstance(kid, bytes):
            yield from _below(made, made.objects[_number(kid)])


def _make_artifacts(stream: Any, marks: set[int]) -> None:
    """Marked content begins with three items: its tag, its properties, BDC."""
    for place, item in enumerate(stream.stream):
        if isinstance(item, dict) and item.get("MCID") in marks:
            stream.stream[place - 1 : place + 2] = [b"/Artifact", b"<</Type /Pagination>>", b"BDC"]


def underlay(made: Any, picture: Picture) -> None:
    """Beneath everything on the first page, a millimetre to the unit, and not read out."""
    page = _pages(made)[0]
    form = picture.form()
    made.add_object(form)
    made.objects[_number(page["Resources"])]["XObject"]["underlay"] = form.reference
    height = page["MediaBox"][3]
    matrix = f"{_MILLIMETRE:.6f} 0 0 {-_MILLIMETRE:.6f} 0 {height:.4f} cm"
    stream = made.objects[_number(page["Contents"])].stream
    stream[:0] = [b"/Artifact BMC", b"q", matrix.encode(), b"/underlay Do", b"Q", b"EMC"]


def attachments(made: Any, types: Mapping[str, str]) -> None:
    """`types`: media type by name, which the library guesses by the tables of the machine. It lists each file twice, too."""
    for item in made.objects:
        if isinstance(item, dict) and item.get("Type") == "/Filespec":
            embedded = made.objects[_number(item["EF"]["F"])]
            embedded.extra["Subtype"] = "/" + types[item["UF"].string].replace("/", "#2f").replace("+", "#2b")
    if "AF" in made.catalog:
        made.catalog["AF"][:] = dict.fromkeys(made.catalog["AF"])


def compress_once(made: Any) -> None:
    """The library asks every object for its bytes twice, once for the file's identifier, and packs them each time."""
    for item in made.objects:
        if isinstance(item, pydyf.Stream) and item.compress:
            item.stream = [zlib.compress(b"\n".join(map(pydyf._to_bytes, item.stream)), _COMPRESSION)]
            item.extra["Filter"] = "/FlateDecode"
            item.compress = False


def _pages(made: Any) -> list[Any]:
    return [made.objects[number] for number in made.pages["Kids"][::3]]


def _number(reference: bytes) -> int:
    return int(reference.split()[0])
