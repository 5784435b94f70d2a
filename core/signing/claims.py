"""Claims signed with Ed25519 as compact JWS (RFC 7515, RFC 8037, `alg` by RFC 9864), and the key set that verifies them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from core.signing import registry
from core.signing.errors import KeyUnavailable

ALGORITHM: Final = "Ed25519"


class ClaimRefused(Exception):
    """Not signed by a key of the set, or not a claim at all."""


@dataclass(frozen=True, slots=True)
class Claim:
    header: Mapping[str, Any]
    payload: Mapping[str, Any]


def sign(payload: Mapping[str, Any], *, kind: str = "") -> str:
    """By the ring's first key, which was registered before. `kind` goes into the header as `typ`. Same payload, same text.

    Raises KeyUnavailable.
    """
    key = current()
    header = {"alg": ALGORITHM, "kid": key.kid, **({"typ": kind} if kind else {})}
    return jws.serialize_compact(header, compact(payload), key, algorithms=[ALGORITHM])


def current() -> OKPKey:
    ring: Mapping[str, bytes] = settings.CREDENTIAL_KEYS
    if not ring:
        raise KeyUnavailable("CREDENTIAL_KEYS is empty: the claim inside a certificate cannot be signed.")
    return _key(*next(iter(ring.items())))


def register() -> None:
    """Before the first signature of a key: from then on it is published for ever. Raises KeyUnavailable."""
    registry.register_credential_key(current().as_dict(private=False))


def key_set() -> list[dict[str, Any]]:
    """Public halves, for publishing: of the ring, those not used yet included, and of every key ever used. One query."""
    ring = [_key(kid, seed).as_dict(private=False) for kid, seed in settings.CREDENTIAL_KEYS.items()]
    found = {key["kid"]: key for key in (*ring, *registry.credential_keys())}
    return list(found.values())


def current_kid() -> str:
    return current().kid or ""


def verify(text: str, keys: Iterable[Mapping[str, Any]]) -> Claim:
    """Raises ClaimRefused. Only Ed25519, whatever the header asks for; the key is found by its `kid`."""
    try:
        found = jws.deserialize_compact(
            text, KeySet.import_key_set({"keys": [dict(k) for k in keys]}), algorithms=[ALGORITHM]
        )
        payload = json.loads(found.payload)
    except (JoseError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ClaimRefused from error
    if not isinstance(payload, dict):
        raise ClaimRefused
    return Claim(found.headers(), payload)


def compact(payload: Mapping[str, Any]) -> bytes:
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()


def _key(kid: str, seed: bytes) -> OKPKey:
    return OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(seed), {"kid": kid, "alg": ALGORITHM, "use": "sig"})
