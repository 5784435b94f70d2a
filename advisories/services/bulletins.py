"""Writing, approving, publishing, updating and retracting bulletins."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import PoliceArea, User
from advisories.domain import audience as audiences
from advisories.domain import bulletins as rules
from advisories.domain import tlp
from advisories.domain.audience import Audience
from advisories.models import Bulletin
from advisories.notifications import bulletins as messages
from advisories.policies import bulletins as policies
from advisories.services import delivery, papers
from advisories.services._moves import move_bulletin
from core import audit, notify, outbox
from core.domain.faults import FaultsError
from core.errors import Conflict, IllegalMove, Incomplete, InvalidInput

__all__ = [
    "BulletinInput",
    "approval_mark",
    "approve",
    "begin_update",
    "change",
    "discard",
    "draft",
    "input_of",
    "publish",
    "publish_due",
    "reopen",
    "retract",
    "send_back",
    "submit",
]

_LIMITS: Final = {"title": 160, "body": 8000, "instruction": 4000, "question": 300}
_REASON_LIMIT: Final = 2000
_CHOICES: Final = {
    "tlp": tlp.ORDER,
    "severity": rules.SEVERITIES,
    "urgency": rules.URGENCIES,
    "certainty": rules.CERTAINTIES,
    "category": rules.CATEGORIES,
    "status": rules.STATUSES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinInput:
    """What an author says. Codes are those of CAP 1.2; `question` opens a temporary criterion."""

    title: str
    body: str
    instruction: str = ""
    tlp: str = tlp.DEFAULT
    severity: str
    urgency: str
    certainty: str
    category: str = "Security"
    status: str = rules.ACTUAL
    audience: Audience = field(default_factory=Audience)
    question: str = ""
    due_at: datetime | None = None
    expires_at: datetime | None = None
    publish_at: datetime | None = None


def draft(*, actor: User, area_code: str, data: BulletinInput) -> Bulletin:
    """`area_code` empty: national. Raises InvalidInput with the field's name."""
    clean = _checked(data, area_code)
    with transaction.atomic():
        policies.can_draft(actor, area_code, fresh=True).require()
        area = PoliceArea.objects.get(pk=area_code) if area_code else None
        bulletin = Bulletin(area=area, drafted_by=actor, listed_at=timezone.now())
        _fill(bulletin, clean)
        bulletin.save(force_insert=True)
        _record(actor, "bulletin.drafted", bulletin)
        return bulletin


def change(*, actor: User, bulletin_id: UUID, data: BulletinInput) -> Bulletin:
    """The author alone, and only a draft: what waits for approval is taken back first (`reopen`)."""
    with transaction.atomic():
        bulletin = _locked(bulletin_id)
        policies.can_edit(actor, bulletin, fresh=True).require()
        if bulletin.state != rules.DRAFT:
            raise IllegalMove(_("Only a draft can be changed. Take this advisory back first."))
        clean = _checked(data, bulletin.area_id or "")
        if bulletin.replaces is not None and clean.status != bulletin.replaces.status:
            raise InvalidInput(_("An update of an exercise is an exercise, and of a real advisory real."), "status")
        _fill(bulletin, clean)
        bulletin.listed_at = timezone.now()
        bulletin.save()
        _record(actor, "bulletin.changed", bulletin)
        return bulletin


def submit(*, actor: User, bulletin_id: UUID) -> Bulletin:
    """To a second person where severity or marking ask for one; else it is ready. The approvers are told."""
    with transaction.atomic():
        bulletin = _locked(bulletin_id)
        policies.can_edit(actor, bulletin, fresh=True).require()
        _check_times(bulletin, timezone.now())
        bulletin.needs_approval = rules.needs_second_person(
            severity=bulletin.severity, marking=bulletin.tlp, mark=approval_mark()
        )
        bulletin.content_hash = content_hash(bulletin)
        bulletin.sent_back_reason = ""
        move_bulletin(bulletin, "submit" if bulletin.needs_approval else "settle")
        bulletin.listed_at = timezone.now()
        bulletin.save()
        event = _record(actor, "bulletin.submitted", bulletin, {"needs_approval": bulletin.needs_approval})
        if bulletin.needs_approval:
            for person in messages.approvers_of(bulletin):
                key = f"bulletin:{bulletin.pk}:approve:{event}:{person.pk}"
                notify.send(to=person, message=messages.awaiting_approval(bulletin), key=key)
        return bulletin


