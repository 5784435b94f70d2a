"""The authority's signature on a document, and what must stand before it: a key that signs, a place in the status list."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from certification.models import CredentialStatus
from core.signing import authority, claims, pades, reading, registry, timestamps
from core.signing.errors import KeyUnavailable


@dataclass(frozen=True, slots=True)
class Seal:
    """Of a document that is there: for the trail. `key` and `credential_key` are key ids."""

    level: str
    key: str
    credential_key: str


def make_ready(certificate_id: UUID) -> None:
    """Before the layout, so that nothing is drawn for nothing. Outside any transaction; harmless when repeated.

    The public halves are known before they are used, so that whatever was signed can be checked. Raises KeyUnavailable.
    """
    registry.register_document_key(authority.held().chain)
    claims.register()
    CredentialStatus.objects.get_or_create(certificate_id=certificate_id, defaults={"created_at": timezone.now()})


def seal(content: bytes) -> bytes:
    """Signed at the level that the settings ask for, or KeyUnavailable: there is no document without a signature."""
    try:
        return _signed(content)
    except KeyUnavailable:
        # The next attempt opens it anew: a token was pulled out, a file replaced.
        authority.forget()
        timestamps.forget()
        raise


def _signed(content: bytes) -> bytes:
    """Read back before anybody keeps it, by other code than wrote it."""
    key = authority.held()
    signed = pades.sign(content, key, stamper=timestamps.configured(), stamper_roots=timestamps.roots())
    if reading.read(signed.content, [key.chain]).state not in {"intact", "extended"}:
        raise KeyUnavailable("The signature that was made does not read back.")
    return signed.content


def seal_of(content: bytes) -> Seal:
    """Read from the document itself, which an earlier run may have sealed."""
    found = reading.read(content, registry.document_chains())
    return Seal(found.level, found.kid, claims.current_kid())
