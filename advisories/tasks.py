"""Celery entrances: ids or nothing in, one service call. The schedule is in settings."""

from __future__ import annotations

from celery import shared_task
from django.db import OperationalError

# --- Threat level ----------------------------------------------------------------------------------------------------


@shared_task(
    name="advisories.threat_sweep",
    soft_time_limit=540,
    time_limit=570,
    autoretry_for=(OperationalError,),
    retry_backoff=10,
    retry_backoff_max=300,
    max_retries=4,
)
def threat_sweep() -> None:
    """One that is cut off goes on at its next turn from where it stopped."""
    from django.utils import timezone  # noqa: PLC0415 - house rule: tasks import what they call inside

    from advisories.services import threat_sweep as service  # noqa: PLC0415

    service.sweep(now=timezone.now())