def approve(*, actor: User, bulletin_id: UUID, expected_hash: str) -> Bulletin:
    """`expected_hash`: of the text that the approver read. Raises Conflict when it was changed meanwhile."""
    with transaction.atomic():
        bulletin = _locked(bulletin_id)
        policies.can_approve(actor, bulletin, fresh=True).require()
        move_bulletin(bulletin, "approve")
        if bulletin.content_hash != expected_hash:
            raise Conflict(_("The author changed this advisory while you read it. Read it again."), bulletin)
        bulletin.approved_by, bulletin.approved_at = actor, timezone.now()
        bulletin.save(update_fields=["state", "approved_by", "approved_at"])
        event = _record(actor, "bulletin.approved", bulletin)
        key = f"bulletin:{bulletin.pk}:approved:{event}"
        notify.send(to=bulletin.drafted_by, message=messages.approved(bulletin), key=key)
        return bulletin


def send_back(*, actor: User, bulletin_id: UUID, reason: str) -> Bulletin:
    reason = _reason(reason)
    with transaction.atomic():
        bulletin = _locked(bulletin_id)
        policies.can_approve(actor, bulletin, fresh=True).require()
        move_bulletin(bulletin, "send_back")
        bulletin.sent_back_reason = reason
        bulletin.save(update_fields=["state", "sent_back_reason"])
        event = _record(actor, "bulletin.sent_back", bulletin, {"reason_length": len(reason)})
        key = f"bulletin:{bulletin.pk}:sent-back:{event}"
        notify.send(to=bulletin.drafted_by, message=messages.sent_back(bulletin), key=key)
        return bulletin


def reopen(*, actor: User, bulletin_id: UUID) -> Bulletin:
    """Back into the author's hands; an approval is of a text and ends with it."""
    with transaction.atomic():
        bulletin = _locked(bulletin_id)
        policies.can_edit(actor, bulletin, fresh=True).require()
        return _give_back(actor, bulletin)


def discard(*, actor: User, bulletin_id: UUID) -> Bulletin:
    with transaction.atomic():
        bulletin = _locked(bulletin_id)
        policies.can_edit(actor, bulletin, fresh=True).require()
        move_bulletin(bulletin, "discard")
        bulletin.save(update_fields=["state"])
        _record(actor, "bulletin.discarded", bulletin)
        return bulletin


def publish(*, actor: User, bulletin_id: UUID, now_please: bool = False) -> Bulletin:
    """At its own time where one is set, at once where none is or `now_please` says so. The worker does the addressing."""
    with transaction.atomic():
        bulletin = _locked(bulletin_id)
        policies.can_issue(actor, bulletin, fresh=True).require()
        now = timezone.now()
        if bulletin.publish_at is not None and bulletin.publish_at > now and not now_please:
            move_bulletin(bulletin, "schedule")
            bulletin.save(update_fields=["state"])
            _record(actor, "bulletin.scheduled", bulletin)
            return bulletin
        return _publish(actor, bulletin, now)


def publish_due(*, now: datetime) -> int:
    """What is scheduled and whose time has come; how many. Run twice at once, each is published once.

    One transaction each. An update of what was retracted meanwhile goes back to its author.
    """
    due: QuerySet[Bulletin] = Bulletin.objects.filter(state=rules.SCHEDULED, publish_at__lte=now)
    published = 0
    for pk in list(due.order_by("publish_at", "pk").values_list("pk", flat=True)[:100]):
        with transaction.atomic():
            locked = due.filter(pk=pk).select_for_update(of=("self",), skip_locked=True).first()
            if locked is None:
                continue
            if _is_overtaken(locked):
                _give_back(None, locked)
                continue
            _publish(None, locked, now, late=True)
            published += 1
    return published


