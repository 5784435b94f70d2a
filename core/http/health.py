"""`/healthz`: this process answers. `/readyz`: it can do its work, and what of the rest is missing."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from datetime import timedelta
from typing import Final, Literal

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis
from redis.exceptions import RedisError

from core import sweeps
from core.http import heartbeats, libraries
from core.models import OutboxJob
from core.outbox import Rank
from core.signing import health as signing_health

log = structlog.get_logger(__name__)

State = Literal["ok", "missing"]
# Without these a page cannot be served. Without the others the service works on: the outbox keeps what is owed.
REQUIRED: Final = frozenset({"database", "migrations", "files"})

OUTBOX_PATIENCE: Final[dict[int, timedelta]] = {
    Rank.URGENT: timedelta(minutes=15),
    Rank.ORDINARY: timedelta(minutes=15),
    # A night's reminders for a country, or all of its certificates in a new design: work, and no fault.
    Rank.MANY: timedelta(hours=6),
    Rank.BACKGROUND: timedelta(days=7),
}
SWEEP_NUDGE_SECONDS: Final = 600

_migrated = False


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when pages can be served, 503 when not. States alone, no reasons: the page is open to everybody."""
    states: dict[str, State] = {name: "ok" if check() else "missing" for name, check in CHECKS.items()}
    ready = all(states[name] == "ok" for name in REQUIRED)
    return JsonResponse({"ready": ready, "checks": states}, status=200 if ready else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        log.error("readyz.database", error=type(error).__name__)
        return False
    return True


def _migrations() -> bool:
    """Asked until it is true once: a process never outlives the code that it was started with."""
    global _migrated  # noqa: PLW0603 - one remembered fact of this process
    if not _migrated:
        try:
            executor = MigrationExecutor(connection)
            _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        except DatabaseError as error:
            log.error("readyz.migrations", error=type(error).__name__)
    return _migrated


def _files() -> bool:
    try:
        settings.MEDIA_ROOT.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = settings.MEDIA_ROOT / ".writable"
        probe.touch()
        probe.unlink(missing_ok=True)
    except OSError as error:
        log.error("readyz.files", error=type(error).__name__)
        return False
    return True


def _broker() -> bool:
    if settings.CELERY_BROKER_URL.startswith("memory:"):
        return True
    try:
        with Redis.from_url(_plain(settings.CELERY_BROKER_URL), socket_connect_timeout=1, socket_timeout=1) as broker:
            return bool(broker.ping())
    except (RedisError, OSError) as error:
        log.warning("readyz.broker", error=type(error).__name__)
        return False


def _plain(broker_url: str) -> str:
    # Celery's name for a socket is not the client library's.
    return broker_url.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")


def _outbox() -> bool:
    """False when something promised has been due for longer than its rank may be and nobody has taken it, or was given up."""
    now = timezone.now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    late = (Q(rank=rank, available_at__lt=now - patience) for rank, patience in OUTBOX_PATIENCE.items())
    overdue = free & Q(failed_at__isnull=True) & functools.reduce(operator.or_, late)
    try:
        return not OutboxJob.objects.filter(overdue | Q(failed_at__isnull=False), done_at__isnull=True).exists()
    except DatabaseError as error:
        log.error("readyz.outbox", error=type(error).__name__)
        return False


def _sweeps() -> bool:
    """False when a sweep has not finished well for longer than it may. Then a worker is told as well: beat, whose task it
    is to have people told, may be what is gone.
    """
    try:
        overdue = [one.kind for one in sweeps.health(now=timezone.now()) if one.overdue]
    except DatabaseError as error:
        log.error("readyz.sweeps", error=type(error).__name__)
        return False
    if overdue and cache.add("sweeps:told", 1, timeout=SWEEP_NUDGE_SECONDS):
        sweeps.nudge_watch()
    return not overdue


CHECKS: Final[dict[str, Callable[[], bool]]] = {
    "database": _database,
    "migrations": _migrations,
    "files": _files,
    "broker": _broker,
    "worker": lambda: heartbeats.alive("worker"),
    "beat": lambda: heartbeats.alive("beat"),
    "outbox": _outbox,
    "sweeps": _sweeps,
    "pdf": libraries.pango,
    "signing": signing_health.usable,
}
