"""Ending sessions on the server, where the person concerned is not the one who asks."""

from __future__ import annotations

from allauth.usersessions.models import UserSession

from accounts.models import User


def end_all(user: User) -> int:
    """How many were ended. Runs inside the caller's transaction."""
    ended = 0
    for session in UserSession.objects.filter(user=user):
        session.end()
        ended += 1
    return ended