def begin_update(*, actor: User, bulletin_id: UUID) -> Bulletin:
    """A new draft with the words of the published one, which it takes the place of once it is published itself."""
    with transaction.atomic():
        old = _locked(bulletin_id)
        policies.can_issue(actor, old, fresh=True).require()
        if old.state != rules.PUBLISHED:
            raise IllegalMove(_("Only a published advisory can be updated."))
        known = Bulletin.objects.filter(replaces=old).exclude(state=rules.DISCARDED).first()
        if known is not None:
            raise Conflict(_("An update of this advisory is already being written."), known)
        values = {name: getattr(old, name) for name in _CONTENT if name not in {"due_at", "publish_at"}}
        bulletin = Bulletin(area=old.area, drafted_by=actor, listed_at=timezone.now(), replaces=old, **values)
        bulletin.save(force_insert=True)
        _record(actor, "bulletin.update_begun", bulletin, {"replaces": old.pk})
        return bulletin


def retract(*, actor: User, bulletin_id: UUID, reason: str) -> Bulletin:
    """One person may: what is wrong must stop at once. Everybody who got it, or an earlier version, is told."""
    reason = _reason(reason)
    with transaction.atomic():
        bulletin = _locked(bulletin_id)
        policies.can_issue(actor, bulletin, fresh=True).require()
        move_bulletin(bulletin, "retract")
        bulletin.retracted_by, bulletin.retracted_at = actor, timezone.now()
        bulletin.retraction_reason = reason
        bulletin.save(update_fields=["state", "retracted_by", "retracted_at", "retraction_reason"])
        digest = hashlib.sha256(reason.encode()).hexdigest()
        _record(actor, "bulletin.retracted", bulletin, {"reason_length": len(reason), "reason_sha256": digest})
        outbox.enqueue(
            kind="bulletin.retract",
            key=f"bulletin:{bulletin.pk}:retract:",
            payload={"bulletin": str(bulletin.pk)},
            rank=delivery.rank_of(bulletin),
        )
        papers.promise(bulletin)
        return bulletin


_CONTENT: Final = (
    "title",
    "body",
    "instruction",
    "tlp",
    "severity",
    "urgency",
    "certainty",
    "category",
    "status",
    "audience",
    "question",
    "due_at",
    "expires_at",
    "publish_at",
)


def approval_mark() -> str:
    return str(settings.ADVISORY_APPROVAL_SEVERITY)


def content_hash(bulletin: Bulletin) -> str:
    """SHA-256 over the canonical JSON of everything that an approver approves."""
    parts = {name: getattr(bulletin, name) for name in _CONTENT}
    text = audit.canonical({**parts, "area": bulletin.area_id or "", "replaces": bulletin.replaces_id or ""})
    return hashlib.sha256(text.encode()).hexdigest()


def _publish(actor: User | None, bulletin: Bulletin, now: datetime, *, late: bool = False) -> Bulletin:
    if not late:
        _check_times(bulletin, now)
    move_bulletin(bulletin, "publish")
    bulletin.published_at = bulletin.listed_at = now
    if bulletin.due_at is not None and bulletin.due_at <= now:
        # Scheduled, and published only after its due time: nobody is chased for what they could not know.
        bulletin.due_at = None
    if bulletin.replaces_id is not None:
        _supersede(bulletin.replaces_id)
    bulletin.content_hash = content_hash(bulletin)
    bulletin.save()
    _record(actor, "bulletin.published", bulletin, {"tlp": bulletin.tlp, "sha256": bulletin.content_hash})
    outbox.enqueue(
        kind="bulletin.deliver",
        key=f"bulletin:{bulletin.pk}:deliver:",
        payload={"bulletin": str(bulletin.pk)},
        rank=delivery.rank_of(bulletin),
    )
    papers.promise(bulletin)
    return bulletin


def _give_back(actor: User | None, bulletin: Bulletin) -> Bulletin:
    move_bulletin(bulletin, "reopen")
    bulletin.approved_by = bulletin.approved_at = None
    bulletin.content_hash = ""
    bulletin.save(update_fields=["state", "approved_by", "approved_at", "content_hash"])
    _record(actor, "bulletin.reopened", bulletin)
    return bulletin


def _is_overtaken(bulletin: Bulletin) -> bool:
    return Bulletin.objects.filter(updates=bulletin).exclude(state=rules.PUBLISHED).exists()


