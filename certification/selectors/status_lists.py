"""The published list of what has become of each certificate, for scanners that ask before they go where no network is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.core.cache import cache
from django.db.models import Max

from certification.domain import lifecycle
from certification.models import CredentialStatus
from certification.selectors.credentials import list_url
from core.signing import claims, status_list

# From a revocation to the last copy that does not know of it: a list is made anew after BUILT_SECONDS, and nobody is to
# keep one for longer than FRESH_SECONDS after it was made.
BUILT_SECONDS: Final = 25
FRESH_SECONDS: Final = 60
# For how long a scanner may go by it where there is no network; it says how old its list is.
USABLE: Final = timedelta(hours=24)
_STATES: Final = {
    lifecycle.IN_FORCE: status_list.VALID,
    lifecycle.SUSPENDED: status_list.SUSPENDED,
    lifecycle.BEING_ISSUED: status_list.NOT_YET,
}


@dataclass(frozen=True, slots=True)
class Published:
    token: str
    made_at: datetime

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.token.encode()).hexdigest()[:32]}"'

    def seconds_left(self, now: datetime) -> int:
        """For which a copy may be kept."""
        return max(0, FRESH_SECONDS - int((now - self.made_at).total_seconds()))


def published(number: int, *, now: datetime) -> Published | None:
    """None for a list that nothing stands in, the first excepted. Raises KeyUnavailable.

    Two processes may make one at the same moment: both are right.
    """
    name = f"status-list:{number}"
    kept: tuple[str, float] | None = cache.get(name)
    if kept is not None and 0 <= now.timestamp() - kept[1] < BUILT_SECONDS:
        return Published(kept[0], datetime.fromtimestamp(kept[1], UTC))
    if number > _last_list():
        return None
    made = now.replace(microsecond=0)
    token = _token(number, made)
    cache.set(name, (token, made.timestamp()), timeout=BUILT_SECONDS)
    return Published(token, made)


def _last_list() -> int:
    last: int | None = CredentialStatus.objects.aggregate(last=Max("index"))["last"]
    return (last or 0) // status_list.SIZE


def _token(number: int, made: datetime) -> str:
    payload = {
        "sub": list_url(number),
        "iat": int(made.timestamp()),
        "exp": int((made + USABLE).timestamp()),
        "ttl": FRESH_SECONDS,
        "status_list": {
            "bits": status_list.BITS,
            "lst": status_list.pack(_states(number), size=status_list.SIZE, default=status_list.INVALID),
        },
    }
    return claims.sign(payload, kind=status_list.TYPE)


def _states(number: int) -> Iterator[tuple[int, int]]:
    """One query. What has ended, by its state, is left at "invalid", as is what was never given to a certificate.

    A last day that has passed is in the claim itself; the sweep that marks it comes within the hour.
    """
    first = number * status_list.SIZE
    rows = CredentialStatus.objects.filter(
        index__gte=first, index__lt=first + status_list.SIZE, certificate__state__in=list(_STATES)
    )
    for index, state in rows.values_list("index", "certificate__state").iterator():
        yield index - first, _STATES[state]
