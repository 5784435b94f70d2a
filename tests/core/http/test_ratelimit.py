from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from core.http import client, ratelimit

MINUTE = 60 * 1000.0


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def take(now: float, who: str = "198.51.100.7", scope: str = "verify") -> ratelimit.Verdict:
    return ratelimit.take(scope=scope, who=who, allowance=3, seconds=60, now=now)


def test_the_allowance_and_not_one_more() -> None:
    assert [take(MINUTE).allowed for _ in range(4)] == [True, True, True, False]


def test_a_boundary_between_windows_gives_no_second_allowance() -> None:
    # Plain windows would allow all six: three in the last second of one, three in the first of the next.
    before = [take(MINUTE + 59).allowed for _ in range(3)]
    after = [take(MINUTE + 61).allowed for _ in range(3)]

    assert before == [True, True, True]
    assert after == [False, False, False]


def test_two_quiet_windows_later_the_allowance_is_whole_again() -> None:
    for _ in range(10):
        take(MINUTE)

    assert [take(MINUTE + 121).allowed for _ in range(4)] == [True, True, True, False]


def test_clients_and_scopes_are_counted_apart() -> None:
    for _ in range(4):
        take(MINUTE)

    assert take(MINUTE, who="198.51.100.8").allowed
    assert take(MINUTE, scope="triage").allowed


def test_the_refusal_says_when_to_come_back() -> None:
    for _ in range(3):
        take(MINUTE + 20)

    assert take(MINUTE + 20) == ratelimit.Verdict(allowed=False, retry_after=40)


@ratelimit.rate_limit("page", allowance=2, methods=("POST",))
def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("here")


def test_only_the_named_methods_are_counted(rf: RequestFactory) -> None:
    for _ in range(5):
        assert page(rf.get("/")).status_code == 200

    assert [page(rf.post("/")).status_code for _ in range(2)] == [200, 200]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1, 203.0.113.9", "203.0.113.9"),
        (2, "10.0.0.1, 203.0.113.9, 198.51.100.1", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "nonsense", "unknown"),
    ],
)
def test_a_forwarded_address_is_believed_as_far_as_our_own_proxies(
    rf: RequestFactory, settings: pytest.FixtureRequest, proxies: int, forwarded: str, expected: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="192.0.2.1")

    assert client.address(request) == expected


def test_an_ipv6_client_is_its_network(rf: RequestFactory) -> None:
    one = rf.get("/", REMOTE_ADDR="2001:db8:1:2:aaaa::1")
    two = rf.get("/", REMOTE_ADDR="2001:db8:1:2:bbbb::2")

    assert client.address(one) == client.address(two) == "2001:db8:1:2::"
