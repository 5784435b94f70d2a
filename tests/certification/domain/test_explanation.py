from __future__ import annotations

import json

import pytest

from certification.domain.explanation import as_dict, best_next, blocker_text, compare
from certification.domain.scoring import score
from tests.certification.domain.samples import NOT_HERE, VENUE, criterion, levels, section, standard

PLAN = standard(
    section(
        "AA",
        criterion("AA-01", 3, obligation="law", when={"fact": "kind", "op": "eq", "value": "venue"}),
        criterion("AA-02", 1, na_allowed=True),
        criterion("AA-03", 2, when={"fact": "kind", "op": "eq", "value": "event"}),
    ),
    section("BB", criterion("BB-01", 3, remedy_days=30)),
)


def test_a_score_as_plain_data() -> None:
    result = score(PLAN, VENUE, {**levels(AA_01=2, BB_01=3), "AA-02": NOT_HERE})
    assert json.loads(json.dumps(as_dict(result))) == {
        "standard": "TEST",
        "version": "2026.1",
        "outcome": "certify_with_conditions",
        "overall": "62.5",
        "sections": {"AA": "50.0", "BB": "75.0"},
        "criteria": [
            {
                "code": "AA-01",
                "applies": True,
                "why": "Applies: kind is venue.",
                "obligation": "law",
                "level": 2,
                "na": False,
                "earned": "3/2",
                "available": "3",
                "lost": "3/2",
                "if_raised_overall": "87.5",
            },
            {
                "code": "AA-02",
                "applies": True,
                "why": "Applies to every subject.",
                "obligation": "advisory",
                "level": None,
                "na": True,
                "earned": "0",
                "available": "0",
                "lost": "0",
                "if_raised_overall": None,
            },
            {
                "code": "AA-03",
                "applies": False,
                "why": "Does not apply: kind is venue and would have to be event.",
                "obligation": "advisory",
                "level": None,
                "na": False,
                "earned": "0",
                "available": "0",
                "lost": "0",
                "if_raised_overall": None,
            },
            {
                "code": "BB-01",
                "applies": True,
                "why": "Applies to every subject.",
                "obligation": "advisory",
                "level": 3,
                "na": False,
                "earned": "9/4",
                "available": "3",
                "lost": "3/4",
                "if_raised_overall": "75.0",
            },
        ],
        "blockers": [
            {"kind": "mandatory", "code": "AA-01", "have": "2", "need": "3", "shortfall": "1"},
            {"kind": "overall", "code": None, "have": "62.5", "need": "70.0", "shortfall": "7.5"},
        ],
        "conditions": [
            {"code": "AA-01", "remedy": "Do AA-01.", "days": 60},
            {"code": "BB-01", "remedy": "Do BB-01.", "days": 30},
        ],
        "unanswered": [],
    }


def test_blockers_in_words() -> None:
    result = score(PLAN, VENUE, levels(AA_01=0, AA_02=1, BB_01=4))
    assert [blocker_text(item, PLAN) for item in result.blockers] == [
        "AA-01 is at level 0 (Not in place) and must be at level 3 (In place) or higher: 3 short.",
        "Section AA is at 6.3 % and must reach 50.0 %: 43.8 points short.",
        "The whole plan is at 46.4 % and must reach 70.0 %: 23.6 points short.",
    ]


def test_what_to_do_first() -> None:
    result = score(PLAN, VENUE, levels(AA_01=2, AA_02=0, BB_01=2))
    assert [row.code for row in best_next(result)] == ["AA-01", "BB-01", "AA-02"]


def test_two_scores_side_by_side() -> None:
    before = score(PLAN, VENUE, levels(AA_01=2, AA_02=1, BB_01=3))
    after = score(PLAN, VENUE, {**levels(AA_01=4, BB_01=3), "AA-02": NOT_HERE})
    found = compare(before, after)
    assert [
        (change.before.code, change.before.level, change.after.level, change.after.na) for change in found.changes
    ] == [
        ("AA-01", 2, 4, False),
        ("AA-02", 1, None, True),
    ]
    assert (found.outcome_changed, found.sections_changed) == (True, ("AA",))
    assert compare(before, before).changes == ()
    assert not compare(before, before).outcome_changed


def test_scores_of_two_versions_are_not_compared() -> None:
    other = standard(section("AA", criterion("AA-01")), version="2027.1")
    with pytest.raises(ValueError, match="one version"):
        compare(score(PLAN, VENUE, levels(AA_01=1)), score(other, VENUE, levels(AA_01=1)))
