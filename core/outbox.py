"""The database outbox: the row is the truth, the task is a nudge (house.md, law 7; ADR 0002).

A service calls `enqueue` inside its transaction, with the rank of what is promised. After the commit Celery is nudged; if broker or worker are gone the
beat sweep nudges again. `run` claims by conditional update with a lease, calls the handler outside any transaction,
and marks the job done. A handler gets the payload alone and must store its result once, however often it is called.
"""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from core.models import OutboxJob

log = structlog.get_logger(__name__)

MAX_ATTEMPTS: Final = 12
BACKOFF_SECONDS: Final = (5, 15, 60, 300, 900, 3600)
SWEEP_BATCH: Final = 500
KEPT: Final = timedelta(days=90)

Handler = Callable[[Mapping[str, str]], None]
Rank = OutboxJob.Rank


class TryLater(Exception):
    """A handler's word that the outside world is not ready; the job is tried again with back-off."""


def enqueue(*, kind: str, key: str, payload: Mapping[str, str], rank: Rank = Rank.ORDINARY) -> OutboxJob:
    """Promise a job in the caller's transaction. The same key twice is one job; `kind` is a key of OUTBOX_HANDLERS."""
    if not connection.in_atomic_block:
        msg = "outbox.enqueue must run inside the transaction that it belongs to"
        raise RuntimeError(msg)
    if kind not in settings.OUTBOX_HANDLERS:
        msg = f"no outbox handler for {kind}"
        raise LookupError(msg)
    now = timezone.now()
    job, _ = OutboxJob.objects.get_or_create(
        key=key,
        defaults={"kind": kind, "rank": rank, "payload": dict(payload), "created_at": now, "available_at": now},
    )
    transaction.on_commit(lambda: nudge(job.pk, rank))
    return job


def enqueue_all(*, kind: str, jobs: Mapping[str, Mapping[str, str]], rank: Rank = Rank.ORDINARY) -> None:
    """`enqueue` for many of one kind, key → payload, in three statements; workers are nudged after the commit."""
    if not connection.in_atomic_block:
        msg = "outbox.enqueue_all must run inside the transaction that it belongs to"
        raise RuntimeError(msg)
    if kind not in settings.OUTBOX_HANDLERS:
        msg = f"no outbox handler for {kind}"
        raise LookupError(msg)
    if not jobs:
        return
    now = timezone.now()
    OutboxJob.objects.bulk_create(
        [
            OutboxJob(kind=kind, rank=rank, key=key, payload=dict(payload), created_at=now, available_at=now)
            for key, payload in jobs.items()
        ],
        ignore_conflicts=True,
    )
    ids = list(OutboxJob.objects.filter(key__in=list(jobs), done_at__isnull=True).values_list("pk", flat=True))
    transaction.on_commit(functools.partial(_nudge_all, ids, rank))


def open_values(*, kind: str, name: str, values: Sequence[str]) -> list[str]:
    """Which of `values` an open job of this kind carries under `name`. For chunks: the values go into the statement."""
    found = OutboxJob.objects.filter(kind=kind, done_at__isnull=True, failed_at__isnull=True)
    payloads = found.filter(**{f"payload__{name}__in": list(values)}).values_list("payload", flat=True)
    return [payload[name] for payload in payloads]


def _nudge_all(job_ids: Sequence[int], rank: int) -> None:
    """Until the first that does not get through: each failure costs its time-out, and the sweep finds them all."""
    for job_id in job_ids:
        if not nudge(job_id, rank):
            return


def nudge(job_id: int, rank: int) -> bool:
    """Tell a worker; False when nobody could be told.

    A broker that is gone is logged and left to the sweep: the committed row is not in danger.
    """
    from core.tasks import run_job  # noqa: PLC0415 - tasks import this module

    try:
        run_job.apply_async(kwargs={"job_id": job_id}, priority=rank)
    except run_job.OperationalError:
        log.warning("outbox.nudge_failed", job_id=job_id)
        return False
    return True


def run(job_id: int) -> bool:
    """Do one job if nobody else has it; True when this call finished it."""
    token = _claim(job_id)
    if not token:
        return False
    job = OutboxJob.objects.get(pk=job_id)
    handler: Handler = import_string(settings.OUTBOX_HANDLERS[job.kind])
    try:
        handler(job.payload)
    except Exception as error:  # noqa: BLE001 - the top of a task: whatever broke, the row must say so and be tried again
        _put_back(job, token, error)
        return False
    finished = _leased(job_id, token).update(done_at=timezone.now(), lease_until=None, lease_token="", last_error="")
    return finished == 1


