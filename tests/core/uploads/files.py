"""Honest files and hostile ones, made here byte by byte."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pikepdf
from PIL import Image

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>'


def pdf(**options: object) -> bytes:
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 200))
    return saved(document, **options)


def saved(document: pikepdf.Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    document.save(out, **options)  # type: ignore[arg-type]  # pikepdf's own options
    return out.getvalue()


def locked_pdf(owner: str = "owner", user: str = "user") -> bytes:
    return pdf(encryption=pikepdf.Encryption(owner=owner, user=user))


def scripted_pdf() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    action = pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS=pikepdf.String("app.alert(1)"))
    document.Root.OpenAction = action
    return saved(document)


def scripted_annotation_pdf() -> bytes:
    """The action stands inside an annotation inside the page, as no object of its own."""
    document = pikepdf.new()
    document.add_blank_page()
    action = pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS=pikepdf.String("app.alert(1)"))
    annotation = pikepdf.Dictionary(Type=pikepdf.Name("/Annot"), Subtype=pikepdf.Name("/Link"), A=action)
    document.pages[0].Annots = pikepdf.Array([annotation])
    return saved(document)


def compressed_script_pdf() -> bytes:
    """The action is in an object stream, where a search of the raw bytes does not find it."""
    document = pikepdf.new()
    document.add_blank_page()
    action = pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS=pikepdf.String("app.alert(1)"))
    document.Root.OpenAction = document.make_indirect(action)
    return saved(document, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def launching_pdf() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name("/Launch"), F=pikepdf.String("cmd.exe"))
    return saved(document)


def carrying_pdf() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    document.attachments["inside.exe"] = b"MZ\x90\x00"
    return saved(document)


def picture(image_format: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (10, 120, 110)).save(out, image_format)
    return out.getvalue()


def zipped(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(**members: bytes) -> bytes:
    named = {name.replace("__", "/").replace("_dot_", "."): content for name, content in members.items()}
    return zipped({"[Content_Types].xml": _TYPES, "word/document.xml": b"<w:document/>", **named})


def xlsx() -> bytes:
    return zipped({"[Content_Types].xml": _TYPES, "xl/workbook.xml": b"<workbook/>"})


def odt() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<office:document-content/>")
    return out.getvalue()


def bomb() -> bytes:
    return docx(word__media__big_dot_xml=b"\0" * (20 * 1024 * 1024))
