"""What holds for every request."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from core.http import request_log

log = structlog.get_logger("wardmark.request")

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RequestLogMiddleware:
    """Names the request and writes one line when it is over: route, status, time, person's id.

    The route ("verify/<str:token>/"), never the path: a path may hold a token that opens something.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = request_log.accepted_id(request.headers.get("X-Request-ID", ""))
        request_log.bind(request_id=request_id)
        started = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        match = request.resolver_match
        if match is None or match.url_name not in {"healthz", "readyz"}:
            log.info(
                "request",
                method=request.method,
                route=match.route if match else "",
                status=response.status_code,
                ms=round((time.perf_counter() - started) * 1000),
                user_id=_known_user(request),
            )
        request_log.clear()
        return response


def _known_user(request: HttpRequest) -> str:
    # `request.user` is lazy: asking it here would add two queries to pages that had no need of it. The API puts the
    # token's owner in its place.
    user = request.__dict__.get("user")
    if user is None or type(user) is SimpleLazyObject:
        user = getattr(request, "_cached_user", None)
    return str(user.pk or "") if user is not None else ""


class LanguageMiddleware:
    """Says once which language a request is in; without it each word of a page asks anew, and twice as long."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        translation.activate(settings.LANGUAGE_CODE)
        return self.get_response(request)


class PrivatePagesMiddleware:
    """Whatever was made for one person is kept by no cache, shared or the browser's, and opened by no other site.

    Told from the cookie or the token that came along, not from `request.user`, which would cost queries. A view that
    sets Cache-Control itself is left alone.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store" if _is_personal(request, response) else "no-cache"
        return response


def _is_personal(request: HttpRequest, response: HttpResponseBase) -> bool:
    return (
        settings.SESSION_COOKIE_NAME in request.COOKIES
        or bool(request.headers.get("Authorization"))
        or bool(response.cookies)
    )
