"""How a bulletin was received: how many acted, who has not, what became of the mail. Counted by the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts.models import Membership, User
from accounts.selectors import authority
from advisories.domain import bulletins as rules
from advisories.domain import mail_keys
from advisories.models import Bulletin, BulletinChase, BulletinPlace, BulletinRecipient
from core import bounces, keyset, notify
from core.models import OutboxJob, OutgoingMail

__all__ = [
    "FILTERS",
    "READ",
    "SILENT",
    "MailLog",
    "Reach",
    "ReachPart",
    "mail_log",
    "places",
    "reach_of",
    "stages_of",
    "within",
]

_FAILED_LOOKED_AT: Final = 1000
_SENDING: Final = ("mail.deliver", "mail.deliver_many")
RETURNED_SHOWN: Final = 200
# What nobody has acknowledged is of two kinds for who asks how it was received: somebody opened it, or nobody did.
READ: Final = "read"
SILENT: Final = "silent"
_SHOWN: Final[Mapping[str, Q]] = {
    rules.DONE: Q(state=rules.DONE),
    rules.ACKNOWLEDGED: Q(state=rules.ACKNOWLEDGED),
    rules.NOT_APPLICABLE: Q(state=rules.NOT_APPLICABLE),
    READ: Q(state=rules.OPEN, read_at__isnull=False),
    SILENT: Q(state=rules.OPEN, read_at__isnull=True),
}
# What a list of places is narrowed by; `open` is what was not acknowledged, read or not.
FILTERS: Final[Mapping[str, Q]] = {**_SHOWN, rules.OPEN: Q(state=rules.OPEN)}
_ORDER: Final = ("organisation_id", "id")


@dataclass(frozen=True, slots=True)
class ReachPart:
    """Places by what they said, or whether they read it; `share` of all of them in percent, not rounded."""

    state: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Reach:
    """`read`: places of which somebody opened it. `silent`: organisations with a place that nobody acknowledged.
    `ways`: people by where their first message is.
    """

    places: int
    read: int
    organisations: int
    silent: int
    people: int
    people_read: int
    parts: tuple[ReachPart, ...]
    ways: Mapping[str, int]
    addressing: bool

    @property
    def acknowledged(self) -> int:
        return sum(part.count for part in self.parts if part.state not in {READ, SILENT})

    @property
    def states(self) -> dict[str, int]:
        """As the places' own states say it: read or not, what is not acknowledged is open."""
        found = {part.state: part.count for part in self.parts}
        return {rules.OPEN: found.pop(READ) + found.pop(SILENT), **found}


@dataclass(frozen=True, slots=True)
class MailLog:
    """Of the first message. `given_up`: tried to the end; an operator can have it tried again. `returned`: refused by the
    other side, at once or by a report that came later; it is in none of the others.
    """

    promised: int
    sent: int
    returned: int
    given_up: int
    held: int
    digest: int
    muted: int
    dropped: int

    @property
    def queued(self) -> int:
        return max(self.promised - self.sent - self.returned - self.given_up, 0)


@dataclass(frozen=True, slots=True)
class ReturnedMail:
    """A person whom a message about this bulletin did not reach. `organisations`: theirs that it concerns."""

    name: str
    organisations: tuple[str, ...]
    subject: str
    when: datetime
    why: str
    reads: bool


def within(user: User, bulletin: Bulletin) -> QuerySet[BulletinPlace]:
    """All places for the issuing side and auditors; for officers of an area that a national one reaches, their area's."""
    who = authority(user)
    found = BulletinPlace.objects.filter(bulletin=bulletin)
    issuing = who.is_administrator if bulletin.area_id is None else who.serves(bulletin.area_id)
    return found if who.is_auditor or issuing else found.filter(area_id__in=list(who.areas))


def reach_of(user: User, bulletin: Bulletin) -> Reach:
    """Three queries."""
    found = within(user, bulletin)
    by_state = {state: Count("pk", filter=condition) for state, condition in _SHOWN.items()}
    counts = found.aggregate(
        places=Count("pk"),
        read=Count("pk", filter=Q(read_at__isnull=False)),
        organisations=Count("organisation_id", distinct=True),
        silent=Count("organisation_id", distinct=True, filter=Q(state=rules.OPEN)),
        **{f"state_{state}": count for state, count in by_state.items()},
    )
    people = _people(bulletin)
    total = counts["places"]
    parts = tuple(
        ReachPart(state, counts[f"state_{state}"], 100 * counts[f"state_{state}"] / total if total else 0.0)
        for state in _SHOWN
    )
    return Reach(
        places=total,
        read=counts["read"],
        organisations=counts["organisations"],
        silent=counts["silent"],
        people=sum(count for count, _read in people.values()),
        people_read=sum(read for _count, read in people.values()),
        parts=parts,
        ways={way: count for way, (count, _read) in people.items()},
        addressing=_addressing(bulletin),
    )


