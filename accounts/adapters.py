"""How allauth is fitted into the house: mail through the outbox, seeds under our own keys, factors that must stay."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts import notifications
from accounts.models import User
from accounts.selectors import authority
from accounts.services import second_factors, sign_ins
from core import notify
from core.crypto import decrypt_text, encrypt_text
from core.outbox import Rank

_SEED: Final = "mfa.authenticator.secret"
_STILL_FRESH: Final = 300.0  # seconds


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth publishes no types
    def save_user(self, request: HttpRequest, user: User, form: forms.Form, commit: bool = True) -> User:  # noqa: FBT001, FBT002 - allauth's signature
        user.name = form.cleaned_data.get("name", "")
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ARG002 - allauth's signature
        sign_ins.failed(email=str(credentials.get("email", "")))

    def send_mail(self, template_prefix: str, email: str, context: Mapping[str, Any]) -> None:
        """Through the outbox, in our own words; each call of allauth's is one message."""
        message = notifications.identity(template_prefix, _links(context))
        with transaction.atomic():
            notify.send_to_address(to=email, message=message, key=f"identity:{uuid.uuid4()}", rank=Rank.URGENT)

    def is_reauthentication_required(self, *, app: str, **_: object) -> bool:  # noqa: ARG002 - allauth's signature
        """Not within five minutes of signing in: somebody sent to set up a second factor has just proved who they are."""
        records = get_authentication_records(self.request, self.request.user)
        newest = max((float(record["at"]) for record in records), default=0.0)
        return time.time() - newest >= _STILL_FRESH

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:  # noqa: ARG002 - allauth's signature
        """Always the service's own address: the request's Host header is whatever its sender says it is."""
        return f"{settings.SITE_URL}{reverse('account_confirm_email', args=[emailconfirmation.key])}"


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth publishes no types
    def encrypt(self, text: str) -> str:
        return encrypt_text(text, about=_SEED)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt_text(encrypted_text, about=_SEED)

    def build_totp_svg(self, url: str) -> SafeString:
        """Drawn into the page, without a style attribute or data address: the content security policy takes neither."""
        drawn = segno.make(url, error="m").svg_inline(
            scale=5,
            border=4,
            light="#ffffff",
            svgclass="wm-qr",
            lineclass=None,
            title=_("Code to scan"),
            omitsize=False,
        )
        return mark_safe(drawn)  # noqa: S308 - made of squares by the library

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whoever must have a second factor keeps at least one."""
        if authenticator.type not in second_factors.FACTORS:
            return True
        needed = authority(authenticator.user).needs_second_factor
        return not (needed and second_factors.is_last_factor(authenticator))


def _links(context: Mapping[str, Any]) -> dict[str, str]:
    """The addresses in allauth's context, moved to the service's own host, and nothing else of it."""
    return {
        name: f"{settings.SITE_URL}{urlsplit(str(value)).path}"
        for name, value in context.items()
        if name.endswith("_url")
    }
