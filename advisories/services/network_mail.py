"""Telling members that something is new, by the worker: each post at once, or what came since yesterday once a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from advisories.domain import networks as rules
from advisories.models import NetworkMember, NetworkPost
from advisories.notifications import networks as messages
from core import notify
from core.outbox import Rank

__all__ = ["announce", "send_digests"]

CHUNK: Final = 500


def announce(payload: Mapping[str, str]) -> None:
    """Outbox handler of `network.announce`. A chunk a transaction; a key for each person and post, so that a run that was
    cut off goes on and nobody is told twice. Who left meanwhile is told nothing.
    """
    post = NetworkPost.objects.get(pk=UUID(payload["post"]))
    if post.hidden_at is not None:
        return
    message = messages.posted(post)
    wanting = _standing(post.sector, rules.EACH).exclude(user_id=post.author_id)
    for members in _chunks(wanting):
        mail = [notify.Addressed(m.user, message, f"network-post:{post.pk}:{m.user_id}") for m in members]
        with transaction.atomic():
            notify.send_all(mail, rank=Rank.MANY)


def send_digests(*, now: datetime) -> int:
    """One message for each member with something new from others; how many. Run twice on a day it tells nobody twice."""
    return sum(_digest(sector, now=now) for sector in _lively(now))


def _lively(now: datetime) -> list[str]:
    waiting = NetworkMember.objects.filter(left_at__isnull=True, mail=rules.DIGEST, digested_at__lt=now).order_by()
    return sorted(waiting.values_list("sector", flat=True).distinct())


def _digest(sector: str, *, now: datetime) -> int:
    sent = 0
    for members in _chunks(_standing(sector, rules.DIGEST).filter(digested_at__lt=now)):
        counted = _new_since(sector, min(m.digested_at for m in members), now)
        mail = [
            notify.Addressed(m.user, messages.digest(sector, found), f"network-digest:{m.pk}:{now:%Y%m%d}")
            for m in members
            if (found := sum(1 for at, author in counted if at > m.digested_at and author != m.user_id))
        ]
        with transaction.atomic():
            notify.send_all(mail, rank=Rank.MANY)
            NetworkMember.objects.filter(pk__in=[m.pk for m in members]).update(digested_at=now)
        sent += len(mail)
    return sent


def _new_since(sector: str, since: datetime, until: datetime) -> Sequence[tuple[datetime, UUID]]:
    fresh = NetworkPost.objects.threads().filter(sector=sector, posted_at__gt=since, posted_at__lte=until)
    return list(fresh.filter(hidden_at__isnull=True).values_list("posted_at", "author_id"))


def _standing(sector: str, mail: str) -> QuerySet[NetworkMember]:
    return NetworkMember.objects.standing().filter(sector=sector, mail=mail).select_related("user")


def _chunks(members: QuerySet[NetworkMember]) -> Iterator[list[NetworkMember]]:
    """By id, so that a member who joins or leaves in between moves nobody to another chunk."""
    last = 0
    while found := list(members.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield found
        last = found[-1].pk
