"""Celery entrances: ids or nothing in, one service call. The schedule is in settings."""

from __future__ import annotations

from celery import shared_task
from django.db import OperationalError

# --- Networks and sightings -----------------------------------------------------------------------------------------


@shared_task(
    name="advisories.network_digests",
    soft_time_limit=540,
    time_limit=570,
    autoretry_for=(OperationalError,),
    retry_backoff=10,
    retry_backoff_max=300,
    max_retries=4,
)
def network_digests() -> None:
    """One that is cut off goes on where it stopped: who was told is marked chunk by chunk."""
    from django.utils import timezone  # noqa: PLC0415 - house rule: tasks import what they call inside

    from advisories.services import network_mail  # noqa: PLC0415

    network_mail.send_digests(now=timezone.now())


@shared_task(
    name="advisories.sightings_rescan_held",
    soft_time_limit=540,
    time_limit=570,
    autoretry_for=(OperationalError,),
    retry_backoff=10,
    retry_backoff_max=300,
    max_retries=4,
)
def sightings_rescan_held() -> None:
    from django.utils import timezone  # noqa: PLC0415

    from advisories.services import sighting_files  # noqa: PLC0415

    sighting_files.rescan_held(now=timezone.now())
