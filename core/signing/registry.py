"""Which keys have signed: their public halves, kept for ever, so that a key can be replaced and nothing old breaks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.models import SigningKey
from core.signing import chains
from core.signing.chains import Chain
from core.signing.demonstration import ORGANISATION
from core.signing.errors import KeyUnavailable


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs documents now. `demonstration`: what they sign is of no effect."""

    name: str
    demonstration: bool


def register_document_key(chain: Chain) -> None:
    _register(SigningKey.Purpose.DOCUMENT, chain.kid, chain.pem)


def register_credential_key(jwk: dict[str, Any]) -> None:
    _register(SigningKey.Purpose.CREDENTIAL, jwk["kid"], json.dumps(jwk, sort_keys=True))


def _register(purpose: str, kid: str, public: str) -> None:
    """Before its first use, in a transaction of its own; one query when it is known. The one before it is retired.

    Raises KeyUnavailable when the name is another key's already: old claims would no longer verify.
    """
    known = SigningKey.objects.filter(purpose=purpose, kid=kid).first()
    if known is None:
        with transaction.atomic():
            known, _ = SigningKey.objects.get_or_create(
                purpose=purpose, kid=kid, defaults={"public": public, "first_used_at": timezone.now()}
            )
            _retire_others(known)
    elif known.retired_at is not None:
        # Back in use: the change of keys was undone.
        with transaction.atomic():
            SigningKey.objects.filter(pk=known.pk).update(retired_at=None)
            _retire_others(known)
    if known.public != public:
        raise KeyUnavailable(f"The key id {kid} has been used with another key. Give the new key an id of its own.")


def _retire_others(key: SigningKey) -> None:
    others = SigningKey.objects.filter(purpose=key.purpose, retired_at__isnull=True).exclude(pk=key.pk)
    others.update(retired_at=timezone.now())


def document_chains() -> list[Chain]:
    """Of every key that ever signed a document, the present one first. One query."""
    keys = SigningKey.objects.filter(purpose=SigningKey.Purpose.DOCUMENT).order_by("-first_used_at", "-pk")
    return [chains.from_pem(key.public) for key in keys]


def credential_keys() -> list[dict[str, Any]]:
    """As JWKs. One query."""
    keys = SigningKey.objects.filter(purpose=SigningKey.Purpose.CREDENTIAL).order_by("-first_used_at", "-pk")
    return [json.loads(key.public) for key in keys]


def issuer() -> Issuer | None:
    """None before anything was signed. One query; no private key is opened for it."""
    keys = SigningKey.objects.filter(purpose=SigningKey.Purpose.DOCUMENT, retired_at__isnull=True)
    key = keys.order_by("-first_used_at", "-pk").first()
    if key is None:
        return None
    chain = chains.from_pem(key.public)
    return Issuer(chain.name, demonstration=chains.organisation(chain.own) == ORGANISATION)
