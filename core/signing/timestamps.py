"""The time-stamp authority (RFC 3161), if one is configured."""

from __future__ import annotations

import functools
from typing import Final

from asn1crypto import tsp
from cryptography import x509
from django.conf import settings
from pyhanko.sign.timestamps import TimeStamper

from core.signing import chains, https
from core.signing.errors import KeyUnavailable

_WHO: Final = "The time-stamp authority"
_HEADERS: Final = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


class HttpTimeStamper(TimeStamper):
    """pyHanko's, over our own bounded request. It asks once more at first use, to learn how long an answer is."""

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        # Where the stamp's own signature is checked (pades), a plain connection does no harm; many speak nothing else.
        clear = bool(settings.SIGNING_TSA_CERTIFICATES)
        answer = https.post(self._url, req.dump(), headers=_HEADERS, who=_WHO, in_clear=clear)
        try:
            response = tsp.TimeStampResp.load(answer, strict=True)
            # Taken apart now: left lazy, what is no answer would fail far from here.
            granted = response["status"]["status"].native == "granted"
            stamped = _imprint(response) if granted else b""
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise KeyUnavailable(f"{_WHO} does not answer with a time-stamp.") from error
        if granted and stamped != req["message_imprint"]["hashed_message"].native:
            raise KeyUnavailable(f"{_WHO} stamps something else than it was asked to.")
        return response


def _imprint(response: tsp.TimeStampResp) -> bytes:
    token = response["time_stamp_token"]["content"]["encap_content_info"]["content"]
    imprint: bytes = token.parsed["message_imprint"]["hashed_message"].native
    return imprint


def configured() -> TimeStamper | None:
    return _held(settings.SIGNING_TSA_URL) if settings.SIGNING_TSA_URL else None


def roots() -> tuple[x509.Certificate, ...]:
    """SIGNING_TSA_CERTIFICATES: whom the time-stamps are trusted by. Raises KeyUnavailable."""
    path = settings.SIGNING_TSA_CERTIFICATES
    return chains.from_file(path, setting="SIGNING_TSA_CERTIFICATES").certificates[-1:] if path else ()


@functools.lru_cache(maxsize=1)
def _held(url: str) -> HttpTimeStamper:
    return HttpTimeStamper(url)


def forget() -> None:
    _held.cache_clear()
