"""The issuing authority's key, wherever it lives: one interface, checked in one place."""

from __future__ import annotations

import hashlib
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import pkcs12

from core.signing.chains import Chain
from core.signing.errors import KeyUnavailable

DIGEST: Final = "sha256"
_HASH: Final = hashes.SHA256()


class DocumentKey(Protocol):
    """`sign` is given a SHA-256 digest and answers as CMS wants it: ECDSA in DER, RSA by PKCS #1 v1.5.

    Raises KeyUnavailable. `chain` is known without asking anybody.
    """

    @property
    def chain(self) -> Chain: ...

    def sign(self, digest: bytes) -> bytes: ...


class LocalKey:
    """Held in this process's memory."""

    def __init__(self, chain: Chain, private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> None:
        self.chain = chain
        self._private = private

    def sign(self, digest: bytes) -> bytes:
        if isinstance(self._private, ec.EllipticCurvePrivateKey):
            return self._private.sign(digest, ec.ECDSA(Prehashed(_HASH)))
        return self._private.sign(digest, padding.PKCS1v15(), Prehashed(_HASH))


def from_pkcs12(content: bytes, password: str) -> LocalKey:
    """Raises KeyUnavailable."""
    try:
        held = pkcs12.load_pkcs12(content, password.encode() or None)
    except ValueError as error:
        raise KeyUnavailable(
            "The PKCS #12 file cannot be opened: it is damaged, or its password is another."
        ) from error
    if held.key is None or held.cert is None:
        raise KeyUnavailable("The PKCS #12 file must hold a private key with its certificate.")
    if not isinstance(held.key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise KeyUnavailable("The PKCS #12 file's key must be RSA or an elliptic curve's.")
    return LocalKey(Chain.of(held.cert.certificate, (c.certificate for c in held.additional_certs)), held.key)


def sign_checked(key: DocumentKey, data: bytes) -> bytes:
    """What a token or another machine answers is not believed: a signature that does not fit is none. KeyUnavailable."""
    signature = key.sign(hashlib.sha256(data).digest())
    public = key.chain.public_key
    try:
        if isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, data, ec.ECDSA(_HASH))
        else:
            public.verify(signature, data, padding.PKCS1v15(), _HASH)
    except (InvalidSignature, ValueError) as error:
        raise KeyUnavailable("The signature does not fit the signing certificate: another key made it.") from error
    return signature


def longest_signature(chain: Chain) -> int:
    """Bytes to be kept free."""
    public = chain.public_key
    if isinstance(public, rsa.RSAPublicKey):
        return public.key_size // 8
    return 2 * (public.curve.key_size + 7) // 8 + 16
