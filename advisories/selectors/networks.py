"""Reads over networks: which are somebody's, what stands in one, and one thread with its replies."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import CharField, Count, F, Q, QuerySet, Value
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.selectors import Authority, Viewer, authority
from advisories.domain import admissions, tlp
from advisories.domain import networks as rules
from advisories.domain.lessons import narrowest
from advisories.domain.sectors import SECTORS, Sector, sectors_of
from advisories.models import NetworkAdmission, NetworkMember, NetworkModerator, NetworkPost
from core import keyset
from events.models import Event, Project, Venue

__all__ = [
    "POSTS_SHOWN",
    "Asking",
    "Hub",
    "Members",
    "NetworkPage",
    "PostRow",
    "Standing",
    "Thread",
    "admitted",
    "asking",
    "author_line",
    "candidates",
    "eligible",
    "get_thread",
    "hub",
    "members",
    "network_page",
    "posts",
    "presence_in",
    "standing_in",
    "thread_of",
]

POSTS_SHOWN: Final = 25
_REPLIES_SHOWN: Final = 50
_MOST_CANDIDATES: Final = 200
_NEWEST_FIRST: Final = ("-posted_at", "-id")


# Where somebody stands ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """One person in one network. `member` None: not in it. `lead`: police, industry or nothing."""

    sector: str
    member: NetworkMember | None = None
    lead: str = ""

    @property
    def moderates(self) -> bool:
        return bool(self.lead)


def standing_in(sector: str, user: Viewer) -> Standing:
    """Two queries; never kept, since services ask it under their lock."""
    who = authority(user)
    if who.user_id is None:
        return Standing(sector)
    member = NetworkMember.objects.standing().filter(sector=sector, user=who.user_id).first()
    if member is None:
        return Standing(sector)
    lead = NetworkModerator.objects.standing().filter(sector=sector, user=who.user_id).values_list("lead", flat=True)
    return Standing(sector, member, lead.first() or "")


def presence_in(sector: str, user: Viewer) -> str:
    """In the words of `rules.reads`."""
    who = authority(user)
    if who.user_id is None:
        return rules.OUTSIDE
    found = set(NetworkMember.objects.standing().filter(user=who.user_id).values_list("sector", flat=True))
    if sector in found:
        return rules.INSIDE
    return rules.COMMUNITY if found or who.is_police else rules.OUTSIDE


def eligible(who: Authority) -> Mapping[str, tuple[uuid.UUID, ...]]:
    """Sector → organisations of the person with something in it. One query over the three kinds of subject."""
    mine = {"organisation_id__in": list(who.organisations), "archived_at__isnull": True}
    if not who.organisations:
        return {}
    empty = Value("", output_field=CharField())
    venues = Venue.objects.filter(**mine).order_by()
    events = Event.objects.filter(**mine).order_by()
    projects = Project.objects.filter(**mine).order_by()
    kind = {model.kind: Value(model.kind, output_field=CharField()) for model in (Venue, Event, Project)}
    found = (
        venues.annotate(k=kind["venue"], u=F("use"), t=empty)
        .values_list("organisation_id", "k", "u", "t")
        .union(
            events.annotate(k=kind["event"], u=empty, t=empty).values_list("organisation_id", "k", "u", "t"),
            projects.annotate(k=kind["project"], u=F("use"), t=F("project_type")).values_list(
                "organisation_id", "k", "u", "t"
            ),
        )
    )
    sectors: dict[str, set[uuid.UUID]] = {}
    for organisation, of_kind, use, project_type in found:
        for code in sectors_of(kind=of_kind, use=use, project_type=project_type):
            sectors.setdefault(code, set()).add(organisation)
    return {code: tuple(sorted(sectors[code], key=str)) for code in SECTORS if code in sectors}


def admitted(who: Authority) -> Mapping[str, tuple[uuid.UUID, ...]]:
    """Of `eligible`, the organisations that were admitted: by which the person can join. Two queries."""
    states = _open_admissions(who)
    found = {
        code: tuple(pk for pk in mine if states.get((code, pk)) == admissions.ADMITTED)
        for code, mine in eligible(who).items()
    }
    return {code: mine for code, mine in found.items() if mine}


def _open_admissions(who: Authority) -> Mapping[tuple[str, uuid.UUID], str]:
    if not who.organisations:
        return {}
    mine = NetworkAdmission.objects.filter(organisation_id__in=list(who.organisations), state__in=admissions.OPEN)
    return {(sector, pk): state for sector, pk, state in mine.values_list("sector", "organisation_id", "state")}


@dataclass(frozen=True, slots=True)
class Asking:
    """What the organisations of somebody who is not in the network have to do with it.

    `admitted`: those by which the person can join; `can_ask`: those for which the person may ask now; `by_editors`: there are some, and others of them would have to ask;
    `past`: each organisation's last answer that was no, or its end.
    """

    admitted: tuple[Organisation, ...] = ()
    waiting: tuple[NetworkAdmission, ...] = ()
    can_ask: tuple[Organisation, ...] = ()
    past: tuple[NetworkAdmission, ...] = ()
    again_from: datetime | None = None
    by_editors: bool = False


def asking(who: Authority, sector: str, *, now: datetime) -> Asking:
    """Three queries at most, and one for whoever has nothing in the sector."""
    own = eligible(who).get(sector, ())
    if not own:
        return Asking()
    found = NetworkAdmission.objects.filter(sector=sector, organisation_id__in=own)
    rows = list(found.select_related("organisation", "asked_by").order_by("-asked_at", "-pk"))
    last = {row.organisation_id: row for row in reversed(rows)}
    pauses = {pk: admissions.again_from(row.state, row.decided_at) for pk, row in last.items()}
    paused = {pk: until for pk, until in pauses.items() if until is not None and until > now}
    free = [pk for pk in own if pk not in paused and (pk not in last or last[pk].state not in admissions.OPEN)]
    mine = [pk for pk in free if who.can_edit_for(pk)]
    inside = sorted((row.organisation for row in last.values() if row.state == admissions.ADMITTED), key=str)
    return Asking(
        admitted=tuple(inside),
        waiting=tuple(row for row in last.values() if row.state == admissions.ASKED),
        can_ask=tuple(Organisation.objects.filter(pk__in=mine).order_by("name", "pk")) if mine else (),
        past=tuple(row for row in last.values() if row.state in (admissions.REFUSED, admissions.ENDED)),
        again_from=min(paused.values(), default=None),
        by_editors=bool(free) and not mine,
    )


# Pages -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HubRow:
    sector: Sector
    joined: bool
    can_join: bool
    members: int
    asked: bool = False
    can_ask: bool = False


@dataclass(frozen=True, slots=True)
class Hub:
    """`mine`: joined, or the organisation has something there, in the order of the sectors; `others`: the rest."""

    mine: tuple[HubRow, ...]
    others: tuple[HubRow, ...]


def hub(user: User) -> Hub:
    """Four queries: what the person is in, what their organisations have and where they are admitted, how many are in each."""
    who = authority(user)
    joined = set(NetworkMember.objects.standing().filter(user=user).values_list("sector", flat=True))
    states = _open_admissions(who)
    current = NetworkMember.objects.filter(left_at__isnull=True).order_by()
    counted = dict(current.values("sector").annotate(n=Count("pk")).values_list("sector", "n"))
    own = {} if who.is_police else eligible(who)

    def row(code: str, sector: Sector) -> HubRow:
        inside = code in joined
        found = {states.get((code, pk), "") for pk in own.get(code, ())}
        open_to = who.is_police or admissions.ADMITTED in found
        return HubRow(
            sector=sector,
            joined=inside,
            can_join=open_to and not inside,
            members=counted.get(code, 0),
            asked=admissions.ASKED in found and not inside and not open_to,
            can_ask=found == {""},
        )

    rows = [row(code, sector) for code, sector in SECTORS.items()]
    mine = [one for one in rows if one.joined or one.sector.code in own]
    return Hub(tuple(mine), tuple(one for one in rows if one not in mine))


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post as somebody may see it: opened, or with nothing but the fact that it was hidden. `text` and `reason` are
    there in its thread alone.
    """

    post: NetworkPost
    author: str
    title: str
    text: str
    hidden: bool
    masked: bool
    own: bool
    replies: int = 0
    reason: str = ""

    @property
    def id(self) -> uuid.UUID:
        return self.post.pk

    @property
    def marking(self) -> str:
        return tlp.LABELS[self.post.tlp]


