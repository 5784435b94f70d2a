"""Addressing a bulletin: from an audience to rows and messages, in chunks that may be killed anywhere.

One outbox job a chunk. A chunk is one transaction: it holds the bulletin's lock, writes the places and people that were
not there yet, promises their messages under keys of their own, and promises the next chunk. Killed before its commit it
leaves nothing; run again after it, it finds everything there. A bulletin that was retracted or updated meanwhile is
addressed no further.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, User
from advisories.domain import audience as audiences
from advisories.domain import bulletins as rules
from advisories.domain import mail_keys, mailing
from advisories.domain.audience import KINDS
from advisories.models import Bulletin, BulletinPlace, BulletinPreferences, BulletinRecipient
from advisories.notifications import bulletins as messages
from advisories.selectors import audience as selectors
from core import audit, notify, outbox
from core.notify import Addressed
from core.outbox import Rank

__all__ = ["CHUNK", "deliver", "rank_of", "release_waiting", "retract"]

CHUNK: Final = 500
_SUBSCRIBERS: Final = "subscribers"
_EARLIER: Final = "earlier"
_STAGES: Final = (*KINDS, _SUBSCRIBERS, _EARLIER)
Via = BulletinRecipient.Via
Mail = BulletinRecipient.Mail


def deliver(payload: Mapping[str, str]) -> None:
    """Outbox handler: one chunk of one stage, from the row after `after` on."""
    stage, after = payload.get("stage", _STAGES[0]), payload.get("after", "")
    with transaction.atomic():
        bulletin = Bulletin.objects.select_for_update(of=("self",)).get(pk=payload["bulletin"])
        if bulletin.state != rules.PUBLISHED:
            return
        last = _STEPS[stage](bulletin, stage, after)
        following = (stage, last) if last else (_after(stage), "")
        if following[0]:
            _promise(bulletin, *following)
        else:
            _record(bulletin)


def retract(payload: Mapping[str, str]) -> None:
    """Outbox handler: tells everybody who got it or an earlier version of it, a chunk of people by key.

    Whose first message still waits is not sent it any more, and hears nothing unless they have read it. Quiet hours hold
    for this as for the first, unless it was urgent.
    """
    after = payload.get("after", "")
    with transaction.atomic():
        bulletin = Bulletin.objects.select_for_update(of=("self",)).get(pk=payload["bulletin"])
        found = BulletinRecipient.objects.filter(bulletin_id__in=_chain(bulletin), pk__gt=int(after or 0))
        rows = list(found.exclude(via=Via.EARLIER).select_related("user").order_by("pk")[:CHUNK])
        told = {row.user_id: row.user for row in _who_got_it(rows)}
        _drop_waiting(rows)
        quiet = _quiet(bulletin, list(told.values()))
        _hold(bulletin, quiet)
        message = messages.retracted(bulletin)
        awake = [person for pk, person in told.items() if pk not in quiet]
        mails = [Addressed(person, message, mail_keys.retracted(bulletin.pk, person.pk)) for person in awake]
        notify.send_all(mails, rank=rank_of(bulletin))
        if rows:
            last = str(rows[-1].pk)
            key = f"bulletin:{bulletin.pk}:retract:{last}"
            payload = {"bulletin": str(bulletin.pk), "after": last}
            outbox.enqueue(kind="bulletin.retract", key=key, payload=payload, rank=rank_of(bulletin))


def rank_of(bulletin: Bulletin) -> Rank:
    """What is urgent overtakes whatever else is going out; the rest may be to a whole country."""
    urgent = rules.is_urgent(urgency=bulletin.urgency, severity=bulletin.severity)
    return Rank.URGENT if urgent else Rank.MANY


def release_waiting(*, now: datetime) -> int:
    """The ends of quiet hours and the daily digests that have come; how many rows were settled.

    In chunks of people with a transaction each; what another sweep holds is left to it. What was updated while it
    waited is dropped: the update says more.
    """
    settled = 0
    while done := _release_chunk(now):
        settled += done
    return settled


def _release_chunk(now: datetime) -> int:
    with transaction.atomic():
        waiting = BulletinRecipient.objects.filter(mail__in=[Mail.HELD, Mail.DIGEST], mail_due_at__lte=now)
        people = list(waiting.order_by("mail_due_at", "pk").values_list("user_id", flat=True)[:CHUNK])
        locked = waiting.filter(user_id__in=set(people)).select_for_update(of=("self",), skip_locked=True)
        rows = list(locked.select_related("bulletin", "user").order_by("user_id", "pk"))
        going = [row for row in rows if row.user.is_active and _still_holds(row)]
        notify.send_all([_addressed(row) for row in going if row.mail == Mail.HELD], rank=Rank.MANY)
        notify.send_all(_digests([row for row in going if row.mail == Mail.DIGEST]), rank=Rank.MANY)
        _settle([row.pk for row in going], Mail.PROMISED)
        _settle([row.pk for row in rows if row not in going], Mail.DROPPED)
        return len(rows)


def _still_holds(row: BulletinRecipient) -> bool:
    """A row of a retracted bulletin that is held waits with the retraction: `retract` dropped the others."""
    held_retraction = row.bulletin.state == rules.RETRACTED and row.mail == Mail.HELD
    return row.bulletin.state == rules.PUBLISHED or held_retraction


def _addressed(row: BulletinRecipient) -> Addressed:
    if row.bulletin.state == rules.RETRACTED:
        return Addressed(row.user, messages.retracted(row.bulletin), mail_keys.retracted(row.bulletin_id, row.user_id))
    return Addressed(row.user, messages.published(row.bulletin), mail_keys.published(row.bulletin_id, row.user_id))


def _digests(rows: Sequence[BulletinRecipient]) -> list[Addressed]:
    """One for each person, known by its first row."""
    people: dict[UUID, list[BulletinRecipient]] = {}
    for row in rows:
        people.setdefault(row.user_id, []).append(row)
    return [
        Addressed(own[0].user, messages.digest([row.bulletin for row in own]), f"bulletin-digest:{own[0].pk}")
        for own in people.values()
    ]


def _who_got_it(rows: Iterable[BulletinRecipient]) -> list[BulletinRecipient]:
    """By mail, or because they read it before a mail came."""
    return [row for row in rows if row.user.is_active and (row.mail == Mail.PROMISED or row.read_at is not None)]


def _quiet(bulletin: Bulletin, people: Sequence[User]) -> dict[UUID, datetime]:
    """Who is not to be woken for this now, and until when."""
    if rules.is_urgent(urgency=bulletin.urgency, severity=bulletin.severity):
        return {}
    now = timezone.localtime()
    ends = {pk: mailing.quiet_until(wishes, now) for pk, wishes in _wishes(people).items()}
    return {pk: end for pk, end in ends.items() if end is not None}


def _hold(bulletin: Bulletin, quiet: Mapping[UUID, datetime]) -> None:
    """A row of the retracted version itself carries what waits, also for whoever got an earlier one alone."""
    now = timezone.now()
    BulletinRecipient.objects.bulk_create(
        [
            BulletinRecipient(bulletin=bulletin, user_id=pk, via=Via.EARLIER, mail=Mail.DROPPED, addressed_at=now)
            for pk in quiet
        ],
        ignore_conflicts=True,
    )
    for pk, end in quiet.items():
        BulletinRecipient.objects.filter(bulletin=bulletin, user_id=pk).update(mail=Mail.HELD, mail_due_at=end)


def _settle(ids: Sequence[int], mail: str) -> None:
    if ids:
        BulletinRecipient.objects.filter(pk__in=ids).update(mail=mail, mail_due_at=None)


def _drop_waiting(rows: Iterable[BulletinRecipient]) -> None:
    _settle([row.pk for row in rows if row.mail in {Mail.HELD, Mail.DIGEST}], Mail.DROPPED)


# One chunk of each stage; the answer is where the next one begins, empty when the stage is through ----------------------


def _places(bulletin: Bulletin, kind: str, after: str) -> str:
    audience = audiences.parse(bulletin.audience)
    found = selectors.subjects(kind, audience, today=timezone.localdate())
    if after:
        found = found.filter(pk__gt=after)
    rows = list(found.order_by("pk").values_list("pk", "organisation_id", "area_id")[:CHUNK])
    BulletinPlace.objects.bulk_create(
        [
            BulletinPlace(bulletin=bulletin, organisation_id=organisation, area_id=area, **{f"{kind}_id": pk})
            for pk, organisation, area in rows
        ],
        ignore_conflicts=True,
    )
    people = User.objects.filter(
        is_active=True,
        pk__in=Membership.objects.filter(
            organisation_id__in={organisation for _pk, organisation, _area in rows}, role__in=selectors.TOLD_ROLES
        ).values("user_id"),
    )
    _address(bulletin, list(people), Via.AUDIENCE)
    return str(rows[-1][0]) if len(rows) == CHUNK else ""


def _subscribers(bulletin: Bulletin, _stage: str, after: str) -> str:
    audience = audiences.parse(bulletin.audience)
    found = selectors.subscribers(marking=bulletin.tlp, after=int(after or 0), size=CHUNK)
    wanted = [row.user for row in found if audiences.asked_for(audience, sectors=row.sectors, areas=row.areas)]
    _address(bulletin, wanted, Via.SUBSCRIPTION)
    return str(found[-1].pk) if len(found) == CHUNK else ""


def _earlier(bulletin: Bulletin, _stage: str, after: str) -> str:
    """Whoever got the version before, and is not of this audience, learns that theirs no longer holds, and no more."""
    if bulletin.replaces_id is None:
        return ""
    found = BulletinRecipient.objects.filter(bulletin_id=bulletin.replaces_id, pk__gt=int(after or 0))
    rows = list(found.select_related("user").order_by("pk")[:CHUNK])
    here = set(
        BulletinRecipient.objects.filter(bulletin=bulletin, user_id__in=[row.user_id for row in rows]).values_list(
            "user_id", flat=True
        )
    )
    told = [row for row in _who_got_it(rows) if row.user_id not in here]
    _drop_waiting(rows)
    message = messages.moved_on(bulletin)
    mails = [Addressed(row.user, message, mail_keys.moved(bulletin.pk, row.user_id)) for row in told]
    notify.send_all(mails, rank=rank_of(bulletin))
    return str(rows[-1].pk) if len(rows) == CHUNK else ""


_STEPS: Final = {**dict.fromkeys(KINDS, _places), _SUBSCRIBERS: _subscribers, _EARLIER: _earlier}


def _address(bulletin: Bulletin, people: Sequence[User], via: str) -> None:
    """Each person once, whichever chunk comes to them first; only who is new is promised a message."""
    known = set(BulletinRecipient.objects.filter(bulletin=bulletin, user__in=people).values_list("user_id", flat=True))
    fresh = [person for person in people if person.pk not in known]
    if not fresh:
        return
    wishes = _wishes(fresh)
    now = timezone.now()
    sendings = {
        person.pk: mailing.plan(
            urgency=bulletin.urgency,
            severity=bulletin.severity,
            due=bulletin.due_at,
            wishes=wishes.get(person.pk, mailing.NO_WISHES),
            now=timezone.localtime(now),
        )
        for person in fresh
    }
    BulletinRecipient.objects.bulk_create(
        [
            BulletinRecipient(
                bulletin=bulletin,
                user=person,
                via=via,
                mail=_MAIL[sendings[person.pk].how],
                mail_due_at=sendings[person.pk].at,
                addressed_at=now,
            )
            for person in fresh
        ],
        ignore_conflicts=True,
    )
    message = messages.published(bulletin)
    notify.send_all(
        [
            Addressed(person, message, mail_keys.published(bulletin.pk, person.pk))
            for person in fresh
            if sendings[person.pk].how == mailing.AT_ONCE
        ],
        rank=rank_of(bulletin),
    )


_MAIL: Final = {
    mailing.AT_ONCE: Mail.PROMISED,
    mailing.HELD: Mail.HELD,
    mailing.DIGEST: Mail.DIGEST,
    mailing.MUTED: Mail.MUTED,
}


def _wishes(people: Sequence[User]) -> dict[UUID, mailing.Wishes]:
    rows = BulletinPreferences.objects.filter(user__in=people)
    return {
        row.user_id: mailing.Wishes(row.quiet_from, row.quiet_until, digest=row.digest, mute_minor=row.mute_minor)
        for row in rows
    }


def _promise(bulletin: Bulletin, stage: str, after: str) -> None:
    outbox.enqueue(
        kind="bulletin.deliver",
        key=f"bulletin:{bulletin.pk}:deliver:{stage}:{after}",
        payload={"bulletin": str(bulletin.pk), "stage": stage, "after": after},
        rank=rank_of(bulletin),
    )


def _after(stage: str) -> str:
    number = _STAGES.index(stage) + 1
    return _STAGES[number] if number < len(_STAGES) else ""


def _chain(bulletin: Bulletin) -> list[UUID]:
    """Itself and the versions that it took the place of."""
    found, one = [bulletin.pk], bulletin
    while one.replaces is not None:
        one = one.replaces
        found.append(one.pk)
    return found


def _record(bulletin: Bulletin) -> None:
    facts = {
        "places": BulletinPlace.objects.filter(bulletin=bulletin).count(),
        "people": BulletinRecipient.objects.filter(bulletin=bulletin).count(),
    }
    audit.record(actor=None, action="bulletin.addressed", target=bulletin, case=f"bulletin:{bulletin.pk}", facts=facts)
