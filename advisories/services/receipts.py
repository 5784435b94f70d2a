"""What people do with a bulletin: read, acknowledge, say that it is done or does not apply; chasing those who did not."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import authority
from advisories.domain import bulletins as rules
from advisories.models import Bulletin, BulletinAnswer, BulletinFile, BulletinPlace, BulletinRecipient
from advisories.notifications import bulletins as messages
from advisories.policies import bulletins as policies
from advisories.services._moves import move_place
from core import audit, notify, outbox, scanner, storage, uploads
from core.errors import Conflict, IllegalMove, InvalidInput
from core.uploads import vaulting

__all__ = [
    "Upload",
    "acknowledge",
    "answer_question",
    "complete",
    "dismiss",
    "open_file",
    "read",
    "rescan_held",
    "scan",
]

_NOTE_LIMIT: Final = 2000
_ACCOUNT_LIMIT: Final = 4000
_HIGHEST_LEVEL: Final = 4
MOST_FILES: Final = 5


@dataclass(frozen=True, slots=True)
class Upload:
    """`name` is the user's own for the file."""

    content: BinaryIO
    name: str


def read(*, actor: User, bulletin_id: UUID) -> None:
    """That the person has had it before their eyes; the first time counts. For a reader without a part it does nothing.

    No audit event: the rows say who and when, and a hundred thousand readers would wait for one chain.
    """
    now = timezone.now()
    with transaction.atomic():
        bulletin = Bulletin.objects.get(pk=bulletin_id)
        policies.can_view(actor, bulletin, fresh=True).require()
        BulletinRecipient.objects.filter(bulletin=bulletin, user=actor, read_at__isnull=True).update(read_at=now)
        own = list(authority(actor).organisations)
        BulletinPlace.objects.filter(bulletin=bulletin, organisation_id__in=own, read_at__isnull=True).update(
            read_at=now
        )


def acknowledge(*, actor: User, bulletin_id: UUID, place_ids: Sequence[int] | None = None) -> int:
    """For the places named, or all that the person may answer for and nobody has yet; how many were acknowledged now."""
    with transaction.atomic():
        bulletin = _answerable(bulletin_id)
        found = BulletinPlace.objects.filter(bulletin=bulletin)
        if place_ids is not None:
            places = _locked(found.filter(pk__in=list(place_ids)))
            for place in places:
                policies.can_answer(actor, place, fresh=True).require()
        else:
            who = authority(actor, fresh=True)
            own = [pk for pk in who.organisations if who.can_edit_for(pk)]
            policies.can_answer_any(actor, bulletin).require()
            places = _locked(found.filter(organisation_id__in=own, state=rules.OPEN))
        now = timezone.now()
        for place in places:
            move_place(place, "acknowledge")
            _store_acknowledged(place, actor, now)
        _record_all(actor, "bulletin.acknowledged", bulletin, places)
        return len(places)


def complete(*, actor: User, place_id: int, note: str = "", upload: Upload | None = None) -> BulletinPlace:
    """Done, with a note or a file that shows it. The file is looked at and stored before the transaction."""
    clean = _clean(note, "note", _NOTE_LIMIT)
    if not clean and upload is None:
        raise InvalidInput(_("Say what was done, or add a file that shows it."), "note")
    # Asked twice: here so that a stranger's file is not even read, below under the lock, where it counts.
    policies.can_answer(actor, BulletinPlace.objects.get(pk=place_id), fresh=True).require()
    if upload is None:
        return _answered(actor, place_id, "complete", clean)
    with (
        vaulting.keep(upload.content, name=upload.name, folder=f"advisories/{place_id}") as (inspected, stored),
        transaction.atomic(),
    ):
        place = _answered(actor, place_id, "complete", clean)
        _keep_file(actor, place, inspected, stored)
        return place


def dismiss(*, actor: User, place_id: int, reason: str) -> BulletinPlace:
    clean = _clean(reason, "reason", _NOTE_LIMIT)
    if not clean:
        raise InvalidInput(_("Say why it does not apply."), "reason")
    return _answered(actor, place_id, "dismiss", clean)


def answer_question(*, actor: User, place_id: int, level: int, account: str, expected_version: int) -> BulletinAnswer:
    """To the bulletin's temporary criterion. Raises Conflict when a colleague saved meanwhile; `expected_version` 0: none yet."""
    clean = _clean(account, "account", _ACCOUNT_LIMIT)
    if not 0 <= level <= _HIGHEST_LEVEL:
        raise InvalidInput(_("Select a level from 0 to 4."), "level")
    if not clean:
        raise InvalidInput(_("Say what is in place."), "account")
    with transaction.atomic():
        place = BulletinPlace.objects.select_for_update(of=("self",)).get(pk=place_id)
        policies.can_answer(actor, place, fresh=True).require()
        bulletin = _answerable(place.bulletin_id)
        if not bulletin.question:
            raise IllegalMove(_("This advisory asks nothing of plans."))
        known = BulletinAnswer.objects.filter(place=place).first()
        if (known.version if known else 0) != expected_version:
            raise Conflict(_("A colleague has answered meanwhile. Read their answer, then change it."), known)
        answer = known or BulletinAnswer(place=place, version=0)
        answer.level, answer.account = level, clean
        answer.version += 1
        answer.answered_by, answer.answered_at = actor, timezone.now()
        answer.save()
        _record(actor, "bulletin.question_answered", place, {"level": level, "version": answer.version})
        return answer


