"""What a certificate's documents say. Nothing reaches a template but the fields listed here."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from certification.domain import ornaments, stages
from certification.models import Certificate, CertificateCondition
from certification.selectors import snapshots
from certification.selectors.certificates import kind_of
from certification.selectors.credentials import Credential, credential_of
from certification.selectors.decisions import issued_conditions
from certification.selectors.standards import compiled
from core import pdf, pdf_pictures
from core.govuk.formats import uk_date, uk_datetime
from core.pdf_pictures import Picture
from core.signing import registry

# Raised with every change to the templates, their style sheets or the drawings: a certificate keeps the version that it
# was made with, and `manage.py reissue` finds those of an earlier one.
TEMPLATE_VERSION: Final = "2026.3"
CREDENTIAL_FILE: Final = "certificate.json"
_TEMPLATE: Final = "pdf/certificate.html"
_STYLESHEET: Final = "pdf/certificate.css"
_POSTER: Final = "pdf/poster.html"
_POSTER_STYLESHEET: Final = "pdf/poster.css"
_CREST: Final = "pdf/crest.svg"
_FORMS: Final = {"venue": "general", "event": "special", "project": "stage"}
# Names that would not fit in the largest size on one page.
_LONG_NAME, _VERY_LONG_NAME = 44, 96
# Lines of the first page by which its spaces are chosen; a line of the text holds about this many letters.
_ROOMY, _TIGHT, _LINE = 9, 15, 84


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """`met_on`: it had been met when the document was made. `since`: after a change, the number of the certificate from
    which it stands.
    """

    criterion: str
    text: str
    due_on: date
    met_on: date | None = None
    since: str = ""


@dataclass(frozen=True, slots=True)
class Particular:
    """A fact of one kind of certificate: when an event begins, at which stage a project stands."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class NextStage:
    """What a stage certificate does not settle. `criteria` are those that the standard first asks then, code and question."""

    name: str
    criteria: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class CertificateDocument:
    """`check_place` is what a person types; `check_url` is what the code holds. `replaces` is the number of the certificate
    that this one takes the place of, by `basis` a renewal ("decision"), variation or transfer.
    """

    service_name: str
    number: str
    subject_name: str
    subject_place: str
    kind: str
    holder_name: str
    scope: str
    particulars: Sequence[Particular]
    stage: str
    next_stage: NextStage | None
    tier: str
    standard_title: str
    standard_version: str
    area: str
    decided_on: date
    created_at: datetime
    valid_from: date
    valid_until: date
    basis: str
    replaces: str
    conditions: Sequence[ConditionLine]
    check_place: str
    check_url: str
    demo: bool
    # Who signed it, and whether that is an authority for trying things out; what the code for offline checks holds.
    signed_by: str = ""
    demo_authority: bool = False
    offline_claim: str = ""

    @property
    def form(self) -> str:
        """As the law of sports grounds names them: general, special; and stage, for what is not open yet."""
        return _FORMS[self.kind]

    @property
    def name_size(self) -> str:
        length = len(self.subject_name)
        return "longest" if length > _VERY_LONG_NAME else "long" if length > _LONG_NAME else "short"

    @property
    def is_demonstration(self) -> bool:
        return self.demo or self.demo_authority

    @property
    def density(self) -> str:
        """How closely the first page is set, so that it breathes with few words and is one page with the most."""
        names = {"short": 2, "long": 4, "longest": 5}[self.name_size] + -(-len(self.holder_name) // _LONG_NAME)
        lines = names + -(-len(self.scope) // _LINE) + -(-len(self.area) // _LINE)
        lines += (
            4 * self.is_demonstration + 2 * bool(self.particulars) + bool(self.replaces) + 2 * bool(self.next_stage)
        )
        return "roomy" if lines <= _ROOMY else "tight" if lines >= _TIGHT else "usual"

    @property
    def outstanding(self) -> Sequence[ConditionLine]:
        return [condition for condition in self.conditions if condition.met_on is None]

    @property
    def has_schedule(self) -> bool:
        return bool(self.conditions) or self.next_stage is not None

    @property
    def pictures(self) -> Mapping[str, Picture | str]:
        found: dict[str, Picture | str] = {"crest": _crest(), "check": pdf_pictures.qr_code(self.check_url)}
        if self.offline_claim:
            found["claim"] = pdf_pictures.qr_code(self.offline_claim, correction=pdf_pictures.SEVENTH)
        return found


def certificate_pdf(certificate_id: UUID) -> pdf.Source:
    """Ready for `core.pdf.render`."""
    certificate = _certificate(certificate_id)
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
        description=_("What this certificate says, signed, for programs"),
    )


def poster_pdf(certificate_id: UUID) -> pdf.Source:
    """One page for the door. It says no more than anybody is told who checks."""
    certificate = _certificate(certificate_id)
    return poster_source(certificate_document(certificate), identifier=f"{certificate.pk}:poster:{TEMPLATE_VERSION}")


def _certificate(certificate_id: UUID) -> Certificate:
    related = ("area", "standard", "supersedes", "decision__recommendation__submission")
    return Certificate.objects.select_related(*related).get(pk=certificate_id)


def source_of(
    document: CertificateDocument, *, identifier: str, attachments: tuple[pdf.Attachment, ...] = ()
) -> pdf.Source:
    return pdf.Source(
        html=render_to_string(_TEMPLATE, {"document": document}),
        stylesheet=_stylesheet(_STYLESHEET),
        identifier=identifier,
        attachments=attachments,
        pictures=document.pictures,
        underlay=ornaments.frame(document.form),
    )


def poster_source(document: CertificateDocument, *, identifier: str) -> pdf.Source:
    return pdf.Source(
        html=render_to_string(_POSTER, {"document": document}),
        stylesheet=_stylesheet(_POSTER_STYLESHEET),
        identifier=identifier,
        pictures={name: document.pictures[name] for name in ("crest", "check")},
    )


def certificate_document(certificate: Certificate, credential: Credential | None = None) -> CertificateDocument:
    """`credential` is `selectors.credentials.credential_of`; without one the document has no code for offline checks."""
    issuer = registry.issuer()
    snapshot = snapshots.read(certificate.decision.recommendation.submission)
    kind = kind_of(certificate)
    return CertificateDocument(
        signed_by=issuer.name if issuer else "",
        demo_authority=bool(issuer and issuer.demonstration),
        offline_claim=credential.short if credential else "",
        service_name=settings.SERVICE_NAME,
        number=certificate.number,
        subject_name=certificate.subject_name,
        subject_place=certificate.subject_place,
        kind=kind,
        holder_name=certificate.holder_name,
        scope=certificate.scope,
        particulars=_particulars(certificate, snapshot),
        stage=stage_name(_stage(snapshot)) if kind == "project" else "",
        next_stage=_next_stage(certificate, snapshot) if kind == "project" else None,
        tier=certificate.judged_tier,
        standard_title=certificate.standard.title,
        standard_version=str(certificate.standard),
        area=certificate.area.name,
        decided_on=certificate.decided_on,
        created_at=certificate.created_at,
        valid_from=certificate.valid_from,
        valid_until=certificate.valid_until,
        basis=certificate.basis,
        replaces=certificate.supersedes.number if certificate.supersedes else "",
        conditions=[_line_of(certificate, row) for row in issued_conditions(certificate)],
        check_place=f"{urlsplit(settings.SITE_URL).netloc}{reverse('certification:check')}",
        check_url=check_url(certificate),
        demo=bool(settings.DEMO),
    )


def _line_of(certificate: Certificate, row: CertificateCondition) -> ConditionLine:
    """A document drawn anew says what the first one said: what is met after it was issued is asked of the check."""
    met, issued = row.discharged_at, certificate.issued_at
    decided = certificate.basis == Certificate.Basis.DECISION
    return ConditionLine(
        criterion=row.criterion_code,
        text=row.text,
        due_on=row.due_on,
        met_on=timezone.localdate(met) if met is not None and (issued is None or met < issued) else None,
        since=row.stands_from.certificate.number if decided and row.stands_from is not None else "",
    )


def _particulars(certificate: Certificate, snapshot: snapshots.Snapshot) -> tuple[Particular, ...]:
    """What was submitted. A variation may have moved it: then its scope alone says what holds."""
    if certificate.basis == Certificate.Basis.VARIATION:
        return ()
    subject = snapshot.subject
    if certificate.event_id is not None:
        return tuple(
            Particular(label, uk_datetime(datetime.fromisoformat(str(subject[name]))))
            for label, name in ((_("Begins"), "starts_at"), (_("Ends"), "ends_at"))
        )
    if certificate.project_id is not None:
        return (
            Particular(_("Stage certified"), stage_name(_stage(snapshot))),
            Particular(_("Expected to open"), uk_date(date.fromisoformat(str(subject["opens_on"])))),
        )
    return ()


def _stage(snapshot: snapshots.Snapshot) -> int:
    return int(str(snapshot.facts["project_stage"]))


def stage_name(stage: int) -> str:
    """As the RIBA Plan of Work calls them."""
    names = (
        _("strategic definition"),
        _("preparation and briefing"),
        _("concept design"),
        _("spatial coordination"),
        _("technical design"),
        _("manufacturing and construction"),
        _("handover"),
        _("use"),
    )
    return _("RIBA stage %(stage)s, %(name)s") % {"stage": stage, "name": names[stage]}


def _next_stage(certificate: Certificate, snapshot: snapshots.Snapshot) -> NextStage | None:
    following = stages.next_stage(_stage(snapshot))
    if following is None:
        return None
    asked = stages.first_asked(compiled(certificate.standard), snapshot.facts, following)
    return NextStage(stage_name(following), [(criterion.code, criterion.question) for criterion in asked])


def check_url(certificate: Certificate) -> str:
    return settings.SITE_URL + reverse("certification:check_result", args=[certificate.token])


def qr_inline(text: str) -> str:
    """An SVG element for a page. Error correction Q: still read with a quarter of it under a thumb or a crease."""
    return segno.make(text, error="q", micro=False).svg_inline(border=2, omitsize=True, dark="#0b1728", light="#fff")


@functools.cache
def _crest() -> str:
    return render_to_string(_CREST)


@functools.cache
def _stylesheet(name: str) -> str:
    return render_to_string(name, {"faces": pdf.faces()})