def _claim(job_id: int) -> str:
    now = timezone.now()
    token = secrets.token_hex(8)
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    claimed = OutboxJob.objects.filter(
        free, pk=job_id, done_at__isnull=True, failed_at__isnull=True, available_at__lte=now
    ).update(
        lease_token=token,
        lease_until=now + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS),
        attempts=F("attempts") + 1,
    )
    return token if claimed == 1 else ""


def _leased(job_id: int, token: str) -> QuerySet[OutboxJob]:
    return OutboxJob.objects.filter(pk=job_id, lease_token=token, done_at__isnull=True)


def _put_back(job: OutboxJob, token: str, error: Exception) -> None:
    now = timezone.now()
    wait = BACKOFF_SECONDS[min(job.attempts, len(BACKOFF_SECONDS)) - 1]
    given_up = job.attempts >= MAX_ATTEMPTS and not isinstance(error, TryLater)
    # The class alone: an exception's text may quote what it was working on.
    name = type(error).__name__
    _leased(job.pk, token).update(
        lease_token="",
        lease_until=None,
        available_at=now + timedelta(seconds=wait),
        last_error=name,
        failed_at=now if given_up else None,
    )
    log.error("outbox.job_failed", job_id=job.pk, kind=job.kind, attempts=job.attempts, error=name, given_up=given_up)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Open jobs whose last attempt said that something is not there. `since`: when the longest-waiting was promised."""

    count: int
    since: datetime | None


def waiting_for(error: type[TryLater]) -> Waiting:
    found = _last_said(error).aggregate(count=Count("pk"), since=Min("created_at"))
    return Waiting(**found)


def hasten(error: type[TryLater]) -> int:
    """What they waited for is there: due at once, without the rest of their back-off. The next sweep sends them."""
    return _last_said(error).update(available_at=timezone.now())


def _last_said(error: type[TryLater]) -> QuerySet[OutboxJob]:
    return OutboxJob.objects.filter(done_at__isnull=True, failed_at__isnull=True, last_error=error.__name__)


def sweep() -> int:
    """Nudge open jobs that are due and unclaimed or whose lease ran out, by rank and then by age; how many."""
    now = timezone.now()
    due = OutboxJob.objects.filter(
        Q(lease_until__isnull=True) | Q(lease_until__lt=now),
        done_at__isnull=True,
        failed_at__isnull=True,
        available_at__lte=now,
    ).order_by("rank", "available_at", "id")
    found = list(due.values_list("pk", "rank")[:SWEEP_BATCH])
    for job_id, rank in found:
        nudge(job_id, rank)
    return len(found)


@dataclass(frozen=True, slots=True)
class Backlog:
    """Jobs of one kind that are not done. `oldest` is when the longest-waiting was promised."""

    kind: str
    waiting: int
    given_up: int
    oldest: datetime
    errors: tuple[str, ...]


def backlog() -> list[Backlog]:
    """What operators look at; names of kinds and of error classes, never a payload."""
    open_jobs = OutboxJob.objects.filter(done_at__isnull=True)
    rows = open_jobs.values("kind").annotate(
        waiting=Count("pk", filter=Q(failed_at__isnull=True)),
        given_up=Count("pk", filter=Q(failed_at__isnull=False)),
        oldest=Min("created_at"),
    )
    errors: dict[str, set[str]] = {}
    for kind, error in open_jobs.exclude(last_error="").values_list("kind", "last_error").distinct().order_by():
        errors.setdefault(kind, set()).add(error)
    return [Backlog(**row, errors=tuple(sorted(errors.get(row["kind"], ())))) for row in rows.order_by("kind")]


def retry_given_up(*, kind: str = "") -> int:
    """Open them again, once their reason was mended; the next sweep sends them. How many."""
    given_up = OutboxJob.objects.filter(failed_at__isnull=False)
    found = given_up.filter(kind=kind) if kind else given_up
    return found.update(failed_at=None, attempts=0, available_at=timezone.now())


def purge() -> int:
    """Forget what was done long ago. What must not happen twice is kept by its own row (a mail, a reminder), not by
    the job. In chunks; how many.
    """
    done = OutboxJob.objects.filter(done_at__lt=timezone.now() - KEPT)
    purged = 0
    while ids := list(done.order_by("done_at").values_list("pk", flat=True)[:SWEEP_BATCH]):
        purged += OutboxJob.objects.filter(pk__in=ids).delete()[0]
    return purged
