"""The scanners: clamd's wire protocol against a real socket, the demonstration scanner, and none."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from core import scanner
from core.scanner import Clamd, DemoScanner, ScannerDown, Verdict
from tests.core.uploads.files import EICAR


class FakeClamd:
    """Reads one INSTREAM as clamd does and answers what it was told to."""

    def __init__(self, listener: socket.socket, answer: bytes) -> None:
        self.listener, self.answer, self.received, self.command = listener, answer, b"", b""
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        connection, _ = self.listener.accept()
        with connection, connection.makefile("rb") as stream:
            self.command = stream.read(10)
            while size := struct.unpack("!L", stream.read(4))[0]:
                self.received += stream.read(size)
            connection.sendall(self.answer)


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as made:
        made.bind(str(tmp_path / "clamd"))
        made.listen()
        yield made


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (b"stream: OK\0", Verdict("clamd")),
        (b"stream: Win.Test.EICAR_HDB-1 FOUND\0", Verdict("clamd", "Win.Test.EICAR_HDB-1")),
    ],
)
def test_clamd_gives_a_verdict(listener: socket.socket, answer: bytes, verdict: Verdict) -> None:
    server = FakeClamd(listener, answer)
    large = b"x" * 200_000
    assert Clamd(path=listener.getsockname()).scan([b"abc", large]) == verdict
    server.thread.join(5)
    assert (server.command, server.received) == (b"zINSTREAM\0", b"abc" + large)


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"stream: O", b"", b"nonsense\0"])
def test_no_verdict_is_not_clean(listener: socket.socket, answer: bytes) -> None:
    FakeClamd(listener, answer)
    with pytest.raises(ScannerDown):
        Clamd(path=listener.getsockname()).scan([b"abc"])


def test_a_scanner_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(ScannerDown):
        Clamd(path=str(tmp_path / "nothing")).scan([b"abc"])


def test_clamd_over_the_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as made:
        FakeClamd(made, b"stream: OK\0")
        port = made.getsockname()[1]
        assert Clamd.at(f"clamd://127.0.0.1:{port}").scan([b"abc"]).clean


def test_addresses() -> None:
    assert Clamd.at("clamd://scanner.example:4000") == Clamd(host="scanner.example", port=4000)
    assert Clamd.at("clamd://scanner.example") == Clamd(host="scanner.example", port=3310)
    assert Clamd.at("clamd:///run/clamd.sock") == Clamd(path="/run/clamd.sock")


def test_the_demonstration_scanner_knows_one_file() -> None:
    assert DemoScanner().scan([b"harmless"]).clean
    assert DemoScanner().scan([b"xx" + EICAR[:20], EICAR[20:] + b"yy"]).found == "EICAR test file"


@pytest.mark.parametrize(
    ("url", "demo", "kind"),
    [
        ("", False, type(None)),
        ("", True, DemoScanner),
        ("clamd://127.0.0.1", False, Clamd),
        ("clamd://127.0.0.1", True, Clamd),
    ],
)
def test_which_scanner_is_used(settings: Settings, url: str, demo: bool, kind: type) -> None:
    settings.CLAMD_URL, settings.DEMO = url, demo
    assert type(scanner.configured()) is kind
