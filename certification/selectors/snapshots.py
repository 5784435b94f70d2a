"""The one place that knows the shape of a submission's snapshot: how it is written and how it is read.

{"format": 1,
 "standard": {"code", "version", "sha256"},
 "subject": {"kind", "id", "name", "place", ...},            what a reader of the plan needs, as it stood
 "facts": {...},                                             the facts of `when`, as they stood
 "answers": {"GOV-01": {"level", "not_applicable", "reason", "account",
                        "evidence": [{"id", "name", "sha256", "size", "content_type"}]}}}

`answers` holds every criterion that applied, in no order; the standard gives the order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

from certification.models import Evidence, Submission
from certification.selectors.cases import Case
from core import audit
from events.models import Event, Project, Subject

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class SnapshotFile:
    """One line of the evidence manifest."""

    id: str
    name: str
    sha256: str
    size: int
    content_type: str


@dataclass(frozen=True, slots=True)
class SnapshotAnswer:
    level: int | None
    not_applicable: bool
    reason: str
    account: str
    evidence: tuple[SnapshotFile, ...]

    @property
    def hash(self) -> str:
        """Equal when nothing that a reviewer judges has changed: the files by content, whatever they are called."""
        files = sorted(file.sha256 for file in self.evidence)
        return digest([self.level, self.not_applicable, self.reason, self.account, files])


@dataclass(frozen=True, slots=True)
class Snapshot:
    standard: Mapping[str, str]
    subject: Mapping[str, Any]
    facts: Mapping[str, object]
    answers: Mapping[str, SnapshotAnswer]

    def as_json(self) -> dict[str, object]:
        return {
            "format": FORMAT,
            "standard": dict(self.standard),
            "subject": dict(self.subject),
            "facts": dict(self.facts),
            "answers": {code: asdict(answer) for code, answer in self.answers.items()},
        }


def of_case(case: Case) -> Snapshot:
    """Files that were not found clean are left out: a reviewer could not open them."""
    standard = case.plan.standard
    return Snapshot(
        standard={"code": standard.code, "version": standard.version, "sha256": standard.sha256},
        subject=_subject(case),
        facts=case.facts,
        answers={code: _answer_of(case, code) for code in case.codes},
    )


def read(submission: Submission) -> Snapshot:
    data = submission.snapshot
    return Snapshot(
        standard=data["standard"],
        subject=data["subject"],
        facts=data["facts"],
        answers={code: _answer(item) for code, item in data["answers"].items()},
    )


def lists_file(plan_id: UUID, evidence_id: UUID) -> bool:
    """Whether any submission of the plan names this file in its manifest."""
    wanted = str(evidence_id)
    for snapshot in Submission.objects.filter(plan_id=plan_id).values_list("snapshot", flat=True):
        for answer in snapshot["answers"].values():
            if any(file["id"] == wanted for file in answer["evidence"]):
                return True
    return False


def digest(value: object) -> str:
    """SHA-256 over the canonical JSON."""
    return hashlib.sha256(audit.canonical(value).encode()).hexdigest()


def _answer_of(case: Case, code: str) -> SnapshotAnswer:
    answer = case.answers[code]
    return SnapshotAnswer(
        level=answer.level,
        not_applicable=answer.not_applicable,
        reason=answer.reason,
        account=answer.account,
        evidence=tuple(
            SnapshotFile(str(file.pk), file.name, file.sha256, file.size, file.content_type)
            for file in case.evidence.get(code, ())
            if file.scan == Evidence.Scan.CLEAN
        ),
    )


def _subject(case: Case) -> dict[str, object]:
    subject = case.subject
    return {
        "kind": subject.kind,
        "id": str(subject.pk),
        "name": subject.name,
        "address": subject.address,
        "town": subject.town,
        "postcode": subject.postcode,
        "organisation": subject.organisation.name,
        "area": subject.area_id,
        "expected_attendance": subject.expected_attendance,
        "attendance_basis": subject.attendance_basis,
        "tier": subject.tier,
        "judged_tier": subject.judged_tier,
        "responsible_kind": subject.responsible_kind,
        "responsible_name": subject.responsible_name,
        "responsible_ground": subject.responsible_ground,
        "senior_name": subject.senior_name,
        "senior_position": subject.senior_position,
        **_dates(subject),
    }


def _dates(subject: Subject) -> dict[str, str]:
    if isinstance(subject, Event):
        return {"starts_at": subject.starts_at.isoformat(), "ends_at": subject.ends_at.isoformat()}
    return {"opens_on": subject.opens_on.isoformat()} if isinstance(subject, Project) else {}


def _answer(item: Mapping[str, Any]) -> SnapshotAnswer:
    return SnapshotAnswer(
        level=item["level"],
        not_applicable=item["not_applicable"],
        reason=item["reason"],
        account=item["account"],
        evidence=tuple(SnapshotFile(**file) for file in item["evidence"]),
    )
