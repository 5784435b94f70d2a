"""A plan with all that a score or a page needs of it, in a fixed handful of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from certification.domain import lifecycle, scoring
from certification.domain.answers import Answer as ScoredAnswer
from certification.domain.answers import AnswersError
from certification.domain.scoring import Score
from certification.domain.standard import Criterion, Section, Standard
from certification.models import Answer, ChangeRequest, Evidence, Plan
from certification.selectors import facts as plan_facts
from certification.selectors.standards import compiled
from events.models import Subject

NOT_STARTED: Final = "not_started"
IN_PROGRESS: Final = "in_progress"
CONFIRM: Final = "confirm"
COMPLETE: Final = "complete"


@dataclass(frozen=True, slots=True)
class Case:
    """`sections` and `codes` hold what applies to the subject as it stands now, in the standard's order.

    `answers` and `evidence` hold every row of the plan, those of criteria that no longer apply included; `evidence`
    leaves out removed files. `requests` are the open change requests by criterion.
    """

    plan: Plan
    subject: Subject
    standard: Standard
    facts: Mapping[str, object]
    sections: tuple[tuple[Section, tuple[Criterion, ...]], ...]
    codes: tuple[str, ...]
    answers: Mapping[str, Answer]
    evidence: Mapping[str, tuple[Evidence, ...]]
    requests: Mapping[str, ChangeRequest]

    def status_of(self, code: str) -> str:
        """Where the organiser's work on one criterion stands."""
        answer = self.answers.get(code)
        if answer is None:
            return NOT_STARTED
        if answer.confirm_needed:
            return CONFIRM
        if answer.level is not None or answer.not_applicable:
            return COMPLETE
        return IN_PROGRESS

    @property
    def unanswered(self) -> tuple[str, ...]:
        """What has neither a level nor a reason why it does not apply; copied answers still to be confirmed are not here."""
        return tuple(code for code in self.codes if not self._answered(code))

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        return tuple(code for code in self.codes if self._answered(code) and self.status_of(code) == CONFIRM)

    def _answered(self, code: str) -> bool:
        answer = self.answers.get(code)
        return answer is not None and (answer.level is not None or answer.not_applicable)


def load(plan: Plan) -> Case:
    """Three queries beyond the plan, its subject and its standard."""
    standard = compiled(plan.standard)
    facts = plan_facts.facts_of(plan)
    applies = standard.applicability(facts).codes
    sections = tuple(
        (section, criteria)
        for section in standard.sections
        if (criteria := tuple(item for item in section.criteria if item.code in applies))
    )
    evidence: dict[str, list[Evidence]] = {}
    for file in Evidence.objects.filter(plan=plan, discharge__isnull=True, removed_at__isnull=True).order_by(
        "uploaded_at", "id"
    ):
        evidence.setdefault(file.criterion_code, []).append(file)
    return Case(
        plan=plan,
        subject=plan_facts.subject_of(plan),
        standard=standard,
        facts=facts,
        sections=sections,
        codes=tuple(item.code for _, criteria in sections for item in criteria),
        answers={answer.criterion_code: answer for answer in Answer.objects.filter(plan=plan)},
        evidence={code: tuple(files) for code, files in evidence.items()},
        requests=_open_requests(plan),
    )


def score(case: Case) -> Score | None:
    """The score as it stands; None while every answer given is "does not apply", which leaves nothing to score."""
    answers = {
        code: ScoredAnswer(level=answer.level, na=answer.not_applicable, reason=answer.reason)
        for code in case.codes
        if (answer := case.answers.get(code)) is not None and (answer.level is not None or answer.not_applicable)
    }
    try:
        return scoring.score(case.standard, case.facts, answers)
    except AnswersError:
        # Each answer was checked when it was saved; what is left is the plan in which nothing applies.
        return None


def _open_requests(plan: Plan) -> dict[str, ChangeRequest]:
    if plan.state != lifecycle.CHANGES_REQUESTED:
        return {}
    found = ChangeRequest.objects.filter(plan=plan, state=ChangeRequest.State.OPEN)
    return {request.criterion_code: request for request in found}