@dataclass(frozen=True, slots=True)
class NetworkPage:
    """`asking`: empty for those who are in, and for officers, who need nobody's leave."""

    sector: Sector
    standing: Standing
    asking: Asking
    can_join: bool
    members: int
    moderators: tuple[NetworkModerator, ...]
    pinned: tuple[PostRow, ...]
    rows: tuple[PostRow, ...]
    newer: str | None
    older: str | None

    @property
    def marking(self) -> str:
        """Of the page: as narrow as the narrowest title on it; empty where it shows none."""
        shown = [row.post.tlp for row in (*self.pinned, *self.rows)]
        return tlp.LABELS[narrowest(shown)] if shown else ""


def network_page(sector: Sector, user: User, *, after: str = "") -> NetworkPage:
    """Nine queries at most, whatever is in it. Pinned posts stand above the first page, and not again below."""
    who = authority(user)
    member = NetworkMember.objects.standing().filter(sector=sector.code, user=user).first()
    moderators = tuple(
        NetworkModerator.objects.standing().filter(sector=sector.code).select_related("user").order_by("lead", "pk")
    )
    lead = next((one.lead for one in moderators if one.user_id == user.pk), "") if member else ""
    standing = Standing(sector.code, member, lead)
    found = Asking() if member or who.is_police else asking(who, sector.code, now=timezone.now())
    posts = _listed(NetworkPost.objects.visible_to(user).threads().filter(sector=sector.code))
    pinned = tuple(posts.filter(pinned_at__isnull=False).order_by("-pinned_at")[:POSTS_SHOWN])
    # No more than stand above are left out below, or a post pinned too many would stand nowhere.
    others = posts.exclude(pk__in=[post.pk for post in pinned])
    page = keyset.page(others, order=_NEWEST_FIRST, after=after, size=POSTS_SHOWN)
    return NetworkPage(
        sector=sector,
        standing=standing,
        asking=found,
        can_join=member is None and (who.is_police or bool(found.admitted)),
        members=NetworkMember.objects.filter(sector=sector.code, left_at__isnull=True).count(),
        moderators=moderators,
        pinned=() if after else tuple(_row(post, standing, who) for post in pinned),
        rows=tuple(_row(post, standing, who) for post in page.rows),
        newer=page.newer,
        older=page.older,
    )


