"""The poster for the door: one page, promised with the document and made after it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from certification import documents
from certification.domain import lifecycle
from certification.models import Certificate, CertificateFile
from core import outbox, pdf, storage


def promise(certificate: Certificate) -> None:
    """In the transaction that issues or redraws."""
    outbox.enqueue(
        kind="certificate.poster",
        key=f"certificate:{certificate.pk}:poster:{documents.TEMPLATE_VERSION}",
        payload={"certificate": str(certificate.pk)},
    )


def render(payload: Mapping[str, str]) -> None:
    """Outbox handler of `certificate.poster`. Killed at any step and run again there is one poster in each design."""
    certificate_id = UUID(payload["certificate"])
    if not _wanted(Certificate.objects.get(pk=certificate_id)):
        return
    try:
        content = pdf.render(documents.poster_pdf(certificate_id))
    except pdf.Unavailable as error:
        raise outbox.TryLater from error
    digest = hashlib.sha256(content).hexdigest()
    name = f"posters/{certificate_id}/{digest}.pdf"
    storage.write(name, [content])
    with transaction.atomic():
        certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate_id)
        if not _wanted(certificate):
            return
        CertificateFile.objects.create(
            certificate=certificate,
            kind=CertificateFile.Kind.POSTER,
            template_version=documents.TEMPLATE_VERSION,
            name=name,
            sha256=digest,
            size=len(content),
            made_at=timezone.now(),
        )


def _wanted(certificate: Certificate) -> bool:
    if certificate.state not in lifecycle.CERTIFICATE_STANDING:
        return False
    made = CertificateFile.objects.filter(certificate=certificate, kind=CertificateFile.Kind.POSTER)
    return not made.filter(template_version=documents.TEMPLATE_VERSION).exists()
