"""Second factors made without a browser, and the question whether somebody has one."""

from __future__ import annotations

from typing import Final

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from accounts.models import User
from core import audit

# Recovery codes do not count: they exist to get back to a second factor.
FACTORS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user: User) -> bool:
    found: bool = Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()
    return found


def is_last_factor(authenticator: Authenticator) -> bool:
    """Whether its owner would be left with a password alone."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS).exclude(pk=authenticator.pk)
    return not others.exists()


def activate_totp(*, actor: User | None, user: User, secret: str) -> Authenticator:
    """For the demo and tests: the seed (base32) is known beforehand. Stored encrypted, as through the pages."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
        authenticator = TOTP.activate(user, secret).instance
        facts = {"type": authenticator.type}
        audit.record(actor=actor, action="second_factor.added", target=user, case=f"user:{user.pk}", facts=facts)
        return authenticator
