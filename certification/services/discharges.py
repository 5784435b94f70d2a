"""That a condition is met: the holder says so with files, another officer than the one who signed accepts or sends back."""

from __future__ import annotations

from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from certification.domain import conditions as rules
from certification.models import CertificateCondition, ConditionDischarge, Evidence
from certification.notifications import conditions as messages
from certification.policies import conditions as policies
from certification.services import _conditions, evidence
from certification.services._conditions import move_discharge
from core import audit, outbox, storage, uploads
from core.errors import IllegalMove, InvalidInput
from core.uploads.vaulting import OpenedFile


def attach(*, actor: User, condition_id: int, upload: BinaryIO, name: str) -> Evidence:
    """Begins the discharge if none is being written. Looked at and stored before the transaction, as evidence.attach does."""
    condition = CertificateCondition.objects.select_related("certificate__decision").get(pk=condition_id)
    policies.can_fulfil(actor, condition, fresh=True).require()
    with evidence.kept(upload, name=name, plan_id=condition.certificate.plan_id) as (inspected, stored):
        return _attach(actor, condition_id, inspected, stored)


def write(*, actor: User, condition_id: int, note: str) -> ConditionDischarge:
    """Keeps the words without sending them; empty is allowed."""
    with transaction.atomic():
        condition = _conditions.locked(condition_id)
        policies.can_fulfil(actor, condition, fresh=True).require()
        _conditions.require_open(condition)
        discharge = _draft(condition, actor)
        discharge.note = _note(note) if note.strip() else ""
        discharge.save(update_fields=["note"])
        return discharge


def remove_file(*, actor: User, evidence_id: UUID) -> Evidence:
    """While it is being written alone: what an officer has been shown stays."""
    condition_id = Evidence.objects.values_list("discharge__condition_id", flat=True).get(pk=evidence_id)
    assert condition_id is not None  # noqa: S101 - the caller looked it up by its discharge
    with transaction.atomic():
        condition = _conditions.locked(condition_id)
        policies.can_fulfil(actor, condition, fresh=True).require()
        found = Evidence.objects.select_for_update(of=("self",)).select_related("discharge").get(pk=evidence_id)
        if found.discharge is not None:
            _conditions.require_here(found.discharge, condition)
        if found.discharge is None or found.discharge.state != rules.DRAFT:
            raise IllegalMove(_("This file has been sent to the police and stays with what you sent."))
        if found.removed_at is None:
            found.removed_at = timezone.now()
            found.save(update_fields=["removed_at"])
            _conditions.record(actor, "condition.file_removed", condition, {"sha256": found.sha256})
        return found


def submit(*, actor: User, condition_id: int, note: str) -> ConditionDischarge:
    """To the officers of the area. Raises InvalidInput("note"), IllegalMove when one is with them already."""
    clean = _note(note)
    with transaction.atomic():
        condition = _conditions.locked(condition_id)
        policies.can_fulfil(actor, condition, fresh=True).require()
        _conditions.require_open(condition)
        discharge = _draft(condition, actor)
        files = _settled_files(discharge)
        move_discharge(discharge, "submit")
        discharge.note, discharge.submitted_by, discharge.submitted_at = clean, actor, timezone.now()
        discharge.save(update_fields=["state", "note", "submitted_by", "submitted_at"])
        _record(actor, "condition.discharge_submitted", discharge, {"files": files, **_conditions.fingerprint(clean)})
        _conditions.tell(
            _conditions.judges(condition), messages.submitted(condition), f"discharge:{discharge.pk}:submitted"
        )
        return discharge


def withdraw(*, actor: User, discharge_id: int) -> ConditionDischarge:
    with transaction.atomic():
        discharge = _locked(discharge_id)
        policies.can_fulfil(actor, discharge.condition, fresh=True).require()
        move_discharge(discharge, "withdraw")
        discharge.save(update_fields=["state"])
        _record(actor, "condition.discharge_withdrawn", discharge, {})
        return discharge


def accept(*, actor: User, discharge_id: int) -> ConditionDischarge:
    """The condition is met. With the last one the public check says "in force" and no longer "with conditions"."""
    with transaction.atomic():
        discharge = _locked(discharge_id)
        condition = discharge.condition
        policies.can_decide(actor, discharge, fresh=True).require()
        _conditions.require_open(condition)
        now = timezone.now()
        move_discharge(discharge, "accept")
        discharge.decided_by, discharge.decided_at = actor, now
        discharge.save(update_fields=["state", "decided_by", "decided_at"])
        condition.discharged_at, condition.waiting_until = now, None
        condition.save(update_fields=["discharged_at", "waiting_until"])
        asked = condition.extensions.filter(state=rules.ASKED).first()
        if asked is not None:
            _conditions.move_extension(asked, "lapse")
            asked.save(update_fields=["state"])
        left = condition.certificate.conditions.filter(discharged_at__isnull=True).count()
        _record(actor, "condition.discharged", discharge, {"outstanding": left})
        message = messages.accepted(condition, outstanding=left)
        _conditions.tell(_conditions.holders(condition), message, f"discharge:{discharge.pk}:accepted")
        return discharge


