"""The reviewer's pages in the shape in which they are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from certification.domain.word_diff import Part, word_diff
from certification.models import ChangeRequest
from certification.selectors import snapshots
from certification.selectors.reviews import CriterionCase, ReviewCase, SectionCase
from certification.selectors.snapshots import SnapshotAnswer, SnapshotFile

__all__ = [
    "AnswerChange",
    "CriterionPage",
    "RequestRow",
    "answer_change",
    "counts",
    "page_of",
    "requests_of",
    "shown_sections",
]


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """Between the submission before and this one."""

    number_before: int
    before: SnapshotAnswer
    level_changed: bool
    account: tuple[Part, ...]
    reason: tuple[Part, ...]
    files_added: tuple[SnapshotFile, ...]
    files_removed: tuple[SnapshotFile, ...]


@dataclass(frozen=True, slots=True)
class CriterionPage:
    """`number` of `total` in page order; `previous`, `following`: codes, empty at the ends."""

    number: int
    total: int
    previous: str
    following: str
    section_title: str
    change: AnswerChange | None


@dataclass(frozen=True, slots=True)
class RequestRow:
    request: ChangeRequest
    question: str


def shown_sections(case: ReviewCase, show: str) -> tuple[SectionCase, ...]:
    """Only what the filter wants; a filter that is none wants all."""
    wanted = {
        "to_judge": lambda item: not item.settled,
        "changed": lambda item: item.status == "changed",
        "requested": lambda item: item.request is not None,
        "differs": lambda item: item.differs,
    }.get(show)
    if wanted is None:
        return case.sections
    kept = (SectionCase(part.section, tuple(filter(wanted, part.criteria))) for part in case.sections)
    return tuple(part for part in kept if part.criteria)


def counts(case: ReviewCase) -> Mapping[str, int]:
    return {
        "all": len(case.criteria),
        "settled": len(case.criteria) - len(case.unsettled),
        "to_judge": len(case.unsettled),
        "changed": sum(item.status == "changed" for item in case.criteria),
        "requested": sum(item.request is not None for item in case.criteria),
        "differs": sum(item.differs for item in case.criteria),
    }


def page_of(case: ReviewCase, item: CriterionCase) -> CriterionPage:
    previous, following = case.neighbours(item.code)
    return CriterionPage(
        number=[other.code for other in case.criteria].index(item.code) + 1,
        total=len(case.criteria),
        previous=previous,
        following=following,
        section_title=next(part.section.title for part in case.sections if part.section.code == item.criterion.section),
        change=answer_change(case, item),
    )


def answer_change(case: ReviewCase, item: CriterionCase) -> AnswerChange | None:
    """None where nothing was submitted before, or nothing changed since."""
    if case.previous is None:
        return None
    before = snapshots.read(case.previous).answers.get(item.code)
    now = item.claimed
    if before is None or before.hash == now.hash:
        return None
    old_files = {file.sha256 for file in before.evidence}
    new_files = {file.sha256 for file in now.evidence}
    return AnswerChange(
        number_before=case.previous.number,
        before=before,
        level_changed=(before.level, before.not_applicable) != (now.level, now.not_applicable),
        account=word_diff(before.account, now.account),
        reason=word_diff(before.reason, now.reason),
        files_added=tuple(file for file in now.evidence if file.sha256 not in old_files),
        files_removed=tuple(file for file in before.evidence if file.sha256 not in new_files),
    )


def requests_of(case: ReviewCase, state: str) -> tuple[RequestRow, ...]:
    """In page order. A criterion that has gone from the standard's answer cannot be: a plan keeps its version."""
    questions = {criterion.code: criterion.question for criterion in case.standard.criteria}
    order = {criterion.code: place for place, criterion in enumerate(case.standard.criteria)}
    rows = [RequestRow(item, questions.get(item.criterion_code, "")) for item in case.requests if item.state == state]
    return tuple(sorted(rows, key=lambda row: order.get(row.request.criterion_code, len(order))))
