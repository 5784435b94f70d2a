"""All standing certificates of an organisation as one ZIP: asked for by a member, packed by the worker, kept for a week."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from certification.domain import bundles
from certification.models import Bundle, Certificate
from certification.policies import certificate_files as policies
from certification.selectors.bundles import Entry, entries, standing
from certification.selectors.certificates import kind_of
from core import audit, csv_cells, outbox, storage
from core.errors import IllegalMove

KEPT: Final = timedelta(days=7)
# Certificates between two words on how far it has come.
_REPORT: Final = 25
_BATCH: Final = 100
# The first date that a ZIP knows: when an entry was packed tells nobody anything.
_UNDATED: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Opened:
    name: str
    size: int
    chunks: Iterator[bytes]


def request(*, actor: User, organisation_id: UUID, kind: str) -> Bundle:
    """The one that is open already, if there is one. Raises IllegalMove when no certificate stands."""
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation_id)
        policies.can_bundle(actor, organisation_id, fresh=True).require()
        known = Bundle.objects.filter(organisation=organisation, kind=kind, state__in=bundles.OPEN).first()
        if known is not None:
            return known
        total = standing(organisation_id, today=timezone.localdate()).count()
        if not total:
            raise IllegalMove(_("There is nothing to download: no certificate of this organisation is in force."))
        bundle = Bundle.objects.create(
            organisation=organisation, kind=kind, requested_by=actor, requested_at=timezone.now(), total=total
        )
        audit.record(
            actor=actor,
            action="bundle.requested",
            target=bundle,
            facts={"kind": kind, "certificates": total},
            case=_case(bundle),
        )
        outbox.enqueue(kind="certificates.bundle", key=f"bundle:{bundle.pk}", payload={"bundle": str(bundle.pk)})
        return bundle


def make(payload: Mapping[str, str]) -> None:
    """Outbox handler of `certificates.bundle`.

    Packed in one go outside any transaction, under a name of the bundle's own: a worker that was killed leaves nothing
    that anybody could open, and the next one begins anew. Who comes second finds the row settled and stops.
    """
    bundle = _start(UUID(payload["bundle"]))
    if bundle is None:
        return
    name = f"bundles/{bundle.pk}.zip"
    packing = _Packing(bundle)
    storage.write(name, packing.chunks())
    _finish(bundle.pk, name, packing)
    if not packing.done:
        storage.delete(name)


def _start(bundle_id: UUID) -> Bundle | None:
    with transaction.atomic():
        bundle = Bundle.objects.select_for_update(of=("self",)).get(pk=bundle_id)
        if bundle.state not in bundles.OPEN:
            return None
        _move(bundle, "start")
        bundle.total = standing(bundle.organisation_id, today=timezone.localdate()).count()
        bundle.done = 0
        bundle.save(update_fields=["state", "total", "done"])
        return bundle


def _finish(bundle_id: UUID, name: str, packing: _Packing) -> None:
    now = timezone.now()
    with transaction.atomic():
        bundle = Bundle.objects.select_for_update(of=("self",)).get(pk=bundle_id)
        if bundle.state != bundles.MAKING:
            return
        bundle.total = bundle.done = packing.done
        bundle.finished_at = now
        if packing.done:
            _move(bundle, "finish")
            bundle.name, bundle.size, bundle.expires_at = name, packing.size, now + KEPT
        else:
            _move(bundle, "fail")
        bundle.save()
        facts = {"kind": bundle.kind, "certificates": packing.done, "size": packing.size, "state": bundle.state}
        audit.record(actor=None, action="bundle.made", target=bundle, facts=facts, case=_case(bundle))


def _move(bundle: Bundle, action: str) -> None:
    after = bundles.after(bundle.state, action)
    if after is None:
        raise IllegalMove(_("This download is %(state)s.") % {"state": bundle.get_state_display()})
    bundle.state = after


def _case(bundle: Bundle) -> str:
    return f"accounts.organisation:{bundle.organisation_id}"


def open_for(*, actor: User, bundle_id: UUID) -> Opened:
    """Chunk by chunk, and a line on the organisation's trail. Raises IllegalMove for one that is not there."""
    with transaction.atomic():
        bundle = Bundle.objects.select_for_update(of=("self",)).get(pk=bundle_id)
        policies.can_view(actor, bundle, fresh=True).require()
        if bundle.state != bundles.READY or not storage.exists(bundle.name):
            raise IllegalMove(
                _("This download is %(state)s. Ask for a new one.") % {"state": bundle.get_state_display()}
            )
        audit.record(
            actor=actor,
            action="bundle.downloaded",
            target=bundle,
            facts={"kind": bundle.kind, "certificates": bundle.done},
            case=_case(bundle),
        )
    name = f"{bundle.kind}-{bundle.requested_at:%Y-%m-%d}.zip"
    return Opened(name, bundle.size, storage.read(bundle.name))


