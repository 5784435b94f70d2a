"""How often one client may ask for a page that costs something or gives something away.

Sign-in and sign-up have allauth's own limits and the API has DRF's; this is for our pages.
"""

from __future__ import annotations

import functools
import hashlib
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate, Final, ParamSpec, TypeVar

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from core.http import client

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)

TOO_MANY: Final = 429


@dataclass(frozen=True, slots=True)
class Verdict:
    """`retry_after` is in whole seconds, 0 when allowed."""

    allowed: bool
    retry_after: int = 0


def take(*, scope: str, who: str, allowance: int, seconds: int, now: float | None = None) -> Verdict:
    """Count one request of `who` and say whether it is within `allowance` for any `seconds`.

    Two counters, this window's and the last one's share that still overlaps: nobody gets twice the allowance across
    a boundary, as with plain windows. Counting is one atomic `incr`, so parallel requests are all counted; refused ones
    too, and a client that keeps hammering stays out.
    """
    moment = time.time() if now is None else now
    current, _ = _counters(scope, who, moment, seconds)
    used = 1 if cache.add(current, 1, timeout=2 * seconds) else _increment(current, seconds)
    return _verdict(used, scope, who, allowance=allowance, seconds=seconds, moment=moment)


def spent(*, scope: str, who: str, allowance: int, seconds: int, now: float | None = None) -> Verdict:
    """What `take` would say next, without counting: for what is only counted once it has gone wrong."""
    moment = time.time() if now is None else now
    current, _ = _counters(scope, who, moment, seconds)
    used = int(cache.get(current, 0)) + 1
    return _verdict(used, scope, who, allowance=allowance, seconds=seconds, moment=moment)


@dataclass(frozen=True, slots=True)
class Misses:
    """An allowance for what comes to nothing: whoever guesses runs out of it, whoever reads what is before them does not.

    Ask before the look-up, whatever is asked for, or the refusal itself would tell what exists.
    """

    scope: str
    allowance: int
    seconds: int

    def left(self, who: str) -> Verdict:
        return spent(scope=self.scope, who=who, allowance=self.allowance, seconds=self.seconds)

    def count(self, who: str) -> None:
        take(scope=self.scope, who=who, allowance=self.allowance, seconds=self.seconds)


def _counters(scope: str, who: str, moment: float, seconds: int) -> tuple[str, str]:
    window = int(moment // seconds)
    name = f"ratelimit:{scope}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"
    return f"{name}:{window}", f"{name}:{window - 1}"


def _verdict(used: int, scope: str, who: str, *, allowance: int, seconds: int, moment: float) -> Verdict:
    _, previous = _counters(scope, who, moment, seconds)
    elapsed = moment % seconds
    if used + int(cache.get(previous, 0)) * (1 - elapsed / seconds) <= allowance:
        return Verdict(allowed=True)
    return Verdict(allowed=False, retry_after=max(1, math.ceil(seconds - elapsed)))


def _increment(key: str, seconds: int) -> int:
    try:
        return cache.incr(key)
    except ValueError:
        # It ran out, or the cache was emptied, between the two calls.
        cache.set(key, 1, timeout=2 * seconds)
        return 1


def rate_limit(
    scope: str, *, allowance: int, seconds: int = 60, methods: tuple[str, ...] = ("GET", "POST")
) -> Callable[[Callable[Concatenate[HttpRequest, P], R]], Callable[Concatenate[HttpRequest, P], R | HttpResponse]]:
    """A view that answers 429 with Retry-After when one address asks more than `allowance` times in `seconds`.

    HEAD counts as GET. Views with the same `scope` share an allowance.
    """

    def decorate(
        view: Callable[Concatenate[HttpRequest, P], R],
    ) -> Callable[Concatenate[HttpRequest, P], R | HttpResponse]:
        @functools.wraps(view)
        def limited(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> R | HttpResponse:
            method = "GET" if request.method == "HEAD" else request.method
            if method in methods:
                verdict = take(scope=scope, who=client.address(request), allowance=allowance, seconds=seconds)
                if not verdict.allowed:
                    return too_many(request, retry_after=verdict.retry_after)
            return view(request, *args, **kwargs)

        return limited

    return decorate


def too_many(request: HttpRequest, *, retry_after: int) -> HttpResponse:
    response = render(request, "429.html", {"retry_after": retry_after}, status=TOO_MANY)
    response["Retry-After"] = str(retry_after)
    response["Cache-Control"] = "no-store"
    return response
