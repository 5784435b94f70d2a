"""Celery entrances: ids or nothing in, one service call. The schedule is in settings."""

from __future__ import annotations

from celery import shared_task
from django.db import OperationalError

# Under the broker's visibility time-out. A sweep that is cut off goes on at its next hour from where it stopped.
_SOFT, _HARD = 540, 570


@shared_task(
    name="certification.reminders",
    soft_time_limit=_SOFT,
    time_limit=_HARD,
    autoretry_for=(OperationalError,),
    retry_backoff=10,
    retry_backoff_max=300,
    max_retries=4,
)
def remind() -> None:
    from django.utils import timezone  # noqa: PLC0415 - house rule: tasks import what they call inside

    from certification.services import reminders  # noqa: PLC0415

    reminders.sweep(today=timezone.localdate())


@shared_task(
    name="certification.expire",
    soft_time_limit=_SOFT,
    time_limit=_HARD,
    autoretry_for=(OperationalError,),
    retry_backoff=10,
    retry_backoff_max=300,
    max_retries=4,
)
def expire() -> None:
    from django.utils import timezone  # noqa: PLC0415

    from certification.services import expiry  # noqa: PLC0415

    expiry.expire(today=timezone.localdate())


@shared_task(
    name="certification.rescan_held",
    soft_time_limit=_SOFT,
    time_limit=_HARD,
    autoretry_for=(OperationalError,),
    retry_backoff=10,
    retry_backoff_max=300,
    max_retries=4,
)
def rescan_held() -> None:
    from django.utils import timezone  # noqa: PLC0415

    from certification.services import evidence  # noqa: PLC0415

    evidence.rescan_held(now=timezone.now())


@shared_task(
    name="certification.lapse",
    soft_time_limit=_SOFT,
    time_limit=_HARD,
    autoretry_for=(OperationalError,),
    retry_backoff=10,
    retry_backoff_max=300,
    max_retries=4,
)
def lapse() -> None:
    """Urgent suspensions that nobody confirmed, and offers that nobody answered."""
    from django.utils import timezone  # noqa: PLC0415

    from certification.services import suspensions, transfers  # noqa: PLC0415

    now = timezone.now()
    suspensions.lapse_due(now=now)
    transfers.expire_due(now=now)


@shared_task(name="certification.watch_signing", soft_time_limit=50, time_limit=55)
def watch_signing() -> None:
    from django.utils import timezone  # noqa: PLC0415

    from certification.services import signing_watch  # noqa: PLC0415

    signing_watch.watch(now=timezone.now())


@shared_task(
    name="certification.condition_reminders",
    soft_time_limit=_SOFT,
    time_limit=_HARD,
    autoretry_for=(OperationalError,),
    retry_backoff=10,
    retry_backoff_max=300,
    max_retries=4,
)
def remind_of_conditions() -> None:
    from django.utils import timezone  # noqa: PLC0415

    from certification.services import condition_reminders  # noqa: PLC0415

    condition_reminders.sweep(today=timezone.localdate())


@shared_task(
    name="certification.expire_bundles",
    soft_time_limit=_SOFT,
    time_limit=_HARD,
    autoretry_for=(OperationalError,),
    retry_backoff=10,
    retry_backoff_max=300,
    max_retries=4,
)
def expire_bundles() -> None:
    from django.utils import timezone  # noqa: PLC0415

    from certification.services import bundles  # noqa: PLC0415

    bundles.expire(now=timezone.now())


@shared_task(
    name="certification.overviews",
    soft_time_limit=_SOFT,
    time_limit=_HARD,
    autoretry_for=(OperationalError,),
    retry_backoff=10,
    retry_backoff_max=300,
    max_retries=4,
)
def overviews() -> None:
    from django.utils import timezone  # noqa: PLC0415

    from certification.services import overviews as services  # noqa: PLC0415

    services.sweep(today=timezone.localdate())
