"""The request's name in log lines and in the audit trail."""

from __future__ import annotations

import re
import secrets
from typing import Final

import structlog

from core import audit

_WELL_FORMED: Final = re.compile(r"[A-Za-z0-9-]{8,64}")


def bind(*, request_id: str, task: str = "") -> None:
    """From here on, in this thread: each log line and audit event carries the id."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)
    if task:
        structlog.contextvars.bind_contextvars(task=task)
    audit.request_id.set(request_id)


def clear() -> None:
    structlog.contextvars.clear_contextvars()
    audit.request_id.set("")


def accepted_id(offered: str) -> str:
    """The proxy's id, if it looks like one (what a client writes ends up in logs); a new one otherwise."""
    return offered if _WELL_FORMED.fullmatch(offered) else secrets.token_hex(16)
