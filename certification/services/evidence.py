"""Evidence files: looked at, encrypted, scanned, and only then opened by anybody."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from certification.models import Evidence, Plan
from certification.notifications import conditions as for_conditions
from certification.notifications import plans as messages
from certification.policies import plans as policies
from certification.selectors import facts as plan_facts
from certification.selectors import snapshots
from certification.selectors.standards import compiled
from certification.services import _editing
from core import audit, notify, outbox, scanner, storage, uploads
from core.errors import InvalidInput

MOST_FILES: Final = 10
CHUNK: Final = 200
_PIECE: Final = 256 * 1024
_LONGEST_NOTE: Final = 240


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """`chunks` is decrypted as it is read."""

    name: str
    content_type: str
    size: int
    chunks: Iterator[bytes]


def attach(*, actor: User, plan_id: UUID, code: str, upload: BinaryIO, name: str, note: str = "") -> Evidence:
    """Looked at and stored before the transaction, since both are slow; a file that nobody may keep is deleted again."""
    # Asked twice: here so that a stranger's file is not even read, below under the lock, where it counts.
    policies.can_edit(actor, Plan.objects.get(pk=plan_id), fresh=True).require()
    clean_note = _clean_note(note)
    with kept(upload, name=name, plan_id=plan_id) as (inspected, stored):
        return _attach(actor, plan_id, code, inspected, stored=stored, note=clean_note)


@contextmanager
def kept(upload: BinaryIO, *, name: str, plan_id: UUID) -> Iterator[tuple[uploads.Inspected, str]]:
    """The file looked at and its name in the vault, where it stays unless the caller's transaction fails."""
    inspected = uploads.inspect(upload, name=name)
    stored = f"evidence/{plan_id}/{secrets.token_hex(16)}"
    storage.write(stored, iter(lambda: upload.read(_PIECE), b""))
    try:
        yield inspected, stored
    except BaseException:
        storage.delete(stored)
        raise


def remove(*, actor: User, evidence_id: UUID) -> Evidence:
    """Takes the file off the plan. What a submission lists is kept, and whoever could open it there still can."""
    plan_id = Evidence.objects.values_list("plan_id", flat=True).get(pk=evidence_id)
    with transaction.atomic():
        plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan_id)
        policies.can_edit(actor, plan, fresh=True).require()
        evidence = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence_id)
        _editing.require_open(plan, evidence.criterion_code)
        if evidence.removed_at is None:
            now = timezone.now()
            evidence.removed_at = now
            evidence.save(update_fields=["removed_at"])
            _editing.touch(plan, at=now)
            _record(actor, "evidence.removed", evidence, {})
        return evidence


def open_for(*, actor: User, evidence_id: UUID) -> OpenedFile:
    """Every opening is on the record. Raises NotPermitted, storage's errors when the file is damaged."""
    with transaction.atomic():
        evidence = Evidence.objects.select_related("plan").get(pk=evidence_id)
        submitted = snapshots.lists_file(evidence.plan_id, evidence.pk)
        policies.can_open_evidence(actor, evidence, submitted=submitted, fresh=True).require()
        _record(actor, "evidence.opened", evidence, {})
    return OpenedFile(evidence.name, evidence.content_type, evidence.size, storage.read(evidence.storage_name))


def scan(payload: Mapping[str, str]) -> None:
    """Outbox handler. Run twice it changes nothing; a scanner that is down puts the job back."""
    evidence = Evidence.objects.get(pk=payload["evidence"])
    if evidence.scan not in (Evidence.Scan.PENDING, Evidence.Scan.HELD):
        return
    engine = scanner.configured()
    if engine is None:
        _settle(evidence.pk, None)
        return
    try:
        verdict = engine.scan(storage.read(evidence.storage_name))
    except scanner.ScannerDown as error:
        raise outbox.TryLater(str(error)) from error
    _settle(evidence.pk, verdict)


def rescan_held(*, now: datetime) -> int:
    """Promises a scan of every held file, now that there is a scanner; how many. Without one it does nothing.

    In chunks with a transaction each. A file whose scan is promised already is left alone, and a key for each hour keeps
    two sweeps at once from promising twice.
    """
    if scanner.configured() is None:
        return 0
    return sum(_promise_scans(ids, now=now) for ids in _held())


def _held() -> Iterator[list[UUID]]:
    held = Evidence.objects.filter(scan=Evidence.Scan.HELD).order_by("uploaded_at", "id")
    found = held
    while rows := list(found.values_list("uploaded_at", "id")[:CHUNK]):
        yield [pk for _at, pk in rows]
        at, last = rows[-1]
        found = held.filter(Q(uploaded_at__gt=at) | Q(uploaded_at=at, id__gt=last), uploaded_at__gte=at)


