"""The public register: searched, one entry of it, and the whole of it as open data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from accounts.models import PoliceArea
from certification.forms.certificates import RegisterForm
from certification.selectors import open_data
from certification.selectors import register as selectors
from core.http.public import same_for_everybody
from core.http.ratelimit import rate_limit

# What is published may be this old: a revocation is never hidden for longer.
SECONDS: Final = 60
_AS_PUBLISHED: Final = f"public, max-age={SECONDS}"


@rate_limit("register", allowance=60)
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    form = RegisterForm(request.GET, areas=dict(PoliceArea.objects.values_list("code", "name")))
    search = form.search()
    page = selectors.page(search, today=timezone.localdate(), after=request.GET.get("after", ""))
    filters_on = sum(bool(part) for part in (search.words, search.area, search.kind, search.state))
    context = {
        "form": form,
        "page": page,
        "search": search,
        "narrowed": filters_on > 0,
        "filters_on": filters_on,
        "suggested": _with_words(request, page.suggestion),
        "ranked_at_most": selectors.RANKED_AT_MOST,
    }
    return render(request, "certification/public/register.html", context)


def _with_words(request: HttpRequest, words: str) -> str:
    """The same search with other words, from its first page."""
    query = request.GET.copy()
    query.pop("after", None)
    query["words"] = words
    return f"?{query.urlencode()}"


@rate_limit("register", allowance=60)
@require_safe
def register_entry(request: HttpRequest, number: str) -> HttpResponse:
    """For a holder's own site to point at. What is not on the register is not found, whether it exists or not."""
    found = selectors.detail(number, today=timezone.localdate())
    if found is None:
        raise Http404
    context = {"entry": found.entry, "scope": found.scope, "gap": found.gap}
    return render(request, "certification/public/register_entry.html", context)


@require_safe
def register_data(request: HttpRequest) -> HttpResponse:
    context = {"licence": settings.OPEN_DATA_LICENCE, "note": settings.OPEN_DATA_NOTE}
    return render(request, "certification/public/register_data.html", context)


@same_for_everybody
@rate_limit("open-data", allowance=10)
@require_safe
def register_csv(request: HttpRequest) -> HttpResponseBase:
    def written(today: date) -> Iterator[str]:
        return open_data.as_csv(selectors.everything(today=today))

    response = _published(request, "text/csv; charset=utf-8; header=present", written)
    response.headers["Content-Disposition"] = 'attachment; filename="register.csv"'
    response.headers["Link"] = f'<{settings.OPEN_DATA_LICENCE["url"]}>; rel="license"'
    return response


@same_for_everybody
@rate_limit("open-data", allowance=10)
@require_safe
def register_json(request: HttpRequest) -> HttpResponseBase:
    def written(today: date) -> Iterator[str]:
        return open_data.as_json(selectors.everything(today=today), generated_at=timezone.now())

    return _published(request, "application/json", written)


def _published(request: HttpRequest, content_type: str, written: Callable[[date], Iterator[str]]) -> HttpResponseBase:
    """Streamed, since it is read in chunks; not sent again to whoever has it as it is."""
    stamp = selectors.stamp(today=timezone.localdate())
    known = get_conditional_response(request, etag=stamp.etag, last_modified=stamp.seconds)
    response: HttpResponseBase
    if known is not None:
        response = known
    elif request.method == "HEAD":
        response = HttpResponse(content_type=content_type)
    else:
        response = StreamingHttpResponse(written(stamp.today), content_type=content_type)
    response.headers["ETag"] = stamp.etag
    response.headers["Last-Modified"] = http_date(stamp.seconds)
    response.headers["Cache-Control"] = _AS_PUBLISHED
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
