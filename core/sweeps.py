"""The heartbeat of the sweeps: each run leaves a row, and a kind without a good one for too long is an outage.

Which kinds there are and how long each may stay away is `settings.SWEEPS`, because the floor knows no app.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.conf import settings
from django.db.models import Max, Q
from django.utils import timezone

from core.models import SweepRun

__all__ = ["Health", "health", "nudge_watch", "purge", "recent", "run"]

log = structlog.get_logger(__name__)

KEPT: Final = timedelta(days=90)


@contextmanager
def run(kind: str) -> Iterator[dict[str, int]]:
    """Around a sweep, outside its transactions; what it counts is put into the yielded dict.

    An error, a time limit included, is noted by its class and goes on its way; a process that is killed leaves a row
    without an end.
    """
    if kind not in settings.SWEEPS:
        msg = f"SWEEPS does not know {kind}"
        raise LookupError(msg)
    row = SweepRun.objects.create(kind=kind, started_at=timezone.now())
    counts: dict[str, int] = {}
    try:
        yield counts
    except BaseException as error:
        _finish(row, counts, type(error).__name__)
        raise
    _finish(row, counts, "")


def _finish(row: SweepRun, counts: dict[str, int], error: str) -> None:
    row.finished_at, row.counts, row.error = timezone.now(), counts, error
    row.save(update_fields=["finished_at", "counts", "error"])


@dataclass(frozen=True, slots=True)
class Health:
    """`last_good` is None where none is on record: then it is overdue too, for nobody knows that it ever ran."""

    kind: str
    last_good: datetime | None
    overdue: bool


def health(*, now: datetime) -> list[Health]:
    """Of every kind in SWEEPS; one query."""
    good = Max("finished_at", filter=Q(error=""))
    last = dict(SweepRun.objects.values("kind").annotate(last=good).values_list("kind", "last").order_by())
    return [
        Health(kind, last.get(kind), overdue=(found := last.get(kind)) is None or now - found > patience)
        for kind, patience in settings.SWEEPS.items()
    ]


def nudge_watch() -> None:
    """Ask a worker to look and tell people; a broker that is gone is logged, and the next asking tries again."""
    from core.tasks import watch_sweeps  # noqa: PLC0415 - as core.outbox does

    try:
        watch_sweeps.delay()
    except watch_sweeps.OperationalError:
        log.warning("sweeps.nudge_failed")


def recent(*, limit: int = 10) -> list[SweepRun]:
    return list(SweepRun.objects.order_by("-started_at", "-id")[:limit])


def counted(kind: str, name: str, value: int) -> bool:
    """Whether a good run of this kind has counted exactly so: for what is to be done once in a while."""
    return SweepRun.objects.filter(
        kind=kind, error="", finished_at__isnull=False, **{f"counts__{name}": value}
    ).exists()


def purge() -> int:
    """Runs of long ago, but for those that an outage is counted from. How many."""
    old = SweepRun.objects.filter(started_at__lt=timezone.now() - KEPT)
    kept = {one.last_good for one in health(now=timezone.now())}
    return old.exclude(finished_at__in=[moment for moment in kept if moment]).delete()[0]
