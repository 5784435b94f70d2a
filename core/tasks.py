"""Celery entrances of the floor: ids in, one call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from celery import shared_task
from django.db import OperationalError


def sweep_task(name: str) -> Callable[..., Any]:
    """A task that goes over what is due: under the broker's visibility time-out, and tried again while the database is
    busy. One that is cut off goes on at its next turn from where it stopped.
    """
    decorate: Callable[..., Any] = shared_task(
        name=name,
        soft_time_limit=540,
        time_limit=570,
        autoretry_for=(OperationalError,),
        retry_backoff=10,
        retry_backoff_max=300,
        max_retries=4,
    )
    return decorate


@shared_task(name="core.outbox.run", soft_time_limit=100, time_limit=110, ignore_result=True)
def run_job(*, job_id: int) -> None:
    """The time limits stay under OUTBOX_LEASE_SECONDS, so a job is never claimed twice while its worker lives."""
    from core import outbox  # noqa: PLC0415 - house rule: tasks import services inside

    outbox.run(job_id)


@shared_task(name="core.outbox.sweep", time_limit=60, ignore_result=True)
def sweep_outbox() -> None:
    from core import outbox  # noqa: PLC0415

    outbox.sweep()


@shared_task(name="core.audit.anchor", time_limit=300, ignore_result=True)
def anchor_audit() -> None:
    from core import audit  # noqa: PLC0415

    while audit.anchor_heads():
        continue


@shared_task(name="core.housekeeping", time_limit=540, ignore_result=True)
def housekeeping() -> None:
    """Once a day: sessions that ran out, and jobs and sweeps of long ago."""
    from django.core.management import call_command  # noqa: PLC0415

    from core import outbox, sweeps  # noqa: PLC0415

    call_command("clearsessions")
    outbox.purge()
    sweeps.purge()


@shared_task(name="core.sweeps.watch", time_limit=60, ignore_result=True)
def watch_sweeps() -> None:
    """Scheduled, and nudged by /readyz: a beat that died cannot tell anybody that it did."""
    from django.conf import settings  # noqa: PLC0415
    from django.utils.module_loading import import_string  # noqa: PLC0415

    import_string(settings.SWEEP_ALARM)()
