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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from core import pdf_finish
from core.http import libraries
from core.pdf_pictures import Picture, Replacement, drawing

# Instead of the library's sheet of 250 rules for everything that HTML has, each held against every element.
_AGENT: Final = Path(__file__).with_name("pdf_agent.css")
VARIANT: Final = "pdf/a-3a"
_EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)
FONT_SCHEME: Final = "wardmark-font:"
PICTURE_SCHEME: Final = "picture:"
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
    """A file within the document, of which it is the data (PDF/A-3). `dated` is written down with it: the moment of the
    render would make other bytes of the same input.
    """

    name: str
    content: bytes
    mime: str
    description: str
    dated: datetime = _EPOCH


@dataclass(frozen=True, slots=True)
class Source:
    """`html` says its language, title and dates itself. `identifier` must differ for different documents; it is what
    makes two renders of one document equal byte for byte.

    `pictures` by the name that `<img src="picture:name">` has; an SVG may be given instead (`pdf_pictures.drawing` says
    which). `underlay`: an SVG beneath the first page, a millimetre to the unit.
    """

    html: str
    stylesheet: str
    identifier: str
    attachments: tuple[Attachment, ...] = ()
    pictures: Mapping[str, Picture | str] = field(default_factory=dict)
    underlay: str = ""


def render(source: Source) -> bytes:
    """Raises Unavailable. Takes a tenth of a second: never inside a transaction."""
    if not libraries.pango():
        raise Unavailable
    press = _press()
    html = press.page(string=source.html, url_fetcher=press.fetcher)
    with _without_collecting(), warnings.catch_warnings(), _named_refusal():
        # The library leaves the file of its colour profile to be closed by the interpreter.
        warnings.simplefilter("ignore", ResourceWarning)
        content: bytes = html.write_pdf(
            stylesheets=[press.stylesheet(source.stylesheet)],
            finisher=lambda _document, made: _finish(made, source),
            font_config=press.fonts,
            pdf_variant=VARIANT,
            pdf_identifier=source.identifier.encode(),
            attachments=[_attached(attachment) for attachment in source.attachments],
            # Where the library looks first for a picture of that address.
            cache={PICTURE_SCHEME + name: _replacement(name, picture) for name, picture in source.pictures.items()},
        )
    return content


def _replacement(name: str, picture: Picture | str) -> Replacement:
    return Replacement(name, drawing(picture) if isinstance(picture, str) else picture)


def _attached(attachment: Attachment) -> object:
    from weasyprint import Attachment as Embedded

    dated = attachment.dated.astimezone(UTC)
    return Embedded(
        string=attachment.content,
        name=attachment.name,
        description=attachment.description,
        created=dated,
        modified=dated,
        relationship="Data",
    )


def _finish(made: Any, source: Source) -> None:
    pdf_finish.header_scopes(made)
    pdf_finish.figure_boxes(made)
    pdf_finish.page_furniture(made)
    pdf_finish.attachments(made, {attachment.name: attachment.mime for attachment in source.attachments})
    if source.underlay:
        pdf_finish.underlay(made, drawing(source.underlay))
    pdf_finish.compress_once(made)


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
    page: Any

    def stylesheet(self, text: str) -> object:
        return _parsed(text)


@functools.cache
def _press() -> _Press:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    agent = CSS(string=_AGENT.read_text(encoding="utf-8"))

    class Page(HTML):  # type: ignore[misc]  # the library publishes no types
        def _ua_stylesheets(self, forms: bool = False) -> list[object]:  # noqa: ARG002, FBT001, FBT002 - its signature
            return [agent]

    class Fetcher(URLFetcher):  # type: ignore[misc]  # the library publishes no types
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> object:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            stem, _, weight = url.removeprefix(FONT_SCHEME).rpartition("-")
            if not url.startswith(FONT_SCHEME) or weight not in map(str, _FONTS.get(stem, ())):
                # Fatal: the library would log anything else and go on with a hole in the page.
                raise FatalURLFetchingError("a document may not fetch anything but our fonts")
            return URLFetcherResponse(url, body=_font(stem, weight), headers={"Content-Type": "font/ttf"})

    return _Press(FontConfiguration(), Fetcher(allowed_protocols=("data",)), Page)


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
