"""What a reviewer can recommend, and when. All criteria at level 2 give conditions; at 3 the score certifies."""

from __future__ import annotations

import pytest

from accounts.models import Organisation, User
from certification.domain import lifecycle
from certification.domain.departures import Condition
from certification.models import Plan, Recommendation
from certification.services import recommendations, reviews
from certification.services.recommendations import RecommendationInput
from core.errors import IllegalMove, Incomplete, InvalidInput, NotPermitted
from core.models import AuditEvent, OutgoingMail
from tests.certification.police.test_reviews import back_with_the_adviser, case_of
from tests.factories import accounts as people
from tests.factories import reviews as made
from tests.factories.certification import in_state

pytestmark = pytest.mark.django_db

MANDATORY = ("GOV-01", "GOV-02", "GOV-03", "PHY-01")
ALL = (*MANDATORY, "PHY-02")


def conditions_for(*codes: str, text: str = "Put it right.", days: int = 30) -> tuple[Condition, ...]:
    return tuple(Condition(code, text, days) for code in codes)


def test_the_score_says_certify(organisation: Organisation, adviser: User) -> None:
    plan = made.judged_plan(organisation, reviewer=adviser)
    recommendation = made.recommend(plan, reviewer=adviser, outcome="certify")
    plan.refresh_from_db()
    case = case_of(plan)
    assert plan.state == lifecycle.RECOMMENDED
    assert (recommendation.outcome, recommendation.engine_outcome) == ("certify", "certify")
    assert (recommendation.conditions, recommendation.departure_reason) == ([], "")
    assert (recommendation.recommended_by, recommendation.submission) == (adviser, case.submission)
    assert recommendation.score["overall"] == "75.0"


def test_the_score_drafts_a_condition_for_every_shortfall(organisation: Organisation, adviser: User) -> None:
    plan = made.judged_plan(organisation, reviewer=adviser, level=2)
    recommendation = made.recommend_as_scored(plan, reviewer=adviser)
    assert recommendation.outcome == "certify_with_conditions"
    assert recommendation.conditions == [{"code": code, "text": f"Put {code} in place.", "days": 30} for code in ALL]


def test_conditions_can_be_reworded_and_added_without_a_reason(organisation: Organisation, adviser: User) -> None:
    plan = made.judged_plan(organisation, reviewer=adviser, levels={"GOV-01": 2})
    recommendation = made.recommend(
        plan,
        reviewer=adviser,
        outcome="certify_with_conditions",
        conditions=(Condition("GOV-01", "  Sign the note.\r\nDate it. ", 730), Condition("PHY-02", "Walk it.", 1)),
    )
    assert recommendation.conditions == [
        {"code": "GOV-01", "text": "Sign the note.\nDate it.", "days": 730},
        {"code": "PHY-02", "text": "Walk it.", "days": 1},
    ]
    assert recommendation.departure_reason == ""


@pytest.mark.parametrize(
    ("levels", "outcome", "conditions", "field"),
    [
        ({}, "refuse", (), "departure_reason"),
        ({}, "certify_with_conditions", conditions_for("GOV-01"), "departure_reason"),
        ({"GOV-01": 2}, "certify", (), "departure_reason"),
        ({"GOV-01": 2, "PHY-01": 2}, "certify_with_conditions", conditions_for("GOV-01"), "departure_reason"),
        ({"GOV-01": 0}, "certify", (), "departure_reason"),
        ({"GOV-01": 2}, "certify_with_conditions", (), "conditions"),
        ({}, "certify", conditions_for("GOV-01"), "conditions"),
        ({"GOV-01": 2}, "certify_with_conditions", conditions_for("GOV-01", "GOV-01"), "conditions"),
        ({"GOV-01": 2}, "certify_with_conditions", conditions_for("GOV-01", "PHY-03"), "conditions"),
        ({"GOV-01": 2}, "certify_with_conditions", conditions_for("GOV-01", text=" "), "conditions"),
        ({"GOV-01": 2}, "certify_with_conditions", conditions_for("GOV-01", text="x" * 2001), "conditions"),
        ({"GOV-01": 2}, "certify_with_conditions", conditions_for("GOV-01", days=0), "conditions"),
        ({"GOV-01": 2}, "certify_with_conditions", conditions_for("GOV-01", days=731), "conditions"),
        ({}, "incomplete", (), "outcome"),
        ({}, "", (), "outcome"),
    ],
)
def test_what_cannot_be_recommended_is_refused_by_its_field(
    levels: dict[str, int],
    outcome: str,
    conditions: tuple[Condition, ...],
    field: str,
    organisation: Organisation,
    adviser: User,
) -> None:
    plan = made.judged_plan(organisation, reviewer=adviser, levels=levels)
    with pytest.raises(InvalidInput) as refused:
        made.recommend(plan, reviewer=adviser, outcome=outcome, conditions=conditions, reason=" \n ")
    assert refused.value.field == field
    assert not Recommendation.objects.exists()
    assert Plan.objects.get().state == lifecycle.UNDER_REVIEW


