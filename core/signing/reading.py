"""What a signature in a stranger's file says, without opening the file as a PDF: bytes are found, hashed and compared.

A PDF is a program for its reader, and a hostile one is written for the parser. Here nothing of it is interpreted but the
signature itself, of bounded size, so a page may do it with whatever is dropped on it. That everything but the signature
is covered is asked strictly: bytes that were added afterwards, though a reader may show nothing of them, are a change.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from core.signing.chains import Chain, common_name

# none: nobody of ours signed it. extended: ours, whole, with something added behind. altered: ours no more.
State = Literal["none", "intact", "extended", "altered"]
_RANGE: Final = re.compile(
    rb"/ByteRange\s{0,8}\[\s{0,8}(\d{1,10})\s{1,8}(\d{1,10})\s{1,8}(\d{1,10})\s{1,8}(\d{1,10})\s{0,8}\]"
)
_MOST_RANGES: Final = 8
_MOST_CMS: Final = 256 * 1024
_PROOFS: Final = re.compile(rb"/DSS\b")


@dataclass(frozen=True, slots=True)
class Reading:
    """`kid` and `signer` name the key of ours; both empty for "none"."""

    state: State
    kid: str = ""
    signer: str = ""
    stamped: bool = False
    proofs: bool = False

    @property
    def level(self) -> str:
        return "B-LT" if self.proofs else "B-T" if self.stamped else "B-B"


@dataclass(frozen=True, slots=True)
class _Found:
    """A signature's place: `signed` is what it covers, `behind` what follows that."""

    signed: bytes
    container: bytes
    behind: bytes


def read(content: bytes, ours: Sequence[Chain]) -> Reading:
    """Of the first signature that one of our keys made, or says so."""
    for found in _places(content):
        reading = _judged(found, ours)
        if reading is not None:
            return reading
    return Reading("none")


def _places(content: bytes) -> Iterator[_Found]:
    for number, match in enumerate(_RANGE.finditer(content)):
        if number == _MOST_RANGES:
            return
        first, size, second, rest = map(int, match.groups())
        hole = content[size:second]
        if first != 0 or not 0 < size < second <= second + rest <= len(content) or len(hole) > 2 * _MOST_CMS + 2:
            continue
        if hole[:1] != b"<" or hole[-1:] != b">":
            continue
        try:
            container = binascii.unhexlify(hole[1:-1])
        except binascii.Error:
            continue
        if binascii.hexlify(container).upper() != hole[1:-1]:
            continue
        end = second + rest
        yield _Found(content[:size] + content[second:end], container, content[end:])


def _judged(found: _Found, ours: Iterable[Chain]) -> Reading | None:
    """None when nobody of ours is named as its signer."""
    try:
        outer = cms.ContentInfo.load(found.container)
        signed_data = outer["content"]
        (info,) = signed_data["signer_infos"]
        issued = info["sid"].chosen
        serial, issuer = issued["serial_number"].native, issued["issuer"].dump()
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    chain = next((c for c in ours if _is(c.own, serial, issuer)), None)
    if chain is None:
        return None
    stamped = _stamped(info)
    whole = _fits(info, found.signed, chain.own) and _as_packed(found.container, outer, chain)
    state: State = "altered" if not whole else "extended" if found.behind else "intact"
    return Reading(state, chain.kid, common_name(chain.own), stamped, proofs=bool(_PROOFS.search(found.behind)))


def _as_packed(container: bytes, outer: cms.ContentInfo, chain: Chain) -> bool:
    """The container is the one place that a signature cannot cover: it holds the chain and then nothing but zeros."""
    certificates = [c.public_bytes(Encoding.DER) for c in chain.certificates]
    try:
        packed = outer.dump()
        held = [c.chosen.dump() for c in outer["content"]["certificates"]]
        named = {a["algorithm"].native for a in outer["content"]["digest_algorithms"]}
        versions = outer["content"]["version"].native, outer["content"]["signer_infos"][0]["version"].native
    except (ValueError, TypeError, KeyError):
        return False
    return (
        sorted(held) == sorted(certificates)
        and named == {"sha256"}
        and versions == ("v1", "v1")
        and not container[len(packed) :].strip(b"\0")
    )


def _is(certificate: x509.Certificate, serial: int, issuer: bytes) -> bool:
    return certificate.serial_number == serial and certificate.issuer.public_bytes() == issuer


def _stamped(info: cms.SignerInfo) -> bool:
    unsigned = info["unsigned_attrs"]
    return any(attribute["type"].native == "signature_time_stamp_token" for attribute in unsigned or ())


def _fits(info: cms.SignerInfo, signed: bytes, own: x509.Certificate) -> bool:
    """The signed attributes name the content's hash, and the key signed those attributes."""
    try:
        attributes = info["signed_attrs"]
        digests = [a["values"][0].native for a in attributes if a["type"].native == "message_digest"]
        if digests != [hashlib.sha256(signed).digest()] or info["digest_algorithm"]["algorithm"].native != "sha256":
            return False
        # In the container they stand under a tag of their own; what was signed is the set.
        _verify(own, info["signature"].native, attributes.untag().dump())
    except (ValueError, TypeError, KeyError, IndexError, InvalidSignature):
        return False
    return True


def _verify(own: x509.Certificate, signature: bytes, data: bytes) -> None:
    key = own.public_key()
    if isinstance(key, EllipticCurvePublicKey):
        key.verify(signature, data, ECDSA(SHA256()))
    elif isinstance(key, RSAPublicKey):
        key.verify(signature, data, PKCS1v15(), SHA256())
    else:
        raise InvalidSignature