def open_file(*, actor: User, file_id: UUID) -> vaulting.OpenedFile:
    """Every opening is on the record. Raises NotPermitted, IllegalMove before a scan found nothing."""
    with transaction.atomic():
        file = BulletinFile.objects.select_related("place").get(pk=file_id)
        policies.can_open_file(actor, file.place, fresh=True).require()
        if file.scan != BulletinFile.Scan.CLEAN:
            raise IllegalMove(_("This file cannot be opened until it has been scanned and nothing was found."))
        _record(actor, "bulletin.file_opened", file.place, {"sha256": file.sha256})
    return vaulting.OpenedFile(file.name, file.content_type, file.size, storage.read(file.storage_name))


def scan(payload: Mapping[str, str]) -> None:
    """Outbox handler. Run twice it changes nothing; a scanner that is down puts the job back."""
    file = BulletinFile.objects.get(pk=payload["file"])
    vaulting.scan(file, lambda verdict: _settle(file.pk, verdict))


def rescan_held(*, now: datetime) -> int:
    """Promises a scan of each file that came while there was no scanner; how many."""
    files = BulletinFile.objects.all()
    return vaulting.promise_scans(files, kind="bulletin.scan", name="file", key="bulletin-file", now=now)


def _answered(actor: User, place_id: int, action: str, note: str) -> BulletinPlace:
    with transaction.atomic():
        place = BulletinPlace.objects.select_for_update(of=("self",)).get(pk=place_id)
        policies.can_answer(actor, place, fresh=True).require()
        _answerable(place.bulletin_id)
        now = timezone.now()
        move_place(place, action)
        place.answered_by, place.answered_at, place.note = actor, now, note
        if place.acknowledged_at is None:
            place.acknowledged_by, place.acknowledged_at = actor, now
        place.read_at = place.read_at or now
        place.save()
        digest = hashlib.sha256(note.encode()).hexdigest()
        _record(actor, f"bulletin.place_{place.state}", place, {"note_length": len(note), "note_sha256": digest})
        return place


def _answerable(bulletin_id: UUID) -> Bulletin:
    bulletin = Bulletin.objects.get(pk=bulletin_id)
    if bulletin.state != rules.PUBLISHED:
        raise IllegalMove(
            _("An advisory that is “%(state)s” is not answered any more.") % {"state": bulletin.get_state_display()}
        )
    return bulletin


def _locked(places: QuerySet[BulletinPlace]) -> list[BulletinPlace]:
    return list(places.select_for_update(of=("self",)).order_by("pk"))


def _store_acknowledged(place: BulletinPlace, actor: User, now: datetime) -> None:
    place.acknowledged_by, place.acknowledged_at = actor, now
    place.read_at = place.read_at or now
    place.save(update_fields=["state", "acknowledged_by", "acknowledged_at", "read_at"])


def _keep_file(actor: User, place: BulletinPlace, inspected: uploads.Inspected, stored: str) -> BulletinFile:
    if BulletinFile.objects.filter(place=place).count() >= MOST_FILES:
        raise InvalidInput(_("There are already %(count)s files here.") % {"count": MOST_FILES}, "file")
    file = BulletinFile.objects.create(
        place=place,
        name=inspected.name,
        content_type=inspected.content_type,
        size=inspected.size,
        sha256=inspected.sha256,
        storage_name=stored,
        uploaded_by=actor,
        uploaded_at=timezone.now(),
    )
    _record(actor, "bulletin.file_attached", place, {"sha256": file.sha256, "size": file.size})
    outbox.enqueue(kind="bulletin.scan", key=f"bulletin-file:{file.pk}:scan", payload={"file": str(file.pk)})
    return file


def _settle(file_id: UUID, verdict: scanner.Verdict | None) -> None:
    """The verdict is stored once: whoever comes second finds the row no longer waiting."""
    with transaction.atomic():
        found = BulletinFile.objects.select_for_update(of=("self",)).select_related("place__bulletin", "uploaded_by")
        file = found.get(pk=file_id)
        if not vaulting.judge(file, verdict, at=timezone.now()):
            return
        file.save(update_fields=["scan", "scanned_at", "scanner"])
        _record(None, "bulletin.file_scanned", file.place, {"scan": file.scan, "scanner": file.scanner})
        if file.scan == BulletinFile.Scan.INFECTED:
            message = messages.file_refused(file.place.bulletin)
            notify.send(to=file.uploaded_by, message=message, key=f"bulletin-file-refused:{file.pk}")


def _clean(text: str, field: str, limit: int) -> str:
    clean = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(clean) > limit:
        raise InvalidInput(_("Use %(limit)s characters or fewer.") % {"limit": limit}, field)
    return clean


def _record(actor: User | None, action: str, place: BulletinPlace, extra: Mapping[str, object]) -> None:
    """In the organisation's chain of this bulletin: thousands of organisations must not wait for one another."""
    case = f"bulletin:{place.bulletin_id.hex}:{place.organisation_id.hex}"
    facts = {"kind": place.kind, "subject": place.subject_id, "state": place.state, **extra}
    audit.record(actor=actor, action=action, target=place, case=case, facts=facts)


def _record_all(actor: User, action: str, bulletin: Bulletin, places: Sequence[BulletinPlace]) -> None:
    organisations = sorted({place.organisation_id for place in places})
    for organisation in organisations:
        ids = [place.pk for place in places if place.organisation_id == organisation]
        case = f"bulletin:{bulletin.pk.hex}:{organisation.hex}"
        audit.record(actor=actor, action=action, target=bulletin, case=case, facts={"places": ids})
