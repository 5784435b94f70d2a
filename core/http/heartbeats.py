"""Signs of life of the processes that answer no requests, kept in the shared cache."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final, Literal

from django.conf import settings
from django.core.cache import cache

Process = Literal["worker", "beat"]

# The task whose arrival shows that beat sends and a worker receives: it is due every 30 seconds.
SCHEDULED_TASK: Final = "core.outbox.sweep"
ALIVE_SECONDS: Final[dict[Process, int]] = {"worker": 60, "beat": 120}
_EVERY_SECONDS: Final = 10.0

_last: dict[Process, float] = {}


def beat(process: Process) -> None:
    """Note that the process is alive. Called every two seconds by Celery, so most calls do nothing."""
    now = time.monotonic()
    if now - _last.get(process, float("-inf")) >= _EVERY_SECONDS:
        _last[process] = now
        cache.set(_key(process), "alive", timeout=ALIVE_SECONDS[process])
        if process == "worker" and settings.ALIVE_FILE:
            Path(settings.ALIVE_FILE).touch()


def alive(process: Process) -> bool:
    return cache.get(_key(process)) is not None


def _key(process: Process) -> str:
    return f"heartbeat:{process}"
