"""Documents are opened and searched for what can act: scripts, launches, macros, files within files, and bombs."""

from __future__ import annotations

import codecs
import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Final

from django.utils.translation import gettext as _

from core.errors import InvalidInput

if TYPE_CHECKING:
    import pikepdf

_MOST_MEMBERS: Final = 3_000
_MOST_UNPACKED: Final = 300 * 1024 * 1024
_MOST_RATIO: Final = 200
_SMALL: Final = 1024 * 1024
_ACTIVE_KEYS: Final = (
    "/JavaScript",
    "/JS",
    "/Launch",
    "/EmbeddedFile",
    "/EmbeddedFiles",
    "/RichMedia",
    "/XFA",
    "/ImportData",
    "/SubmitForm",
)
_NESTED: Final = (
    ".zip",
    ".docx",
    ".xlsx",
    ".docm",
    ".xlsm",
    ".exe",
    ".dll",
    ".js",
    ".vbs",
    ".ps1",
    ".bat",
    ".cmd",
    ".jar",
    ".hta",
    ".html",
    ".svg",
    ".bin",
)
_HARMLESS_BIN: Final = re.compile(r"(xl|word)/(printerSettings/printerSettings\d+|vbaProjectSignature)\.bin")


def check_pdf(file: BinaryIO) -> None:
    """No encryption, no script, no launch, no files inside."""
    import pikepdf  # noqa: PLC0415 - loading it takes a tenth of a second, which no other command should pay

    _require_one_head(file)
    try:
        with pikepdf.open(file) as pdf:
            if pdf.is_encrypted:
                raise _refused(_("This PDF is locked with a password. Save a copy without one."))
            if len(pdf.pages) == 0:
                raise _refused(_("This PDF has no pages."))
            if len(pdf.attachments) or any(_acts(value) for value in pdf.objects):
                raise _refused(
                    _("This PDF holds scripts, forms that act or files of its own. Print it to a new PDF and use that.")
                )
    except pikepdf.PasswordError as error:
        raise _refused(_("This PDF is locked with a password. Save a copy without one.")) from error
    except (pikepdf.PdfError, RecursionError, ValueError, OSError) as error:
        raise _refused(_("This PDF cannot be read. It may be damaged.")) from error


def check_docx(file: BinaryIO) -> None:
    _check_office(file, main="word/document.xml")


def check_xlsx(file: BinaryIO) -> None:
    _check_office(file, main="xl/workbook.xml")


def check_odt(file: BinaryIO) -> None:
    with _archive(file) as archive:
        names = _member_names(archive)
        if "content.xml" not in names or _start(archive, "mimetype") != b"application/vnd.oasis.opendocument.text":
            raise _not_what_it_says()
        if any(name.startswith(("Basic/", "Scripts/")) for name in names):
            raise _macros()
        _require_plain(names, allowed_prefixes=("Configurations2/",))


