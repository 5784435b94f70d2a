"""The index of bulletins as an Atom feed (RFC 4287): for each the page, and the CAP message where a program may read it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from xml.etree import ElementTree as ET

__all__ = ["CAP_TYPE", "FeedEntry", "FeedHead", "as_atom"]

_NAMESPACE: Final = "http://www.w3.org/2005/Atom"
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
CAP_TYPE: Final = "application/cap+xml"
JWS_TYPE: Final = "application/jose+json"


@dataclass(frozen=True, slots=True)
class FeedHead:
    """`id` never changes; `updated` is the newest entry's, or when the feed was asked for where there is none."""

    id: str
    title: str
    address: str
    author: str
    updated: datetime


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """`cap` and `jws` empty: it is read signed in alone, so that the entry is a link and no more."""

    id: UUID
    title: str
    summary: str
    published: datetime
    updated: datetime
    web: str
    cap: str = ""
    jws: str = ""
    labels: tuple[str, ...] = ()


def as_atom(head: FeedHead, entries: Iterable[FeedEntry]) -> bytes:
    root = ET.Element(f"{{{_NAMESPACE}}}feed")
    _text(root, "id", head.id)
    _text(root, "title", head.title)
    _text(root, "updated", head.updated.isoformat())
    _text(ET.SubElement(root, f"{{{_NAMESPACE}}}author"), "name", head.author)
    _link(root, "self", head.address, "application/atom+xml")
    for entry in entries:
        _write(root, entry)
    ET.register_namespace("", _NAMESPACE)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _write(root: ET.Element, entry: FeedEntry) -> None:
    element = ET.SubElement(root, f"{{{_NAMESPACE}}}entry")
    _text(element, "id", f"urn:uuid:{entry.id}")
    _text(element, "title", entry.title)
    _text(element, "published", entry.published.isoformat())
    _text(element, "updated", entry.updated.isoformat())
    for label in entry.labels:
        ET.SubElement(element, f"{{{_NAMESPACE}}}category", term=label)
    if entry.summary:
        _text(element, "summary", entry.summary)
    _link(element, "alternate", entry.web, "text/html")
    if entry.cap:
        _link(element, "enclosure", entry.cap, CAP_TYPE)
        _link(element, "related", entry.jws, JWS_TYPE)


def _text(parent: ET.Element, name: str, words: str) -> None:
    ET.SubElement(parent, f"{{{_NAMESPACE}}}{name}").text = _NO_XML.sub("", words)


def _link(parent: ET.Element, relation: str, address: str, kind: str) -> None:
    ET.SubElement(parent, f"{{{_NAMESPACE}}}link", rel=relation, href=address, type=kind)
