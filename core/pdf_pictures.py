"""Line drawings in the printer's own operators: read once, drawn in every document at the price of naming them.

Left to itself the PDF library draws an SVG point by point in each document anew, which is a third of a certificate.
"""

from __future__ import annotations

import functools
import zlib
from dataclasses import dataclass, field
from typing import Any, Final

import pydyf
import segno
from defusedxml import ElementTree

# Of a code's four levels of correction: still read with a quarter of it under a thumb or a crease (Q), or a seventh (M).
QUARTER: Final = "q"
SEVENTH: Final = "m"
_QUIET: Final = 2


@dataclass(frozen=True, slots=True)
class Picture:
    """`content` draws in a box of `width` by `height` whose origin is its upper left corner."""

    width: float
    height: float
    content: bytes
    packed: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "packed", zlib.compress(self.content, 9))

    def form(self) -> Any:
        """A fresh object each time: one belongs to the file that it was numbered in."""
        extra = {
            "Type": "/XObject",
            "Subtype": "/Form",
            "BBox": pydyf.Array([0, 0, self.width, self.height]),
            "Resources": pydyf.Dictionary(),
            "Filter": "/FlateDecode",
        }
        return pydyf.Stream([self.packed], extra)


class Replacement:
    """What stands in a page for `<img src="picture:…">`: the two methods that the PDF library asks of an image."""

    def __init__(self, name: str, picture: Picture) -> None:
        self._name, self._picture = f"picture-{name}", picture

    def get_intrinsic_size(self, _resolution: object, _font_size: object) -> tuple[float, float, float]:
        return self._picture.width, self._picture.height, self._picture.width / self._picture.height

    def draw(self, stream: Any, width: float, height: float, _style: object) -> None:
        stream._resources["XObject"].setdefault(self._name, self._picture.form())
        stream.transform(a=width / self._picture.width, d=height / self._picture.height)
        stream.draw_x_object(self._name)


def qr_code(text: str, *, correction: str = QUARTER) -> Picture:
    """Dark runs as rectangles of one module, two modules of quiet around them (the paper beside it is the rest)."""
    matrix = segno.make(text, error=correction, micro=False, boost_error=False).matrix
    runs: list[str] = []
    for y, row in enumerate(matrix):
        bits = bytes(row)
        start = bits.find(1)
        while start >= 0:
            end = bits.find(0, start)
            end = len(bits) if end < 0 else end
            runs.append(f"{start + _QUIET} {y + _QUIET} {end - start} 1 re")
            start = bits.find(1, end)
    side = len(matrix) + 2 * _QUIET
    # Black, and not the navy of the text: on a poor printer every bit of contrast counts.
    return Picture(side, side, "\n".join(("0 g", *runs, "f")).encode())


@functools.lru_cache(maxsize=16)
def drawing(svg: str) -> Picture:
    """An SVG of paths and plain colours. Raises ValueError for what needs more than operators (opacity, gradients, text)."""
    from weasyprint.pdf.stream import Stream
    from weasyprint.svg import SVG

    class Lines(Stream):  # type: ignore[misc]  # the library publishes no types
        def set_alpha(self, alpha: float, stroke: bool | None = False) -> None:  # noqa: ARG002, FBT001, FBT002 - its signature
            if alpha != 1:
                raise ValueError("a drawing is paths in plain colours")

    tree = ElementTree.fromstring(svg)
    width, height = (float(value) for value in tree.attrib["viewBox"].split()[2:])
    resources = {kind: pydyf.Dictionary() for kind in ("ExtGState", "XObject", "Pattern", "Shading")}
    stream = Lines({}, (0, 0, width, height), resources, {}, None, {}, None)
    SVG(tree, None, None, None).draw(stream, width, height, None, None)
    if any(resources.values()):
        raise ValueError("a drawing is paths in plain colours")
    return Picture(width, height, b"\n".join(map(pydyf._to_bytes, stream.stream)))
