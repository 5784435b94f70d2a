"""Files and texts at rest: unreadable without the key, noticed when touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from core import crypto, storage

MARKER = b"the north gate is unguarded"


@pytest.fixture(autouse=True)
def vault(settings: Settings, tmp_path: Path) -> Path:
    settings.VAULT_DIR = tmp_path / "vault"
    settings.FILE_KEYS = {"a": b"\x01" * 32}
    return tmp_path / "vault"


@pytest.mark.parametrize("size", [0, 1, crypto.CHUNK - 1, crypto.CHUNK, crypto.CHUNK + 1, 3 * crypto.CHUNK])
def test_what_goes_in_comes_out(size: int) -> None:
    storage.write("e/one", [b"x" * size])

    assert storage.read_all("e/one") == b"x" * size


def test_the_disk_holds_no_plain_text(vault: Path) -> None:
    storage.write("e/one", [MARKER])

    raw = (vault / "e" / "one").read_bytes()
    assert MARKER not in raw
    assert (vault / "e").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("position", [0, 5, 20, -1])
def test_a_changed_byte_is_noticed(vault: Path, position: int) -> None:
    storage.write("one", [MARKER])
    raw = bytearray((vault / "one").read_bytes())
    raw[position] ^= 1
    (vault / "one").write_bytes(raw)

    with pytest.raises((crypto.SealBroken, UnicodeDecodeError)):
        storage.read_all("one")


def test_a_file_cut_at_a_chunk_is_noticed(vault: Path) -> None:
    storage.write("one", [b"x" * (2 * crypto.CHUNK)])
    raw = (vault / "one").read_bytes()
    (vault / "one").write_bytes(raw[: len(raw) // 2 + 20])

    with pytest.raises(crypto.SealBroken):
        storage.read_all("one")


def test_a_file_moved_to_another_name_does_not_open(vault: Path) -> None:
    storage.write("one", [MARKER])
    (vault / "one").rename(vault / "two")

    with pytest.raises(crypto.SealBroken):
        storage.read_all("two")


@pytest.mark.parametrize("name", ["../out", "/etc/passwd", "a/../../out", "", "."])
def test_a_name_never_leaves_the_vault(name: str) -> None:
    with pytest.raises(ValueError, match="inside the vault"):
        storage.write(name, [b""])


def test_a_writer_that_fails_half_way_leaves_nothing(vault: Path) -> None:
    def broken() -> object:
        yield b"x" * crypto.CHUNK * 2
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        storage.write("one", broken())  # type: ignore[arg-type]  # a generator that fails is the point

    assert list(vault.iterdir()) == []


def test_a_new_key_in_front_leaves_old_files_readable(settings: Settings) -> None:
    storage.write("old", [MARKER])
    sealed = crypto.encrypt_text("seed", about="x")
    settings.FILE_KEYS = {"b": b"\x02" * 32, "a": b"\x01" * 32}
    storage.write("new", [MARKER])

    assert storage.read_all("old") == MARKER
    assert crypto.decrypt_text(sealed, about="x") == "seed"
    settings.FILE_KEYS = {"b": b"\x02" * 32}
    assert storage.read_all("new") == MARKER
    with pytest.raises(crypto.SealBroken):
        storage.read_all("old")


@given(st.text(max_size=60))
def test_a_text_opens_only_for_what_it_is_about(text: str) -> None:
    token = crypto.encrypt_text(text, about="row 1")

    assert crypto.decrypt_text(token, about="row 1") == text
    with pytest.raises(crypto.SealBroken):
        crypto.decrypt_text(token, about="row 2")
