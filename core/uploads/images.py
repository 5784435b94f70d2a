"""Pictures are decoded whole: a header alone proves nothing."""

from __future__ import annotations

import warnings
from typing import BinaryIO, Final

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from core.errors import InvalidInput

# A 100-megapixel plan of a stadium is honest; more is a picture that fills the memory of whoever opens it.
_MOST_PIXELS: Final = 100_000_000


def check_png(file: BinaryIO) -> None:
    _check(file, "PNG")


def check_jpeg(file: BinaryIO) -> None:
    _check(file, "JPEG")


def _check(file: BinaryIO, image_format: str) -> None:
    broken = InvalidInput(_("This picture cannot be read. It may be damaged."), field="file")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(file, formats=[image_format]) as picture:
                if picture.width * picture.height > _MOST_PIXELS:
                    raise InvalidInput(
                        _("This picture is too large: use one of 100 megapixels or fewer."), field="file"
                    )
                picture.verify()
            file.seek(0)
            with Image.open(file, formats=[image_format]) as picture:
                # verify() reads the structure and not the pixels of every format; drafting keeps the memory small.
                picture.draft("L", (256, 256))
                picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise broken from error
    _require_end(file, image_format)


def _require_end(file: BinaryIO, image_format: str) -> None:
    """Nothing may follow the picture: a second file glued on behind is what another program would open."""
    file.seek(0)
    data = file.read()
    end = data.rfind(b"IEND") + 8 if image_format == "PNG" else data.rfind(b"\xff\xd9") + 2
    tail = data[end:].strip(b"\x00\r\n\t ")
    # Phones append small blocks of their own after a photograph; an archive, a page or a program is none.
    if any(
        mark in tail[:65536] or mark in tail[-65536:]
        for mark in (b"PK\x03\x04", b"PK\x05\x06", b"%PDF-", b"<script", b"<html", b"MZ\x90")
    ):
        raise InvalidInput(_("Another file is hidden behind this picture."), field="file")