@pytest.mark.parametrize(
    ("levels", "outcome", "conditions", "engine"),
    [
        ({}, "refuse", (), "certify"),
        ({}, "certify_with_conditions", conditions_for("GOV-01"), "certify"),
        ({"GOV-01": 2}, "certify", (), "certify_with_conditions"),
        ({"GOV-01": 0}, "certify_with_conditions", conditions_for("GOV-01"), "refuse"),
        ({"GOV-01": 2, "PHY-01": 2}, "certify_with_conditions", conditions_for("GOV-01"), "certify_with_conditions"),
    ],
)
def test_a_departure_goes_through_with_its_reason(
    levels: dict[str, int],
    outcome: str,
    conditions: tuple[Condition, ...],
    engine: str,
    organisation: Organisation,
    adviser: User,
) -> None:
    plan = made.judged_plan(organisation, reviewer=adviser, levels=levels)
    recommendation = made.recommend(
        plan, reviewer=adviser, outcome=outcome, conditions=conditions, reason="Seen on the spot."
    )
    assert (recommendation.engine_outcome, recommendation.departure_reason) == (engine, "Seen on the spot.")


def test_a_reason_without_a_departure_is_not_kept(organisation: Organisation, adviser: User) -> None:
    plan = made.judged_plan(organisation, reviewer=adviser)
    assert made.recommend(plan, reviewer=adviser, outcome="certify", reason="Just so.").departure_reason == ""


@pytest.mark.parametrize("summary", ["", " \n", "x" * 6001])
def test_the_summary_is_for_somebody_who_has_to_sign(summary: str, organisation: Organisation, adviser: User) -> None:
    plan = made.judged_plan(organisation, reviewer=adviser)
    with pytest.raises(InvalidInput) as refused:
        recommendations.recommend(
            actor=adviser, plan_id=plan.pk, recommendation=RecommendationInput(outcome="certify", summary=summary)
        )
    assert refused.value.field == "summary"
    assert Plan.objects.get().state == lifecycle.UNDER_REVIEW


def test_every_criterion_is_judged_first(organisation: Organisation, adviser: User) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    with pytest.raises(Incomplete) as refused:
        made.recommend(plan, reviewer=adviser, outcome="certify")
    assert refused.value.missing == tuple(f"{code}: not judged yet" for code in ALL)


def test_a_changed_answer_is_judged_again_first(organisation: Organisation, organiser: User, adviser: User) -> None:
    plan = made.judged_plan(organisation, reviewer=adviser)
    back_with_the_adviser(plan, adviser, organiser)
    with pytest.raises(Incomplete) as refused:
        made.recommend(plan, reviewer=adviser, outcome="certify")
    assert refused.value.missing == ("GOV-01: the organiser changed the answer since you judged it",)
    made.judge_all(plan, reviewer=adviser)
    assert made.recommend(plan, reviewer=adviser, outcome="certify").submission.number == 2


def test_a_written_change_request_is_sent_or_dropped_first(organisation: Organisation, adviser: User) -> None:
    plan = made.judged_plan(organisation, reviewer=adviser)
    reviews.draft_change_request(actor=adviser, plan_id=plan.pk, code="GOV-01", message="More.")
    with pytest.raises(Incomplete, match="GOV-01"):
        made.recommend(plan, reviewer=adviser, outcome="certify")


@pytest.mark.parametrize("state", [state for state in lifecycle.PLAN_STATES if state != lifecycle.UNDER_REVIEW])
def test_only_a_plan_under_review_is_recommended(state: str, organisation: Organisation, adviser: User) -> None:
    plan = made.judged_plan(organisation, reviewer=adviser)
    in_state(plan, state, reviewer=adviser)
    with pytest.raises(IllegalMove):
        made.recommend(plan, reviewer=adviser, outcome="certify")
    assert not Recommendation.objects.exists()


@pytest.mark.parametrize(
    "role", ["organiser", "viewer", "stranger", "second_adviser", "authoriser", "other_area_adviser", "auditor"]
)
def test_only_the_reviewer_recommends(
    role: str, organisation: Organisation, adviser: User, request: pytest.FixtureRequest
) -> None:
    plan = made.judged_plan(organisation, reviewer=adviser)
    with pytest.raises(NotPermitted):
        made.recommend(plan, reviewer=request.getfixturevalue(role), outcome="certify")


def test_those_who_could_sign_are_told(organisation: Organisation, adviser: User, authoriser: User) -> None:
    people.make_officer("authoriser", area=people.OTHER_AREA)
    dismissed = people.make_officer("authoriser")
    people.end_appointments(dismissed)
    people.appointments.appoint(actor=None, user_id=adviser.pk, area_code=people.AREA, role="authoriser")
    made.recommended_plan(organisation, reviewer=adviser)
    mails = OutgoingMail.objects.filter(kind="plan.recommended")
    assert [mail.recipient for mail in mails] == [authoriser]
    assert "SECRET-SUMMARY" not in mails[0].subject + mails[0].body


def test_the_fact_is_kept_without_its_words(organisation: Organisation, adviser: User) -> None:
    plan = made.judged_plan(organisation, reviewer=adviser, levels={"GOV-01": 2})
    made.recommend(plan, reviewer=adviser, outcome="certify", reason="SECRET-REASON")
    event = AuditEvent.objects.get(action="plan.recommended")
    assert event.facts == {
        "outcome": "certify",
        "engine_outcome": "certify_with_conditions",
        "departs": True,
        "conditions": [],
        "overall": "70.0",
        "submission": 1,
        "content_hash": case_of(plan).submission.content_hash,
    }
    assert event.actor == adviser
