"""Malware scanning: clamd where one is configured, a demonstration scanner in the demo, and otherwise nothing at all.

Nothing at all is an answer too: what was not scanned is held, never let through.
"""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import urlsplit

from django.conf import settings

DEFAULT_PORT: Final = 3310
_TIMEOUT_SECONDS: Final = 60
_PIECE: Final = 64 * 1024
_LONGEST_ANSWER: Final = 4096
# The test file's own text, in two parts so that a scanner does not stop at this very module.
_EICAR: Final = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class ScannerDown(Exception):
    """The scanner could not be reached or gave no verdict. Try again later; nothing is known of the file."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`found` is the scanner's name for what it found, empty when nothing was."""

    scanner: str
    found: str = ""

    @property
    def clean(self) -> bool:
        return not self.found


class Scanner(Protocol):
    def scan(self, chunks: Iterable[bytes]) -> Verdict:
        """Raises ScannerDown."""
        ...


def configured() -> Scanner | None:
    """None: files stay held."""
    if settings.CLAMD_URL:
        return Clamd.at(settings.CLAMD_URL)
    return DemoScanner() if settings.DEMO else None


@dataclass(frozen=True, slots=True)
class Clamd:
    """Speaks INSTREAM, so that clamd needs no access to our files. `host` or `path` is set."""

    host: str = ""
    port: int = DEFAULT_PORT
    path: str = ""

    @classmethod
    def at(cls, url: str) -> Clamd:
        """`clamd://host:3310` or `clamd:///path/to/socket`."""
        parts = urlsplit(url)
        if parts.hostname:
            return cls(host=parts.hostname, port=parts.port or DEFAULT_PORT)
        return cls(path=parts.path)

    def scan(self, chunks: Iterable[bytes]) -> Verdict:
        try:
            with self._connection() as connection:
                connection.sendall(b"zINSTREAM\0")
                self._send(connection, chunks)
                return self._verdict(_answer(connection))
        except OSError as error:
            raise ScannerDown(type(error).__name__) from error

    @contextmanager
    def _connection(self) -> Iterator[socket.socket]:
        if not self.path:
            with socket.create_connection((self.host, self.port), timeout=_TIMEOUT_SECONDS) as connection:
                yield connection
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(_TIMEOUT_SECONDS)
            connection.connect(self.path)
            yield connection

    def _send(self, connection: socket.socket, chunks: Iterable[bytes]) -> None:
        for chunk in chunks:
            for start in range(0, len(chunk), _PIECE):
                piece = chunk[start : start + _PIECE]
                connection.sendall(struct.pack("!L", len(piece)) + piece)
        connection.sendall(struct.pack("!L", 0))

    def _verdict(self, answer: str) -> Verdict:
        # "stream: OK" · "stream: Win.Test.EICAR_HDB-1 FOUND" · "INSTREAM size limit exceeded. ERROR"
        if answer == "stream: OK":
            return Verdict("clamd")
        found = re.fullmatch(r"stream: (.+) FOUND", answer)
        if found:
            return Verdict("clamd", found[1][:80])
        raise ScannerDown("no verdict")


@dataclass(frozen=True, slots=True)
class DemoScanner:
    """Knows the EICAR test file and nothing else; the pages say so. Never used outside the demonstration."""

    def scan(self, chunks: Iterable[bytes]) -> Verdict:
        kept = b""
        for chunk in chunks:
            window = kept + chunk
            if _EICAR in window:
                return Verdict("demonstration", "EICAR test file")
            kept = window[-len(_EICAR) :]
        return Verdict("demonstration")


def _answer(connection: socket.socket) -> str:
    """Up to the NUL that ends clamd's answer; a connection closed before it gave no verdict."""
    received = b""
    while b"\0" not in received:
        piece = connection.recv(1024)
        if not piece or len(received) > _LONGEST_ANSWER:
            raise ScannerDown("the answer broke off")
        received += piece
    return received.split(b"\0", 1)[0].decode("utf-8", "replace").strip()
