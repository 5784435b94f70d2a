"""From a file back to its certificate."""

from __future__ import annotations

from dataclasses import dataclass

from certification.models import Certificate


@dataclass(frozen=True, slots=True)
class Found:
    """`is_current`: there is no newer document of the same certificate."""

    certificate: Certificate
    is_current: bool


def find_by_sha256(sha: str) -> Found | None:
    """One query, by index."""
    certificate = Certificate.objects.filter(pdf_sha256=sha).exclude(pdf_sha256="").first()
    return Found(certificate, is_current=True) if certificate else None
