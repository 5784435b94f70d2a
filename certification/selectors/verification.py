"""What anybody may be told of a certificate: whether it holds today, and for what. Nothing of the plan."""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from certification.domain import certificate_number, cover, lifecycle, proposals
from certification.models import Certificate, CertificateCondition
from certification.selectors.certificate_files import find_by_sha256
from certification.selectors.terms import last_day_of_cover
from core.prepared import Prepared
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


class _Row(NamedTuple):
    """The columns of `_COLUMNS`. Not a model: three of them take longer to make than the database to answer."""

    number: str
    state: str
    holder_name: str
    subject_name: str
    subject_place: str
    scope: str
    valid_from: date
    valid_until: date
    event: UUID | None
    project: UUID | None
    area_name: str
    state_before: str | None
    valid_until_before: date | None
    ended_at_before: datetime | None
    suspension_lapses_at: datetime | None
    outstanding: bool


_COLUMNS: Final = (
    *("number", "state", "holder_name", "subject_name", "subject_place", "scope", "valid_from", "valid_until"),
    *("event", "project", "area__name"),
    *("supersedes__state", "supersedes__valid_until", "supersedes__ended_at"),
    *("suspension_lapses_at", "outstanding"),
)


def _rows(found: QuerySet[Certificate]) -> QuerySet[Any, tuple[Any, ...]]:
    outstanding = CertificateCondition.objects.filter(certificate=OuterRef("pk"), discharged_at__isnull=True)
    return found.annotate(outstanding=Exists(outstanding)).order_by().values_list(*_COLUMNS)


_BY_TOKEN: Final = Prepared(lambda token: _rows(Certificate.objects.with_lapse().filter(token=token)))
_BY_NUMBER: Final = Prepared(
    lambda number: _rows(
        Certificate.objects.with_lapse().filter(number=number).exclude(state=lifecycle.BEING_ISSUED),
    )
)


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
        return _result(_BY_TOKEN.first(text), today=today, now=now)
    try:
        number = str(certificate_number.parse(text))
    except certificate_number.InvalidNumberError:
        return VerificationResult("mistyped", now)
    return _result(_BY_NUMBER.first(number), today=today, now=now)


def check_file(content: bytes, *, today: date, now: datetime) -> VerificationResult:
    """Of a document that somebody has. Ours byte for byte: as by its number. Else at most four queries.

    Nothing of the file is interpreted but its signature and the claim in it (core.signing.reading, embedded).
    """
    found = find_by_sha256(hashlib.sha256(content).hexdigest())
    if found is not None:
        result = _result(_BY_TOKEN.first(found.certificate.token), today=today, now=now)
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
    found = _BY_TOKEN.first(token) if _TOKEN.fullmatch(token) else None
    return _result(found, today=today, now=now)


def _result(found: tuple[Any, ...] | None, *, today: date, now: datetime) -> VerificationResult:
    if found is None:
        return VerificationResult("unknown", now)
    row = _Row(*found)
    return VerificationResult(_status(row, today, now), now, _facts(row))


def _status(row: _Row, today: date, now: datetime) -> Status:
    """As `certificates.effective_state`, of a row."""
    lapsed = proposals.has_lapsed(lapses_at=row.suspension_lapses_at, now=now)
    state = lifecycle.certificate_now(row.state, is_over=row.valid_until < today, has_lapsed=lapsed)
    if state == lifecycle.IN_FORCE:
        return "in_force_with_conditions" if row.outstanding else "in_force"
    return _STATUS[state]


def _facts(row: _Row) -> CertificateFacts:
    gap = _gap(row)
    return CertificateFacts(
        number=row.number,
        holder=row.holder_name,
        subject=row.subject_name,
        kind="event" if row.event else "project" if row.project else "venue",
        place=row.subject_place,
        scope=row.scope,
        area=row.area_name,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        gap_from=gap.first if gap else None,
        gap_until=gap.last if gap else None,
    )


def _gap(row: _Row) -> cover.Gap | None:
    """As `terms.gap_before`, of a row."""
    if row.state_before is None or row.valid_until_before is None:
        return None
    last_day = last_day_of_cover(row.state_before, row.valid_until_before, ended_at=row.ended_at_before)
    return cover.gap(previous_end=last_day, valid_from=row.valid_from)
