"""HTML to PDF: archival (PDF/A-3a), tagged for screen readers, the same bytes for the same input.

The only module that knows WeasyPrint. Nothing is fetched: a document may use data: addresses and the project's own
fonts, and any other address fails the render, so that neither a file of this machine nor the network gets into a page.
"""

from __future__ import annotations

import atexit
import functools
import gc
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from core.http import libraries

VARIANT: Final = "pdf/a-3a"
_EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)
FONT_SCHEME: Final = "wardmark-font:"
# (file of the built assets, weights): the text in two subsets, and figures that cannot be mistaken for letters.
_FONTS: Final = {
    "source-sans-3-latin": (300, 400, 600, 700),
    "source-sans-3-latin-ext": (300, 400, 600, 700),
    "atkinson-hyperlegible-next-latin": (700,),
}


class Unavailable(Exception):
    """The Pango library is missing: HTML can be shown, a PDF cannot be made."""


class ForbiddenAddress(ValueError):
    """A document asked for something that is neither inline nor one of our fonts."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file within the document, of which it is the data (PDF/A-3). `mime` must be what the name's ending says."""

    name: str
    content: bytes
    mime: str
    description: str


@dataclass(frozen=True, slots=True)
class Source:
    """`html` says its language, title and dates itself. `identifier` must differ for different documents; it is what
    makes two renders of one document equal byte for byte.
    """

    html: str
    stylesheet: str
    identifier: str
    attachments: tuple[Attachment, ...] = ()


def render(source: Source) -> bytes:
    """Raises Unavailable. Takes tenths of a second a page: never inside a transaction."""
    if not libraries.pango():
        raise Unavailable
    from weasyprint import HTML

    press = _press()
    html = HTML(string=source.html, url_fetcher=press.fetcher)
    with _without_collecting(), warnings.catch_warnings(), _named_refusal():
        # The library leaves the file of its colour profile to be closed by the interpreter.
        warnings.simplefilter("ignore", ResourceWarning)
        content: bytes = html.write_pdf(
            stylesheets=[press.stylesheet(source.stylesheet)],
            attachments=[_attached(each) for each in source.attachments],
            finisher=_finish,
            font_config=press.fonts,
            pdf_variant=VARIANT,
            pdf_identifier=source.identifier.encode(),
        )
    return content


def _attached(attachment: Attachment) -> Any:
    """The library's own, which is good for one render. A fixed date: another would make other bytes of the same input."""
    from weasyprint import Attachment as Embedded

    return Embedded(
        file_obj=io.BytesIO(attachment.content),
        name=attachment.name,
        description=attachment.description,
        relationship="Data",
        created=_EPOCH,
        modified=_EPOCH,
    )


def _finish(_: Any, made: Any) -> None:
    _name_header_scopes(made)
    # The library lists each attachment twice.
    if "AF" in made.catalog:
        made.catalog["AF"] = type(made.catalog["AF"])(dict.fromkeys(made.catalog["AF"]))


def _name_header_scopes(made: Any) -> None:
    """The library links cells to their headers and leaves out what older readers go by. Only column headers are drawn."""
    for item in made.objects:
        if isinstance(item, dict) and item.get("S") == "/TH" and "A" in item:
            item["A"]["Scope"] = "/Column"


@contextmanager
def _named_refusal() -> Iterator[None]:
    from weasyprint.urls import FatalURLFetchingError

    try:
        yield
    except FatalURLFetchingError as error:
        # A BaseException, which would take the worker down with it.
        raise ForbiddenAddress(str(error)) from error


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Layout makes and drops very many objects; looking for cycles among them costs a tenth of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Face:
    """One `@font-face`. Families are listed one after the other in `font-family`, so a letter is looked for in turn."""

    family: str
    weight: int
    address: str


def faces() -> tuple[Face, ...]:
    """Every weight of every file; none before the assets are built, when the system's DejaVu Sans is used."""
    return tuple(
        Face(stem, weight, f"{FONT_SCHEME}{stem}-{weight}")
        for stem, weights in _FONTS.items()
        for weight in weights
        if _font_file(stem, weight).is_file()
    )


def _font_file(stem: str, weight: int | str) -> Path:
    return Path(settings.BASE_DIR) / "static" / "dist" / "fonts" / f"{stem}-{weight}-normal.woff2"


@functools.cache
def _font(stem: str, weight: str) -> bytes:
    """One file, unpacked here: left to itself the PDF library puts the time of day into it, and no two renders are equal."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - half a second, and only where a PDF is made

    font = TTFont(io.BytesIO(_font_file(stem, weight).read_bytes()), recalcTimestamp=False)
    font.flavor = None
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Press:
    """What is set up once in a process: fonts and parsed style sheets stay warm."""

    fonts: Any
    fetcher: Any

    def stylesheet(self, text: str) -> object:
        return _parsed(text)


@functools.cache
def _press() -> _Press:
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Fetcher(URLFetcher):  # type: ignore[misc]  # the library publishes no types
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> object:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            stem, _, weight = url.removeprefix(FONT_SCHEME).rpartition("-")
            if not url.startswith(FONT_SCHEME) or weight not in map(str, _FONTS.get(stem, ())):
                # Fatal: the library would log anything else and go on with a hole in the page.
                raise FatalURLFetchingError("a document may not fetch anything but our fonts")
            return URLFetcherResponse(url, body=_font(stem, weight), headers={"Content-Type": "font/ttf"})

    return _Press(FontConfiguration(), Fetcher(allowed_protocols=("data",)))


@functools.lru_cache(maxsize=8)
def _parsed(text: str) -> object:
    from weasyprint import CSS

    press = _press()
    return CSS(string=text, font_config=press.fonts, url_fetcher=press.fetcher)


@atexit.register
def _close() -> None:
    # Fonts lie in a temporary directory that goes with the last reference; at the interpreter's own end it is too late.
    _parsed.cache_clear()
    _press.cache_clear()
    gc.collect()
