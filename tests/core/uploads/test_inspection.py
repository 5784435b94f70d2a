"""What may be uploaded: honest files of each type pass whole, and each way of cheating is refused in plain words."""

from __future__ import annotations

import hashlib
import io

import pytest

from core import uploads
from core.errors import InvalidInput
from core.uploads.inspection import safe_name
from tests.core.uploads import files


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("plan.pdf", files.pdf(), "application/pdf"),
        ("photo.png", files.picture("PNG"), "image/png"),
        ("photo.JPG", files.picture("JPEG"), "image/jpeg"),
        ("photo.jpeg", files.picture("JPEG"), "image/jpeg"),
        ("plan.docx", files.docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("rota.xlsx", files.xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("plan.odt", files.odt(), "application/vnd.oasis.opendocument.text"),
        ("notes.txt", "Gwŷr a gwragedd, 5 °C\n".encode(), "text/plain"),
        ("rota.csv", b"\xef\xbb\xbfname,shift\nA,1\n", "text/csv"),
        ("eicar.txt", files.EICAR, "text/plain"),  # the scanner's affair, not ours
    ],
)
def test_honest_files_pass(name: str, content: bytes, content_type: str) -> None:
    file = io.BytesIO(content)
    found = uploads.inspect(file, name=name)
    assert (found.content_type, found.size) == (content_type, len(content))
    assert found.sha256 == hashlib.sha256(content).hexdigest()
    assert file.tell() == 0


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "empty"),
        ("page.html", b"<html></html>", "type of file"),
        ("program.exe", b"MZ\x90\x00", "type of file"),
        ("drawing.svg", b"<svg/>", "type of file"),
        ("noending", b"hello", "type of file"),
        ("plan.pdf.exe", files.pdf(), "type of file"),
        # the ending lies
        ("photo.png", files.pdf(), "not what its name"),
        ("plan.pdf", files.picture(), "not what its name"),
        ("photo.jpg", files.picture("PNG"), "not what its name"),
        ("plan.docx", files.xlsx(), "not what its name"),
        ("plan.odt", files.docx(), "not what its name"),
        ("plan.docx", files.zipped({"a.txt": b"a"}), "not what its name"),
        ("notes.txt", files.pdf(), "not what its name"),
        ("notes.txt", b"<html><script>alert(1)</script></html>", "not what its name"),
        # two files in one
        ("plan.pdf", b"MZ\x90\x00 and then " + files.pdf(), "not what its name"),
        ("photo.png", files.picture() + files.zipped({"a": b"a"}), "hidden behind"),
        ("photo.jpg", files.picture("JPEG") + files.pdf(), "hidden behind"),
        # documents that act
        ("plan.pdf", files.locked_pdf(), "password"),
        ("plan.pdf", files.locked_pdf(user=""), "password"),
        ("plan.pdf", files.scripted_pdf(), "scripts"),
        ("plan.pdf", files.scripted_annotation_pdf(), "scripts"),
        ("plan.pdf", files.compressed_script_pdf(), "scripts"),
        ("plan.pdf", files.launching_pdf(), "scripts"),
        ("plan.pdf", files.carrying_pdf(), "scripts"),
        ("plan.docx", files.docx(word__vbaProject_dot_bin=b"x"), "macros"),
        ("plan.docx", files.docx(word__embeddings__one_dot_xlsx=b"x"), "other files"),
        ("plan.docx", files.docx(word__media__run_dot_exe=b"x"), "other files"),
        ("plan.docx", files.docx(word__media__evil_dot_svg=b"x"), "other files"),
        # bombs and damage
        ("plan.docx", files.bomb(), "unpacks to far more"),
        ("plan.docx", b"PK\x03\x04" + b"x" * 40, "cannot be read"),
        ("plan.pdf", files.pdf()[:40], "cannot be read"),
        ("photo.png", files.picture()[:60], "cannot be read"),
        ("plan.docx", files.docx(**{"..__..__evil_dot_xml": b"x"}), "locked or damaged"),
        # text that is none
        ("notes.txt", b"caf\xe9", "UTF-8"),
        ("notes.csv", b"a,b\x00c", "not plain text"),
    ],
)
def test_cheats_are_refused(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason) as caught:
        uploads.inspect(io.BytesIO(content), name=name)
    assert caught.value.field == "file"


def test_twenty_five_megabytes_and_not_a_byte_more() -> None:
    limit = 25 * 1024 * 1024
    assert uploads.inspect(io.BytesIO(b"a" * limit), name="a.txt").size == limit
    with pytest.raises(InvalidInput, match="25 MB"):
        uploads.inspect(io.BytesIO(b"a" * (limit + 1)), name="a.txt")


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\x\\plan.PDF", "plan.pdf"),
        ("a\x00b.txt", "ab.txt"),
        ("two\nlines.txt", "twolines.txt"),
        ("evil\u202etxt.exe.txt", "eviltxt.exe.txt"),
        ('quo"te<>.txt', "quo_te__.txt"),
        ("...hidden.txt", "hidden.txt"),
        ("", "file"),
        ("  spaces   inside .txt", "spaces inside .txt"),
        ("cynllun diogelwch ŵŷ.pdf", "cynllun diogelwch ŵŷ.pdf"),
        ("x" * 300 + ".pdf", "x" * 156 + ".pdf"),
    ],
)
def test_names_are_made_safe(given: str, safe: str) -> None:
    assert safe_name(given) == safe
