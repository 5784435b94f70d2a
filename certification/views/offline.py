"""What scanners fetch before they go where no network is, and the pages that say how. Nothing here names anybody."""

from __future__ import annotations

from typing import Final

import structlog
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from certification.selectors import credentials, status_lists
from certification.views import _checks
from core.http.ratelimit import rate_limit
from core.signing import claims, registry, status_list
from core.signing.chains import Chain, common_name
from core.signing.errors import KeyUnavailable

log = structlog.get_logger(__name__)

_ALLOWANCE: Final = 60
_KEYS_SECONDS: Final = 300
_UNAVAILABLE: Final = 503
# The keys and the list are for programs on any site.
_OPEN: Final = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


@rate_limit("offline", allowance=_ALLOWANCE)
@require_safe
def jwks(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Every key that may have signed a claim. One that is in the ring and not yet first is here in good time."""
    response = JsonResponse({"keys": claims.key_set()}, headers=_OPEN)
    response["Content-Type"] = "application/jwk-set+json"
    response["Cache-Control"] = f"public, max-age={_KEYS_SECONDS}"
    return response


@rate_limit("offline", allowance=_ALLOWANCE)
@require_safe
def statuses(request: HttpRequest, number: int) -> HttpResponse:
    """The signed list; 404 for one that nothing stands in. Kept by nobody for longer than a minute after it was made."""
    now = timezone.now()
    try:
        found = status_lists.published(number, now=now)
    except KeyUnavailable as error:
        log.error("status_list.unsigned", reason=str(error))
        return HttpResponse("No list can be signed at the moment.\n", status=_UNAVAILABLE, content_type="text/plain")
    if found is None:
        raise Http404
    known = request.headers.get("If-None-Match", "")
    unchanged = found.etag in (tag.strip().removeprefix("W/") for tag in known.split(","))
    response: HttpResponse = (
        HttpResponseNotModified(headers=_OPEN)
        if unchanged
        else HttpResponse(found.token, content_type=f"application/{status_list.TYPE}", headers=_OPEN)
    )
    response["ETag"] = found.etag
    response["Cache-Control"] = f"public, max-age={found.seconds_left(now)}"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@require_safe
def offline_check(request: HttpRequest) -> HttpResponse:
    """For those who make scanners: what is signed, by which keys, and in which order to ask."""
    context = {
        "own_host": _checks.own_host(),
        "jwks_url": request.build_absolute_uri(reverse("certification:jwks")),
        "list_url": credentials.list_url(0),
        "fresh_seconds": status_lists.FRESH_SECONDS,
        "usable_hours": int(status_lists.USABLE.total_seconds() // 3600),
        "list_size": status_list.SIZE,
    }
    return render(request, "certification/public/offline_check.html", context)


@require_safe
def issuing_authority(request: HttpRequest) -> HttpResponse:
    """By which certificates a PDF reader knows our signature: the present ones first, those before them after."""
    issuer = registry.issuer()
    context = {
        "authorities": [_authority(chain) for chain in registry.document_chains()],
        "demonstration": bool(issuer and issuer.demonstration),
        "own_host": _checks.own_host(),
    }
    return render(request, "certification/public/authority.html", context)


def _authority(chain: Chain) -> dict[str, object]:
    top = chain.certificates[-1]
    return {
        "name": chain.name,
        "root": common_name(top),
        "kid": chain.kid,
        "fingerprint": _in_fours(Chain((top,)).kid.upper()),
        "until": chain.own.not_valid_after_utc,
    }


def _in_fours(text: str) -> str:
    """As it is read out over a telephone."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


@require_safe
def authority_file(request: HttpRequest, kid: str) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The root alone, in PEM: what a reader is told to trust."""
    chain = next((chain for chain in registry.document_chains() if chain.kid == kid), None)
    if chain is None:
        raise Http404
    response = HttpResponse(Chain(chain.certificates[-1:]).pem, content_type="application/x-pem-file")
    response["Content-Disposition"] = f'attachment; filename="issuing-authority-{kid[:8]}.pem"'
    response["Cache-Control"] = f"public, max-age={_KEYS_SECONDS}"
    return response
