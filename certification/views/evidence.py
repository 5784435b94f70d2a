"""Evidence files: served only through the permission check, always as a download."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from certification.models import Evidence
from certification.policies import plans as policies
from certification.selectors import plans as selectors
from certification.services import evidence as services
from core.http.downloads import streamed


@login_required
@require_GET
def evidence_file(request: HttpRequest, pk: UUID, evidence_id: UUID) -> HttpResponseBase:
    assert isinstance(request.user, User)  # noqa: S101 - by login_required
    plan = get_object_or_404(selectors.visible(request.user), pk=pk)
    found = get_object_or_404(Evidence, pk=evidence_id, plan=plan, discharge=None)
    opened = services.open_for(actor=request.user, evidence_id=found.pk)
    return streamed(opened.chunks, name=opened.name, content_type=opened.content_type, size=opened.size)


@login_required
@require_POST
def evidence_remove(request: HttpRequest, pk: UUID, evidence_id: UUID) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101 - by login_required
    plan = get_object_or_404(selectors.visible(request.user), pk=pk)
    found = get_object_or_404(Evidence, pk=evidence_id, plan=plan, discharge=None)
    policies.can_edit(request.user, plan).require()
    services.remove(actor=request.user, evidence_id=found.pk)
    messages.success(request, _("“%(name)s” has been removed.") % {"name": found.name})
    return redirect("certification:criterion", pk=pk, code=found.criterion_code)
