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
from django.utils.translation import gettext as _

from certification.selectors.verification import CertificateFacts, VerificationResult
from core.govuk.formats import uk_date
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
    rows = _rows(result.facts) if result.facts else ()
    context = {"result": result, "rows": rows, "own_host": own_host(), "of_file": of_file}
    return public(render(request, TEMPLATE, context))


def _rows(facts: CertificateFacts) -> list[tuple[str, str]]:
    """Said here: a tag of the template for each row takes as long as the rest of the page's own part."""
    rows = [
        (_("Number"), facts.number),
        (_("For"), facts.subject),
        (_("Place"), facts.place),
        (_("Holder"), facts.holder),
        (_("It covers"), facts.scope),
        (_("Valid from"), uk_date(facts.valid_from)),
        (_("Valid until"), uk_date(facts.valid_until)),
    ]
    if facts.gap_from is not None:
        words = _("%(first)s to %(last)s: it was renewed after the certificate before it had ended.")
        gap = {"first": uk_date(facts.gap_from), "last": uk_date(facts.gap_until)}
        rows.append((_("Gap in cover"), words % gap))
    return [*rows, (_("Police area"), facts.area)]


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
