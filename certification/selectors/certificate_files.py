"""From a certificate to its files, and from a file back to its certificate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from certification.domain import lifecycle
from certification.models import Certificate, CertificateFile


@dataclass(frozen=True, slots=True)
class Paper:
    """One file in the vault."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Papers:
    """What there is of one certificate: `document` in the newest design, `earlier` those that it was drawn in before."""

    document: Paper | None
    poster: Paper | None
    earlier: tuple[Paper, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """`is_current`: there is no newer document of the same certificate."""

    certificate: Certificate
    is_current: bool


def papers_of(certificates: Iterable[Certificate]) -> Mapping[UUID, Papers]:
    """By certificate; one query for all of them."""
    wanted = list(certificates)
    files: dict[UUID, list[CertificateFile]] = defaultdict(list)
    for file in CertificateFile.objects.filter(certificate__in=[c.pk for c in wanted]).order_by("pk"):
        files[file.certificate_id].append(file)
    return {certificate.pk: _papers(certificate, files[certificate.pk]) for certificate in wanted}


def _papers(certificate: Certificate, files: Iterable[CertificateFile]) -> Papers:
    if not certificate.pdf_name:
        return Papers(None, None)
    documents = [Paper(certificate.pdf_name, certificate.pdf_sha256, certificate.pdf_size)]
    posters: list[Paper] = []
    for file in files:
        kind = documents if file.kind == CertificateFile.Kind.DOCUMENT else posters
        kind.append(Paper(file.name, file.sha256, file.size))
    return Papers(documents[-1], posters[-1] if posters else None, tuple(reversed(documents[:-1])))


def find_by_sha256(sha: str) -> Found | None:
    """By either table's index; at most three queries, whatever is asked. A poster is not a certificate."""
    documents = CertificateFile.objects.filter(kind=CertificateFile.Kind.DOCUMENT)
    certificate = Certificate.objects.filter(pdf_sha256=sha).exclude(pdf_sha256="").first()
    if certificate is not None:
        return Found(certificate, is_current=not documents.filter(certificate=certificate).exists())
    file = documents.filter(sha256=sha).select_related("certificate").first()
    if file is None:
        return None
    later = documents.filter(certificate=file.certificate_id, pk__gt=file.pk)
    return Found(file.certificate, is_current=not later.exists())


def lacking(version: str, *, area: str = "") -> QuerySet[Certificate]:
    """Certificates standing whose document is in an earlier design than `version`, by id."""
    in_design = CertificateFile.objects.filter(certificate=OuterRef("pk"), template_version=version)
    standing = Certificate.objects.filter(state__in=lifecycle.CERTIFICATE_STANDING)
    found = standing.exclude(template_version=version).exclude(
        Exists(in_design.filter(kind=CertificateFile.Kind.DOCUMENT))
    )
    return (found.filter(area_id=area) if area else found).order_by("pk")
