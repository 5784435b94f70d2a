"""The one place that signs what programs read: the JSON twin of a CAP message, as a JWS with Ed25519 (RFC 9864).

The key comes from the key ring: the same ring gives the same key in every process, and a new ring a new key, whose id
says so. Its public half is served, so that a reader can check without asking us.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from joserfc import jws
from joserfc.jwk import OKPKey

__all__ = ["public_keys", "sign"]

ALGORITHM: Final = "Ed25519"
TYPE: Final = "cap+json"
_PURPOSE: Final = b"wardmark advisory feeds, 1"


def sign(document: Mapping[str, object]) -> dict[str, Any]:
    """A flattened JWS whose payload is the document."""
    key = _key()
    header: jws.HeaderDict = {"protected": {"alg": ALGORITHM, "typ": TYPE, "kid": key.thumbprint()}}
    payload = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return dict(jws.serialize_json(header, payload, key, algorithms=[ALGORITHM]))


def public_keys() -> dict[str, Any]:
    """A JSON Web Key Set (RFC 7517)."""
    key = _key()
    public = {**key.as_dict(private=False), "kid": key.thumbprint(), "alg": ALGORITHM, "use": "sig"}
    return {"keys": [public]}


def _key() -> OKPKey:
    """`FEED_SIGNING_KEY` where one is set (32 bytes), else derived from the first key of the ring."""
    seed = settings.FEED_SIGNING_KEY or next(iter(settings.FILE_KEYS.values()))
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(seed)
    pem = Ed25519PrivateKey.from_private_bytes(derived).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return OKPKey.import_key(pem)
