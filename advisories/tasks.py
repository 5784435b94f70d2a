"""Celery entrances: ids or nothing in, one service call. The schedule is in settings."""

from __future__ import annotations

from celery import shared_task
from django.db import OperationalError

from core.tasks import sweep_task

# --- Threat level ----------------------------------------------------------------------------------------------------


@sweep_task("advisories.threat_sweep")
def threat_sweep() -> None:
    from django.utils import timezone  # noqa: PLC0415 - house rule: tasks import what they call inside

    from advisories.services import threat_sweep as service  # noqa: PLC0415

    service.sweep(now=timezone.now())


# Under the broker's visibility time-out. A sweep that is cut off goes on at its next time from where it stopped.
_SOFT, _HARD = 240, 270


@shared_task(
    name="advisories.publish_due",
    soft_time_limit=50,
    time_limit=55,
    autoretry_for=(OperationalError,),
    retry_backoff=5,
    max_retries=2,
)
def publish_due() -> None:
    from django.utils import timezone  # noqa: PLC0415 - house rule: tasks import what they call inside

    from advisories.services import bulletins  # noqa: PLC0415

    bulletins.publish_due(now=timezone.now())


@shared_task(
    name="advisories.release_waiting",
    soft_time_limit=_SOFT,
    time_limit=_HARD,
    autoretry_for=(OperationalError,),
    retry_backoff=5,
    max_retries=2,
)
def release_waiting() -> None:
    from django.utils import timezone  # noqa: PLC0415

    from advisories.services import delivery  # noqa: PLC0415

    delivery.release_waiting(now=timezone.now())


@shared_task(
    name="advisories.chase",
    soft_time_limit=_SOFT,
    time_limit=_HARD,
    autoretry_for=(OperationalError,),
    retry_backoff=5,
    max_retries=2,
)
def chase() -> None:
    from django.utils import timezone  # noqa: PLC0415

    from advisories.services import chasing  # noqa: PLC0415

    chasing.sweep(now=timezone.now())


@shared_task(
    name="advisories.rescan_held",
    soft_time_limit=_SOFT,
    time_limit=_HARD,
    autoretry_for=(OperationalError,),
    retry_backoff=10,
    max_retries=2,
)
def rescan_held() -> None:
    from django.utils import timezone  # noqa: PLC0415

    from advisories.services import receipts  # noqa: PLC0415

    receipts.rescan_held(now=timezone.now())


# --- Networks and sightings -----------------------------------------------------------------------------------------


@sweep_task("advisories.network_digests")
def network_digests() -> None:
    """One that is cut off goes on where it stopped: who was told is marked chunk by chunk."""
    from django.utils import timezone  # noqa: PLC0415 - house rule: tasks import what they call inside

    from advisories.services import network_mail  # noqa: PLC0415

    network_mail.send_digests(now=timezone.now())


@sweep_task("advisories.sightings_rescan_held")
def sightings_rescan_held() -> None:
    from django.utils import timezone  # noqa: PLC0415

    from advisories.services import sighting_files  # noqa: PLC0415

    sighting_files.rescan_held(now=timezone.now())
