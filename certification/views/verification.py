"""The public check: anybody, no account, the same answer for a steward with a phone and a program."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_safe

from certification.forms.certificates import CheckForm
from certification.selectors import verification
from core.http.ratelimit import rate_limit

log = structlog.get_logger(__name__)

# One address a minute; a form and its answer are two. A stadium's stewards may share one address.
_ALLOWANCE: Final = 60
_TEMPLATE: Final = "certification/public/check_result.html"


@rate_limit("check", allowance=_ALLOWANCE)
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """The form. A number goes on to its own address; a typing mistake is told without a look at any certificate."""
    form = CheckForm(request.GET if "number" in request.GET else None)
    if form.is_valid():
        response: HttpResponse = redirect("certification:check_result", form.cleaned_data["number"])
        if request.GET.get("format") == "json":
            response["Location"] += "?format=json"
    elif form.is_bound and _wants_json(request):
        response = JsonResponse(_mistyped(request).as_dict())
    else:
        context = {"form": form, "own_host": urlsplit(settings.SITE_URL).netloc}
        response = render(request, "certification/public/check.html", context)
    return _public(response)


def _mistyped(request: HttpRequest) -> verification.VerificationResult:
    return verification.check(request.GET["number"], today=timezone.localdate(), now=timezone.now())


@rate_limit("check", allowance=_ALLOWANCE)
@require_safe
def check_result(request: HttpRequest, token: str) -> HttpResponse:
    """`token` or number. Status 200 whatever the answer, so that the answer is in the page alone."""
    result = verification.check(token, today=timezone.localdate(), now=timezone.now())
    # Hashed with a key: the line can be matched with another line, not with a certificate.
    log.info(
        "certificate.checked", result=result.status, entry=salted_hmac("certificate.checked", token).hexdigest()[:16]
    )
    if _wants_json(request):
        return _public(JsonResponse(result.as_dict()))
    context = {"result": result, "facts": result.facts, "own_host": urlsplit(settings.SITE_URL).netloc}
    return _public(render(request, _TEMPLATE, context))


def _wants_json(request: HttpRequest) -> bool:
    if "format" in request.GET:
        return request.GET["format"] == "json"
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _public(response: HttpResponse) -> HttpResponse:
    # A revocation shows at once: nobody keeps an answer. The address may hold a token: no other page learns it.
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    patch_vary_headers(response, ["Accept"])
    return response