def _listed(posts: QuerySet[NetworkPost]) -> QuerySet[NetworkPost]:
    replies = Count("replies", filter=Q(replies__hidden_at__isnull=True))
    return posts.select_related("author", "organisation").annotate(reply_count=replies)


def _row(post: NetworkPost, standing: Standing, who: Authority, *, whole: bool = False) -> PostRow:
    """A list opens titles and nothing else."""
    own = post.author_id == who.user_id
    hidden = post.hidden_at is not None
    masked = hidden and not (own or standing.moderates or who.is_auditor)
    return PostRow(
        post=post,
        author=author_line(post),
        title="" if masked else post.title,
        text=post.text if whole and not masked else "",
        hidden=hidden,
        masked=masked,
        own=own,
        replies=getattr(post, "reply_count", 0),
        reason=post.hidden_reason if whole and not masked else "",
    )


def author_line(post: NetworkPost) -> str:
    """Who stands behind a post, so that a reader can weigh it."""
    if post.organisation is not None:
        return f"{post.author}, {post.organisation}"
    return _("%(name)s, police") % {"name": post.author}


@dataclass(frozen=True, slots=True)
class Thread:
    sector: Sector
    standing: Standing
    head: PostRow
    replies: tuple[PostRow, ...]
    answer: uuid.UUID | None
    newer: str | None
    older: str | None


def get_thread(sector: str, pk: uuid.UUID, user: Viewer) -> NetworkPost:
    """404 for whoever may not read it, and for a reply."""
    threads = NetworkPost.objects.visible_to(user).threads().select_related("author", "organisation")
    return get_object_or_404(threads, sector=sector, pk=pk)


def thread_of(post: NetworkPost, user: User, *, after: str = "") -> Thread:
    """Oldest reply first. A hidden reply keeps its place, without its words."""
    who = authority(user)
    standing = standing_in(post.sector, user)
    replies = NetworkPost.objects.filter(thread=post).select_related("author", "organisation")
    page = keyset.page(replies, order=("posted_at", "id"), after=after, size=_REPLIES_SHOWN)
    return Thread(
        sector=SECTORS[post.sector],
        standing=standing,
        head=_row(post, standing, who, whole=True),
        replies=tuple(_row(reply, standing, who, whole=True) for reply in page.rows),
        answer=post.answered_by_id,
        newer=page.newer,
        older=page.older,
    )


def posts(user: User, sector: str, *, after: str = "", size: int = POSTS_SHOWN) -> keyset.Page[NetworkPost]:
    """What the person may read there, for programs: newest first, hidden ones left out for everybody."""
    found = NetworkPost.objects.visible_to(user).threads().filter(sector=sector, hidden_at__isnull=True)
    return keyset.page(_listed(found), order=_NEWEST_FIRST, after=after, size=size)


@dataclass(frozen=True, slots=True)
class Members:
    """`removed`: who was shown out and has not been let in again, for moderators alone."""

    page: keyset.Page[NetworkMember]
    moderators: tuple[NetworkModerator, ...]
    history: tuple[NetworkModerator, ...]
    removed: tuple[NetworkMember, ...]


def members(sector: str, *, after: str = "", moderates: bool) -> Members:
    current = NetworkMember.objects.standing().filter(sector=sector).select_related("user", "organisation")
    leads = NetworkModerator.objects.filter(sector=sector).select_related("user", "appointed_by", "ended_by")
    everyone = tuple(leads.order_by("-appointed_at", "-pk")[:POSTS_SHOWN])
    removed = NetworkMember.objects.filter(sector=sector, removed_by__isnull=False, readmitted_at__isnull=True)
    return Members(
        page=keyset.page(current, order=("joined_at", "id"), after=after),
        moderators=tuple(one for one in everyone if one.ended_at is None),
        history=tuple(one for one in everyone if one.ended_at is not None),
        removed=tuple(removed.select_related("user").order_by("-left_at")[:POSTS_SHOWN]) if moderates else (),
    )


def candidates(sector: str, lead: str) -> list[NetworkMember]:
    """Who could be appointed: members of the fitting kind who are no moderator yet."""
    kind = rules.POLICE if lead == rules.POLICE else rules.MEMBER
    taken = NetworkModerator.objects.filter(sector=sector, ended_at__isnull=True).values("user_id")
    found = NetworkMember.objects.standing().filter(sector=sector, kind=kind).exclude(user_id__in=taken)
    return list(found.select_related("user", "organisation").order_by("user__name", "pk")[:_MOST_CANDIDATES])
