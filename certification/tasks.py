"""Celery entrances: ids or nothing in, one service call. The schedule is in settings."""

from __future__ import annotations

from celery import shared_task

from core.tasks import sweep_task


@sweep_task("certification.reminders")
def remind() -> None:
    from django.utils import timezone  # noqa: PLC0415 - house rule: tasks import what they call inside

    from certification.services import reminders  # noqa: PLC0415

    reminders.sweep(today=timezone.localdate())


@sweep_task("certification.expire")
def expire() -> None:
    from django.utils import timezone  # noqa: PLC0415

    from certification.services import expiry  # noqa: PLC0415

    expiry.expire(today=timezone.localdate())


@sweep_task("certification.rescan_held")
def rescan_held() -> None:
    from django.utils import timezone  # noqa: PLC0415

    from certification.services import evidence  # noqa: PLC0415

    evidence.rescan_held(now=timezone.now())


@sweep_task("certification.lapse")
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


@sweep_task("certification.condition_reminders")
def remind_of_conditions() -> None:
    from django.utils import timezone  # noqa: PLC0415

    from certification.services import condition_reminders  # noqa: PLC0415

    condition_reminders.sweep(today=timezone.localdate())


@sweep_task("certification.expire_bundles")
def expire_bundles() -> None:
    from django.utils import timezone  # noqa: PLC0415

    from certification.services import bundles  # noqa: PLC0415

    bundles.expire(now=timezone.now())


@sweep_task("certification.overviews")
def overviews() -> None:
    from django.utils import timezone  # noqa: PLC0415

    from certification.services import overviews as services  # noqa: PLC0415

    services.sweep(today=timezone.localdate())
