"""Telling the national administrators that a sweep does not run."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from certification.notifications import heartbeat as messages
from core import notify, sweeps


def tell() -> int:
    """Once for each outage, which is named by the last good run before it. How many kinds are overdue."""
    overdue = [one for one in sweeps.health(now=timezone.now()) if one.overdue]
    if not overdue:
        return 0
    people = list(User.objects.filter(is_active=True, national_role=User.NationalRole.ADMINISTRATOR))
    with transaction.atomic():
        notify.send_all(
            [
                notify.Addressed(
                    to=person,
                    message=messages.overdue(one),
                    key=f"sweep:{one.kind}:{one.last_good.isoformat() if one.last_good else 'never'}:{person.pk}",
                )
                for one in overdue
                for person in people
            ]
        )
    return len(overdue)
