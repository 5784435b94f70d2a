"""For national administrators and auditors: what the sweep of the coming night would send, and whether sweeps run."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from certification.domain import cover
from certification.notifications import reminders
from certification.policies import listing as policies
from certification.selectors import reminders as selectors
from certification.selectors.sweeps import name_of
from core import sweeps


@login_required
@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """Numbers and one subject line. The night's sweep is the first of tomorrow."""
    policies.can_see_all(request.user).require()
    today = timezone.localdate()
    tonight = today + timedelta(days=1)
    sample = selectors.sample_of(tonight)
    context = {
        "tonight": selectors.preview(tonight),
        "now_due": selectors.due(today).count(),
        "milestones": cover.MILESTONES,
        "sample": reminders.reminder(sample, today=tonight).subject if sample else "",
        "health": [(name_of(one.kind), one) for one in sweeps.health(now=timezone.now())],
        "runs": [(name_of(run.kind), run) for run in sweeps.recent()],
    }
    return render(request, "certification/reminders/preview.html", context)
