"""A key on another machine, asked as the Cloud Signature Consortium's `signatures/signHash` is: a digest in, a signature out."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from core.signing import https
from core.signing.chains import Chain
from core.signing.errors import KeyUnavailable

_SHA256: Final = "2.16.840.1.101.3.4.2.1"
_ECDSA_SHA256: Final = "1.2.840.10045.4.3.2"
_RSA_SHA256: Final = "1.2.840.113549.1.1.11"
_WHO: Final = "The remote signer"


class RemoteKey:
    """`url` is the whole address of the operation; `token` goes as a bearer's; `credential` names the key over there."""

    def __init__(self, chain: Chain, *, url: str, token: str, credential: str) -> None:
        self.chain = chain
        self._url, self._token, self._credential = url, token, credential

    def sign(self, digest: bytes) -> bytes:
        curve = isinstance(self.chain.public_key, EllipticCurvePublicKey)
        asked = {
            "credentialID": self._credential,
            "hashes": [base64.b64encode(digest).decode()],
            "hashAlgorithmOID": _SHA256,
            "signAlgo": _ECDSA_SHA256 if curve else _RSA_SHA256,
        }
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        return _signature(https.post(self._url, json.dumps(asked).encode(), headers=headers, who=_WHO))


def _signature(content: bytes) -> bytes:
    try:
        (signature,) = json.loads(content)["signatures"]
        return base64.b64decode(signature, validate=True)
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise KeyUnavailable(f"{_WHO} does not answer with one signature.") from error
