"""A list of states by index, two bits each, as the IETF's Token Status List has it: index 0 in the lowest bits of byte 0."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

BITS: Final = 2
VALID, INVALID, SUSPENDED, NOT_YET = 0, 1, 2, 3
TYPE: Final = "statuslist+jwt"
# A list of 131,072 states is 32 KB, a few KB on the wire, and serves a country for years; the next one follows by number.
SIZE: Final = 1 << 17
_PER_BYTE: Final = 8 // BITS
# Unpacked; a list that unpacks to more is no list of ours.
_MOST_BYTES: Final = 1024 * 1024


class ListUnreadable(Exception):
    pass


def pack(states: Iterable[tuple[int, int]], *, size: int, default: int) -> str:
    """`size` states, `default` where none is given; deflated, as base64url."""
    packed = bytearray(bytes([sum(default << BITS * n for n in range(_PER_BYTE))]) * (-(-size // _PER_BYTE)))
    for index, state in states:
        place, shift = index // _PER_BYTE, BITS * (index % _PER_BYTE)
        packed[place] = packed[place] & ~(0b11 << shift) | state << shift
    return base64.urlsafe_b64encode(zlib.compress(bytes(packed), 9)).rstrip(b"=").decode()


def unpack(status_list: Mapping[str, Any]) -> bytes:
    """The `status_list` of a token. Raises ListUnreadable."""
    try:
        if status_list["bits"] != BITS:
            raise ListUnreadable
        text = status_list["lst"]
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        bomb = zlib.decompressobj()
        content = bomb.decompress(raw, _MOST_BYTES)
    except (KeyError, TypeError, ValueError, binascii.Error, zlib.error) as error:
        raise ListUnreadable from error
    if bomb.unconsumed_tail or not bomb.eof:
        raise ListUnreadable
    return content


def state_at(content: bytes, index: int) -> int | None:
    """None when the list does not reach so far."""
    if not 0 <= index < len(content) * _PER_BYTE:
        return None
    return content[index // _PER_BYTE] >> BITS * (index % _PER_BYTE) & 0b11
