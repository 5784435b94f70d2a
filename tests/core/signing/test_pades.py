"""Signatures that others accept: pyHanko's own rules, OpenSSL, and a reader; and what they refuse."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from core.signing import pades, reading, timestamps, validation
from core.signing.errors import KeyUnavailable
from tests.core.signing.authorities import Asked, Authority, authority, server, small_pdf, stamp

PLAIN = small_pdf()


@pytest.fixture(scope="module", params=["ec", "rsa"])
def made(request: pytest.FixtureRequest) -> Authority:
    return authority(request.param)


@pytest.fixture(scope="module")
def signed(made: Authority) -> bytes:
    return pades.sign(PLAIN, made.key).content


def test_pyhanko_accepts_it_by_the_root(signed: bytes, made: Authority) -> None:
    verdict = validation.validate(signed, [made.root])
    assert (verdict.signed, verdict.intact, verdict.trusted, verdict.signer) == (True, True, True, made.chain.name)
    assert verdict.time_proved is False


def test_another_root_is_not_its_root(signed: bytes, made: Authority) -> None:
    same_name = authority()
    assert validation.validate(signed, [same_name.root]).trusted is False
    assert validation.validate(signed, []).trusted is False


def test_it_is_a_pades_certification_that_allows_no_change(signed: bytes) -> None:
    (signature,) = PdfFileReader(io.BytesIO(signed)).embedded_signatures
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.docmdp_level is not None
    assert signature.docmdp_level.name == "NO_CHANGES"
    attributes = {attribute["type"].native for attribute in signature.signer_info["signed_attrs"]}
    # CAdES: the certificate is bound in, and the time is not a signed attribute of its own.
    assert "signing_certificate_v2" in attributes
    assert "signing_time" not in attributes


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the machine has no openssl")
def test_openssl_accepts_it_and_refuses_a_flipped_byte(signed: bytes, made: Authority, tmp_path: Path) -> None:
    match = re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]", signed)
    assert match
    start, size, second, rest = map(int, match.groups())
    covered = bytearray(signed[start:size] + signed[second : second + rest])
    (tmp_path / "cms.der").write_bytes(bytes.fromhex(signed[size + 1 : second - 1].decode()))
    (tmp_path / "root.pem").write_text(made.chain.pem.split("-----END CERTIFICATE-----\n", 1)[1])

    def verify() -> int:
        (tmp_path / "data").write_bytes(covered)
        command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "cms.der", "-content", "data"]
        asked = [*command, "-CAfile", "root.pem", "-purpose", "any", "-out", "out"]
        return subprocess.run(asked, cwd=tmp_path, capture_output=True, check=False).returncode

    assert verify() == 0
    covered[len(covered) // 2] ^= 1
    assert verify() != 0


@pytest.mark.parametrize("share", [0.001, 0.05, 0.2, 0.4, 0.5, 0.95, 0.999])
def test_one_flipped_byte_is_refused(signed: bytes, made: Authority, share: float) -> None:
    begin = signed.index(b"/Contents <")
    covered = [*range(begin), *range(signed.index(b">", begin), len(signed))]
    changed = bytearray(signed)
    changed[covered[int(len(covered) * share)]] ^= 1
    assert validation.validate(bytes(changed), [made.root]).holds is False
    assert reading.read(bytes(changed), [made.chain]).state in {"altered", "none"}


def test_it_stays_archival_tagged_and_as_it_was_laid_out(signed: bytes) -> None:
    assert signed.startswith(PLAIN)
    before, after = pikepdf.open(io.BytesIO(PLAIN)), pikepdf.open(io.BytesIO(signed))
    # No PDF 2.0 in an archive of 1.7, no metadata of another producer.
    assert (after.pdf_version, after.Root.get("/Version")) == (before.pdf_version, None)
    assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
    assert str(after.docinfo) == str(before.docinfo)
    assert bool(after.Root.MarkInfo.Marked)
    assert len(after.Root.AF) == len(before.Root.AF)
    assert "/NeedAppearances" not in after.Root.AcroForm
    (field,) = after.Root.AcroForm.Fields
    left, bottom, right, top = (float(n) for n in field.Rect)
    # PDF/A-3, 6.3.2 and 6.3.3: printed, not hidden, and no appearance only because it has no size.
    assert (left, bottom) == (right, top)
    assert int(field.F) & 0b100
    assert not int(field.F) & 0b100011
    # Off the page, where a screen reader meets nothing untagged; with words for whoever lists the fields.
    assert left < 0
    assert str(field.TU) == "Signature of the issuing authority"


def test_what_is_signed_names_no_time_stamp_and_no_more_than_the_chain(signed: bytes, made: Authority) -> None:
    (signature,) = PdfFileReader(io.BytesIO(signed)).embedded_signatures
    names = {c.chosen.subject.native["common_name"] for c in signature.signed_data["certificates"]}
    assert names == {made.chain.name, f"Root of {made.chain.name}"}


def test_a_key_that_fails_leaves_nothing_signed(made: Authority) -> None:
    class Failing:
        chain = made.chain

        def sign(self, digest: bytes) -> bytes:
            raise KeyUnavailable("The token does not sign.")

    with pytest.raises(KeyUnavailable, match="does not sign"):
        pades.sign(PLAIN, Failing())


# With a time-stamp authority --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tsa() -> Authority:
    return authority("rsa", name="Time-stamp authority", stamps=True)


def test_with_a_time_stamp_authority_its_time_is_proved(made: Authority, tsa: Authority) -> None:
    with server(lambda asked: (200, {}, stamp(tsa, asked.body))) as (address, seen):
        done = pades.sign(PLAIN, made.key, stamper=timestamps.HttpTimeStamper(address))
    assert done.level == "B-T"
    assert {asked.headers["Content-Type"] for asked in seen} == {"application/timestamp-query"}
    verdict = validation.validate(done.content, [made.root], stamp_roots=[tsa.root])
    assert (verdict.holds, verdict.time_proved) == (True, True)
    assert reading.read(done.content, [made.chain]).level == "B-T"


def test_with_its_root_too_everything_for_a_later_check_is_inside(made: Authority, tsa: Authority) -> None:
    with server(lambda asked: (200, {}, stamp(tsa, asked.body))) as (address, _):
        done = pades.sign(
            PLAIN,
            made.key,
            stamper=timestamps.HttpTimeStamper(address),
            stamper_roots=(tsa.root,),
        )
    assert done.level == "B-LT"
    verdict = validation.validate(done.content, [made.root], stamp_roots=[tsa.root])
    assert (verdict.holds, verdict.time_proved) == (True, True)
    after, before = pikepdf.open(io.BytesIO(done.content)), pikepdf.open(io.BytesIO(PLAIN))
    assert len(after.Root.DSS.Certs) == 4
    assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
    assert reading.read(done.content, [made.chain]).level == "B-LT"
    changed = bytearray(done.content)
    changed[200] ^= 1
    assert validation.validate(bytes(changed), [made.root], stamp_roots=[tsa.root]).holds is False


def test_a_stamp_of_somebody_else_is_not_taken_for_proof(made: Authority, tsa: Authority) -> None:
    other = authority("rsa", name="Another", stamps=True)
    with server(lambda asked: (200, {}, stamp(tsa, asked.body))) as (address, _):
        stamper = timestamps.HttpTimeStamper(address)
        with pytest.raises(KeyUnavailable, match="not trusted"):
            pades.sign(PLAIN, made.key, stamper=stamper, stamper_roots=(other.root,))


def test_whose_time_stamps_are_trusted_is_asked_apart(made: Authority, tsa: Authority) -> None:
    with server(lambda asked: (200, {}, stamp(tsa, asked.body))) as (address, _):
        done = pades.sign(PLAIN, made.key, stamper=timestamps.HttpTimeStamper(address))
    assert validation.validate(done.content, [made.root]).time_proved is False
    assert validation.validate(done.content, [tsa.root], stamp_roots=[tsa.root]).trusted is False


def test_a_stamp_that_was_changed_on_its_way_is_refused(made: Authority, tsa: Authority) -> None:
    """Its certificates and figures right, its signature not: over a plain connection anybody can answer so."""

    def answer(asked: Asked) -> tuple[int, dict[str, str], bytes]:
        body = bytearray(stamp(tsa, asked.body))
        body[-5] ^= 1
        return 200, {}, bytes(body)

    with server(answer) as (address, _):
        stamper = timestamps.HttpTimeStamper(address)
        with pytest.raises(KeyUnavailable, match="signature is not good"):
            pades.sign(PLAIN, made.key, stamper=stamper, stamper_roots=(tsa.root,))


@pytest.mark.parametrize("answer", [(503, {}, b""), (200, {}, b"\x30\x05\x30\x03\x02\x01\x02")])
def test_no_stamp_no_signature(made: Authority, answer: tuple[int, dict[str, str], bytes]) -> None:
    """Never less than what was asked for: a document without its time could not be told from one made before."""

    def answers(_: Asked) -> Any:
        return answer

    with server(answers) as (address, _), pytest.raises(KeyUnavailable, match="time-stamp authority"):
        pades.sign(PLAIN, made.key, stamper=timestamps.HttpTimeStamper(address))
