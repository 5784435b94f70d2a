"""Making a certificate's PDF, once, however often the worker is told to and wherever it is killed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.selectors import editors_of
from certification import documents
from certification.domain import lifecycle
from certification.models import Certificate, CertificateFile
from certification.notifications import certificates as messages
from certification.selectors.certificates import of_same_subject
from certification.services import posters
from certification.services._moves import move_certificate
from core import audit, notify, outbox, pdf, storage


@dataclass(frozen=True, slots=True)
class _Stored:
    name: str
    sha256: str
    size: int


def render(payload: Mapping[str, str]) -> None:
    """Outbox handler of `certificate.render`.

    The slow part, layout and encryption, happens outside any transaction. The file's name holds the hash of its content:
    a worker that was killed after storing it leaves a file that the next run writes again, or, should the design have
    changed in between, a file that nothing refers to. Who comes second finds the row settled and stops.
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
    try:
        content = pdf.render(documents.certificate_pdf(certificate_id))
    except pdf.Unavailable as error:
        # The machine lacks the library: the decision stands, and the job waits until operators have mended it.
        raise outbox.TryLater from error
    digest = hashlib.sha256(content).hexdigest()
    name = f"certificates/{certificate_id}/{digest}.pdf"
    storage.write(name, [content])
    return _Stored(name, digest, len(content))


def _issue(certificate_id: UUID, stored: _Stored) -> None:
    now = timezone.now()
    with transaction.atomic():
        certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate_id)
        if certificate.state != lifecycle.BEING_ISSUED:
            return
        if _earlier_is_waiting(certificate):
            # Two decisions for one subject in quick succession: in the order in which they were signed.
            raise outbox.TryLater
        _supersede_others(certificate, at=now)
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
            },
            case=f"plan:{certificate.plan_id}",
        )
        posters.promise(certificate)
        _tell(certificate)


def _earlier_is_waiting(certificate: Certificate) -> bool:
    waiting = of_same_subject(certificate).filter(state=lifecycle.BEING_ISSUED)
    return waiting.filter(decision__decided_at__lt=certificate.decision.decided_at).exists()


def _supersede_others(certificate: Certificate, *, at: datetime) -> None:
    """At most one certificate standing for a subject: in the same transaction the old one gives way."""
    standing = of_same_subject(certificate).filter(state__in=lifecycle.CERTIFICATE_STANDING)
    for old in standing.select_for_update(of=("self",)).exclude(pk=certificate.pk):
        move_certificate(old, "supersede", at=at)
        old.save(update_fields=["state", "ended_at"])
        audit.record(
            actor=None,
            action="certificate.superseded",
            target=old,
            facts={"number": old.number, "by": certificate.number},
            case=f"plan:{old.plan_id}",
        )


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
