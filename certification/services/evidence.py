"""Evidence files: looked at, encrypted, scanned, and only then opened by anybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import BinaryIO, Final
from uuid import UUID

from django.db import transaction
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
from core.uploads import vaulting

MOST_FILES: Final = 10
_LONGEST_NOTE: Final = 240


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
    with vaulting.keep(upload, name=name, folder=f"evidence/{plan_id}") as found:
        yield found


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


def open_for(*, actor: User, evidence_id: UUID) -> vaulting.OpenedFile:
    """Every opening is on the record. Raises NotPermitted, storage's errors when the file is damaged."""
    with transaction.atomic():
        evidence = Evidence.objects.select_related("plan").get(pk=evidence_id)
        submitted = snapshots.lists_file(evidence.plan_id, evidence.pk)
        policies.can_open_evidence(actor, evidence, submitted=submitted, fresh=True).require()
        _record(actor, "evidence.opened", evidence, {})
    return vaulting.OpenedFile(evidence.name, evidence.content_type, evidence.size, storage.read(evidence.storage_name))


def scan(payload: Mapping[str, str]) -> None:
    """Outbox handler. Run twice it changes nothing; a scanner that is down puts the job back."""
    evidence = Evidence.objects.get(pk=payload["evidence"])
    vaulting.scan(evidence, lambda verdict: _settle(evidence.pk, verdict))


def rescan_held(*, now: datetime) -> int:
    """Promises a scan of every held file, now that there is a scanner; how many."""
    files = Evidence.objects.all()
    return vaulting.promise_scans(files, kind="evidence.scan", name="evidence", key="evidence", now=now)


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
        if not vaulting.judge(evidence, verdict, at=timezone.now()):
            return
        evidence.save(update_fields=["scan", "scanned_at", "scanner"])
        _record(None, "evidence.scanned", evidence, {"scan": evidence.scan, "scanner": evidence.scanner})
        if evidence.scan == Evidence.Scan.INFECTED:
            about = evidence.discharge
            message = messages.file_refused(evidence) if about is None else for_conditions.file_refused(about.condition)
            notify.send(to=evidence.uploaded_by, message=message, key=f"evidence-refused:{evidence.pk}")


def _clean_note(note: str) -> str:
    clean = " ".join(note.replace("\x00", "").split())
    if len(clean) > _LONGEST_NOTE:
        raise InvalidInput(_("Use %(limit)s characters or fewer") % {"limit": _LONGEST_NOTE}, field="note")
    return clean


def _record(actor: User | None, action: str, evidence: Evidence, extra: Mapping[str, object]) -> None:
    facts = {"code": evidence.criterion_code, "sha256": evidence.sha256, "size": evidence.size, **extra}
    audit.record(actor=actor, action=action, target=evidence, case=f"plan:{evidence.plan_id}", facts=facts)
