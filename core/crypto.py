"""Keys that guard data at rest: a ring of AES-256-GCM keys that are not SECRET_KEY (settings.FILE_KEYS).

`FILE_KEYS` maps key ids to 32 bytes, in order: the first one encrypts, all decrypt, so a key is rotated by putting a
new one in front. What a ciphertext belongs to goes in as associated data: a blob copied to another row does not open.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Iterator
from typing import IO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

CHUNK: Final = 64 * 1024
_NONCE: Final = 12
_MAGIC: Final = b"WM1\n"


class SealBroken(Exception):
    """The ciphertext was changed, cut short, belongs to something else, or its key is gone."""


def _ring() -> dict[str, bytes]:
    return dict(settings.FILE_KEYS)


def _current() -> tuple[str, bytes]:
    return next(iter(_ring().items()))


def encrypt_text(text: str, *, about: str) -> str:
    """`about` names the row and column; the same must be given to open it."""
    key_id, key = _current()
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), about.encode())
    return f"{key_id}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def decrypt_text(token: str, *, about: str) -> str:
    key_id, _, body = token.partition(".")
    key = _ring().get(key_id)
    if key is None:
        raise SealBroken(f"key {key_id} is not in the ring")
    raw = base64.urlsafe_b64decode(body)
    try:
        return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], about.encode()).decode()
    except InvalidTag as error:
        raise SealBroken("the text does not open with its key") from error


def encrypt_stream(chunks: Iterable[bytes], *, about: str) -> Iterator[bytes]:
    """A header, then sealed chunks; the number and the last one's mark are authenticated, so a cut-off file is noticed."""
    key_id, key = _current()
    prefix = os.urandom(_NONCE - 4)
    cipher = AESGCM(key)
    yield _MAGIC + bytes([len(key_id)]) + key_id.encode() + prefix
    number = 0
    pending: bytes | None = None
    for piece in _rechunk(chunks):
        if pending is not None:
            yield _seal(cipher, prefix, number, pending, about, last=False)
            number += 1
        pending = piece
    yield _seal(cipher, prefix, number, pending or b"", about, last=True)


def decrypt_stream(source: IO[bytes], *, about: str) -> Iterator[bytes]:
    if source.read(len(_MAGIC)) != _MAGIC:
        raise SealBroken("not a sealed file")
    key_id = source.read(int.from_bytes(source.read(1), "big")).decode(errors="replace")
    key = _ring().get(key_id)
    if key is None:
        raise SealBroken(f"key {key_id} is not in the ring")
    prefix = source.read(_NONCE - 4)
    cipher = AESGCM(key)
    number = 0
    while True:
        header = source.read(5)
        if len(header) != 5:  # noqa: PLR2004 - length and mark
            raise SealBroken("the file is cut short")
        size, last = int.from_bytes(header[:4], "big"), header[4] == 1
        try:
            yield cipher.decrypt(_nonce(prefix, number), source.read(size), _aad(about, number, last=last))
        except InvalidTag as error:
            raise SealBroken("the file was changed") from error
        if last:
            return
        number += 1


def _rechunk(chunks: Iterable[bytes]) -> Iterator[bytes]:
    buffer = b""
    for piece in chunks:
        buffer += piece
        while len(buffer) >= CHUNK:
            yield buffer[:CHUNK]
            buffer = buffer[CHUNK:]
    if buffer:
        yield buffer


def _nonce(prefix: bytes, number: int) -> bytes:
    return prefix + number.to_bytes(4, "big")


def _aad(about: str, number: int, *, last: bool) -> bytes:
    return f"{about}|{number}|{int(last)}".encode()


def _seal(cipher: AESGCM, prefix: bytes, number: int, piece: bytes, about: str, *, last: bool) -> bytes:
    sealed = cipher.encrypt(_nonce(prefix, number), piece, _aad(about, number, last=last))
    return len(sealed).to_bytes(4, "big") + bytes([int(last)]) + sealed
