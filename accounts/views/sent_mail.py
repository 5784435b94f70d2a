"""The demonstration's letter box. It opens everybody's mail, sign-in links included, so it exists in the demo alone."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.keyset import page
from core.models import OutgoingMail


@require_safe
def sent_mail(request: HttpRequest) -> HttpResponse:
    _only_in_demo()
    found = page(OutgoingMail.objects.all(), order=("-created_at", "-id"), after=request.GET.get("cursor", ""))
    return render(request, "accounts/sent_mail.html", {"page": found})


@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    _only_in_demo()
    return render(request, "accounts/sent_mail_message.html", {"mail": get_object_or_404(OutgoingMail, pk=pk)})


def _only_in_demo() -> None:
    if not settings.DEMO:
        raise Http404
