"""The public check: anybody, no account, the same answer for a steward with a phone and a program.

What may be kept, and how long: an answer never (`no-store`), since it is true at its moment alone; the status list until
a minute after it was made and the key set five minutes (views/offline.py), which name nobody and are asked by machines.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from certification.forms.certificates import CheckFileForm, CheckForm
from certification.selectors import verification
from certification.views import _checks
from core.http import client
from core.http.ratelimit import rate_limit, too_many
from core.uploads.in_memory import read_into_memory

# One address a minute; a form and its answer are two. A stadium's stewards may share one address.
_ALLOWANCE: Final = 60
_FILE_ALLOWANCE: Final = 10
_FORM: Final = "certification/public/check.html"
_TOO_LARGE: Final = 413


@rate_limit("check", allowance=_ALLOWANCE)
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """The form. A number goes on to its own address; a typing mistake is told without a look at any certificate."""
    form = CheckForm(request.GET if "number" in request.GET else None)
    if form.is_valid():
        response: HttpResponse = redirect("certification:check_result", form.cleaned_data["number"])
        if request.GET.get("format") == "json":
            response["Location"] += "?format=json"
    elif form.is_bound and _checks.wants_json(request):
        response = JsonResponse(_mistyped(request).as_dict())
    else:
        response = _page(request, form, CheckFileForm())
    return _checks.public(response)


def _page(request: HttpRequest, form: CheckForm, file_form: CheckFileForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "file_form": file_form,
        "has_errors": file_form.is_bound,
        "own_host": _checks.own_host(),
    }
    return render(request, _FORM, context, status=status)


def _mistyped(request: HttpRequest) -> verification.VerificationResult:
    return verification.check(request.GET["number"], today=timezone.localdate(), now=timezone.now())


@rate_limit("check", allowance=_ALLOWANCE)
@require_safe
def check_result(request: HttpRequest, token: str) -> HttpResponse:
    """`token` or number. Status 200 whatever the answer, so that the answer is in the page alone."""
    guessable = not verification.is_token(token)
    who = client.address(request)
    if guessable:
        left = _checks.MISSES.left(who)
        if not left.allowed:
            return too_many(request, retry_after=left.retry_after)
    result = verification.check(token, today=timezone.localdate(), now=timezone.now())
    if guessable and result.status == "unknown":
        _checks.MISSES.count(who)
    return _checks.answer(request, result, entry=token)


@csrf_exempt  # It changes nothing and knows nobody; and the protection would read the file before we can refuse its size.
@rate_limit("check", allowance=_ALLOWANCE, methods=("GET",))
@rate_limit("check-file", allowance=_FILE_ALLOWANCE, methods=("POST",))
def check_file(request: HttpRequest) -> HttpResponse:
    """A document dropped on the page: read in memory, compared, forgotten. JSON as at the other addresses."""
    if request.method != "POST":
        return _checks.public(redirect("certification:check"))
    upload = read_into_memory(request, limit=settings.MAX_UPLOAD_BYTES)
    too_large = upload.too_large
    form = CheckFileForm({}, None if too_large else request.FILES)
    if too_large or upload.too_large:
        form.add_error("file", form.too_large)
    if not form.is_valid():
        status = _TOO_LARGE if upload.too_large else 200
        if _checks.wants_json(request):
            return _checks.public(JsonResponse({"errors": form.errors}, status=status if upload.too_large else 400))
        return _checks.public(_page(request, CheckForm(None), form, status=status))
    content = form.cleaned_data["file"].read()
    result = verification.check_file(content, today=timezone.localdate(), now=timezone.now())
    return _checks.answer(request, result, entry="file", of_file=True)
