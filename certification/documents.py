"""What a certificate's PDF says. Nothing reaches the template but the fields listed here."""

from __future__ import annotations

import base64
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext

from certification.models import Certificate
from certification.selectors.credentials import Credential, credential_of
from core import pdf
from core.signing import registry

# Raised with every change to the template or its style sheet: a certificate keeps the version that it was made with.
TEMPLATE_VERSION: Final = "2026.1"
CREDENTIAL_FILE: Final = "certificate.json"
_TEMPLATE: Final = "pdf/certificate.html"
_STYLESHEET: Final = "pdf/certificate.css"
_FRAME: Final = "pdf/frame.svg"
# Names that would not fit in the largest size on one page.
_LONG_NAME, _VERY_LONG_NAME = 48, 96


@dataclass(frozen=True, slots=True)
class ConditionLine:
    criterion: str
    text: str
    due_on: date


@dataclass(frozen=True, slots=True)
class CertificateDocument:
    """`check_place` is what a person types; `check_url` is what the code holds."""

    service_name: str
    number: str
    subject_name: str
    subject_place: str
    kind: str
    holder_name: str
    scope: str
    tier: str
    standard_title: str
    standard_version: str
    area: str
    decided_on: date
    decided_at: str
    valid_from: date
    valid_until: date
    conditions: Sequence[ConditionLine]
    check_place: str
    check_url: str
    demo: bool
    # Who signed it, and whether that is an authority for trying things out; what the code for offline checks holds.
    signed_by: str = ""
    demo_authority: bool = False
    offline_claim: str = ""

    @property
    def name_size(self) -> str:
        length = len(self.subject_name)
        return "longest" if length > _VERY_LONG_NAME else "long" if length > _LONG_NAME else "short"

    @property
    def is_short(self) -> bool:
        """Whether the page has room to spare."""
        return (
            len(self.subject_name) <= _LONG_NAME
            and len(self.holder_name) <= _LONG_NAME
            and not (self.demo or self.demo_authority)
        )

    @property
    def code(self) -> str:
        """The check address as a QR code, as a data: address."""
        return f"data:image/svg+xml;base64,{base64.b64encode(qr_svg(self.check_url)).decode()}"


def certificate_pdf(certificate_id: UUID) -> pdf.Source:
    """Ready for `core.pdf.render`."""
    certificate = Certificate.objects.select_related("area", "standard", "decision").get(pk=certificate_id)
    credential = credential_of(certificate)
    return source_of(
        certificate_document(certificate, credential),
        identifier=f"{certificate.pk}:{TEMPLATE_VERSION}",
        attachments=(_attached(credential),) if credential else (),
    )


def _attached(credential: Credential) -> pdf.Attachment:
    return pdf.Attachment(
        name=CREDENTIAL_FILE,
        content=credential.file,
        mime="application/json",
        description=gettext("What this certificate says, signed, for programs"),
    )


def source_of(
    document: CertificateDocument, *, identifier: str, attachments: tuple[pdf.Attachment, ...] = ()
) -> pdf.Source:
    return pdf.Source(
        html=render_to_string(_TEMPLATE, {"document": document}),
        stylesheet=_stylesheet(),
        identifier=identifier,
        attachments=attachments,
    )


def certificate_document(certificate: Certificate, credential: Credential | None = None) -> CertificateDocument:
    """`credential` is `selectors.credentials.credential_of`; without one the document has no code for offline checks."""
    issuer = registry.issuer()
    return CertificateDocument(
        signed_by=issuer.name if issuer else "",
        demo_authority=bool(issuer and issuer.demonstration),
        offline_claim=credential.short if credential else "",
        service_name=settings.SERVICE_NAME,
        number=certificate.number,
        subject_name=certificate.subject_name,
        subject_place=certificate.subject_place,
        kind="event" if certificate.event_id else "project" if certificate.project_id else "venue",
        holder_name=certificate.holder_name,
        scope=certificate.scope,
        tier=certificate.judged_tier,
        standard_title=certificate.standard.title,
        standard_version=str(certificate.standard),
        area=certificate.area.name,
        decided_on=certificate.decided_on,
        decided_at=certificate.decision.decided_at.isoformat(timespec="seconds"),
        valid_from=certificate.valid_from,
        valid_until=certificate.valid_until,
        conditions=[ConditionLine(c.criterion_code, c.text, c.due_on) for c in certificate.conditions.all()],
        check_place=f"{urlsplit(settings.SITE_URL).netloc}{reverse('certification:check')}",
        check_url=check_url(certificate),
        demo=bool(settings.DEMO),
    )


def check_url(certificate: Certificate) -> str:
    return settings.SITE_URL + reverse("certification:check_result", args=[certificate.token])


def qr_inline(text: str) -> str:
    """An SVG element for a page. Error correction Q: still read with a quarter of it under a thumb or a crease."""
    return segno.make(text, error="q", micro=False).svg_inline(border=2, omitsize=True, dark="#0b1728", light="#fff")


def qr_svg(text: str) -> bytes:
    """The same as a file of its own."""
    return qr_inline(text).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).encode()


@functools.cache
def _stylesheet() -> str:
    frame = base64.b64encode(render_to_string(_FRAME).encode()).decode()
    return render_to_string(_STYLESHEET, {"faces": pdf.faces(), "frame": frame})
