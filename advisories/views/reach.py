"""How a bulletin was received. The figures refresh by themselves where scripts run, and by a link where they do not."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.selectors import authority, signed_in
from advisories.domain import bulletins as rules
from advisories.forms.bulletins import ReachFilterForm
from advisories.models import Bulletin
from advisories.policies import bulletins as policies
from advisories.selectors import reach as selectors

__all__ = ["figures", "reach", "returned"]


@login_required
@require_safe
def reach(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _seen(request, pk)
    user = signed_in(request.user)
    form = ReachFilterForm(request.GET)
    state = form.chosen()
    context = {
        **_figures(user, found),
        "form": form,
        "state": state,
        "filters_on": int(bool(state)),
        "page": selectors.places(user, found, state=state, after=request.GET.get("after", "")),
        "can_issue": policies.can_issue(user, found),
        "may_open": not authority(user).is_administrator,
    }
    return render(request, "advisories/bulletins/reach.html", context)


@login_required
@require_safe
def figures(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The part that moves, asked for again every few seconds."""
    found = _seen(request, pk)
    return render(request, "advisories/bulletins/_figures.html", _figures(signed_in(request.user), found))


@login_required
@require_safe
def returned(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Whose mail came back, and what to do: for the issuing side and auditors."""
    found = _seen(request, pk)
    policies.can_see_mail(request.user, found).require()
    context = {"bulletin": found, "rows": selectors.returned(found), "most": selectors.RETURNED_SHOWN}
    return render(request, "advisories/bulletins/returned.html", context)


def _figures(user: User, found: Bulletin) -> dict[str, object]:
    issuing = bool(policies.can_see_mail(user, found))
    received = selectors.reach_of(user, found)
    return {
        "bulletin": found,
        "reach": received,
        "mail": selectors.mail_log(found, received.ways) if issuing else None,
        "stages": selectors.stages_of(found) if issuing else None,
        "live": found.state == rules.PUBLISHED,
        "as_of": timezone.now(),
    }


def _seen(request: HttpRequest, pk: UUID) -> Bulletin:
    found = get_object_or_404(Bulletin.objects.visible_to(request.user).select_related("area"), pk=pk)
    policies.can_see_reach(request.user, found).require()
    return found
