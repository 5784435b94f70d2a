"""Second factors made without a browser, and the question whether somebody has one."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from accounts import notifications, policies
from accounts.models import User
from accounts.services import sessions
from core import audit, notify

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


def reset(*, actor: User | None, user_id: UUID) -> User:
    """For somebody who lost phone, key and recovery codes; who they are was checked by other means first.

    Ends their sessions. Their next sign-in is by password alone and leads to setting up anew where the role needs it.
    Actor None is the command line.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        if actor is not None:
            policies.can_change_person(actor, user, fresh=True).require()
        removed, _by_model = Authenticator.objects.filter(user_id=user.pk).delete()
        if removed:
            facts = {"removed": removed, "sessions_ended": sessions.end_all(user)}
            event = audit.record(
                actor=actor, action="second_factor.reset", target=user, case=f"user:{user.pk}", facts=facts
            )
            notify.send(to=user, message=notifications.second_factor_reset(), key=f"second-factor-reset:{event.pk}")
        return user
