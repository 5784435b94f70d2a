"""Who is asking, as far as the network says."""

from __future__ import annotations

import ipaddress
from typing import Final

from django.conf import settings
from django.http import HttpRequest

IPV6_PREFIX: Final = 64


def address(request: HttpRequest) -> str:
    """The client's address, for rate limits: an IPv6 one is cut to its /64, which is what one subscriber is given.

    X-Forwarded-For is believed only as far back as TRUSTED_PROXIES of our own wrote it; the rest is the client's word.
    """
    candidate = str(request.META.get("REMOTE_ADDR", ""))
    hops = settings.TRUSTED_PROXIES
    if hops:
        forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        candidate = forwarded[-hops] if len(forwarded) >= hops else candidate
    try:
        found = ipaddress.ip_address(candidate)
    except ValueError:
        # A unix socket has no address; all such clients share one allowance.
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network(f"{found}/{IPV6_PREFIX}", strict=False).network_address)
    return str(found)
