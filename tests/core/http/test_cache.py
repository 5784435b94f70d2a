from __future__ import annotations

from pathlib import Path

import pytest

from core.http.cache import RETRY_SECONDS, FailsafeRedisCache
from core.http.health import _plain


@pytest.fixture
def without_server(tmp_path: Path) -> FailsafeRedisCache:
    return FailsafeRedisCache(f"unix://{tmp_path}/nobody.sock?db=1", {"KEY_PREFIX": "probe"})


def test_memory_takes_over_when_redis_is_gone(without_server: FailsafeRedisCache) -> None:
    without_server.clear()

    assert without_server.add("counter", 1) is True
    assert without_server.add("counter", 1) is False
    assert without_server.incr("counter") == 2
    assert without_server.get("counter") == 2
    assert without_server.get_many(["counter", "nothing"]) == {"counter": 2}
    without_server.set_many({"a": 1, "b": 2})
    without_server.delete_many(["a"])
    assert "a" not in without_server
    assert "b" in without_server
    assert without_server.delete("b") is True


def test_a_missing_key_is_still_a_missing_key(without_server: FailsafeRedisCache) -> None:
    without_server.clear()

    with pytest.raises(ValueError, match="counter"):
        without_server.incr("counter")


def test_redis_is_left_alone_for_a_while_after_a_failure(
    without_server: FailsafeRedisCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [1000.0]
    asked = []
    monkeypatch.setattr("core.http.cache.time.monotonic", lambda: moment[0])
    shared = without_server._shared
    monkeypatch.setattr(without_server, "_shared", _Counting(shared, asked))

    without_server.get("x")
    moment[0] += RETRY_SECONDS - 0.1
    without_server.get("x")
    assert len(asked) == 1

    moment[0] += 0.2
    without_server.get("x")
    assert len(asked) == 2


class _Counting:
    def __init__(self, inner: object, asked: list[str]) -> None:
        self.inner = inner
        self.asked = asked

    def get(self, key: str, default: object, version: int | None) -> object:
        self.asked.append(key)
        return self.inner.get(key, default, version)


def test_celerys_name_for_a_socket_becomes_the_clients() -> None:
    assert _plain("redis+socket:///run/v.sock?virtual_host=2") == "unix:///run/v.sock?db=2"
    assert _plain("rediss://queue:6379/0") == "rediss://queue:6379/0"
