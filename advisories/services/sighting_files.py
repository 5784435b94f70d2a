"""Pictures and documents of a report: looked at, encrypted, scanned, and only then opened, by those who read the report."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from advisories.domain import sightings as rules
from advisories.models import Sighting, SightingFile
from advisories.notifications import sightings as messages
from advisories.policies import sightings as policies
from advisories.selectors import sightings as selectors
from core import audit, crypto, notify, outbox, scanner, storage, uploads
from core.errors import InvalidInput, NotPermitted
from core.uploads import vaulting

__all__ = ["attach", "open_for", "rescan_held", "scan"]


def attach(*, actor: User, sighting_id: UUID, upload: BinaryIO, name: str) -> SightingFile:
    """Looked at and stored before the transaction, since both are slow. Raises InvalidInput (field `file`)."""
    policies.can_add_file(actor, Sighting.objects.get(pk=sighting_id), fresh=True).require()
    with vaulting.keep(upload, name=name, folder=f"sightings/{sighting_id}") as (inspected, stored):
        return _attach(actor, sighting_id, inspected, stored=stored)


def open_for(*, actor: User, file_id: UUID) -> vaulting.OpenedFile:
    """Every opening is on the record."""
    with transaction.atomic():
        file = SightingFile.objects.select_related("sighting").get(pk=file_id)
        policies.can_read(actor, file.sighting, fresh=True).require()
        if file.scan != SightingFile.Scan.CLEAN:
            raise NotPermitted(_("This file has not been scanned, and nobody can open it yet."))
        _record(actor, "sighting.file_opened", file, {})
    return vaulting.OpenedFile(selectors.file_name(file), file.content_type, file.size, storage.read(file.storage_name))


def scan(payload: Mapping[str, str]) -> None:
    """Outbox handler of `sighting.scan`. Run twice it changes nothing; a scanner that is down puts the job back."""
    file = SightingFile.objects.get(pk=payload["file"])
    vaulting.scan(file, lambda verdict: _settle(file.pk, verdict))


def rescan_held(*, now: datetime) -> int:
    """Promises a scan of each held file, now that there is a scanner; how many."""
    files = SightingFile.objects.all()
    return vaulting.promise_scans(files, kind="sighting.scan", name="file", key="sightingfile", now=now)


def _attach(actor: User, sighting_id: UUID, file: uploads.Inspected, *, stored: str) -> SightingFile:
    with transaction.atomic():
        sighting = Sighting.objects.select_for_update(of=("self",)).get(pk=sighting_id)
        policies.can_add_file(actor, sighting, fresh=True).require()
        present = SightingFile.objects.filter(sighting=sighting)
        if present.filter(sha256=file.sha256).exists():
            raise InvalidInput(_("This very file is already here."), field="file")
        if present.count() >= rules.MOST_FILES:
            raise InvalidInput(_("There are already %(count)s files here.") % {"count": rules.MOST_FILES}, field="file")
        pk = uuid.uuid4()
        made = SightingFile.objects.create(
            id=pk,
            sighting=sighting,
            sealed_name=crypto.encrypt_text(file.name, about=f"sightingfile:{pk}:name"),
            content_type=file.content_type,
            size=file.size,
            sha256=file.sha256,
            storage_name=stored,
            uploaded_by=actor,
            uploaded_at=timezone.now(),
        )
        _record(actor, "sighting.file_attached", made, {"type": made.content_type})
        outbox.enqueue(kind="sighting.scan", key=f"sightingfile:{pk}:scan", payload={"file": str(pk)})
        return made


def _settle(file_id: UUID, verdict: scanner.Verdict | None) -> None:
    """The verdict is stored once: whoever comes second finds the row no longer waiting."""
    with transaction.atomic():
        file = (
            SightingFile.objects.select_for_update(of=("self",))
            .select_related("sighting", "uploaded_by")
            .get(pk=file_id)
        )
        if not vaulting.judge(file, verdict, at=timezone.now()):
            return
        file.save(update_fields=["scan", "scanned_at", "scanner"])
        _record(None, "sighting.file_scanned", file, {"scan": file.scan, "scanner": file.scanner})
        if file.scan == SightingFile.Scan.INFECTED:
            notify.send(
                to=file.uploaded_by, message=messages.file_refused(file.sighting), key=f"sightingfile-refused:{file.pk}"
            )


def _record(actor: User | None, action: str, file: SightingFile, extra: Mapping[str, object]) -> None:
    facts = {"sha256": file.sha256, "size": file.size, **extra}
    audit.record(actor=actor, action=action, target=file, case=f"sighting:{file.sighting_id}", facts=facts)
