"""The page of one plan: where it stands, what is left, what would help most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certification.domain import explanation, lifecycle
from certification.domain.scoring import Score
from certification.domain.standard import Criterion, Section
from certification.models import Plan
from certification.selectors import cases, editing, obligations
from certification.selectors.cases import Case
from core.govuk.charts import ScoreRow
from core.govuk.panels import Step, StepState, TaskRow

_BEST_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class ScorePanel:
    """`outcome` is what the score alone would come to; a person decides.

    `below`: how many answers stay under the level that a duty or a rule of the scheme asks.
    """

    overall: str
    mark: int
    met: bool
    outcome: str
    outcome_text: str
    answered: int
    total: int
    below: int


@dataclass(frozen=True, slots=True)
class SectionTasks:
    """`opened`: the section in which to go on."""

    code: str
    title: str
    intro: str
    answered: int
    total: int
    percent: str | None
    passes: bool
    opened: bool
    tasks: tuple[TaskRow, ...]


@dataclass(frozen=True, slots=True)
class Gain:
    """What one criterion would bring if it were raised to full marks."""

    code: str
    question: str
    url: str
    now: str
    then: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A change request as the organiser meets it."""

    code: str
    question: str
    message: str
    url: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """`next_url` is where to go on; empty where nothing is left to do here."""

    case: Case
    panel: ScorePanel | None
    sections: tuple[SectionTasks, ...]
    chart: tuple[ScoreRow, ...]
    blockers: tuple[str, ...]
    gains: tuple[Gain, ...]
    asked: tuple[Asked, ...]
    steps: tuple[Step, ...]
    next_code: str
    next_url: str


def build(plan: Plan, *, editable: bool, only_open: bool = False) -> PlanPage:
    """`only_open` leaves out of the task list what needs nothing more."""
    case = cases.load(plan)
    score = cases.score(case)
    open_codes = editing.open_codes(plan, case.codes, case.requests) if editable else frozenset()
    waiting = [code for code in case.codes if code in open_codes and _waits(case, code)]
    return PlanPage(
        case=case,
        panel=panel_of(case, score),
        sections=tuple(
            _section(
                case,
                score,
                section,
                tuple(item for item in criteria if not only_open or _waits(case, item.code)),
                waiting,
            )
            for section, criteria in case.sections
        ),
        chart=_chart(case, score),
        blockers=tuple(explanation.blocker_text(item, case.standard) for item in score.blockers) if score else (),
        gains=_gains(case, score, open_codes),
        asked=_asked(case),
        steps=steps_of(plan),
        next_code=waiting[0] if waiting else "",
        next_url=criterion_url(plan, waiting[0]) if waiting else "",
    )


def panel_of(case: Case, score: Score | None) -> ScorePanel | None:
    if score is None:
        return None
    mark = case.standard.pass_mark.overall
    return ScorePanel(
        overall=score.overall_display,
        mark=mark,
        met=score.overall >= mark,
        outcome=score.outcome,
        outcome_text=outcome_text(score.outcome),
        answered=len(case.codes) - len(case.unanswered),
        total=len(case.codes),
        below=sum(item.kind == "mandatory" and item.code not in case.unanswered for item in score.blockers),
    )


def outcome_text(outcome: str) -> str:
    return {
        "incomplete": _("Not complete yet"),
        "certify": _("Enough for a certificate"),
        "certify_with_conditions": _("Enough for a certificate with conditions"),
        "refuse": _("Not enough for a certificate"),
    }[outcome]


def status_text(status: str) -> str:
    return {
        cases.NOT_STARTED: _("Not started"),
        cases.IN_PROGRESS: _("In progress"),
        cases.CONFIRM: _("Confirm"),
        cases.COMPLETE: _("Answered"),
        "changes_requested": _("Change asked for"),
    }[status]


def criterion_url(plan: Plan, code: str) -> str:
    return reverse("certification:criterion", args=[plan.pk, code])


