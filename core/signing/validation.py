"""A PDF's signature by the whole of pyHanko's rules, against roots that somebody trusts: for a command, not for a page."""

from __future__ import annotations

import io
import logging
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError, UnacceptableSignerError
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

_USAGE: Final = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
# What the library runs into in a file that is damaged or made to hurt; it names only some of it.
_DAMAGE: Final = (
    *(PdfError, SigningError, SignatureValidationError, zlib.error),
    *(ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, RecursionError),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`signed`: there is a signature at all. `intact`: nothing was changed or added. `trusted`: a root stands behind it."""

    signed: bool
    intact: bool = False
    trusted: bool = False
    signer: str = ""
    signed_at: datetime | None = None
    time_proved: bool = False

    @property
    def holds(self) -> bool:
        return self.intact and self.trusted


def validate(
    content: bytes, roots: Iterable[x509.Certificate], *, stamp_roots: Iterable[x509.Certificate] = ()
) -> Verdict:
    """Of the first signature. Nothing is fetched. A file that is no PDF is one without a signature.

    Whom time-stamps are trusted by is asked apart: a time-stamp authority signs no documents.
    """
    try:
        signatures = PdfFileReader(io.BytesIO(content), strict=False).embedded_regular_signatures
        if not signatures:
            return Verdict(signed=False)
        return _verdict(signatures[0], _loaded(roots), _loaded(stamp_roots))
    except UnacceptableSignerError:
        return Verdict(signed=True)
    except _DAMAGE:
        # Damaged past reading: whatever it was, it is not what was signed.
        return Verdict(signed=b"/ByteRange" in content)


def _loaded(certificates: Iterable[x509.Certificate]) -> list[asn1.Certificate]:
    return [asn1.Certificate.load(each.public_bytes(Encoding.DER)) for each in certificates]


def _verdict(
    signature: EmbeddedPdfSignature, roots: list[asn1.Certificate], stamp_roots: list[asn1.Certificate]
) -> Verdict:
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    # As of the day of signing: the key's certificate may have run out since, and the signature still be the authority's.
    said_at = signature.self_reported_timestamp
    status = validate_pdf_signature(
        signature, _context(roots, said_at), _context(stamp_roots, said_at), key_usage_settings=_USAGE
    )
    stamp = status.timestamp_validity
    proved = bool(stamp is not None and stamp.intact and stamp.valid and stamp.trusted)
    return Verdict(
        signed=True,
        intact=status.intact and status.valid and status.docmdp_ok is not False and _unchanged(status),
        trusted=bool(status.trusted),
        signer=str(status.signing_cert.subject.native.get("common_name", "")),
        signed_at=stamp.timestamp if stamp is not None and proved else said_at,
        time_proved=proved,
    )


def _context(roots: list[asn1.Certificate], moment: datetime | None) -> ValidationContext:
    return ValidationContext(
        trust_roots=roots,
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=moment,
        best_signature_time=moment,
    )


def _unchanged(status: object) -> bool:
    level = getattr(status, "modification_level", None)
    # What a time-stamped document gets behind it (its proofs) is the one thing that may be added.
    return level is None or level.name in {"NONE", "LTA_UPDATES"}
