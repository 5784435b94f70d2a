"""The score of a plan, as scoring.md has it: a pure function of the standard, the subject's facts and the answers.

Sums are whole numbers in units of 1/`standard.scale`, so nothing is ever rounded but what is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import Final, NamedTuple

from certification.domain.answers import Answer, AnswersError, answer_faults, fact_faults
from certification.domain.applicability import Applicability
from certification.domain.standard import ADVISORY, Criterion, Earning, Section, Standard
from core.domain.faults import Fault

__all__ = [
    "CERTIFY",
    "CERTIFY_WITH_CONDITIONS",
    "INCOMPLETE",
    "OUTCOMES",
    "REFUSE",
    "Answer",
    "AnswersError",
    "Blocker",
    "Condition",
    "CriterionScore",
    "Score",
    "SectionScore",
    "percent_text",
    "score",
    "shortfalls",
]

INCOMPLETE: Final = "incomplete"
CERTIFY: Final = "certify"
CERTIFY_WITH_CONDITIONS: Final = "certify_with_conditions"
REFUSE: Final = "refuse"
OUTCOMES: Final = (INCOMPLETE, CERTIFY, CERTIFY_WITH_CONDITIONS, REFUSE)

_NO_EARNING: Final = Earning(0, Fraction(0), Fraction(0), "0", "0")
_UNANSWERED: Final = Answer()


class CriterionScore(NamedTuple):
    """`level` is None where there is none. `if_raised_overall` (percent) is None where no mark is lost.

    A criterion that does not apply, or is answered not applicable, has weight 0 here: it leaves both sums.
    A named tuple and no dataclass: a hundred of them are made for every score, and they cost a third.
    """

    code: str
    section: str
    applies: bool
    why: str
    obligation: str
    level: int | None
    na: bool
    weight: int
    earning: Earning
    if_raised_overall: str | None

    @property
    def earned(self) -> Fraction:
        return self.earning.earned

    @property
    def available(self) -> Fraction:
        return Fraction(self.weight)

    @property
    def lost(self) -> Fraction:
        return self.earning.lost


@dataclass(frozen=True, slots=True)
class SectionScore:
    """`percent` and `display` are None where nothing applies; such a section fails nothing."""

    code: str
    title: str
    earned: Fraction
    available: Fraction
    percent: Fraction | None
    display: str | None
    passes: bool


@dataclass(frozen=True, slots=True)
class Blocker:
    """Why the outcome is not `certify`, or would not be once all is answered. Levels for `mandatory`, else percent; `shortfall` is rounded up.

    `code` names a criterion or a section, and is None for `overall`.
    """

    kind: str
    code: str | None
    have: str
    need: str
    shortfall: str


@dataclass(frozen=True, slots=True)
class Condition:
    """`days` after the decision."""

    code: str
    remedy: str
    days: int


@dataclass(frozen=True, slots=True)
class Score:
    """`conditions` is empty unless the outcome is `certify_with_conditions`; `shortfalls` drafts them for any."""

    standard: str
    version: str
    outcome: str
    overall: Fraction
    overall_display: str
    sections: tuple[SectionScore, ...]
    criteria: tuple[CriterionScore, ...]
    blockers: tuple[Blocker, ...]
    conditions: tuple[Condition, ...]
    unanswered: tuple[str, ...]


class _Tally(NamedTuple):
    """One criterion that applies, before the total is known. `earning` is None where it is answered not applicable."""

    criterion: Criterion
    answer: Answer
    earning: Earning | None


class _Sum(NamedTuple):
    """In units of 1/scale."""

    earned: int
    available: int

    def reaches(self, percent: int) -> bool:
        return 100 * self.earned >= percent * self.available


def percent_text(part: int, whole: int) -> str:
    """100 times part / whole with one decimal, rounded half up, in whole numbers alone."""
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}"


def score(standard: Standard, facts: Mapping[str, object], answers: Mapping[str, Answer]) -> Score:
    """Raises AnswersError for answers that cannot stand, StandardError where the standard cannot judge these facts."""
    faults = list(fact_faults(facts))
    if faults:
        raise AnswersError(faults)
    found = standard.applicability(facts)
    faults = answer_faults(standard, found, answers)
    if faults:
        raise AnswersError(faults)
    tallies = [
        _tally(criterion, answers.get(criterion.code, _UNANSWERED)) if applies else None
        for criterion, applies in zip(standard.criteria, found.applies, strict=True)
    ]
    whole = _sum(standard, tallies)
    if not whole.available:
        message = "Every criterion is answered as not applicable: nothing is left to score."
        raise AnswersError([Fault("answers", message)])
    sections = _sections(standard, tallies)
    blockers = (*_mandatory_blockers(standard, tallies), *_percent_blockers(standard, sections, whole))
    unanswered = tuple(
        tally.criterion.code for tally in tallies if tally and tally.earning and tally.answer.level is None
    )
    outcome = INCOMPLETE if unanswered else _outcome(standard, tallies, blockers, whole)
    result = Score(
        standard=standard.code,
        version=standard.version,
        outcome=outcome,
        overall=Fraction(100 * whole.earned, whole.available),
        overall_display=percent_text(*whole),
        sections=sections,
        criteria=_rows(standard, found, tallies, whole),
        blockers=blockers,
        conditions=(),
        unanswered=unanswered,
    )
    if outcome != CERTIFY_WITH_CONDITIONS:
        return result
    return replace(result, conditions=shortfalls(standard, result))


def shortfalls(standard: Standard, result: Score) -> tuple[Condition, ...]:
    """The conditions that this score asks for, in the order of scoring.md and each once, whatever the outcome.

    First each mandatory criterion below the mandatory level; then the criteria below their full level, of each section
    below its mark, and of the whole if that is below its mark.
    """
    codes = [blocker.code for blocker in result.blockers if blocker.kind == "mandatory"]
    short = [row for row in result.criteria if row.lost]
    for blocker in result.blockers:
        if blocker.kind == "section":
            codes += [row.code for row in short if row.section == blocker.code]
        elif blocker.kind == "overall":
            codes += [row.code for row in short]
    criteria = [standard.by_code[code] for code in dict.fromkeys(codes) if code is not None]
    return tuple(Condition(item.code, item.remedy, item.remedy_days) for item in criteria)


def _tally(criterion: Criterion, answer: Answer) -> _Tally:
    return _Tally(criterion, answer, None if answer.na else criterion.earnings[answer.level or 0])


def _sum(standard: Standard, tallies: Sequence[_Tally | None]) -> _Sum:
    earned = weight = 0
    for tally in tallies:
        if tally is not None and tally.earning is not None:
            earned += tally.earning.scaled
            weight += tally.criterion.weight
    return _Sum(earned, weight * standard.scale)


def _sections(standard: Standard, tallies: Sequence[_Tally | None]) -> tuple[SectionScore, ...]:
    found: list[SectionScore] = []
    start = 0
    for section in standard.sections:
        end = start + len(section.criteria)
        found.append(_section(standard, section, _sum(standard, tallies[start:end])))
        start = end
    return tuple(found)


def _section(standard: Standard, section: Section, part: _Sum) -> SectionScore:
    judged = part.available > 0
    return SectionScore(
        code=section.code,
        title=section.title,
        earned=Fraction(part.earned, standard.scale),
        available=Fraction(part.available, standard.scale),
        percent=Fraction(100 * part.earned, part.available) if judged else None,
        display=percent_text(*part) if judged else None,
        passes=not judged or part.reaches(standard.pass_mark.section),
    )


def _mandatory(tallies: Sequence[_Tally | None]) -> Iterator[tuple[Criterion, int]]:
    """The mandatory criteria that count, each with the level that counts: 0 where there is no answer."""
    for tally in tallies:
        if tally is not None and tally.earning is not None and tally.criterion.obligation != ADVISORY:
            yield tally.criterion, tally.answer.level or 0


def _mandatory_blockers(standard: Standard, tallies: Sequence[_Tally | None]) -> Iterator[Blocker]:
    need = standard.pass_mark.mandatory_level
    for criterion, level in _mandatory(tallies):
        if level < need:
            yield Blocker("mandatory", criterion.code, str(level), str(need), str(need - level))


def _percent_blockers(standard: Standard, sections: Sequence[SectionScore], whole: _Sum) -> Iterator[Blocker]:
    for section in sections:
        if not section.passes and section.percent is not None:
            yield _percent_blocker("section", section.code, section.percent, standard.pass_mark.section)
    if not whole.reaches(standard.pass_mark.overall):
        overall = Fraction(100 * whole.earned, whole.available)
        yield _percent_blocker("overall", None, overall, standard.pass_mark.overall)


def _percent_blocker(kind: str, code: str | None, have: Fraction, need: int) -> Blocker:
    # Rounded up, since 69.96 % shows as 70.0 and a shortfall of 0.0 would tell nobody anything.
    short = ceil(10 * (need - have))
    shown = percent_text(have.numerator, 100 * have.denominator)
    return Blocker(kind, code, shown, f"{need}.0", f"{short // 10}.{short % 10}")


def _outcome(standard: Standard, tallies: Sequence[_Tally | None], blockers: Sequence[Blocker], whole: _Sum) -> str:
    if not blockers:
        return CERTIFY
    floor = standard.conditional
    if whole.reaches(floor.overall) and all(level >= floor.mandatory_level for _, level in _mandatory(tallies)):
        return CERTIFY_WITH_CONDITIONS
    return REFUSE


def _rows(
    standard: Standard, found: Applicability, tallies: Sequence[_Tally | None], whole: _Sum
) -> tuple[CriterionScore, ...]:
    raised: dict[int, str] = {}  # few criteria differ in what they lose, so few texts are made
    rows: list[CriterionScore] = []
    for criterion, tally, why, obligation in zip(
        standard.criteria, tallies, found.whys, found.obligations, strict=True
    ):
        if tally is None or tally.earning is None:
            rows.append(_row_without_marks(criterion, why, obligation, na=tally is not None))
            continue
        missing = criterion.weight * standard.scale - tally.earning.scaled
        if missing and missing not in raised:
            raised[missing] = percent_text(whole.earned + missing, whole.available)
        rows.append(
            CriterionScore(
                criterion.code,
                criterion.section,
                True,
                why,
                obligation,
                tally.answer.level,
                False,
                criterion.weight,
                tally.earning,
                raised.get(missing),
            )
        )
    return tuple(rows)


def _row_without_marks(criterion: Criterion, why: str, obligation: str, *, na: bool) -> CriterionScore:
    return CriterionScore(criterion.code, criterion.section, na, why, obligation, None, na, 0, _NO_EARNING, None)
