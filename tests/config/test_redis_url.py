from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import redis_url


@pytest.mark.parametrize(
    ("address", "broker", "cache"),
    [
        ("redis://queue:6379", "redis://queue:6379/0", "redis://queue:6379/1"),
        ("redis://:pass%40word@queue:6379/3", "redis://:pass%40word@queue:6379/3", "redis://:pass%40word@queue:6379/4"),
        (
            "valkeys://queue/0?ssl_cert_reqs=required",
            "rediss://queue/0?ssl_cert_reqs=required",
            "rediss://queue/1?ssl_cert_reqs=required",
        ),
        ("unix:///run/v.sock", "redis+socket:///run/v.sock?virtual_host=0", "unix:///run/v.sock?db=1"),
        (
            "redis+socket:///run/v.sock?virtual_host=2",
            "redis+socket:///run/v.sock?virtual_host=2",
            "unix:///run/v.sock?db=3",
        ),
    ],
)
def test_one_address_in_both_dialects(address: str, broker: str, cache: str) -> None:
    assert redis_url.urls(address) == redis_url.RedisUrls(broker=broker, cache=cache)


@pytest.mark.parametrize(
    "address", ["", "queue:6379", "http://queue", "unix://", "redis:///0", "redis://:secret@queue/zero"]
)
def test_an_address_that_is_none_is_refused_without_its_password(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="REDIS_URL") as caught:
        redis_url.urls(address)

    assert "secret" not in str(caught.value)


def test_the_socket_lies_in_the_data_directory() -> None:
    assert redis_url.socket_path(Path("/srv/wardmark")) == Path("/srv/wardmark/run/valkey.sock")


@pytest.mark.parametrize("directory", ["/srv/" + "deep/" * 30, "/srv/my files", "/srv/straße"])
def test_the_socket_moves_out_of_a_path_that_cannot_hold_one(directory: str) -> None:
    path = redis_url.socket_path(Path(directory))

    assert len(os.fsencode(path)) < redis_url.SOCKET_PATH_BYTES
    assert " " not in str(path)
    assert not path.is_relative_to(directory)
    assert path != redis_url.socket_path(Path(directory + "x"))
