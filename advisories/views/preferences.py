"""A person's own wishes, and the address of their feed."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import PoliceArea
from accounts.selectors import signed_in
from advisories.forms.bulletins import PreferencesForm
from advisories.models import BulletinPreferences, FeedToken
from advisories.services import preferences as services
from advisories.services.preferences import PreferencesInput
from core.http.errors import form_errors

__all__ = ["feed_token_new", "feed_token_revoke", "preferences"]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    user = signed_in(request.user)
    known = BulletinPreferences.objects.filter(user=user).first()
    names = ("sectors", "areas", "quiet_from", "quiet_until", "digest", "mute_minor")
    initial = {name: getattr(known, name) for name in names} if known is not None else {}
    areas = dict(PoliceArea.objects.order_by("name").values_list("code", "name"))
    form = PreferencesForm(request.POST or None, initial=initial, areas=areas)
    if form.is_valid():
        with form_errors(form):
            services.save(actor=user, wishes=PreferencesInput(**{name: form.cleaned_data[name] for name in names}))
            messages.success(request, _("Your wishes are saved."))
            return redirect("advisories:bulletin_preferences")
    context = {
        "form": form,
        "token": FeedToken.objects.filter(user=user, revoked_at__isnull=True).first(),
        "public_feed": f"{settings.SITE_URL}{reverse('advisories:feed')}",
    }
    return render(request, "advisories/bulletins/preferences.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def feed_token_new(request: HttpRequest) -> HttpResponse:
    """The address is in this one response and nowhere else: no redirect, no session, no store."""
    token = services.make_feed_token(actor=signed_in(request.user))
    address = f"{settings.SITE_URL}{reverse('advisories:feed_own', args=[token])}"
    response = render(request, "advisories/bulletins/feed_made.html", {"address": address})
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def feed_token_revoke(request: HttpRequest) -> HttpResponse:
    if services.revoke_feed_token(actor=signed_in(request.user)):
        messages.success(request, _("The address of your feed no longer works."))
    return redirect("advisories:bulletin_preferences")