def send_back(*, actor: User, discharge_id: int, reason: str) -> ConditionDischarge:
    """The holder reads the reason and may send in another one. Raises InvalidInput("reason")."""
    clean = _conditions.clean_text(reason, "reason", _("Say what is still missing"))
    with transaction.atomic():
        discharge = _locked(discharge_id)
        policies.can_decide(actor, discharge, fresh=True).require()
        _conditions.require_open(discharge.condition)
        move_discharge(discharge, "send_back")
        discharge.decided_by, discharge.decided_at, discharge.reason = actor, timezone.now(), clean
        discharge.save(update_fields=["state", "decided_by", "decided_at", "reason"])
        _record(actor, "condition.discharge_sent_back", discharge, _conditions.fingerprint(clean))
        message = messages.sent_back(discharge.condition)
        _conditions.tell(_conditions.holders(discharge.condition), message, f"discharge:{discharge.pk}:sent-back")
        return discharge


def open_file(*, actor: User, evidence_id: UUID) -> OpenedFile:
    """Every opening is on the record."""
    with transaction.atomic():
        found = Evidence.objects.select_related("discharge__condition__certificate").get(pk=evidence_id)
        policies.can_open_file(actor, found, fresh=True).require()
        audit.record(
            actor=actor,
            action="evidence.opened",
            target=found,
            facts={"code": found.criterion_code, "sha256": found.sha256, "size": found.size},
            case=f"plan:{found.plan_id}",
        )
    return OpenedFile(found.name, found.content_type, found.size, storage.read(found.storage_name))


def _locked(discharge_id: int) -> ConditionDischarge:
    condition_id = ConditionDischarge.objects.values_list("condition_id", flat=True).get(pk=discharge_id)
    condition = _conditions.locked(condition_id)
    discharge = ConditionDischarge.objects.get(pk=discharge_id)
    _conditions.require_here(discharge, condition)
    return discharge


def _draft(condition: CertificateCondition, actor: User) -> ConditionDischarge:
    """The one being written; raises IllegalMove while one is with the police."""
    found = condition.discharges.filter(state__in=rules.DISCHARGE_OPEN).first()
    if found is None:
        found = condition.discharges.create(begun_by=actor, begun_at=timezone.now())
    if found.state != rules.DRAFT:
        raise IllegalMove(_("You have sent this to the police already. Wait for their answer, or take it back first."))
    found.condition = condition
    return found


def _attach(actor: User, condition_id: int, file: uploads.Inspected, stored: str) -> Evidence:
    with transaction.atomic():
        condition = _conditions.locked(condition_id)
        policies.can_fulfil(actor, condition, fresh=True).require()
        _conditions.require_open(condition)
        discharge = _draft(condition, actor)
        _require_room(discharge, file)
        made = Evidence.objects.create(
            plan_id=condition.certificate.plan_id,
            discharge=discharge,
            criterion_code=condition.criterion_code,
            name=file.name,
            content_type=file.content_type,
            size=file.size,
            sha256=file.sha256,
            storage_name=stored,
            uploaded_by=actor,
            uploaded_at=timezone.now(),
        )
        facts = {"sha256": file.sha256, "size": file.size, "type": file.content_type}
        _record(actor, "condition.file_attached", discharge, facts)
        outbox.enqueue(kind="evidence.scan", key=f"evidence:{made.pk}:scan", payload={"evidence": str(made.pk)})
        return made


def _require_room(discharge: ConditionDischarge, file: uploads.Inspected) -> None:
    present = discharge.evidence.filter(removed_at__isnull=True)
    if present.filter(sha256=file.sha256).exists():
        raise InvalidInput(_("This very file is already here."), field="file")
    if present.count() >= evidence.MOST_FILES:
        raise InvalidInput(
            _("There are already %(count)s files here. Remove one first.") % {"count": evidence.MOST_FILES},
            field="file",
        )


def _settled_files(discharge: ConditionDischarge) -> int:
    """How many go along. One that is refused, or not scanned yet, would reach the officer as a locked door."""
    scans = list(discharge.evidence.filter(removed_at__isnull=True).values_list("scan", flat=True))
    if Evidence.Scan.PENDING in scans:
        raise InvalidInput(_("A file is still being scanned. Try again in a minute."), "file")
    if Evidence.Scan.INFECTED in scans:
        raise InvalidInput(_("A file was refused by the scanner. Remove it first."), "file")
    return len(scans)


def _note(note: str) -> str:
    return _conditions.clean_text(note, "note", _("Say what has been done to meet the condition"))


def _record(actor: User, action: str, discharge: ConditionDischarge, facts: dict[str, object]) -> None:
    _conditions.record(actor, action, discharge.condition, {"discharge": discharge.pk, **facts})
