"""Bulletins as their pages read them: the list of what one may read, one bulletin with what one has to do, the authors' list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import Authority, Viewer, authority
from advisories.domain import audience as audiences
from advisories.domain import bulletins as rules
from advisories.domain.audience import Audience
from advisories.domain.sectors import SECTORS
from advisories.models import Bulletin, BulletinPlace, BulletinRecipient
from core import keyset
from core.govuk.panels import SummaryRow
from events.domain.uses import USES

__all__ = [
    "PLACES_SHOWN",
    "BulletinPage",
    "BulletinRow",
    "InboxFilters",
    "audience_lines",
    "audience_of",
    "certificate_words",
    "has_ended",
    "inbox",
    "kind_words",
    "page_of",
    "places_of",
    "row_of",
    "tier_words",
    "written",
]

NEWEST_FIRST: Final = ("-listed_at", "-id")
PLACES_SHOWN: Final = 50
SHOWS: Final = ("unread", "to_acknowledge", "ours")


@dataclass(frozen=True, slots=True)
class InboxFilters:
    """`show`: one of SHOWS or empty for everything that one may read. `exercises`: empty, hide or only."""

    show: str = ""
    exercises: str = ""

    @property
    def active(self) -> int:
        return bool(self.show) + bool(self.exercises)


@dataclass(frozen=True, slots=True)
class BulletinRow:
    """`open`: a place that the person may answer for is not acknowledged. `ours`: it was sent to an organisation of theirs."""

    bulletin: Bulletin
    unread: bool
    open: bool
    ours: bool
    ended: bool

    @property
    def overdue(self) -> bool:
        return self.open and self.bulletin.due_at is not None and _past(self.bulletin.due_at)


@dataclass(frozen=True, slots=True)
class BulletinPage:
    """`places`: those of the person's organisations, the first PLACES_SHOWN. `can_answer`: at least one is theirs to answer.
    `unread`: there is a row to mark.
    """

    bulletin: Bulletin
    places: tuple[BulletinPlace, ...]
    more: bool
    open_count: int
    can_answer: bool
    unread: bool
    replaced_by: Bulletin | None
    replaces: Bulletin | None


def inbox(
    user: User, filters: InboxFilters, *, after: str = "", size: int = keyset.DEFAULT_SIZE
) -> keyset.Page[Bulletin]:
    """One query. Newest first; rows carry `is_unread`, `is_open`, `is_ours`."""
    who = authority(user)
    found = Bulletin.objects.visible_to(user).filter(state__in=rules.RELEASED).select_related("area")
    found = found.annotate(is_ours=_ours(who), is_open=_open(who), is_unread=_unread(user))
    if filters.show == "unread":
        found = found.filter(_unread(user))
    elif filters.show == "to_acknowledge":
        found = found.filter(_open(who)).standing(timezone.now())
    elif filters.show == "ours":
        found = found.filter(_ours(who))
    if filters.exercises:
        wanted = Q(status=rules.EXERCISE)
        found = found.filter(wanted if filters.exercises == "only" else ~wanted)
    return keyset.page(found, order=NEWEST_FIRST, after=after, size=size)


def row_of(bulletin: Bulletin) -> BulletinRow:
    """Of a row of `inbox`; what is over asks for nothing any more."""
    live = bulletin.state == rules.PUBLISHED and not has_ended(bulletin)
    values = bulletin.__dict__
    return BulletinRow(
        bulletin=bulletin,
        unread=bool(values.get("is_unread")),
        open=live and bool(values.get("is_open")),
        ours=bool(values.get("is_ours")),
        ended=has_ended(bulletin),
    )


def has_ended(bulletin: Bulletin) -> bool:
    """Past the end that it named itself."""
    return bulletin.expires_at is not None and _past(bulletin.expires_at)


def written(user: User, *, state: str = "", after: str = "", size: int = keyset.DEFAULT_SIZE) -> keyset.Page[Bulletin]:
    """Of the sides that the person writes for, in every state; an auditor's: all."""
    who = authority(user)
    found = Bulletin.objects.all() if who.is_auditor else Bulletin.objects.issued_by(user)
    found = found.filter(state=state) if state else found.exclude(state=rules.DISCARDED)
    return keyset.page(found.select_related("area", "drafted_by"), order=NEWEST_FIRST, after=after, size=size)


