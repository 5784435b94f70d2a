"""The second factor is demanded of police and national roles here, once for every page, present and future."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import authority
from accounts.services import second_factors
from core.http.public import is_same_for_everybody

# What is open before the second factor. Setting one up is only for those who have none: whoever stole a password must
# not be able to add a key of their own beside the owner's.
_ALWAYS: Final = frozenset({"account_logout", "account_reauthenticate", "healthz", "readyz"})
_TO_SET_UP: Final = frozenset({"mfa_index", "mfa_activate_totp", "mfa_add_webauthn"})
_TO_PASS: Final = frozenset({"mfa_reauthenticate", "mfa_reauthenticate_webauthn"})
_API: Final = "/api/"


class RequireSecondFactor:
    """The session must have passed it, not only the account have it. A token is not a session: see api_auth."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., Any],
        args: tuple[Any, ...],  # noqa: ARG002 - Django's signature
        kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if is_same_for_everybody(view):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        user = request.user
        if name in _ALWAYS or not isinstance(user, User) or not authority(user).needs_second_factor:
            return None
        if has_passed(request, user):
            return _keep_one_factor(name, user, request, kwargs)
        return _send_to_second_factor(request, user, name)


def has_passed(request: HttpRequest, user: User) -> bool:
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, user))


def _send_to_second_factor(request: HttpRequest, user: User, name: str) -> HttpResponseBase | None:
    has_factor = second_factors.has_second_factor(user)
    if name in (_TO_PASS if has_factor else _TO_SET_UP):
        return None
    if request.path.startswith(_API):
        return _problem()
    if has_factor:
        wanted = request.get_full_path() if request.method == "GET" else "/"
        return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")
    messages.info(request, _("Your role needs two-step verification. Set it up to go on."))
    return redirect("mfa_index")


def _keep_one_factor(name: str, user: User, request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponse | None:
    """Allauth asks its adapter before it removes an authenticator app, but not before it removes a passkey."""
    if name != "mfa_remove_webauthn" or request.method != "POST":
        return None
    key = Authenticator.objects.filter(pk=kwargs["pk"], user=user).first()
    if key is None or not second_factors.is_last_factor(key):
        return None
    messages.error(request, _("Your role needs two-step verification. Add another method before you remove this one."))
    return redirect("mfa_index")


def _problem() -> HttpResponse:
    body = {
        "type": "urn:wardmark:problem:not-permitted",
        "title": "Not permitted",
        "status": 403,
        "code": "not-permitted",
        "detail": _("Your role needs two-step verification. Sign in with it, or send a token."),
    }
    return HttpResponse(json.dumps(body), status=403, content_type="application/problem+json")
