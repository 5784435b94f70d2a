"""The page of one criterion: the question, what the levels look like, the answer and its files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from certification.domain.standard import Criterion, Section
from certification.models import Answer, ChangeRequest, Evidence, Plan
from certification.selectors import cases, editing, obligations, plan_page, readiness
from certification.selectors.cases import Case
from certification.selectors.obligations import Obligation
from certification.selectors.plan_page import ScorePanel
from core.govuk.panels import FileRow


@dataclass(frozen=True)
class CriterionPage:
    """`previous` and `following` are codes of the same plan, empty at the ends; `onward` the next one that can be written;
    `mark` the level to be reached, if any.
    """

    case: Case
    section: Section
    criterion: Criterion
    obligation: Obligation
    mark: int | None
    position: int
    answer: Answer | None
    asked: ChangeRequest | None
    comments: tuple[ChangeRequest, ...]
    files: tuple[FileRow, ...]
    file_needed: bool
    editable: bool
    confirm_needed: bool
    previous: str
    following: str
    onward: str

    @cached_property
    def panel(self) -> ScorePanel | None:
        """Scored when it is drawn: a save that goes on to the next question draws nothing."""
        return plan_page.panel_of(self.case, cases.score(self.case))

    @property
    def total(self) -> int:
        return len(self.case.codes)


def build(plan: Plan, code: str, *, may_edit: bool) -> CriterionPage | None:
    """None for a code that the plan is not asked."""
    case = cases.load(plan)
    if code not in case.codes:
        return None
    criterion = case.standard.by_code[code]
    place = case.codes.index(code)
    answer = case.answers.get(code)
    to_write = editing.open_codes(plan, case.codes, case.requests) if may_edit else frozenset()
    editable = code in to_write
    return CriterionPage(
        case=case,
        section=next(section for section, criteria in case.sections if criterion in criteria),
        criterion=criterion,
        obligation=obligations.of(criterion, case.facts),
        mark=case.standard.pass_mark.mandatory_level if criterion.mandatory else None,
        position=place + 1,
        answer=answer,
        asked=case.requests.get(code),
        comments=_earlier_requests(plan, code),
        files=tuple(_file(plan, file, editable=editable) for file in case.evidence.get(code, ())),
        file_needed=readiness.evidence_needed(case, criterion) and not case.evidence.get(code),
        editable=editable,
        confirm_needed=answer is not None and answer.confirm_needed,
        previous=case.codes[place - 1] if place else "",
        following=case.codes[place + 1] if place + 1 < len(case.codes) else "",
        onward=next((later for later in case.codes[place + 1 :] if later in to_write), ""),
    )


def _earlier_requests(plan: Plan, code: str) -> tuple[ChangeRequest, ...]:
    """What was asked before and answered: on resubmission the whole conversation stays in sight."""
    if plan.first_submitted_at is None:
        return ()
    found = ChangeRequest.objects.filter(plan=plan, criterion_code=code, state=ChangeRequest.State.ANSWERED)
    return tuple(found.order_by("-sent_at"))


def _file(plan: Plan, file: Evidence, *, editable: bool) -> FileRow:
    opens = file.scan == Evidence.Scan.CLEAN
    return FileRow(
        name=file.name,
        size=file.size,
        status=file.scan,
        status_text=scan_text(file),
        url=reverse("certification:evidence_file", args=[plan.pk, file.pk]) if opens else "",
        remove_url=reverse("certification:evidence_remove", args=[plan.pk, file.pk]) if editable else "",
        when=file.uploaded_at,
        who=file.note,
    )


def scan_text(file: Evidence) -> str:
    return {
        Evidence.Scan.PENDING: _("Being scanned"),
        Evidence.Scan.CLEAN: _("Scanned"),
        Evidence.Scan.INFECTED: _("Refused: malware found"),
        Evidence.Scan.HELD: _("Held: no scanner"),
    }[Evidence.Scan(file.scan)]