def _promise_scans(ids: Sequence[UUID], *, now: datetime) -> int:
    names = [str(pk) for pk in ids]
    with transaction.atomic():
        promised = set(outbox.open_values(kind="evidence.scan", name="evidence", values=names))
        jobs = {f"evidence:{pk}:rescan:{now:%Y%m%d%H}": {"evidence": pk} for pk in names if pk not in promised}
        outbox.enqueue_all(kind="evidence.scan", jobs=jobs)
    return len(jobs)


def _attach(actor: User, plan_id: UUID, code: str, file: uploads.Inspected, *, stored: str, note: str) -> Evidence:
    with transaction.atomic():
        plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan_id)
        policies.can_edit(actor, plan, fresh=True).require()
        _require_asked(plan, code)
        _editing.require_open(plan, code)
        _require_room(plan, code, file)
        now = timezone.now()
        evidence = Evidence.objects.create(
            plan=plan,
            criterion_code=code,
            name=file.name,
            content_type=file.content_type,
            size=file.size,
            sha256=file.sha256,
            storage_name=stored,
            note=note,
            uploaded_by=actor,
            uploaded_at=now,
        )
        _editing.touch(plan, at=now)
        _record(actor, "evidence.attached", evidence, {"type": file.content_type})
        outbox.enqueue(kind="evidence.scan", key=f"evidence:{evidence.pk}:scan", payload={"evidence": str(evidence.pk)})
        return evidence


def _require_asked(plan: Plan, code: str) -> None:
    standard = compiled(plan.standard)
    if code not in standard.applicability(plan_facts.facts_of(plan)).codes:
        raise InvalidInput(_("%(code)s is not asked of this plan.") % {"code": code}, field="code")
    if standard.by_code[code].evidence == "none":
        raise InvalidInput(_("No files are asked for here."), field="file")


def _require_room(plan: Plan, code: str, file: uploads.Inspected) -> None:
    present = Evidence.objects.filter(plan=plan, criterion_code=code, removed_at__isnull=True)
    if present.filter(sha256=file.sha256).exists():
        raise InvalidInput(_("This very file is already here."), field="file")
    if present.count() >= MOST_FILES:
        raise InvalidInput(
            _("There are already %(count)s files here. Remove one first.") % {"count": MOST_FILES}, field="file"
        )


def _settle(evidence_id: UUID, verdict: scanner.Verdict | None) -> None:
    """The verdict is stored once: whoever comes second finds the row no longer waiting."""
    with transaction.atomic():
        evidence = (
            Evidence.objects.select_for_update(of=("self",)).select_related("plan", "uploaded_by").get(pk=evidence_id)
        )
        waiting = evidence.scan in (Evidence.Scan.PENDING, Evidence.Scan.HELD)
        if not waiting or (verdict is None and evidence.scan == Evidence.Scan.HELD):
            return
        _write_verdict(evidence, verdict, at=timezone.now())
        _record(None, "evidence.scanned", evidence, {"scan": evidence.scan, "scanner": evidence.scanner})
        if evidence.scan == Evidence.Scan.INFECTED:
            transaction.on_commit(lambda: storage.delete(evidence.storage_name))
            about = evidence.discharge
            message = messages.file_refused(evidence) if about is None else for_conditions.file_refused(about.condition)
            notify.send(to=evidence.uploaded_by, message=message, key=f"evidence-refused:{evidence.pk}")


def _write_verdict(evidence: Evidence, verdict: scanner.Verdict | None, *, at: datetime) -> None:
    if verdict is None:
        evidence.scan = Evidence.Scan.HELD
    else:
        evidence.scan = Evidence.Scan.CLEAN if verdict.clean else Evidence.Scan.INFECTED
        evidence.scanned_at, evidence.scanner = at, verdict.scanner
    evidence.save(update_fields=["scan", "scanned_at", "scanner"])


def _clean_note(note: str) -> str:
    clean = " ".join(note.replace("\x00", "").split())
    if len(clean) > _LONGEST_NOTE:
        raise InvalidInput(_("Use %(limit)s characters or fewer") % {"limit": _LONGEST_NOTE}, field="note")
    return clean


def _record(actor: User | None, action: str, evidence: Evidence, extra: Mapping[str, object]) -> None:
    facts = {"code": evidence.criterion_code, "sha256": evidence.sha256, "size": evidence.size, **extra}
    audit.record(actor=actor, action=action, target=evidence, case=f"plan:{evidence.plan_id}", facts=facts)
