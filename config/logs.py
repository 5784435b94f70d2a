"""Log lines: for people in development, JSON in production. Never a body, an address with a token in it, or a secret."""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

_HIDDEN: Final = frozenset(
    {"authorization", "code", "cookie", "csrfmiddlewaretoken", "email", "key", "password", "secret", "token", "to"}
)

_SHARED: Final[list[structlog.types.Processor]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


_LOGGERS: Final[dict[str, dict[str, Any]]] = {
    # 4xx lines repeat what RequestLogMiddleware says without the address.
    "django.request": {"level": "ERROR"},
    # Anybody may send any Host header: the 400 that it gets is in the request line.
    "django.security.DisallowedHost": {"level": "CRITICAL"},
    "django.server": {"handlers": [], "propagate": True},
    # One line for each step of each sweep, twice a minute; failures are louder than that.
    "celery.app.trace": {"level": "WARNING"},
    "celery.beat": {"level": "WARNING"},
    "celery.worker.strategy": {"level": "WARNING"},
    "celery.redirected": {"level": "WARNING"},
    "fontTools": {"level": "ERROR"},
    "weasyprint": {"level": "ERROR"},
}


class WithoutAddress(logging.Filter):
    """Django's own request lines quote the path, and a path may hold a verification or password-reset token."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        path = getattr(request, "path", "")
        if path and isinstance(record.args, tuple):
            match = getattr(request, "resolver_match", None)
            route = f"/{match.route}" if match else "(no route)"
            record.args = tuple(route if arg == path else arg for arg in record.args)
        return True


def hide_secrets(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A second line of defence: whoever logs a value under such a name logs the name alone."""
    for name in _HIDDEN & event.keys():
        event[name] = "(hidden)"
    return event


def console(*, level: str) -> dict[str, Any]:
    return _configured(
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback), level
    )


def json_lines(*, level: str) -> dict[str, Any]:
    return _configured(structlog.processors.JSONRenderer(), level)


def _configured(renderer: structlog.types.Processor, level: str) -> dict[str, Any]:
    final: list[structlog.types.Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, hide_secrets]
    if isinstance(renderer, structlog.processors.JSONRenderer):
        # As text: the structured form would carry the local variables of every frame.
        final.append(structlog.processors.format_exc_info)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"without_address": {"()": WithoutAddress}},
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [*final, renderer],
            }
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_address"]},
        },
        "root": {"handlers": ["stderr"], "level": level},
        # Django's own handlers are replaced: one of them would mail tracebacks.
        "loggers": {**_LOGGERS, "django": {"handlers": [], "level": level, "propagate": True}},
    }