def check_text(file: BinaryIO) -> None:
    """UTF-8, with no control characters but tabs and line ends."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        while piece := file.read(_SMALL):
            _require_text(decoder.decode(piece))
        _require_text(decoder.decode(b"", final=True))
    except UnicodeDecodeError as error:
        raise _refused(_("This file is not plain text in UTF-8. Save it again as UTF-8 text.")) from error


def _require_text(text: str) -> None:
    if any(c < " " and c not in "\t\r\n\f" for c in text):
        raise _refused(_("This file is not plain text."))


def _require_one_head(file: BinaryIO) -> None:
    """Readers accept a PDF that begins late; a file that does is two files at once."""
    file.seek(0)
    if not file.read(8).lstrip(b"\xef\xbb\xbf").startswith(b"%PDF-"):
        raise _not_what_it_says()
    file.seek(0)


def _acts(value: object) -> bool:
    import pikepdf  # noqa: PLC0415 - loaded already by check_pdf

    if isinstance(value, pikepdf.Stream):
        value = value.stream_dict
    if not isinstance(value, pikepdf.Dictionary):
        return False
    keys = set(value.keys())
    if keys & set(_ACTIVE_KEYS):
        return True
    named = {str(value.get(key)) for key in ("/S", "/Type", "/Subtype") if isinstance(value.get(key), pikepdf.Name)}
    return bool(named & set(_ACTIVE_KEYS)) or any(_acts(item) for item in _children(value))


def _children(value: pikepdf.Dictionary) -> Iterator[object]:
    """Direct dictionaries, which are no objects of their own: an action often stands inside its annotation."""
    import pikepdf  # noqa: PLC0415 - as above

    for item in value.values():
        if isinstance(item, pikepdf.Dictionary) and not item.is_indirect:
            yield item
        elif isinstance(item, pikepdf.Array) and not item.is_indirect:
            yield from (part for part in item if isinstance(part, pikepdf.Dictionary) and not part.is_indirect)


def _check_office(file: BinaryIO, *, main: str) -> None:
    with _archive(file) as archive:
        names = _member_names(archive)
        if main not in names or "[Content_Types].xml" not in names:
            raise _not_what_it_says()
        types = (
            archive.read("[Content_Types].xml") if archive.getinfo("[Content_Types].xml").file_size < _SMALL else b""
        )
        if b"macroEnabled" in types or b"vbaProject" in types or any("vbaproject" in name.lower() for name in names):
            raise _macros()
        if any(PurePosixPath(name).parts[1:2] == ("embeddings",) for name in names):
            raise _refused(_("This document holds other files. Take them out and upload them by themselves."))
        _require_plain(names)


def _require_plain(names: frozenset[str], *, allowed_prefixes: tuple[str, ...] = ()) -> None:
    for name in names:
        inner = PurePosixPath(name.lower()).suffix in _NESTED and not _HARMLESS_BIN.fullmatch(name)
        if inner and not name.startswith(allowed_prefixes or ("\x00",)):
            raise _refused(_("This document holds other files. Take them out and upload them by themselves."))


_UNREADABLE: Final = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError)  # the last: a zip version unknown


class _archive:  # noqa: N801 - used as `with _archive(file)`
    """A zip whose listing was checked for bombs and odd names before anything in it is unpacked."""

    def __init__(self, file: BinaryIO) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
        except _UNREADABLE as error:
            raise _refused(_("This document cannot be read. It may be damaged.")) from error
        self._require_honest(file)

    def __enter__(self) -> zipfile.ZipFile:
        return self._zip

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._zip.close()

    def _require_honest(self, file: BinaryIO) -> None:
        members = self._zip.infolist()
        unpacked = sum(member.file_size for member in members)
        packed = max(1, sum(member.compress_size for member in members))
        if (
            len(members) > _MOST_MEMBERS
            or unpacked > _MOST_UNPACKED
            or (unpacked > _SMALL and unpacked / packed > _MOST_RATIO)
        ):
            raise _refused(_("This document unpacks to far more than its size. It cannot be used."))
        file.seek(0)
        if file.read(4) != b"PK\x03\x04" or len({member.filename for member in members}) != len(members):
            raise _not_what_it_says()
        for member in members:
            path = PurePosixPath(member.filename.replace("\\", "/"))
            if path.is_absolute() or ".." in path.parts or member.flag_bits & 0x1:
                raise _refused(_("This document is locked or damaged."))


def _member_names(archive: zipfile.ZipFile) -> frozenset[str]:
    return frozenset(member.filename for member in archive.infolist())


def _start(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as member:
            return member.read(128).strip()
    except (KeyError, zipfile.BadZipFile, OSError):
        return b""


def _macros() -> InvalidInput:
    return _refused(_("This document holds macros. Save a copy without them."))


def _not_what_it_says() -> InvalidInput:
    return _refused(_("This file is not what its name says it is."))


def _refused(message: str) -> InvalidInput:
    return InvalidInput(message, field="file")
