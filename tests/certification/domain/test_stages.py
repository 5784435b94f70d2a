from __future__ import annotations

from certification.domain.stages import LAST, first_asked, next_stage
from tests.certification.domain.samples import criterion, section, standard


def test_after_the_last_stage_there_is_none() -> None:
    assert [next_stage(stage) for stage in range(LAST + 1)] == [1, 2, 3, 4, 5, 6, 7, None]


def test_what_is_first_asked_is_what_did_not_apply_before() -> None:
    always = criterion("GOV-01")
    from_three = criterion("GOV-02", when={"fact": "project_stage", "op": "ge", "value": 3})
    until_two = criterion("GOV-03", when={"fact": "project_stage", "op": "le", "value": 2})
    made = standard(section("GOV", always, from_three, until_two))
    facts = {"kind": "project", "tier": "enhanced", "act_tier": "enhanced", "project_stage": 2}
    assert [found.code for found in first_asked(made, facts, 3)] == ["GOV-02"]
    assert first_asked(made, {**facts, "project_stage": 3}, 4) == ()
