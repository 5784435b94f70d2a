"""The threat level: said to anybody, explained, and recorded by two administrators."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.selectors import signed_in
from advisories.forms.threat import ProposalForm
from advisories.models import ThreatChange
from advisories.policies import threat as policies
from advisories.selectors import threat as selectors
from advisories.selectors import threat_words
from advisories.services import threat as services
from advisories.views._threat import part_of, shifts_in_words, zones_of
from core.http.errors import form_errors

__all__ = ["change", "confirm", "drop", "propose", "threat"]


@require_safe
def threat(request: HttpRequest) -> HttpResponse:
    """Public. Whoever is signed in finds their own part in it, and the reasons."""
    picture, now = selectors.picture(), timezone.now()
    context = {
        "picture": picture,
        "zones": zones_of(picture),
        "levels": threat_words.explained(),
        "responses": threat_words.responses(),
        "current": set(picture.levels.values()),
        "history": selectors.history(after=request.GET.get("after", "")),
        "part": part_of(request.user, picture, now=now) if isinstance(request.user, User) else None,
        "can_propose": policies.can_propose(request.user),
    }
    return render(request, "advisories/threat/threat.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    user = signed_in(request.user)
    policies.can_propose(user).require()
    form = ProposalForm(request.POST or None, initial={"effective_at": timezone.now()})
    if form.is_valid():
        with form_errors(form):
            made = services.propose(actor=user, change=services.ChangeInput(**form.cleaned_data))
            messages.success(request, _("The change is proposed. Another national administrator has to confirm it."))
            return redirect("advisories:threat_change", made.pk)
    context = {"form": form, "picture": selectors.picture(), "waiting": selectors.open_proposals()}
    return render(request, "advisories/threat/propose.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def change(request: HttpRequest, change_id: int) -> HttpResponse:
    found = _change(request, change_id)
    user = signed_in(request.user)
    context = {
        "change": found,
        "shifts": shifts_in_words(found) if found.is_open else (),
        "national": policies.can_see_proposals(user),
        "not_before": found.effective_at if found.effective_at > timezone.now() else None,
        "can_confirm": policies.can_confirm_change(user, found),
        "can_drop": policies.can_drop_change(user, found),
    }
    return render(request, "advisories/threat/change.html", context)


@login_required
@require_POST
def confirm(request: HttpRequest, change_id: int) -> HttpResponse:
    found = _change(request, change_id)
    services.confirm(actor=signed_in(request.user), change_id=found.pk)
    messages.success(request, _("The change is confirmed. Every page says it now."))
    return redirect("advisories:threat")


@login_required
@require_POST
def drop(request: HttpRequest, change_id: int) -> HttpResponse:
    found = _change(request, change_id)
    services.drop(actor=signed_in(request.user), change_id=found.pk)
    messages.success(request, _("The proposal is dropped. Nothing has changed."))
    return redirect("advisories:threat")


def _change(request: HttpRequest, change_id: int) -> ThreatChange:
    """404 for whoever must not know of a proposal."""
    found = ThreatChange.objects.visible_to(request.user).select_related("proposed_by", "confirmed_by", "dropped_by")
    return get_object_or_404(found, pk=change_id)
