"""Making a certificate's PDF, once, however often the worker is told to and wherever it is killed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from accounts.selectors import editors_of
from certification import documents
from certification.domain import lifecycle
from certification.models import Certificate, CertificateFile
from certification.notifications import certificates as messages
from certification.services import _carried_conditions, _changes, _standing, _succession, posters, sealing
from certification.services._moves import move_certificate
from core import audit, notify, outbox, pdf, storage
from core.signing.errors import AwaitingKey, KeyUnavailable

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Stored:
    name: str
    sha256: str
    size: int
    seal: sealing.Seal


def render(payload: Mapping[str, str]) -> None:
    """Outbox handler of `certificate.render`.

    The slow part, layout, signature and encryption, happens outside any transaction. Two signatures of one content
    differ, so the file's name holds the hash of what was signed: a worker that was killed after storing it leaves a file
    that the next run takes as it is, or, should the design have changed in between, a file that nothing refers to. Who
    comes second finds the row settled and stops.
    """
    certificate_id = UUID(payload["certificate"])
    if not _wanted(certificate_id):
        return
    stored = _store(certificate_id)
    _issue(certificate_id, stored)


def _wanted(certificate_id: UUID) -> bool:
    """False for what is settled: issued by another run, or revoked or expired before its document was made."""
    certificate = Certificate.objects.get(pk=certificate_id)
    return certificate.state == lifecycle.BEING_ISSUED


def _store(certificate_id: UUID) -> _Stored:
    """Signed or not there at all. Without key or library the decision stands, and the job waits until it is mended."""
    try:
        sealing.make_ready(certificate_id)
        content = pdf.render(documents.certificate_pdf(certificate_id))
        name = f"certificates/{certificate_id}/{hashlib.sha256(content).hexdigest()}.pdf"
        sealed = storage.once(name, lambda: sealing.seal(content))
        seal = sealing.seal_of(sealed)
    except pdf.Unavailable as error:
        raise outbox.TryLater from error
    except KeyUnavailable as error:
        log.warning("certificate.awaits_key", reason=str(error))
        raise AwaitingKey from error
    return _Stored(name, hashlib.sha256(sealed).hexdigest(), len(sealed), seal)


def _issue(certificate_id: UUID, stored: _Stored) -> None:
    now = timezone.now()
    with transaction.atomic():
        certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate_id)
        if certificate.state != lifecycle.BEING_ISSUED:
            return
        if _succession.must_wait(certificate):
            raise outbox.TryLater
        gone = _succession.take_the_place(certificate, at=now)
        _standing.let_go(gone, at=now)
        _changes.go_along(certificate, gone)
        _carried_conditions.go_along(certificate, gone)
        certificate.pdf_name, certificate.pdf_sha256, certificate.pdf_size = stored.name, stored.sha256, stored.size
        certificate.template_version = documents.TEMPLATE_VERSION
        move_certificate(certificate, "issue", at=now)
        certificate.save(update_fields=["state", "issued_at", "pdf_name", "pdf_sha256", "pdf_size", "template_version"])
        audit.record(
            actor=None,
            action="certificate.issued",
            target=certificate,
            facts={
                "number": certificate.number,
                "sha256": stored.sha256,
                "size": stored.size,
                "template": documents.TEMPLATE_VERSION,
                "signature": stored.seal.level,
                "key": stored.seal.key,
                "credential_key": stored.seal.credential_key,
            },
            case=f"plan:{certificate.plan_id}",
        )
        posters.promise(certificate)
        _tell(certificate)


def _tell(certificate: Certificate) -> None:
    message = messages.issued(certificate)
    for person in editors_of(certificate.organisation_id):
        notify.send(to=person, message=message, key=f"certificate:{certificate.pk}:issued:{person.pk}")


def redraw(payload: Mapping[str, str]) -> None:
    """Outbox handler of `certificate.redraw`: the same certificate in the present design, as a further file.

    What it was issued with stays as it is and stays verifiable (`selectors.certificate_files.find_by_sha256`).
    """
    certificate_id = UUID(payload["certificate"])
    if _lacks_design(Certificate.objects.get(pk=certificate_id)):
        _add(certificate_id, _store(certificate_id))


def _lacks_design(certificate: Certificate) -> bool:
    """False for what is over: a document that no longer holds is not made anew."""
    if (
        certificate.state not in lifecycle.CERTIFICATE_STANDING
        or certificate.template_version == documents.TEMPLATE_VERSION
    ):
        return False
    files = CertificateFile.objects.filter(certificate=certificate, kind=CertificateFile.Kind.DOCUMENT)
    return not files.filter(template_version=documents.TEMPLATE_VERSION).exists()


def _add(certificate_id: UUID, stored: _Stored) -> None:
    with transaction.atomic():
        certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate_id)
        if not _lacks_design(certificate):
            return
        CertificateFile.objects.create(
            certificate=certificate,
            kind=CertificateFile.Kind.DOCUMENT,
            template_version=documents.TEMPLATE_VERSION,
            name=stored.name,
            sha256=stored.sha256,
            size=stored.size,
            made_at=timezone.now(),
        )
        audit.record(
            actor=None,
            action="certificate.redrawn",
            target=certificate,
            facts={
                "number": certificate.number,
                "sha256": stored.sha256,
                "size": stored.size,
                "template": documents.TEMPLATE_VERSION,
            },
            case=f"plan:{certificate.plan_id}",
        )
        posters.promise(certificate)
