"""A person's own page: name, address, password, second factor, sessions, organisations, tokens."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import selectors
from accounts.forms.own import DoForm, NameForm, TokenForm
from accounts.models import ApiToken
from accounts.services import second_factors, tokens, users
from accounts.views._signed_in import person
from core.http.errors import form_errors


@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    user = person(request)
    context = {
        "person": user,
        "authority": selectors.authority(user),
        "memberships": selectors.memberships_of(user),
        "appointments": [held for held in selectors.appointments_of(user) if held.ended_at is None],
        "has_second_factor": second_factors.has_second_factor(user),
    }
    return render(request, "accounts/account.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_name(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form = NameForm(request.POST or None, initial={"name": user.name})
    if form.is_valid():
        with form_errors(form):
            users.change_name(actor=user, name=form.cleaned_data["name"])
            messages.success(request, _("Your name was changed."))
            return redirect("accounts:account")
    return render(request, "accounts/change_name.html", {"form": form})


@login_required
@require_safe
def token_list(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/tokens.html", {"tokens": selectors.tokens_of(person(request))})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def token_new(request: HttpRequest) -> HttpResponse:
    """The secret is in this one response and nowhere else: no redirect, no session, no store."""
    user = person(request)
    form = TokenForm(request.POST or None)
    if form.is_valid():
        with form_errors(form):
            data = form.cleaned_data
            token, secret = tokens.create(
                actor=user, user=user, label=data["label"], scopes=data["scopes"], days=data["days"]
            )
            response = render(request, "accounts/token_made.html", {"token": token, "secret": secret})
            response["Cache-Control"] = "no-store"
            return response
    return render(request, "accounts/token_new.html", {"form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    token = get_object_or_404(ApiToken, pk=pk, user=user)
    form = DoForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form_errors(form):
            tokens.revoke(actor=user, token_id=token.pk)
            messages.success(request, _("The token “%(label)s” was revoked.") % {"label": token.label})
            return redirect("accounts:tokens")
    return render(request, "accounts/token_revoke.html", {"form": form, "token": token})