def steps_of(plan: Plan) -> tuple[Step, ...]:
    """Five stages; a plan that came back for changes is still under review."""
    labels = [_("Draft"), _("Submitted"), _("Under review"), _("Decision"), _("Certificate")]
    at = {
        lifecycle.DRAFT: 0,
        lifecycle.SUBMITTED: 1,
        lifecycle.UNDER_REVIEW: 2,
        lifecycle.CHANGES_REQUESTED: 2,
        lifecycle.RECOMMENDED: 3,
        lifecycle.REFUSED: 3,
        lifecycle.APPROVED: 4,
        lifecycle.WITHDRAWN: 1 if plan.first_submitted_at else 0,
    }[plan.state]
    note = {
        lifecycle.CHANGES_REQUESTED: _("Back with you for changes"),
        lifecycle.RECOMMENDED: _("Waiting for a signature"),
        lifecycle.REFUSED: _("Refused"),
        lifecycle.WITHDRAWN: _("Withdrawn"),
    }.get(plan.state, "")
    stopped = plan.state in {lifecycle.REFUSED, lifecycle.WITHDRAWN}
    certificate = plan.certificate if plan.state == lifecycle.APPROVED else None
    issued = certificate is not None and certificate.state != lifecycle.BEING_ISSUED
    return tuple(
        Step(label=label, state=_step(index, at, stopped=stopped, over=issued), note=note if index == at else "")
        for index, label in enumerate(labels)
    )


def _step(index: int, at: int, *, stopped: bool, over: bool) -> StepState:
    if index < at or over:
        return "done"
    if index > at:
        return "todo"
    return "stopped" if stopped else "current"


def _waits(case: Case, code: str) -> bool:
    return case.status_of(code) != cases.COMPLETE or code in case.requests


def _section(
    case: Case, score: Score | None, section: Section, shown: tuple[Criterion, ...], waiting: list[str]
) -> SectionTasks:
    found = next((item for item in score.sections if item.code == section.code), None) if score else None
    codes = [item.code for item in section.criteria if item.code in case.codes]
    return SectionTasks(
        code=section.code,
        title=section.title,
        intro=section.intro,
        answered=sum(code not in case.unanswered for code in codes),
        total=len(codes),
        percent=found.display if found else None,
        passes=found.passes if found else False,
        opened=bool(waiting) and waiting[0] in codes,
        tasks=tuple(_task(case, item) for item in shown),
    )


def _task(case: Case, criterion: Criterion) -> TaskRow:
    code = criterion.code
    status = "changes_requested" if code in case.requests else case.status_of(code)
    return TaskRow(
        label=f"{code} {criterion.question}",
        status=status,
        status_text=_status_with_level(case, code, status),
        url=criterion_url(case.plan, code),
        hint=_hint(case, criterion),
    )


def _status_with_level(case: Case, code: str, status: str) -> str:
    answer = case.answers.get(code)
    if status == cases.COMPLETE and answer is not None:
        return _("Does not apply") if answer.not_applicable else _("Level %(level)s") % {"level": answer.level}
    return status_text(status)


def _hint(case: Case, criterion: Criterion) -> str:
    parts = [obligations.of(criterion, case.facts).label]
    count = len(case.evidence.get(criterion.code, ()))
    if count:
        parts.append(ngettext("%(count)s file", "%(count)s files", count) % {"count": count})
    elif criterion.evidence == "required":
        parts.append(_("evidence needed"))
    return " · ".join(parts)


def _chart(case: Case, score: Score | None) -> tuple[ScoreRow, ...]:
    if score is None:
        return ()
    mark = case.standard.pass_mark.section
    shown = {section.code for section, _criteria in case.sections}
    return tuple(
        ScoreRow(label=item.title, percent=item.display, pass_mark=mark, met=item.passes, url=f"#section-{item.code}")
        for item in score.sections
        if item.code in shown and item.display is not None
    )


def _gains(case: Case, score: Score | None, open_codes: frozenset[str]) -> tuple[Gain, ...]:
    """Only what can be written now: advice that cannot be followed helps nobody."""
    if score is None:
        return ()
    rows = [row for row in explanation.best_next(score) if row.code in open_codes][:_BEST_SHOWN]
    return tuple(
        Gain(
            row.code,
            case.standard.by_code[row.code].question,
            criterion_url(case.plan, row.code),
            score.overall_display,
            row.if_raised_overall or "",
        )
        for row in rows
    )


def _asked(case: Case) -> tuple[Asked, ...]:
    return tuple(
        Asked(code, case.standard.by_code[code].question, case.requests[code].message, criterion_url(case.plan, code))
        for code in case.standard.by_code
        if code in case.requests
    )
