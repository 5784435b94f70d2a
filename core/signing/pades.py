"""A PDF signed as PAdES by pyHanko: certified, so that no change is allowed. The only module that writes signatures.

The signature adds to the file's end and leaves what is there alone, metadata included: archival form (PDF/A-3) and tags
stay as they were laid out. Its field is a widget of no size with the print flag, which PDF/A asks for, outside the page,
so that a screen reader meets nothing untagged on it. Nothing asks for PDF 2.0, which PDF/A-3 does not know.
"""

from __future__ import annotations

import asyncio
import io
import logging
from dataclasses import dataclass
from typing import Final, Literal

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer, constants
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.dss import DocumentSecurityStore, collect_validation_info
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend
from pyhanko_certvalidator.registry import SimpleCertificateStore

from core.signing import validation
from core.signing.chains import Chain
from core.signing.errors import KeyUnavailable
from core.signing.keys import DIGEST, DocumentKey, longest_signature, sign_checked

Level = Literal["B-B", "B-T", "B-LT"]
FIELD: Final = "Seal"
_FETCH_SECONDS: Final = 10
# What stands in a signature beside certificates and the figure itself: names, hashes, identifiers; about 700 bytes.
_ATTRIBUTES: Final = 1536
_FIELD_WORDS: Final = "Signature of the issuing authority"

# It warns that soft-fail may miss revocation lists, each time; operators read that once, in the how-to.
logging.getLogger("pyhanko.sign.validation.dss").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Signed:
    content: bytes
    level: Level


def sign(
    content: bytes,
    key: DocumentKey,
    *,
    stamper: TimeStamper | None = None,
    stamper_roots: tuple[x509.Certificate, ...] = (),
) -> Signed:
    """B-B; with a time-stamper B-T; with that one's roots too B-LT. Raises KeyUnavailable; never answers with less.

    Tens of milliseconds, and the network where key or time-stamper are elsewhere: never inside a transaction.
    """
    signer = _Signer(key)
    meta = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=DIGEST,
        name=key.chain.name,
        certify=True,
        subfilter=SigSeedSubFilter.PADES,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    field = SigFieldSpec(
        FIELD, readable_field_name=_FIELD_WORDS, invis_sig_settings=InvisSigSettings(box_out_of_bounds=True)
    )
    out = io.BytesIO()
    try:
        _PdfSigner(meta, signer=signer, timestamper=stamper, new_field_spec=field).sign_pdf(
            _Writer(io.BytesIO(content)), output=out, bytes_reserved=None if stamper else _room_for(key.chain)
        )
    except TimestampRequestError as error:
        raise KeyUnavailable("The time-stamp authority does not answer as it should.") from error
    if stamper is None:
        return Signed(out.getvalue(), "B-B")
    if not stamper_roots:
        return Signed(out.getvalue(), "B-T")
    root = key.chain.certificates[-1]
    proved = asyncio.run(_with_proofs(out, (root, *stamper_roots)))
    # The library believes what it is answered; over a connection in clear anybody could have answered.
    if not validation.validate(proved, [root], stamp_roots=stamper_roots).time_proved:
        raise KeyUnavailable("The time-stamp authority's signature is not good.")
    return Signed(proved, "B-LT")


class _Signer(Signer):
    """pyHanko's own kind of signer around a key of ours."""

    def __init__(self, key: DocumentKey) -> None:
        own, *others = (asn1_of(c) for c in key.chain.certificates)
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple(others)
        super().__init__(signing_cert=own, cert_registry=store)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002 - the library's signature
        if dry_run:
            return bytes(longest_signature(self._key.chain))
        if digest_algorithm != DIGEST:
            raise KeyUnavailable(f"Signatures are made over SHA-256, not {digest_algorithm}.")
        return sign_checked(self._key, data)


class _PdfSigner(PdfSigner):
    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:  # noqa: ARG002 - as above
        # The library would also name the extension for elliptic curves, and with it raise the file to PDF 2.0.
        pdf_out.register_extension(constants.ESIC_EXTENSION_1)


class _Writer(IncrementalPdfFileWriter):
    def _update_meta(self) -> None:
        """Left as they are: rewritten metadata would say another producer, and lose what PDF/UA is declared by."""


async def _with_proofs(signed: io.BytesIO, roots: tuple[x509.Certificate, ...]) -> bytes:
    """The certificates and revocation lists by which the signature can be checked when nobody answers any more."""
    signature = PdfFileReader(signed).embedded_signatures[0]
    try:
        async with AIOHttpFetcherBackend(per_request_timeout=_FETCH_SECONDS) as fetchers:
            context = ValidationContext(
                trust_roots=[asn1_of(root) for root in roots],
                fetchers=fetchers,
                allow_fetching=True,
                revocation_mode="soft-fail",
            )
            paths = await collect_validation_info(signature, context)
    except (PathError, ValidationError) as error:
        raise KeyUnavailable(
            f"The time-stamp or the signing certificate is not trusted ({type(error).__name__})."
        ) from error
    writer = _Writer(signed)
    DocumentSecurityStore.supply_dss_in_writer(
        writer, signature.pkcs7_content.hex().upper().encode(), paths=paths, validation_context=context
    )
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


def _room_for(chain: Chain) -> int:
    """Hexadecimal digits kept free: told, since the library finds out by making all of it once more. A third of the time."""
    held = sum(len(c.public_bytes(Encoding.DER)) for c in chain.certificates)
    return 2 * (held + longest_signature(chain) + _ATTRIBUTES)


def asn1_of(certificate: x509.Certificate) -> asn1.Certificate:
    """The same in the other library's shape."""
    return asn1.Certificate.load(certificate.public_bytes(Encoding.DER))
