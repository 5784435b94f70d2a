"""The vault: files encrypted at rest, outside every public folder, served by permission-checked views alone.

Names are given by the caller and never come from a user. A name is written once: a second write of the same name
with the same content is a no-op for the reader, since the file is put in place by an atomic rename.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings

from core import crypto

_DIRECTORY_MODE: Final = 0o700


def _path(name: str) -> Path:
    root = Path(settings.VAULT_DIR).resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root) or path == root:
        msg = "a vault name must stay inside the vault"
        raise ValueError(msg)
    return path


def write(name: str, chunks: Iterable[bytes]) -> None:
    """Encrypt and store; complete or not there at all, also when the process is killed half-way."""
    path = _path(name)
    with _half(path, name, chunks) as half:
        half.replace(path)


@contextmanager
def _half(path: Path, name: str, chunks: Iterable[bytes]) -> Iterator[Path]:
    """The whole content beside its place; whatever is left there afterwards goes."""
    path.parent.mkdir(mode=_DIRECTORY_MODE, parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        with half.open("xb") as out:
            for piece in crypto.encrypt_stream(chunks, about=name):
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        yield half
    finally:
        half.unlink(missing_ok=True)


def once(name: str, make: Callable[[], bytes]) -> bytes:
    """What is stored under `name`, made now if nothing is. Of two at once the first one's stands, and both answer with it.

    For content that comes out differently each time, as what is signed does.
    """
    if exists(name):
        return read_all(name)
    content = make()
    with _half(_path(name), name, [content]) as half:
        try:
            # Unlike a rename, a link does not take another's place.
            os.link(half, _path(name))
        except FileExistsError:
            return read_all(name)
    return content


def read(name: str) -> Iterator[bytes]:
    """Decrypted chunks. Raises FileNotFoundError, crypto.SealBroken."""
    with _path(name).open("rb") as source:
        yield from crypto.decrypt_stream(source, about=name)


def read_all(name: str) -> bytes:
    return b"".join(read(name))


def exists(name: str) -> bool:
    return _path(name).is_file()


def delete(name: str) -> None:
    _path(name).unlink(missing_ok=True)
