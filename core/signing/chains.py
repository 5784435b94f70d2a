"""The certificates that stand behind a key: its own first, then whoever issued it, the root last."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from core.signing.errors import KeyUnavailable

PublicKey = RSAPublicKey | EllipticCurvePublicKey
_SMALLEST_RSA: Final = 2048
_LONGEST: Final = 8


@dataclass(frozen=True, slots=True)
class Chain:
    certificates: tuple[x509.Certificate, ...]

    @classmethod
    def of(cls, own: x509.Certificate, others: Iterable[x509.Certificate]) -> Chain:
        """Put in order; what does not belong to it is left out. Raises KeyUnavailable for a key that we do not use."""
        left, found = list(others), [own]
        while len(found) < _LONGEST and found[-1].subject != found[-1].issuer:
            above = next((c for c in left if c.subject == found[-1].issuer), None)
            if above is None:
                break
            found.append(above)
        chain = cls(tuple(found))
        _ = chain.public_key
        return chain

    @property
    def own(self) -> x509.Certificate:
        return self.certificates[0]

    @property
    def public_key(self) -> PublicKey:
        key = self.own.public_key()
        if isinstance(key, EllipticCurvePublicKey) or (isinstance(key, RSAPublicKey) and key.key_size >= _SMALLEST_RSA):
            return key
        raise KeyUnavailable("The signing certificate's key must be RSA of 2048 bits or more, or an elliptic curve's.")

    @property
    def is_complete(self) -> bool:
        """Ends in a root. Otherwise readers are to trust the last one itself."""
        return self.certificates[-1].subject == self.certificates[-1].issuer

    @property
    def kid(self) -> str:
        """SHA-256 of the key's own certificate, as certificate viewers show it, in lower case without colons."""
        return hashlib.sha256(self.own.public_bytes(Encoding.DER)).hexdigest()

    @property
    def name(self) -> str:
        return common_name(self.own)

    @property
    def pem(self) -> str:
        return "".join(c.public_bytes(Encoding.PEM).decode() for c in self.certificates)

    def require_current(self, now: datetime) -> None:
        """Raises KeyUnavailable before the first and after the last day of the key's own certificate."""
        if now < self.own.not_valid_before_utc:
            raise KeyUnavailable(
                f"The signing certificate is valid from {self.own.not_valid_before_utc:%d %B %Y} only."
            )
        if now > self.own.not_valid_after_utc:
            raise KeyUnavailable(f"The signing certificate ran out on {self.own.not_valid_after_utc:%d %B %Y}.")


def common_name(certificate: x509.Certificate) -> str:
    """Of the subject; the organisation's name, else all of the subject, where it has none."""
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        found = certificate.subject.get_attributes_for_oid(kind)
        if found:
            return str(found[0].value)
    return certificate.subject.rfc4514_string()


def organisation(certificate: x509.Certificate) -> str:
    found = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return str(found[0].value) if found else ""


def from_pem(text: str) -> Chain:
    """The first certificate is the key's own."""
    try:
        found = x509.load_pem_x509_certificates(text.encode())
    except ValueError as error:
        raise KeyUnavailable("The file of certificates cannot be read: it must be PEM.") from error
    return Chain.of(found[0], found[1:])


def from_file(path: str, *, setting: str = "SIGNING_CERTIFICATES") -> Chain:
    """What a token, a remote signer or a time-stamp authority does not hand out reliably."""
    if not path:
        raise KeyUnavailable(f"{setting} must name a PEM file: the signing certificate, then those above it.")
    try:
        return from_pem(Path(path).read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError) as error:
        raise KeyUnavailable(f"The file that {setting} names cannot be read.") from error
