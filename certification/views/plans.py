from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from certification.models import Plan


@login_required
def plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Plan.objects.visible_to(request.user), pk=pk)
    return render(request, "certification/plans/plan.html", {"plan": found})
