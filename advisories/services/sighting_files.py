"""Pictures and documents of a report: looked at, encrypted, scanned, and only then opened, by those who read the report."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final
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

__all__ = ["OpenedFile", "attach", "open_for", "rescan_held", "scan"]

_PIECE: Final = 256 * 1024
_CHUNK: Final = 200


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """`chunks` is decrypted as it is read."""

    name: str
    content_type: str
    size: int
    chunks: Iterator[bytes]


def attach(*, actor: User, sighting_id: UUID, upload: BinaryIO, name: str) -> SightingFile:
    """Looked at and stored before the transaction, since both are slow. Raises InvalidInput (field `file`)."""
    policies.can_add_file(actor, Sighting.objects.get(pk=sighting_id), fresh=True).require()
    inspected = uploads.inspect(upload, name=name)
    stored = f"sightings/{sighting_id}/{secrets.token_hex(16)}"
    storage.write(stored, iter(lambda: upload.read(_PIECE), b""))
    try:
        return _attach(actor, sighting_id, inspected, stored=stored)
    except BaseException:
        storage.delete(stored)
        raise


def open_for(*, actor: User, file_id: UUID) -> OpenedFile:
    """Every opening is on the record."""
    with transaction.atomic():
        file = SightingFile.objects.select_related("sighting").get(pk=file_id)
        policies.can_read(actor, file.sighting, fresh=True).require()
        if file.scan != SightingFile.Scan.CLEAN:
            raise NotPermitted(_("This file has not been scanned, and nobody can open it yet."))
        _record(actor, "sighting.file_opened", file, {})
    return OpenedFile(selectors.file_name(file), file.content_type, file.size, storage.read(file.storage_name))


def scan(payload: Mapping[str, str]) -> None:
    """Outbox handler of `sighting.scan`. Run twice it changes nothing; a scanner that is down puts the job back."""
    file = SightingFile.objects.get(pk=payload["file"])
    if file.scan not in (SightingFile.Scan.PENDING, SightingFile.Scan.HELD):
        return
    engine = scanner.configured()
    if engine is None:
        _settle(file.pk, None)
        return
    try:
        verdict = engine.scan(storage.read(file.storage_name))
    except scanner.ScannerDown as error:
        raise outbox.TryLater(str(error)) from error
    _settle(file.pk, verdict)


def rescan_held(*, now: datetime) -> int:
    """Promises a scan of each held file, now that there is a scanner; how many. A chunk a transaction."""
    if scanner.configured() is None:
        return 0
    promised, last = 0, None
    held = SightingFile.objects.filter(scan=SightingFile.Scan.HELD).order_by("pk")
    while ids := list((held if last is None else held.filter(pk__gt=last)).values_list("pk", flat=True)[:_CHUNK]):
        with transaction.atomic():
            jobs = {f"sightingfile:{pk}:rescan:{now:%Y%m%d%H}": {"file": str(pk)} for pk in ids}
            outbox.enqueue_all(kind="sighting.scan", jobs=jobs)
        promised, last = promised + len(ids), ids[-1]
    return promised


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
        waiting = file.scan in (SightingFile.Scan.PENDING, SightingFile.Scan.HELD)
        if not waiting or (verdict is None and file.scan == SightingFile.Scan.HELD):
            return
        if verdict is None:
            file.scan = SightingFile.Scan.HELD
        else:
            file.scan = SightingFile.Scan.CLEAN if verdict.clean else SightingFile.Scan.INFECTED
            file.scanned_at, file.scanner = timezone.now(), verdict.scanner
        file.save(update_fields=["scan", "scanned_at", "scanner"])
        _record(None, "sighting.file_scanned", file, {"scan": file.scan, "scanner": file.scanner})
        if file.scan == SightingFile.Scan.INFECTED:
            transaction.on_commit(lambda: storage.delete(file.storage_name))
            notify.send(
                to=file.uploaded_by, message=messages.file_refused(file.sighting), key=f"sightingfile-refused:{file.pk}"
            )


def _record(actor: User | None, action: str, file: SightingFile, extra: Mapping[str, object]) -> None:
    facts = {"sha256": file.sha256, "size": file.size, **extra}
    audit.record(actor=actor, action=action, target=file, case=f"sighting:{file.sighting_id}", facts=facts)
