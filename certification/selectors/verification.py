"""What anybody may be told of a certificate: whether it holds today, and for what. Nothing of the plan."""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Final, Literal

from django.db.models import Exists, OuterRef, QuerySet

from certification.domain import certificate_number, lifecycle
from certification.models import Certificate, CertificateCondition
from certification.selectors.certificate_files import find_by_sha256
from certification.selectors.certificates import effective_state, kind_of
from certification.selectors.terms import gap_before
from core.signing import claims, embedded, reading, registry

Status = Literal[
    "in_force",
    "in_force_with_conditions",
    "not_yet_in_force",
    "expired",
    "revoked",
    "superseded",
    "suspended",
    "surrendered",
    "unknown",
    "mistyped",
    "altered",
]

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_ANSWERED: Final = (
    *("number", "state", "holder_name", "subject_name", "subject_place", "scope", "valid_from", "valid_until"),
    *("event", "project", "area__name"),
    *("supersedes__state", "supersedes__valid_until", "supersedes__ended_at"),
)
# Longer than any number or token with spaces put in.
_LONGEST: Final = 200
_STATUS: Final[dict[str, Status]] = {
    lifecycle.BEING_ISSUED: "not_yet_in_force",
    lifecycle.EXPIRED: "expired",
    lifecycle.REVOKED: "revoked",
    lifecycle.SUPERSEDED: "superseded",
    lifecycle.SUSPENDED: "suspended",
    lifecycle.SURRENDERED: "surrendered",
}


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """The allow-list. A field added here is published to the world.

    `gap_from` and `gap_until`: the days without cover before it, both included, after a late renewal; else None.
    """

    number: str
    holder: str
    subject: str
    kind: str
    place: str
    scope: str
    area: str
    valid_from: date
    valid_until: date
    gap_from: date | None
    gap_until: date | None


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """`status` "unknown" has no facts, whatever was asked; "mistyped" is told from the number alone, without a look.

    Of a file alone: "altered" has no facts either, but `number`, if it carries a claim of ours that names one; and
    `older_file` says that the certificate has a newer document than this one.
    """

    status: Status
    checked_at: datetime
    facts: CertificateFacts | None = None
    number: str = ""
    older_file: bool = False

    @property
    def holds(self) -> bool:
        return self.status in {"in_force", "in_force_with_conditions"}

    def as_dict(self) -> dict[str, object]:
        """The JSON of the public check: the same keys for every answer."""
        empty = dict.fromkeys(CertificateFacts.__dataclass_fields__)
        return {
            "status": self.status,
            "valid": self.holds,
            "checked_at": self.checked_at.isoformat(timespec="seconds"),
            "certificate": asdict(self.facts) if self.facts else {**empty, "number": self.number or None},
        }


def is_token(entered: str) -> bool:
    """Of a form that nobody can guess. A number never has 43 characters, so the two cannot be confused."""
    return bool(_TOKEN.fullmatch(entered.strip()[:_LONGEST]))


def check(entered: str, *, today: date, now: datetime) -> VerificationResult:
    """By token or by number, however it was typed; one query, for what exists and what does not.

    A certificate that is not yet issued is answered by token only: its number has been told to nobody, and could be
    guessed from the last one.
    """
    text = entered.strip()[:_LONGEST]
    if is_token(text):
        return _result(_found().filter(token=text).first(), today=today, now=now)
    try:
        number = str(certificate_number.parse(text))
    except certificate_number.InvalidNumberError:
        return VerificationResult("mistyped", now)
    found = _found().filter(number=number).exclude(state=lifecycle.BEING_ISSUED)
    return _result(found.first(), today=today, now=now)


def check_file(content: bytes, *, today: date, now: datetime) -> VerificationResult:
    """Of a document that somebody has. Ours byte for byte: as by its number. Else at most four queries.

    Nothing of the file is interpreted but its signature and the claim in it (core.signing.reading, embedded).
    """
    found = find_by_sha256(hashlib.sha256(content).hexdigest())
    if found is not None:
        result = _result(_found().filter(pk=found.certificate.pk).first(), today=today, now=now)
        return replace(result, older_file=not found.is_current)
    signature = reading.read(content, registry.document_chains())
    number = _claimed_number(content)
    if signature.state in {"altered", "extended"} or (signature.state == "none" and number):
        return VerificationResult("altered", now, number=number)
    return VerificationResult("unknown", now)


def _claimed_number(content: bytes) -> str:
    claim = embedded.claim_in(content)
    try:
        return str(claims.verify(claim, claims.key_set()).payload["number"]) if claim else ""
    except (claims.ClaimRefused, KeyError):
        return ""


def by_token(token: str, *, today: date, now: datetime) -> VerificationResult:
    """The same for what knows no numbers, such as a badge; one query, or none for what cannot be a token."""
    found = _found().filter(token=token).first() if _TOKEN.fullmatch(token) else None
    return _result(found, today=today, now=now)


def _found() -> QuerySet[Certificate]:
    outstanding = CertificateCondition.objects.filter(certificate=OuterRef("pk"), discharged_at__isnull=True)
    # Few columns of wide tables.
    found = Certificate.objects.with_lapse().select_related("area", "supersedes").only(*_ANSWERED)
    return found.annotate(outstanding=Exists(outstanding)).order_by()


def _result(certificate: Certificate | None, *, today: date, now: datetime) -> VerificationResult:
    if certificate is None:
        return VerificationResult("unknown", now)
    return VerificationResult(_status(certificate, today, now), now, facts_of(certificate))


def _status(certificate: Certificate, today: date, now: datetime) -> Status:
    state = effective_state(certificate, today, now)
    if state == lifecycle.IN_FORCE:
        outstanding = bool(certificate.outstanding)  # type: ignore[attr-defined]  # annotated by _found
        return "in_force_with_conditions" if outstanding else "in_force"
    return _STATUS[state]


def facts_of(certificate: Certificate) -> CertificateFacts:
    gap = gap_before(certificate)
    return CertificateFacts(
        number=certificate.number,
        holder=certificate.holder_name,
        subject=certificate.subject_name,
        kind=kind_of(certificate),
        place=certificate.subject_place,
        scope=certificate.scope,
        area=certificate.area.name,
        valid_from=certificate.valid_from,
        valid_until=certificate.valid_until,
        gap_from=gap.first if gap else None,
        gap_until=gap.last if gap else None,
    )
