"""One request to a signer or time-stamp authority: bounded in time and size, no redirect followed, TLS but on loopback."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from core.signing.errors import KeyUnavailable

TIMEOUT_SECONDS: Final = 10.0
_MOST: Final = 256 * 1024
_OK: Final = 200
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


def acceptable(url: str) -> bool:
    """https, or http to this machine itself."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    )


def post(url: str, body: bytes, *, headers: Mapping[str, str], who: str, in_clear: bool = False) -> bytes:
    """Raises KeyUnavailable, which names `who` and never the address, that may hold a secret.

    `in_clear`: the answer is signed and checked, so that http is taken too.
    """
    if not acceptable(url) and not (in_clear and urlsplit(url).scheme == "http" and urlsplit(url).hostname):
        raise KeyUnavailable(f"The address of {who} must begin with https://.")
    parts = urlsplit(url)
    connection = _connect(parts.hostname or "", parts.port, tls=parts.scheme == "https")
    try:
        connection.request("POST", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", body, {**headers})
        with connection.getresponse() as response:
            content = response.read(_MOST + 1)
    except (OSError, http.client.HTTPException) as error:
        raise KeyUnavailable(f"{who} does not answer ({type(error).__name__}).") from error
    finally:
        connection.close()
    if response.status != _OK:
        raise KeyUnavailable(f"{who} answers with status {response.status}.")
    if len(content) > _MOST:
        raise KeyUnavailable(f"{who} answers at too great a length.")
    return content


def _connect(host: str, port: int | None, *, tls: bool) -> http.client.HTTPConnection:
    if tls:
        return http.client.HTTPSConnection(host, port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
