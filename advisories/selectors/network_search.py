"""Looking for words in a network. Posts are sealed, so the newest are opened and read; nothing of them is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from accounts.models import User
from advisories.domain import finding, tlp
from advisories.domain.sectors import Sector
from advisories.models import NetworkPost
from advisories.selectors.networks import author_line

__all__ = ["LOOKED_AT", "SHOWN", "Found", "Hit", "search"]

LOOKED_AT: Final = 2000
SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """A thread with the newest post in it that holds all the words."""

    thread: UUID
    title: str
    tlp: str
    author: str
    posted_at: datetime
    excerpt: str
    is_reply: bool

    @property
    def marking(self) -> str:
        return tlp.LABELS[self.tlp]


@dataclass(frozen=True, slots=True)
class Found:
    """`more`: there are other threads than the first SHOWN. `since`: posts before it were not looked at; None: all were."""

    hits: tuple[Hit, ...]
    more: bool
    since: datetime | None


def search(sector: Sector, user: User, words: str) -> Found:
    """What the person may read and nobody has hidden, newest first. One query, whatever is there."""
    wanted = finding.terms(words)
    if not wanted:
        return Found((), more=False, since=None)
    readable = NetworkPost.objects.visible_to(user).filter(sector=sector.code, hidden_at__isnull=True)
    # A reply under a hidden post is not found: its page shows the post without its words.
    shown = readable.exclude(thread__hidden_at__isnull=False).select_related("author", "organisation", "thread")
    posts = list(shown.order_by("-posted_at", "-pk")[: LOOKED_AT + 1])
    hits: dict[UUID, Hit] = {}
    for post in posts[:LOOKED_AT]:
        head = post.thread or post
        if head.pk not in hits and finding.holds(wanted, head.title, text := post.text):
            hits[head.pk] = Hit(
                thread=head.pk,
                title=head.title,
                tlp=post.tlp,
                author=author_line(post),
                posted_at=post.posted_at,
                excerpt=finding.excerpt(wanted, text),
                is_reply=post.thread_id is not None,
            )
    since = posts[LOOKED_AT - 1].posted_at if len(posts) > LOOKED_AT else None
    return Found(tuple(hits.values())[:SHOWN], more=len(hits) > SHOWN, since=since)
