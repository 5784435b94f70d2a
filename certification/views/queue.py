from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from certification.domain import lifecycle
from certification.forms.queue import QueueFilterForm
from certification.models import Plan
from certification.policies import reviews as policies
from certification.selectors.moves import waiting_count
from certification.selectors.queue import queue_for
from certification.services import reviews
from certification.views._police import officer, submitted_plan
from certification.views._queue import printed

__all__ = ["claim", "queue", "release"]

_COUNTED = (
    (lifecycle.SUBMITTED, "warn"),
    (lifecycle.UNDER_REVIEW, ""),
    (lifecycle.CHANGES_REQUESTED, ""),
    (lifecycle.RECOMMENDED, "good"),
)


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    user = officer(request)
    policies.can_see_queue(user).require()
    filters = QueueFilterForm.filters_in(request.GET)
    found = queue_for(user, filters, after=request.GET.get("after", ""), today=timezone.localdate())
    address = reverse("certification:queue")
    stats = [
        {
            "url": f"{address}?state={state}",
            "label": Plan.State(state).label,
            "figure": found.counts.get(state, 0),
            "tone": tone,
        }
        for state, tone in _COUNTED
    ]
    context = {
        "queue": found,
        "rows": printed(found.rows, viewer=user.pk),
        "filters": filters,
        "form": QueueFilterForm(request.GET, areas=found.areas),
        "stats": stats,
        "to_confirm": waiting_count(user, now=timezone.now()),
    }
    return render(request, "certification/queue/queue.html", context)


@login_required
@require_POST
def claim(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    plan = submitted_plan(request, plan_id)
    reviews.claim(actor=officer(request), plan_id=plan.pk)
    messages.success(request, _("You are reviewing this plan. Others see that you have it."))
    return redirect("certification:review", plan_id=plan.pk)


@login_required
@require_POST
def release(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    plan = submitted_plan(request, plan_id)
    reviews.release(actor=officer(request), plan_id=plan.pk)
    messages.success(request, _("The plan is back in the queue. What was written is kept."))
    return redirect("certification:queue")