def expire(*, now: datetime) -> int:
    """Delete what is over a week old; how many. The file goes first: killed in between, the next night finds the row."""
    gone = 0
    due = Bundle.objects.filter(state=bundles.READY, expires_at__lte=now).order_by("expires_at", "id")
    while found := list(due[:_BATCH]):
        for each in found:
            storage.delete(each.name)
            with transaction.atomic():
                bundle = Bundle.objects.select_for_update(of=("self",)).get(pk=each.pk)
                if bundle.state == bundles.READY:
                    _move(bundle, "expire")
                    bundle.save(update_fields=["state"])
                    gone += 1
    return gone


class _Packing:
    """A ZIP as it grows, to be written as it comes: never whole in memory. PDFs are packed already, so they are stored."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self.done = self.size = 0

    def chunks(self) -> Iterator[bytes]:
        pipe = _Pipe()
        rows: list[Entry] = []
        with zipfile.ZipFile(pipe, "w") as archive:
            for entry in entries(self._bundle.organisation_id, self._bundle.kind, today=timezone.localdate()):
                archive.writestr(_named(_file_of(entry, self._bundle.kind)), storage.read_all(entry.paper.name))
                rows.append(entry)
                self._count()
                yield from self._out(pipe)
            archive.writestr(_named("index.csv"), _index(rows, self._bundle.kind), zipfile.ZIP_DEFLATED)
            archive.writestr(_named("README.txt"), _readme(self._bundle, len(rows)))
        yield from self._out(pipe)

    def _count(self) -> None:
        self.done += 1
        if self.done % _REPORT == 0:
            Bundle.objects.filter(pk=self._bundle.pk, state=bundles.MAKING).update(done=self.done)

    def _out(self, pipe: _Pipe) -> Iterator[bytes]:
        piece = pipe.take()
        self.size += len(piece)
        yield piece


class _Pipe(io.RawIOBase):
    """Written to by the archive, emptied by whoever stores it. It cannot be wound back, and the archive is told so."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # narrower than "any buffer", which nobody passes
        self._held += data
        return len(data)

    def take(self) -> bytes:
        piece = bytes(self._held)
        self._held.clear()
        return piece


def _named(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _UNDATED)
    info.external_attr = 0o644 << 16
    return info


def _file_of(entry: Entry, kind: str) -> str:
    """By number alone: names of places may hold what a file system refuses, and are in the index."""
    number = entry.certificate.number
    return f"posters/{number}-poster.pdf" if kind == Bundle.Kind.POSTERS else f"certificates/{number}.pdf"


def _index(rows: list[Entry], kind: str) -> bytes:
    header = [
        _("Number"),
        _("For"),
        _("Place"),
        _("Kind"),
        _("Police area"),
        _("State"),
        _("Valid from"),
        _("Valid until"),
        _("Conditions outstanding"),
        _("File"),
        _("SHA-256 of the file"),
    ]
    return csv_cells.table(header, [_row(entry, kind) for entry in rows])


def _row(entry: Entry, kind: str) -> list[object]:
    certificate: Certificate = entry.certificate
    return [
        certificate.number,
        certificate.subject_name,
        certificate.subject_place,
        kind_of(certificate),
        certificate.area.name,
        certificate.get_state_display(),
        certificate.valid_from.isoformat(),
        certificate.valid_until.isoformat(),
        entry.outstanding,
        _file_of(entry, kind),
        entry.paper.sha256,
    ]


def _readme(bundle: Bundle, count: int) -> str:
    words = _(
        "%(service)s\n\n"
        "%(count)s certificates of %(organisation)s that were in force or suspended on %(day)s.\n"
        "index.csv lists them: open it with any spreadsheet. Dates are year-month-day.\n\n"
        "A file says what was certified, not whether it still holds. Check each at\n%(check)s\n\n"
        'Pages headed "Not for display" list what is still to be done. Keep them with the plan.\n'
    )
    return words % {
        "service": settings.SERVICE_NAME,
        "count": count,
        "organisation": bundle.organisation.name,
        "day": timezone.localdate().isoformat(),
        "check": settings.SITE_URL + reverse("certification:check"),
    }
