"""A score put into plain data and plain words, and two scores of one plan set side by side."""

from __future__ import annotations

from dataclasses import dataclass

from certification.domain.scoring import Blocker, CriterionScore, Score
from certification.domain.standard import Standard

__all__ = ["Change", "Comparison", "as_dict", "best_next", "blocker_text", "compare"]


def as_dict(score: Score) -> dict[str, object]:
    """What the command prints: percentages with one decimal, marks as exact fractions in lowest terms."""
    return {
        "standard": score.standard,
        "version": score.version,
        "outcome": score.outcome,
        "overall": score.overall_display,
        "sections": {section.code: section.display for section in score.sections},
        "criteria": [_row(row) for row in score.criteria],
        "blockers": [
            {"kind": item.kind, "code": item.code, "have": item.have, "need": item.need, "shortfall": item.shortfall}
            for item in score.blockers
        ],
        "conditions": [{"code": item.code, "remedy": item.remedy, "days": item.days} for item in score.conditions],
        "unanswered": list(score.unanswered),
    }


def _row(row: CriterionScore) -> dict[str, object]:
    return {
        "code": row.code,
        "applies": row.applies,
        "why": row.why,
        "obligation": row.obligation,
        "level": row.level,
        "na": row.na,
        "earned": row.earning.earned_text,
        "available": str(row.weight),
        "lost": row.earning.lost_text,
        "if_raised_overall": row.if_raised_overall,
    }


def blocker_text(blocker: Blocker, standard: Standard) -> str:
    """One sentence that names the figure, the mark and the shortfall."""
    if blocker.kind == "mandatory":
        have, need = (f"{level} ({standard.level_label(int(level))})" for level in (blocker.have, blocker.need))
        return f"{blocker.code} is at level {have} and must be at level {need} or higher: {blocker.shortfall} short."
    what = "The whole plan" if blocker.code is None else f"Section {blocker.code}"
    if blocker.have == blocker.need:
        return f"{what} is just under {blocker.need} %, the mark that it must reach."
    return f"{what} is at {blocker.have} % and must reach {blocker.need} %: {blocker.shortfall} points short."


def best_next(score: Score) -> tuple[CriterionScore, ...]:
    """The criteria short of full marks, the one that would raise the whole most first; ties in the standard's order."""
    return tuple(sorted((row for row in score.criteria if row.lost), key=lambda row: -row.lost))


@dataclass(frozen=True, slots=True)
class Change:
    before: CriterionScore
    after: CriterionScore


@dataclass(frozen=True, slots=True)
class Comparison:
    """`changes` holds the criteria that apply differently or were answered differently, in the standard's order."""

    before: Score
    after: Score
    changes: tuple[Change, ...]

    @property
    def outcome_changed(self) -> bool:
        return self.before.outcome != self.after.outcome

    @property
    def sections_changed(self) -> tuple[str, ...]:
        pairs = zip(self.before.sections, self.after.sections, strict=True)
        return tuple(old.code for old, new in pairs if old.percent != new.percent)


def compare(before: Score, after: Score) -> Comparison:
    """Raises ValueError for scores by different versions of a standard: their criteria are not the same questions."""
    if (before.standard, before.version) != (after.standard, after.version):
        raise ValueError("Scores are compared within one version of a standard.")
    pairs = zip(before.criteria, after.criteria, strict=True)
    return Comparison(before, after, tuple(Change(old, new) for old, new in pairs if _given(old) != _given(new)))


def _given(row: CriterionScore) -> tuple[bool, int | None, bool]:
    return row.applies, row.level, row.na
