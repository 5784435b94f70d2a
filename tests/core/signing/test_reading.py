"""What a page may say of a stranger's file without opening it as a PDF."""

from __future__ import annotations

import io
import time
import zlib

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from core.signing import embedded, pades, reading
from tests.core.signing.authorities import Authority, authority, small_pdf


@pytest.fixture(scope="module", params=["ec", "rsa"])
def made(request: pytest.FixtureRequest) -> Authority:
    return authority(request.param)


@pytest.fixture(scope="module")
def signed(made: Authority) -> bytes:
    return pades.sign(small_pdf(), made.key).content


def state(content: bytes, *ours: Authority) -> str:
    return reading.read(content, [each.chain for each in ours]).state


def test_ours_and_whole(signed: bytes, made: Authority) -> None:
    found = reading.read(signed, [authority().chain, made.chain])
    assert (found.state, found.kid, found.signer) == ("intact", made.chain.kid, made.chain.name)


def container_of(content: bytes) -> range:
    begin = content.index(b"/Contents <") + len(b"/Contents <")
    return range(begin, content.index(b">", begin))


def flipped(content: bytes, place: int) -> bytes:
    changed = bytearray(content)
    changed[place] ^= 1
    return bytes(changed)


def test_every_byte_that_a_signature_can_cover_counts(signed: bytes, made: Authority) -> None:
    covered = [place for place in range(0, len(signed), 37) if place not in container_of(signed)]
    assert len(covered) > 200
    assert [place for place in covered if state(flipped(signed, place), made) == "intact"] == []


def test_the_signature_s_own_container_holds_nothing_else(signed: bytes, made: Authority) -> None:
    """No signature can cover itself: what of it is not the signature is compared with what we put there."""
    container = container_of(signed)
    chain = signed.index(made.own.public_bytes(Encoding.DER).hex().upper().encode())
    padding = container.stop - 10
    for place in (chain + 301, chain + 700, padding):
        assert place in container
        # Another digit: a letter that is none would make it no container at all.
        digit = b"1" if signed[place : place + 1] == b"0" else b"0"
        assert state(signed[:place] + digit + signed[place + 1 :], made) == "altered"
    shouted = signed[: container.start] + signed[container.start : container.stop].lower() + signed[container.stop :]
    assert state(shouted, made) == "none"


def test_what_is_added_behind_is_a_change_though_a_reader_shows_nothing_of_it(signed: bytes, made: Authority) -> None:
    assert state(signed + b"\n%% more\n", made) == "extended"
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    assert state(out.getvalue(), made) == "extended"


def test_what_is_cut_off_is_no_signature_any_more(signed: bytes, made: Authority) -> None:
    assert state(signed[:-1], made) == "none"


def test_unsigned_and_written_anew_is_nobody_s(signed: bytes, made: Authority) -> None:
    assert state(small_pdf(), made) == "none"
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(signed)) as document:
        document.save(out)
    assert state(out.getvalue(), made) in {"none", "altered"}


def test_a_signature_of_somebody_else_is_nobody_s(signed: bytes) -> None:
    assert state(signed, authority()) == "none"


def test_another_key_under_our_name_is_found_out(made: Authority) -> None:
    """The name and number of a certificate can be copied; its key cannot."""
    forged = authority(name="Forger")
    content = pades.sign(small_pdf(), forged.key).content
    pretender = Authority(forged.root, made.own, forged.private)
    own_serial = made.own.serial_number
    assert state(content, pretender) == "none"
    assert own_serial != forged.own.serial_number


def test_the_signature_of_one_document_does_not_carry_another(signed: bytes, made: Authority) -> None:
    other = pades.sign(small_pdf("Other words"), made.key).content
    begin, end = signed.index(b"/Contents <"), signed.index(b">", signed.index(b"/Contents <"))
    graft = other.index(b"/Contents <")
    changed = other[:graft] + signed[begin:end] + other[other.index(b">", graft) :]
    assert state(changed, made) != "intact"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        b"/ByteRange [0 1 2 3]",
        b"/ByteRange [0 9999999999 9999999999 9999999999]<00>",
        b"<30> /ByteRange [0 1 4 30]" + b" " * 40,
        b"/ByteRange [" * 100_000,
        b"/ByteRange [0 26 30 10]<zz>" + b" " * 40,
        b"/EmbeddedFile" * 100_000,
        b"/EmbeddedFile stream\n" + zlib.compress(b"[" * 10_000_000),
        b"/EmbeddedFile stream\n" + zlib.compress(b'{"credential": 7}'),
        b"\x00" * 1_000_000,
    ],
    ids=range(11),
)
def test_hostile_bytes_are_nobody_s_and_soon_read(content: bytes, made: Authority) -> None:
    begun = time.process_time()
    assert state(content, made) == "none"
    assert embedded.claim_in(content) == ""
    assert time.process_time() - begun < 2


def test_the_claim_is_found_where_it_was_put(signed: bytes) -> None:
    assert embedded.claim_in(signed) == "a.b.c"
    assert embedded.claim_in(small_pdf().replace(b"/EmbeddedFile", b"/EmbeddedFill")) == ""
