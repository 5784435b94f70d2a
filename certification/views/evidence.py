"""Evidence files: served only through the permission check, always as a download."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from certification.models import Evidence
from certification.policies import plans as policies
from certification.selectors import plans as selectors
from certification.services import evidence as services


@login_required
@require_GET
def evidence_file(request: HttpRequest, pk: UUID, evidence_id: UUID) -> HttpResponseBase:
    """An attachment of a type that no browser runs, with a policy that would let nothing in it run either."""
    assert isinstance(request.user, User)  # noqa: S101 - by login_required
    plan = get_object_or_404(selectors.visible(request.user), pk=pk)
    found = get_object_or_404(Evidence, pk=evidence_id, plan=plan)
    opened = services.open_for(actor=request.user, evidence_id=found.pk)
    response = StreamingHttpResponse(opened.chunks, content_type=opened.content_type)
    response["Content-Length"] = str(opened.size)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(opened.name, safe='')}"
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@login_required
@require_POST
def evidence_remove(request: HttpRequest, pk: UUID, evidence_id: UUID) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101 - by login_required
    plan = get_object_or_404(selectors.visible(request.user), pk=pk)
    found = get_object_or_404(Evidence, pk=evidence_id, plan=plan)
    policies.can_edit(request.user, plan).require()
    services.remove(actor=request.user, evidence_id=found.pk)
    messages.success(request, _("“%(name)s” has been removed.") % {"name": found.name})
    return redirect("certification:criterion", pk=pk, code=found.criterion_code)
