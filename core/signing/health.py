"""Whether the workers can sign, as they said last. The web processes hold no key of the authority, and cannot try."""

from __future__ import annotations

from typing import Final

from django.core.cache import cache

_KEY: Final = "signing:usable"
# Said each minute (CELERY_BEAT_SCHEDULE); silence is no good sign.
_SAID_SECONDS: Final = 300


def say(*, usable: bool) -> None:
    cache.set(_KEY, usable, timeout=_SAID_SECONDS)


def usable() -> bool:
    return cache.get(_KEY) is True
