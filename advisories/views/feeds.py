"""Feeds for programs: the Atom index, each bulletin as CAP 1.2, and its signed twin. Public for TLP:CLEAR; by a person's key
for what that person may read, but never what is to be read only signed in.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.selectors import Viewer
from advisories.domain import cap
from advisories.domain.atom import CAP_TYPE, JWS_TYPE, FeedHead, as_atom
from advisories.models import Bulletin
from advisories.selectors import feeds as selectors
from advisories.services import feed_signing, preferences
from core.http.ratelimit import rate_limit
from core.signing.errors import KeyUnavailable

__all__ = ["cap_json", "cap_json_own", "cap_xml", "cap_xml_own", "feed", "feed_keys", "feed_own"]

log = structlog.get_logger(__name__)

_ALLOWANCE: Final = 120
_UNAVAILABLE: Final = 503
_ATOM: Final = "application/atom+xml; charset=utf-8"


@rate_limit("feeds", allowance=_ALLOWANCE)
@require_safe
def feed(_request: HttpRequest) -> HttpResponse:
    address = reverse("advisories:feed")
    return _open(_atom(AnonymousUser(), address, base=address.removesuffix("advisories.atom")))


@rate_limit("feeds", allowance=_ALLOWANCE)
@require_safe
def feed_own(_request: HttpRequest, token: str) -> HttpResponse:
    address = reverse("advisories:feed_own", args=[token])
    return _private(_atom(_reader(token), address, base=address.removesuffix("advisories.atom")))


@rate_limit("feeds", allowance=_ALLOWANCE)
@require_safe
def cap_xml(_request: HttpRequest, pk: UUID) -> HttpResponse:
    return _open(_xml(AnonymousUser(), pk))


@rate_limit("feeds", allowance=_ALLOWANCE)
@require_safe
def cap_xml_own(_request: HttpRequest, token: str, pk: UUID) -> HttpResponse:
    return _private(_xml(_reader(token), pk))


@rate_limit("feeds", allowance=_ALLOWANCE)
@require_safe
def cap_json(_request: HttpRequest, pk: UUID) -> HttpResponse:
    return _open(_jws(AnonymousUser(), pk))


@rate_limit("feeds", allowance=_ALLOWANCE)
@require_safe
def cap_json_own(_request: HttpRequest, token: str, pk: UUID) -> HttpResponse:
    return _private(_jws(_reader(token), pk))


@rate_limit("feeds", allowance=_ALLOWANCE)
@require_safe
def feed_keys(_request: HttpRequest) -> HttpResponse:
    """What the signed twins are checked with: a JSON Web Key Set."""
    return _open(JsonResponse(feed_signing.public_keys(), content_type="application/jwk-set+json"))


def _reader(token: str) -> User:
    found = preferences.feed_reader(token)
    if found is None:
        raise Http404
    return found


def _atom(reader: Viewer, address: str, *, base: str) -> HttpResponse:
    entries = selectors.entries(reader, base=f"{settings.SITE_URL}{base}cap/")
    head = FeedHead(
        # The key in the address is no part of the feed's name.
        id=f"tag:{urlsplit(settings.SITE_URL).hostname},2026:advisories:{getattr(reader, 'pk', None) or 'public'}",
        title=_("%(service)s: advisories") % {"service": settings.SERVICE_NAME},
        address=f"{settings.SITE_URL}{address}",
        author=settings.SERVICE_NAME,
        updated=max((entry.updated for entry in entries), default=timezone.localtime()),
    )
    return HttpResponse(as_atom(head, entries), content_type=_ATOM)


def _xml(reader: Viewer, pk: UUID) -> HttpResponse:
    return HttpResponse(
        cap.as_xml(selectors.message_of(_bulletin(reader, pk))), content_type=f"{CAP_TYPE}; charset=utf-8"
    )


def _jws(reader: Viewer, pk: UUID) -> HttpResponse:
    document = cap.as_dict(selectors.message_of(_bulletin(reader, pk)))
    try:
        return JsonResponse(feed_signing.sign(document), content_type=JWS_TYPE)
    except KeyUnavailable as error:
        log.error("feed.unsigned", reason=str(error))
        return HttpResponse("Nothing can be signed at the moment.\n", status=_UNAVAILABLE, content_type="text/plain")


def _bulletin(reader: Viewer, pk: UUID) -> Bulletin:
    found = Bulletin.objects.visible_to(reader).select_related("area", "replaces").filter(pk=pk).first()
    if found is None or not selectors.readable_by_program(found):
        raise Http404
    return found


def _open(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "public, max-age=60" if response.status_code != _UNAVAILABLE else "no-store"
    return _bare(response)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return _bare(response)


def _bare(response: HttpResponse) -> HttpResponse:
    # The address may hold a person's key: no other page learns it.
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex"
    return response
