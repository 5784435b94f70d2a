"""The JSON twin of a CAP message, signed with the service's credential keys: one ring, one key set, one way to replace a key.

The header's `typ` keeps it apart from everything else that those keys sign.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.signing import claims

__all__ = ["TYPE", "public_keys", "sign"]

TYPE: Final = "cap+json"


def sign(document: Mapping[str, object]) -> dict[str, str]:
    """A flattened JWS (RFC 7515, 7.2.2) whose payload is the document.

    The key is registered before it signs, so that its public half stays in the set when it has left the ring: one query
    where it is known. Raises KeyUnavailable.
    """
    claims.register()
    protected, payload, signature = claims.sign(document, kind=TYPE).split(".")
    return {"payload": payload, "protected": protected, "signature": signature}


def public_keys() -> dict[str, Any]:
    """A JSON Web Key Set (RFC 7517): the same one that claims and status lists are checked with."""
    return {"keys": claims.key_set()}
