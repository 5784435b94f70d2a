"""The document key that the settings name, opened once in a process and held."""

from __future__ import annotations

import base64
import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from django.conf import settings
from django.utils import timezone

from core.signing import chains, pkcs11, remote
from core.signing.errors import KeyUnavailable
from core.signing.keys import DocumentKey, from_pkcs12


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a key may come from, as the settings say; at most one is set (`config.settings.refusals`)."""

    pkcs12: str
    pkcs12_password: str
    module: str
    token: str
    pin: str
    label: str
    url: str
    url_token: str
    credential: str
    certificates: str
    demonstration: str

    @classmethod
    def configured(cls) -> Self:
        return cls(
            pkcs12=settings.SIGNING_PKCS12,
            pkcs12_password=settings.SIGNING_PKCS12_PASSWORD,
            module=settings.SIGNING_PKCS11_MODULE,
            token=settings.SIGNING_PKCS11_TOKEN,
            pin=settings.SIGNING_PKCS11_PIN,
            label=settings.SIGNING_PKCS11_KEY,
            url=settings.SIGNING_REMOTE_URL,
            url_token=settings.SIGNING_REMOTE_TOKEN,
            credential=settings.SIGNING_REMOTE_CREDENTIAL,
            certificates=settings.SIGNING_CERTIFICATES,
            demonstration=settings.DEMONSTRATION_AUTHORITY,
        )

    @property
    def kind(self) -> str:
        """In a word, for operators."""
        named = {"pkcs12": self.pkcs12, "pkcs11": self.module, "remote": self.url, "demonstration": self.demonstration}
        return next((kind for kind, value in named.items() if value), "none")


def held() -> DocumentKey:
    """Raises KeyUnavailable, also once the key's certificate has run out."""
    key = _open(Sources.configured())
    key.chain.require_current(timezone.now())
    return key


def forget() -> None:
    """After a failure: a token that was put back, or a file that was mended, is opened anew."""
    _open.cache_clear()


@functools.lru_cache(maxsize=1)
def _open(sources: Sources) -> DocumentKey:
    if sources.pkcs12:
        return from_pkcs12(_read(sources.pkcs12), sources.pkcs12_password)
    if sources.module:
        return pkcs11.open_token(
            module=sources.module,
            token=sources.token,
            pin=sources.pin,
            label=sources.label,
            chain=chains.from_file(sources.certificates),
        )
    if sources.url:
        return remote.RemoteKey(
            chains.from_file(sources.certificates),
            url=sources.url,
            token=sources.url_token,
            credential=sources.credential,
        )
    if sources.demonstration:
        return from_pkcs12(base64.b64decode(sources.demonstration), "")
    raise KeyUnavailable(
        "No signing key is configured: set SIGNING_PKCS12, SIGNING_PKCS11_MODULE or SIGNING_REMOTE_URL."
    )


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise KeyUnavailable("The file that SIGNING_PKCS12 names cannot be read.") from error
