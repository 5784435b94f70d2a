"""One upload, looked at whole before it is kept."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import BinaryIO, Final

import puremagic
from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from core.uploads import documents, images

LONGEST_NAME: Final = 160
_LONGEST_SUFFIX: Final = 11
_HEAD: Final = 8192
_PIECE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Kind:
    """`magic`: what the first bytes may look like, by file ending; empty for text, which has no mark of its own."""

    content_type: str
    magic: frozenset[str]
    check: Callable[[BinaryIO], None]


@dataclass(frozen=True, slots=True)
class Inspected:
    """`name` is safe to show and to put in a header; it is never used as a path."""

    name: str
    content_type: str
    size: int
    sha256: str


_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_ZIPPED: Final = frozenset({".zip", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp"})
_KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        ".pdf": Kind("application/pdf", frozenset({".pdf"}), documents.check_pdf),
        ".png": Kind("image/png", frozenset({".png"}), images.check_png),
        ".jpg": Kind("image/jpeg", frozenset({".jpg", ".jpeg", ".jfif", ".jpe"}), images.check_jpeg),
        ".jpeg": Kind("image/jpeg", frozenset({".jpg", ".jpeg", ".jfif", ".jpe"}), images.check_jpeg),
        ".docx": Kind(f"{_OFFICE}wordprocessingml.document", _ZIPPED, documents.check_docx),
        ".xlsx": Kind(f"{_OFFICE}spreadsheetml.sheet", _ZIPPED, documents.check_xlsx),
        ".odt": Kind("application/vnd.oasis.opendocument.text", _ZIPPED, documents.check_odt),
        ".txt": Kind("text/plain", frozenset(), documents.check_text),
        ".csv": Kind("text/csv", frozenset(), documents.check_text),
    }
)
EXTENSIONS: Final = tuple(_KINDS)
ACCEPT: Final = ",".join(EXTENSIONS)


def inspect(file: BinaryIO, *, name: str) -> Inspected:
    """Raises InvalidInput (field `file`) with the reason in plain words. Leaves the file at its beginning."""
    shown = safe_name(name)
    kind = _KINDS.get(PurePosixPath(shown).suffix.lower())
    if kind is None:
        raise _refused(_("This type of file cannot be used. Use %(types)s.") % {"types": _spoken_types()})
    size, digest = _measured(file)
    file.seek(0)
    _check_magic(kind, file.read(_HEAD))
    file.seek(0)
    kind.check(file)
    file.seek(0)
    return Inspected(shown, kind.content_type, size, digest)


def safe_name(name: str) -> str:
    """The last part of whatever path came along, without control or direction-changing characters."""
    last = re.split(r"[/\\]", name.replace("\x00", ""))[-1]
    plain = unicodedata.normalize("NFC", last)
    visible = "".join(c for c in plain if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
    tidy = re.sub(r'[<>:"|?*;]', "_", " ".join(visible.split())).lstrip(".")
    path = PurePosixPath(tidy or "file")
    suffix = path.suffix.lower()
    return (
        f"{path.stem[: LONGEST_NAME - len(suffix)]}{suffix}" if len(suffix) <= _LONGEST_SUFFIX else tidy[:LONGEST_NAME]
    )


def _measured(file: BinaryIO) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while piece := file.read(_PIECE):
        size += len(piece)
        if size > settings.MAX_UPLOAD_BYTES:
            limit = settings.MAX_UPLOAD_BYTES // (1024 * 1024)
            raise _refused(_("This file is larger than %(limit)s MB.") % {"limit": limit})
        digest.update(piece)
    if size == 0:
        raise _refused(_("This file is empty."))
    return size, digest.hexdigest()


def _check_magic(kind: Kind, head: bytes) -> None:
    try:
        looks_like = {match.extension.lower() for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        looks_like = set()
    if kind.magic:
        if not kind.magic & looks_like:
            raise _refused(_("This file is not what its name says it is."))
    elif looks_like & {".pdf", ".png", ".jpg", ".zip", ".exe", ".html", ".rtf", ".gif", ".elf"} and _has_binary_mark(
        head
    ):
        raise _refused(_("This file is not what its name says it is."))


def _has_binary_mark(head: bytes) -> bool:
    # "MZ" or "GIF" may begin an honest sentence; a real one is not text all through, and %PDF is none of either.
    marks = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"PK\x03\x04", b"{\\rtf", b"\x7fELF", b"GIF8")
    return head.startswith(marks) or b"<html" in head[:1024].lower() or b"<script" in head.lower()


def _spoken_types() -> str:
    return ", ".join(ending.removeprefix(".").upper() for ending in EXTENSIONS if ending != ".jpeg")


def _refused(message: str) -> InvalidInput:
    return InvalidInput(message, field="file")
