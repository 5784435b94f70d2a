"""The claim inside a document, found without opening it as a PDF (as `reading`): a stream of ours, unpacked within bounds."""

from __future__ import annotations

import json
import re
import zlib
from typing import Final

_STREAM: Final = re.compile(rb"/EmbeddedFile\b.{0,600}?\bstream\r?\n", re.DOTALL)
_MOST_STREAMS: Final = 8
_MOST: Final = 64 * 1024


def claim_in(content: bytes) -> str:
    """The compact form, unverified; empty when there is none. A file that another program wrote anew may hide it."""
    try:
        claim = json.loads(content_of(content) or "null")["credential"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return claim if isinstance(claim, str) else ""


def content_of(content: bytes) -> bytes:
    """The file of claims in the document; empty when there is none."""
    for number, match in enumerate(_STREAM.finditer(content)):
        if number == _MOST_STREAMS:
            break
        try:
            found = zlib.decompressobj().decompress(content[match.end() : match.end() + _MOST], _MOST)
        except zlib.error:
            continue
        if b'"credential"' in found:
            return found
    return b""
