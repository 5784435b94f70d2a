"""One Redis or Valkey address, said in the two dialects that its clients speak."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ImproperlyConfigured

# The kernel's limit is 108 bytes on Linux and 104 on macOS, the closing zero included.
SOCKET_PATH_BYTES: Final = 100
_PLAIN_PATH: Final = re.compile(r"[A-Za-z0-9_./-]+")
_SOCKET_SCHEMES: Final = {"unix", "redis+socket", "valkey+unix", "redis+unix"}
_NETWORK_SCHEMES: Final = {"redis": "redis", "valkey": "redis", "rediss": "rediss", "valkeys": "rediss"}


@dataclass(frozen=True, slots=True)
class RedisUrls:
    """`broker` for Celery, `cache` for Django: the same server, neighbouring databases, since clearing one flushes it."""

    broker: str
    cache: str


def urls(address: str) -> RedisUrls:
    """Takes redis, rediss, valkey and valkeys URLs, and a socket as unix:///path, redis+socket or valkey+unix."""
    parts = urlsplit(address)
    if parts.scheme in _SOCKET_SCHEMES and parts.path:
        query = parse_qs(parts.query)
        number = _number((query.get("db") or query.get("virtual_host") or ["0"])[0], address)
        return RedisUrls(
            broker=f"redis+socket://{parts.path}?virtual_host={number}", cache=f"unix://{parts.path}?db={number + 1}"
        )
    if parts.scheme in _NETWORK_SCHEMES and parts.hostname:
        number = _number(parts.path.strip("/") or "0", address)
        base = f"{_NETWORK_SCHEMES[parts.scheme]}://{parts.netloc}"
        query_text = f"?{parts.query}" if parts.query else ""
        return RedisUrls(broker=f"{base}/{number}{query_text}", cache=f"{base}/{number + 1}{query_text}")
    raise _unreadable(parts.scheme)


def socket_path(data_dir: Path) -> Path:
    """Where the embedded server listens: in the data directory, or under the system's temporary directory if its
    path is too long for a socket or holds a character that Valkey's configuration file would cut it at.
    """
    path = data_dir / "run" / "valkey.sock"
    if len(os.fsencode(path)) < SOCKET_PATH_BYTES and _PLAIN_PATH.fullmatch(str(path)):
        return path
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"wardmark-{os.getuid()}-{digest}" / "valkey.sock"


def _number(text: str, address: str) -> int:
    if not text.isdecimal():
        raise _unreadable(urlsplit(address).scheme)
    return int(text)


def _unreadable(scheme: str) -> ImproperlyConfigured:
    # The address may hold a password: only its scheme is repeated.
    return ImproperlyConfigured(
        f"REDIS_URL ({scheme or 'no scheme'}) is not redis://host:port/0, rediss://… or unix:///path/to/socket"
    )
