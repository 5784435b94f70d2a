from __future__ import annotations

import pytest

from certification.domain.departures import (
    CERTIFY,
    CONDITIONS,
    OUTCOMES,
    REFUSE,
    Condition,
    Departure,
    called_for,
    departure,
)


@pytest.mark.parametrize("engine", OUTCOMES)
@pytest.mark.parametrize("chosen", OUTCOMES)
def test_another_outcome_than_the_score_departs(engine: str, chosen: str) -> None:
    found = departure(engine_outcome=engine, outcome=chosen, drafted=(), kept=())
    assert found == Departure(outcome=engine != chosen)
    assert bool(found) is (engine != chosen)


def test_leaving_out_a_drafted_condition_departs_and_names_it_in_order() -> None:
    found = departure(engine_outcome=CONDITIONS, outcome=CONDITIONS, drafted=("A", "B", "C"), kept=("B", "Z"))
    assert found == Departure(left_out=("A", "C"))
    assert found


def test_keeping_every_drafted_condition_and_adding_one_does_not_depart() -> None:
    assert not departure(engine_outcome=CONDITIONS, outcome=CONDITIONS, drafted=("A",), kept=("A", "B"))


@pytest.mark.parametrize("outcome", [CERTIFY, REFUSE])
def test_conditions_do_not_matter_to_the_other_outcomes(outcome: str) -> None:
    assert not departure(engine_outcome=outcome, outcome=outcome, drafted=("A",), kept=())


def test_a_condition_survives_its_json() -> None:
    condition = Condition("GOV-01", "Name a person.", 30)
    assert condition.as_dict() == {"code": "GOV-01", "text": "Name a person.", "days": 30}
    assert Condition.from_dict(condition.as_dict()) == condition


def test_one_that_counts_back_from_the_event_says_so_and_one_written_before_that_still_reads() -> None:
    condition = Condition("GOV-01", "Name a person.", 30, before_event=True)
    assert condition.as_dict() == {"code": "GOV-01", "text": "Name a person.", "days": 30, "before_event": True}
    assert Condition.from_dict(condition.as_dict()) == condition
    assert Condition.from_dict({"code": "GOV-01", "text": "Name a person.", "days": 30}).before_event is False


@pytest.mark.parametrize("engine", OUTCOMES)
@pytest.mark.parametrize("outstanding", [True, False])
def test_what_stands_unmet_calls_for_conditions_where_the_score_alone_would_not(engine: str, outstanding: bool) -> None:
    expected = CONDITIONS if (engine, outstanding) == (CERTIFY, True) else engine
    assert called_for(engine, outstanding=outstanding) == expected
