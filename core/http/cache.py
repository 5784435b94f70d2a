"""The shared cache, which must not take the pages down with it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar

import structlog
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

RETRY_SECONDS: Final = 5.0
T = TypeVar("T")


class FailsafeRedisCache(BaseCache):
    """Redis while it answers; this process's own memory while it does not.

    Only counters of rate limits and short-lived facts live here, so a broker that stops must not stop somebody signing
    a decision. In memory the limits still hold, for each process by itself. After a failure Redis is left alone for a
    few seconds, or every page of an outage would wait for its time-out.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._shared = RedisCache(server, params)
        self._spare = LocMemCache(f"spare:{server}", {**params, "OPTIONS": {}})
        self._down_until = 0.0

    def _do(self, act: Callable[[BaseCache], T]) -> T:
        if time.monotonic() >= self._down_until:
            try:
                return act(self._shared)
            except RedisError as error:
                self._down_until = time.monotonic() + RETRY_SECONDS
                log.warning("cache.unreachable", error=type(error).__name__)
        return act(self._spare)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._do(lambda cache: cache.add(key, value, timeout, version))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._do(lambda cache: cache.get(key, default, version))

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._do(lambda cache: cache.set(key, value, timeout, version))

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._do(lambda cache: cache.touch(key, timeout, version))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._do(lambda cache: cache.delete(key, version))

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return self._do(lambda cache: cache.has_key(key, version))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return self._do(lambda cache: cache.incr(key, delta, version))

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        wanted = list(keys)
        return self._do(lambda cache: cache.get_many(wanted, version))

    def set_many(
        self, data: Mapping[Any, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> list[Any]:
        return self._do(lambda cache: cache.set_many(dict(data), timeout, version))

    def delete_many(self, keys: Iterable[Any], version: int | None = None) -> None:
        wanted = list(keys)
        self._do(lambda cache: cache.delete_many(wanted, version))

    def clear(self) -> None:
        self._do(lambda cache: cache.clear())