def page_of(user: Viewer, bulletin: Bulletin) -> BulletinPage:
    """Five queries at most."""
    who = authority(user)
    own = places_of(bulletin, who)
    places = list(own[: PLACES_SHOWN + 1]) if who.organisations else []
    editable = [pk for pk in who.organisations if who.can_edit_for(pk)]
    open_count = own.filter(state=rules.OPEN, organisation_id__in=editable).count() if places and editable else 0
    newer = Bulletin.objects.filter(replaces=bulletin, state__in=rules.RELEASED).first()
    return BulletinPage(
        bulletin=bulletin,
        places=tuple(places[:PLACES_SHOWN]),
        more=len(places) > PLACES_SHOWN,
        open_count=open_count,
        can_answer=any(place.organisation_id in editable for place in places),
        unread=any(place.read_at is None for place in places) or _is_unread(user, bulletin),
        replaced_by=newer if newer is not None and _is_visible(user, newer) else None,
        replaces=bulletin.replaces if bulletin.replaces is not None and _is_visible(user, bulletin.replaces) else None,
    )


def places_of(bulletin: Bulletin, who: Authority) -> QuerySet[BulletinPlace]:
    """Those of the person's organisations, what is open first."""
    found = BulletinPlace.objects.filter(bulletin=bulletin, organisation_id__in=list(who.organisations))
    return found.select_related("organisation", "venue", "event", "project", "answer").order_by("-state", "pk")


def audience_lines(audience: Audience, areas: dict[str, str]) -> list[SummaryRow]:
    """What an audience asks, in words; `areas`: names by code."""
    lines = [
        SummaryRow(key=_("Sectors"), value=_list([SECTORS[code].label for code in audience.sectors])),
        SummaryRow(key=_("Uses"), value=_list([USES[code].label for code in audience.uses])),
        SummaryRow(key=_("Kinds"), value=_list([kind_words(kind) for kind in audience.kinds])),
        SummaryRow(key=_("Tiers"), value=_list([tier_words(tier) for tier in audience.tiers])),
        SummaryRow(key=_("Police areas"), value=_list([areas.get(code, code) for code in audience.areas])),
    ]
    shown = [line for line in lines if line.value]
    if audience.near is not None:
        near = audience.near
        words = _("%(km)g km around %(latitude)g, %(longitude)g") % {
            "km": near.km,
            "latitude": near.latitude,
            "longitude": near.longitude,
        }
        shown.append(SummaryRow(key=_("Distance"), value=words))
    if audience.certificate:
        shown.append(SummaryRow(key=_("Certificate"), value=certificate_words(audience.certificate)))
    if audience.flag is not None:
        words = _("%(code)s below level %(below)s, as judged or else as submitted") % {
            "code": audience.flag.code,
            "below": audience.flag.below,
        }
        shown.append(SummaryRow(key=_("Criterion"), value=words))
    return shown


def audience_of(bulletin: Bulletin) -> Audience:
    return audiences.parse(bulletin.audience)


def kind_words(kind: str) -> str:
    return {"venue": _("venues"), "event": _("events"), "project": _("infrastructure projects")}[kind]


def tier_words(tier: str) -> str:
    return {"standard": _("judged at the standard tier"), "enhanced": _("judged at the enhanced tier")}[tier]


def certificate_words(state: str) -> str:
    return {
        "in_force": _("with a certificate in force"),
        "expiring": _("with a certificate that ends within 90 days"),
        "none": _("without a certificate in force"),
    }[state]


def _list(words: list[str]) -> str:
    return capfirst(", ".join(words))


def _is_visible(user: Viewer, bulletin: Bulletin) -> bool:
    return Bulletin.objects.visible_to(user).filter(pk=bulletin.pk).exists()


def _is_unread(user: Viewer, bulletin: Bulletin) -> bool:
    person = authority(user).user_id
    if person is None:
        return False
    return BulletinRecipient.objects.filter(bulletin=bulletin, user_id=person, read_at__isnull=True).exists()


def _ours(who: Authority) -> Exists:
    return Exists(BulletinPlace.objects.filter(bulletin=OuterRef("pk"), organisation_id__in=list(who.organisations)))


def _open(who: Authority) -> Exists:
    own: list[UUID] = [pk for pk in who.organisations if who.can_edit_for(pk)]
    return Exists(BulletinPlace.objects.filter(bulletin=OuterRef("pk"), organisation_id__in=own, state=rules.OPEN))


def _unread(user: User) -> Exists:
    return Exists(BulletinRecipient.objects.filter(bulletin=OuterRef("pk"), user=user, read_at__isnull=True))


def _past(moment: datetime) -> bool:
    return moment < timezone.now()
