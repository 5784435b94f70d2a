"""What allauth did, written into our audit trail. Its signals are the library's interface; we send none of our own."""

from __future__ import annotations

from typing import Any

import structlog
from allauth.account import signals as account
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest

from accounts.models import User
from accounts.services.second_factors import FACTORS
from core import audit

log = structlog.get_logger(__name__)


def connect() -> None:
    """Called once, when the apps are ready."""
    account.user_signed_up.connect(_signed_up, dispatch_uid="accounts.signed_up")
    account.user_logged_in.connect(_signed_in, dispatch_uid="accounts.signed_in")
    account.password_changed.connect(_password_changed, dispatch_uid="accounts.password_changed")
    account.password_reset.connect(_password_reset, dispatch_uid="accounts.password_reset")
    account.email_changed.connect(_email_changed, dispatch_uid="accounts.email_changed")
    account.email_confirmed.connect(_email_confirmed, dispatch_uid="accounts.email_confirmed")
    mfa.authenticator_added.connect(_factor_added, dispatch_uid="accounts.factor_added")
    mfa.authenticator_removed.connect(_factor_removed, dispatch_uid="accounts.factor_removed")
    mfa.authenticator_reset.connect(_codes_made, dispatch_uid="accounts.codes_made")
    mfa.authentication_failed.connect(_factor_failed, dispatch_uid="accounts.factor_failed")


def _record(user: User, action: str, facts: dict[str, object] | None = None) -> None:
    with transaction.atomic():
        audit.record(actor=user, action=action, target=user, case=f"user:{user.pk}", facts=facts)


def _signed_up(user: User, **_: Any) -> None:
    _record(user, "user.signed_up")


def _signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    records = request.session.get("account_authentication_methods", [])
    _record(
        user, "user.signed_in", {"methods": [str(record.get("type") or record.get("method")) for record in records]}
    )


def _password_changed(user: User, **_: Any) -> None:
    _record(user, "user.password_changed")


def _password_reset(user: User, **_: Any) -> None:
    _record(user, "user.password_reset")


def _email_changed(user: User, from_email_address: EmailAddress | None = None, **_: Any) -> None:
    # allauth says so too when a new account's first address is confirmed.
    if from_email_address is not None:
        _record(user, "user.email_changed")


def _email_confirmed(email_address: EmailAddress, **_: Any) -> None:
    _record(email_address.user, "user.email_confirmed")


def _factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    _record(user, "second_factor.added", {"type": authenticator.type})
    if authenticator.type in FACTORS:
        # Proved a moment ago with a code or the key itself: asking for it again at once would only confuse.
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def _factor_removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    _record(user, "second_factor.removed", {"type": authenticator.type})


def _codes_made(user: User, authenticator: Authenticator, **_: Any) -> None:
    _record(user, "second_factor.codes_made", {"type": authenticator.type})


def _factor_failed(user: User, authenticator: Authenticator, **_: Any) -> None:
    # The password was right when this happens, so the account's existence is no secret any more.
    log.warning("second_factor.failed", user_id=str(user.pk))
    _record(user, "second_factor.failed", {"type": authenticator.type})