def mail_log(bulletin: Bulletin, ways: Mapping[str, int]) -> MailLog:
    """Three queries at most; `ways` as in Reach. Of jobs that were given up the newest thousand are looked at."""
    own = OutgoingMail.objects.filter(key__startswith=mail_keys.published_prefix(bulletin.pk))
    mails = own.aggregate(
        promised=Count("pk"),
        sent=Count("pk", filter=Q(sent_at__isnull=False, bounced_at__isnull=True)),
        returned=Count("pk", filter=Q(bounced_at__isnull=False)),
    )
    failed = OutboxJob.objects.filter(kind__in=_SENDING, failed_at__isnull=False).order_by("-failed_at")
    payloads = failed.values_list("payload", flat=True)[:_FAILED_LOOKED_AT]
    given_up = {pk for payload in payloads for pk in notify.ids_of(payload)}
    # Compared here: it may be all of a national audience, and too many for a statement.
    unsent = own.filter(sent_at__isnull=True, bounced_at__isnull=True).values_list("pk", flat=True)
    return MailLog(
        promised=mails["promised"],
        sent=mails["sent"],
        returned=mails["returned"],
        given_up=len(given_up.intersection(unsent)) if given_up else 0,
        held=ways.get(BulletinRecipient.Mail.HELD, 0),
        digest=ways.get(BulletinRecipient.Mail.DIGEST, 0),
        muted=ways.get(BulletinRecipient.Mail.MUTED, 0),
        dropped=ways.get(BulletinRecipient.Mail.DROPPED, 0),
    )


def returned(bulletin: Bulletin) -> list[ReturnedMail]:
    """Every message about it that came back, of any kind, the newest RETURNED_SHOWN. Three queries; for the issuing side."""
    own = OutgoingMail.objects.filter(key__startswith=mail_keys.prefix(bulletin.pk), bounced_at__isnull=False)
    mails = list(own.select_related("recipient").order_by("-bounced_at", "-pk")[:RETURNED_SHOWN])
    people = {mail.recipient_id for mail in mails if mail.recipient_id is not None}
    concerned = BulletinPlace.objects.filter(bulletin=bulletin).values("organisation_id")
    memberships = Membership.objects.filter(user_id__in=people, organisation_id__in=concerned)
    organisations: dict[UUID, list[str]] = {}
    for person, name in memberships.order_by("organisation__name").values_list("user_id", "organisation__name"):
        organisations.setdefault(person, []).append(name)
    read = set(
        BulletinRecipient.objects.filter(bulletin=bulletin, user_id__in=people, read_at__isnull=False).values_list(
            "user_id", flat=True
        )
    )
    return [_returned(mail, organisations, read) for mail in mails]


def _returned(mail: OutgoingMail, organisations: Mapping[UUID, list[str]], read: set[UUID]) -> ReturnedMail:
    person = mail.recipient
    assert mail.bounced_at is not None  # noqa: S101 - by the filter
    return ReturnedMail(
        # An account that is gone leaves its address to the operators alone.
        name=person.name if person is not None else "",
        organisations=tuple(organisations.get(person.pk, ())) if person is not None else (),
        subject=mail.subject,
        when=mail.bounced_at,
        why=bounces.words(mail.bounce_code),
        reads=person is not None and person.pk in read,
    )


def places(user: User, bulletin: Bulletin, *, state: str = "", after: str = "") -> keyset.Page[BulletinPlace]:
    found = within(user, bulletin).select_related("organisation", "area", "venue", "event", "project", "answer")
    if state in FILTERS:
        found = found.filter(FILTERS[state])
    return keyset.page(found, order=_ORDER, after=after)


def stages_of(bulletin: Bulletin) -> dict[str, int]:
    """How many organisations were chased at each stage."""
    return dict(BulletinChase.objects.filter(bulletin=bulletin).values_list("stage").annotate(Count("pk")).order_by())


def _people(bulletin: Bulletin) -> dict[str, tuple[int, int]]:
    """By where their message is: how many, and how many of them have read it."""
    rows = BulletinRecipient.objects.filter(bulletin=bulletin).values_list("mail")
    counted = rows.annotate(told=Count("pk"), opened=Count("pk", filter=Q(read_at__isnull=False))).order_by()
    return {way: (count, read) for way, count, read in counted}


def _addressing(bulletin: Bulletin) -> bool:
    """Whether a worker is still at it."""
    jobs = OutboxJob.objects.filter(key__startswith=f"bulletin:{bulletin.pk}:deliver:")
    return jobs.filter(done_at__isnull=True, failed_at__isnull=True).exists()
