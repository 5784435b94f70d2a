"""Urgent suspensions that nobody confirmed in time end by themselves, and so do offers that nobody answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from certification.models import Proposal
from certification.services import _standing, _succession

__all__ = ["lapse_due"]

CHUNK: Final = 200


def lapse_due(*, now: datetime) -> int:
    """How many lapsed. A transaction each: killed in the middle, the next run goes on; at once again it finds nothing.

    Whoever asks before this has come is answered by the time all the same (`selectors.certificates.effective_state`).
    """
    return sum(_lapse(certificate_id, now=now) for certificate_id in _due(now))


def _due(now: datetime) -> Iterator[UUID]:
    """In chunks by keyset, so that one that cannot be ended does not keep the others waiting."""
    last: tuple[datetime, int] | None = None
    while True:
        found = Proposal.objects.lapsed(now=now).order_by("lapses_at", "pk")
        if last is not None:
            found = found.filter(lapses_at__gte=last[0]).exclude(lapses_at=last[0], pk__lte=last[1])
        rows = list(found.values_list("certificate_id", "lapses_at", "pk")[:CHUNK])
        if not rows:
            return
        for certificate_id, _lapses_at, _pk in rows:
            yield certificate_id
        last = rows[-1][1:]  # type: ignore[assignment]  # lapses_at is not null by the filter


def _lapse(certificate_id: UUID, *, now: datetime) -> int:
    """Asked again under the lock: confirmed or dropped since, it is none of ours."""
    with transaction.atomic():
        certificate, _pending = _succession.locked(certificate_id)
        return _standing.lapse_due(certificate, at=now)
