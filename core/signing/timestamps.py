"""The time-stamp authority (RFC 3161), if one is configured."""

from __future__ import annotations

import functools
from typing import Final

from asn1crypto import tsp
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from pyhanko.sign.timestamps import TimeStamper

from core.signing import chains, https

_WHO: Final = "The time-stamp authority"
_HEADERS: Final = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


class HttpTimeStamper(TimeStamper):
    """pyHanko's, over our own bounded request. It asks once more at first use, to learn how long an answer is."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(https.post(self._url, req.dump(), headers=_HEADERS, who=_WHO))


def configured() -> TimeStamper | None:
    return _held(settings.SIGNING_TSA_URL) if settings.SIGNING_TSA_URL else None


def roots() -> tuple[asn1.Certificate, ...]:
    """SIGNING_TSA_CERTIFICATES: whom the time-stamps are trusted by. Raises KeyUnavailable."""
    path = settings.SIGNING_TSA_CERTIFICATES
    return tuple(asn1.Certificate.load(c.public_bytes(Encoding.DER)) for c in _trusted(path)) if path else ()


def _trusted(path: str) -> tuple[chains.x509.Certificate, ...]:
    return chains.from_file(path).certificates[-1:]


@functools.lru_cache(maxsize=1)
def _held(url: str) -> HttpTimeStamper:
    return HttpTimeStamper(url)
