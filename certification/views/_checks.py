"""What the answers of all public checks have in common, in page, file and interface."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.crypto import salted_hmac

from certification.selectors.verification import VerificationResult
from core.http.ratelimit import Misses

log = structlog.get_logger(__name__)

TEMPLATE: Final = "certification/public/check_result.html"
# Numbers that could exist and do not, from one address in ten minutes. Mistyped ones do not count: the check character
# has told them already.
MISSES: Final = Misses("check-miss", allowance=20, seconds=600)


def answer(request: HttpRequest, result: VerificationResult, *, entry: str, of_file: bool = False) -> HttpResponse:
    """`entry` is what was looked for: its keyed hash in the log matches another line, and no certificate."""
    log.info(
        "certificate.checked", result=result.status, entry=salted_hmac("certificate.checked", entry).hexdigest()[:16]
    )
    if wants_json(request):
        return public(JsonResponse(result.as_dict()))
    context = {"result": result, "facts": result.facts, "own_host": own_host(), "of_file": of_file}
    return public(render(request, TEMPLATE, context))


def own_host() -> str:
    return urlsplit(settings.SITE_URL).netloc


def wants_json(request: HttpRequest) -> bool:
    if "format" in request.GET:
        return request.GET["format"] == "json"
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def public(response: HttpResponse) -> HttpResponse:
    """Nobody keeps an answer, so that a revocation shows at once; the address may hold a token, which no page learns."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    patch_vary_headers(response, ["Accept"])
    return response
