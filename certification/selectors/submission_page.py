"""A submission as a document: every question with the answer that was given to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from certification.domain.standard import Criterion, Section
from certification.models import Plan, Submission
from certification.selectors import snapshots
from certification.selectors.snapshots import Snapshot, SnapshotAnswer
from certification.selectors.standards import compiled
from core.govuk.charts import ScoreRow


@dataclass(frozen=True, slots=True)
class SubmittedAnswer:
    criterion: Criterion
    answer: SnapshotAnswer
    level_label: str
    descriptor: str


@dataclass(frozen=True, slots=True)
class SubmittedSection:
    section: Section
    answers: tuple[SubmittedAnswer, ...]


@dataclass(frozen=True, slots=True)
class SubmissionPage:
    snapshot: Snapshot
    sections: tuple[SubmittedSection, ...]
    chart: tuple[ScoreRow, ...]
    intact: bool


def build(plan: Plan, submission: Submission) -> SubmissionPage:
    """`intact`: the content still has the hash that was given on the receipt."""
    standard = compiled(plan.standard)
    snapshot = snapshots.read(submission)
    labels = {level.value: level.label for level in standard.levels}
    sections = []
    for section in standard.sections:
        rows = tuple(
            _row(criterion, snapshot.answers[criterion.code], labels)
            for criterion in section.criteria
            if criterion.code in snapshot.answers
        )
        if rows:
            sections.append(SubmittedSection(section, rows))
    score: Mapping[str, Any] = submission.score
    chart = tuple(
        ScoreRow(label=item.section.title, percent=percent, pass_mark=standard.pass_mark.section)
        for item in sections
        if (percent := score["sections"].get(item.section.code)) is not None
    )
    return SubmissionPage(
        snapshot, tuple(sections), chart, snapshots.digest(submission.snapshot) == submission.content_hash
    )


def _row(criterion: Criterion, answer: SnapshotAnswer, labels: Mapping[int, str]) -> SubmittedAnswer:
    if answer.level is None:
        return SubmittedAnswer(criterion, answer, "", "")
    return SubmittedAnswer(criterion, answer, labels[answer.level], criterion.descriptors.get(answer.level, ""))