def _supersede(bulletin_id: UUID) -> None:
    old = _locked(bulletin_id)
    if old.state == rules.RETRACTED:
        raise IllegalMove(_("The advisory that this one updates has been retracted. Discard this and write a new one."))
    move_bulletin(old, "supersede")
    old.save(update_fields=["state"])
    papers.promise(old)


def _locked(bulletin_id: UUID) -> Bulletin:
    return (
        Bulletin.objects.select_for_update(of=("self",))
        .select_related("area", "replaces", "drafted_by")
        .get(pk=bulletin_id)
    )


def _fill(bulletin: Bulletin, data: BulletinInput) -> None:
    for name in _CONTENT:
        value = getattr(data, name)
        setattr(bulletin, name, value.as_json() if isinstance(value, Audience) else value)


def _checked(data: BulletinInput, area_code: str) -> BulletinInput:
    """Clean words and known codes; an area's audience is that area, said or not."""
    words = {name: _clean(getattr(data, name), one_line=name in {"title", "question"}) for name in _LIMITS}
    for name, limit in _LIMITS.items():
        if len(words[name]) > limit:
            raise InvalidInput(_("Use %(limit)s characters or fewer.") % {"limit": limit}, name)
    if not words["title"]:
        raise InvalidInput(_("Enter a title."), "title")
    if not words["body"]:
        raise InvalidInput(_("Say what is known."), "body")
    for name, known in _CHOICES.items():
        if getattr(data, name) not in known:
            raise InvalidInput(_("Select one of those to choose from."), name)
    return replace(
        data,
        title=words["title"],
        body=words["body"],
        instruction=words["instruction"],
        question=words["question"],
        audience=_checked_audience(data.audience, area_code),
    )


def _checked_audience(audience: Audience, area_code: str) -> Audience:
    if area_code and not audience.areas:
        audience = replace(audience, areas=(area_code,))
    try:
        audience = audiences.parse(audience.as_json())
    except FaultsError as error:
        raise InvalidInput(str(error.faults[0]), "audience") from error
    for fault in audiences.author_faults(audience, area=area_code):
        raise InvalidInput(fault.message, fault.place)
    if PoliceArea.objects.filter(pk__in=audience.areas).count() != len(audience.areas):
        raise InvalidInput(_("There is no such police area."), "areas")
    return audience


def _check_times(bulletin: Bulletin, now: datetime) -> None:
    starts = max(now, bulletin.publish_at or now)
    wrong = [
        words
        for at, words in (
            (bulletin.due_at, _("The time to acknowledge by must be after the advisory is published.")),
            (bulletin.expires_at, _("The end of the advisory must be after it is published.")),
        )
        if at is not None and at <= starts
    ]
    if wrong:
        raise Incomplete(_("The times of this advisory have to be put right before it goes on."), wrong)


def _clean(text: str, *, one_line: bool) -> str:
    """Without control characters, which no XML can say; line ends are the system's own."""
    kept = "".join(
        c for c in text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ") if c in "\n\t" or c.isprintable()
    )
    return " ".join(kept.split()) if one_line else kept.strip()


def _reason(reason: str) -> str:
    clean = _clean(reason, one_line=False)
    if not clean:
        raise InvalidInput(_("Say why."), "reason")
    if len(clean) > _REASON_LIMIT:
        raise InvalidInput(_("Use %(limit)s characters or fewer.") % {"limit": _REASON_LIMIT}, "reason")
    return clean


def _record(actor: User | None, action: str, bulletin: Bulletin, extra: Mapping[str, object] | None = None) -> int:
    """The number of the event, by which a mail about this very step is known."""
    facts = {"state": bulletin.state, "exercise": bulletin.is_exercise, **(extra or {})}
    return audit.record(actor=actor, action=action, target=bulletin, case=f"bulletin:{bulletin.pk}", facts=facts).seq


def input_of(bulletin: Bulletin) -> BulletinInput:
    """What a stored bulletin says, to be changed in a part."""
    values = {name: getattr(bulletin, name) for name in _CONTENT if name != "audience"}
    return BulletinInput(**values, audience=audiences.parse(bulletin.audience))
