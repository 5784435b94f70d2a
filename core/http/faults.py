"""The answer to a fault of ours. Django has logged it by then, with the request's id on the line."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.defaults import server_error as page

from core import audit, drf

_API: Final = "/api/"


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: for a program problem JSON, with the id that operators find the fault by; else the page."""
    if not request.path.startswith(_API):
        return page(request)
    detail = "This is a fault of the service, and it has been logged. Tell whoever runs it the request_id."
    body = drf.problem_body(500, "internal-error", detail, request_id=audit.request_id.get())
    return JsonResponse(body, status=500, content_type=drf.CONTENT_TYPE)
