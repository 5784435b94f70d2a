"""Scores of a 96-criterion plan with their whole explanation, as a ratio to a bare loop over the same criteria.

The floor looks up the answer, the weight and the level of each criterion in dictionaries, and adds up: what no scoring
can do without. Run by `make bench`; the figure a second is for the machine that it ran on.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from certification.domain.explanation import as_dict
from certification.domain.scoring import Answer, score
from certification.domain.standard import Standard

SECTIONS = (
    "GOV",
    "RSK",
    "PRO",
    "MON",
    "MOV",
    "PHY",
    "INF",
    "PER",
    "TRN",
    "EXR",
    "RSP",
    "MED",
    "COM",
    "EVT",
    "PRJ",
    "REV",
)
FACTS = {"kind": "venue", "tier": "enhanced", "act_tier": "enhanced", "expected_attendance": 14_000}
SECONDS = 1.0
ROUNDS = 5


def document() -> dict[str, object]:
    """16 sections of 6 criteria, all of which apply by a condition of two facts."""
    when = {
        "all": [
            {"fact": "kind", "op": "in", "value": ["venue", "event"]},
            {"fact": "tier", "op": "eq", "value": "enhanced"},
        ]
    }
    sections = [
        {
            "code": name,
            "title": name,
            "criteria": [
                {
                    "code": f"{name}-{number:02d}",
                    "question": "Is it in place?",
                    "weight": 1 + number % 5,
                    "obligation": ("law", "scheme", "advisory")[number % 3],
                    "full_level": 3 + number % 2,
                    "remedy": "Put it in place.",
                    "when": when,
                }
                for number in range(1, 7)
            ],
        }
        for name in SECTIONS
    ]
    return {
        "code": "BENCH",
        "version": "2026.1",
        "title": "Bench",
        "effective_from": "2026-04-01",
        "levels": [{"value": value, "label": str(value)} for value in range(5)],
        "pass": {"overall": 70, "section": 50, "mandatory_level": 3},
        "conditional": {"overall": 50, "mandatory_level": 2},
        "validity": [{"months": 24}],
        "sections": sections,
    }


def seconds_each(work: Callable[[], object]) -> float:
    """The best of some rounds in CPU time, so that the neighbours on the machine count little."""
    best = float("inf")
    for _ in range(ROUNDS):
        count, begun = 0, process_time()
        while (spent := process_time() - begun) < SECONDS / ROUNDS:
            work()
            count += 1
        best = min(best, spent / count)
    return best


def main() -> None:
    standard = Standard.from_dict(document())
    answers = {item.code: Answer(level=2 + index % 3) for index, item in enumerate(standard.criteria)}
    weights = {item.code: item.weight for item in standard.criteria}
    levels = {code: answer.level or 0 for code, answer in answers.items()}

    def bare() -> int:
        total = 0
        for code, weight in weights.items():
            total += weight * levels[code]
        return total

    floor = seconds_each(bare)
    figure = seconds_each(lambda: as_dict(score(standard, FACTS, answers)))
    print(f"score of {len(weights)} criteria, explained: {1 / figure:,.0f} a second (budget 2,000)")
    print(f"floor {floor * 1e6:.1f} us, figure {figure * 1e6:.1f} us, ratio {figure / floor:.0f}")


if __name__ == "__main__":
    main()
