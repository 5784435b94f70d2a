"""Claim, judge, ask for changes, give back: each in its state, by its person, against the answer as submitted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.models import Organisation, User
from certification.domain import lifecycle
from certification.models import ChangeRequest, CriterionReview, Plan
from certification.selectors import reviews as cases
from certification.selectors.reviews import ReviewCase
from certification.services import answers, reviews, submissions
from certification.services.answers import AnswerInput
from certification.services.reviews import Judgement
from core.errors import Conflict, IllegalMove, Incomplete, InvalidInput, NotPermitted
from core.models import AuditEvent, OutgoingMail
from tests.factories import accounts as people
from tests.factories import reviews as made
from tests.factories.certification import (
    DECLARED,
    criterion_data,
    in_state,
    make_evidence,
    small_standard,
    submitted_plan,
)

pytestmark = pytest.mark.django_db

JUDGED = Judgement(level=3)


def case_of(plan: Plan) -> ReviewCase:
    return cases.case_of(cases.plan_with_subject(plan.pk))


def state_of(plan: Plan) -> str:
    return Plan.objects.values_list("state", flat=True).get(pk=plan.pk)


def resubmit(plan: Plan, organiser: User, code: str = "GOV-01", *, level: int = 4) -> None:
    """The organiser answers what was asked for and submits again."""
    stored = plan.answers.get(criterion_code=code)
    answer = AnswerInput(level, account=f"{stored.account} And more.")
    answers.save(actor=organiser, plan_id=plan.pk, code=code, answer=answer, expected_version=stored.version)
    submissions.submit(actor=organiser, plan_id=plan.pk, declaration=DECLARED)


def back_with_the_adviser(plan: Plan, adviser: User, organiser: User, code: str = "GOV-01") -> None:
    reviews.draft_change_request(actor=adviser, plan_id=plan.pk, code=code, message="More, please.")
    reviews.request_changes(actor=adviser, plan_id=plan.pk)
    resubmit(plan, organiser, code)


# Every action in every state -------------------------------------------------------------------------------------------

Action = Callable[[User, Plan], object]

ACTIONS: dict[str, tuple[Action, set[str]]] = {
    "claim": (lambda user, plan: reviews.claim(actor=user, plan_id=plan.pk), {lifecycle.SUBMITTED}),
    "release": (lambda user, plan: reviews.release(actor=user, plan_id=plan.pk), {lifecycle.UNDER_REVIEW}),
    "judge": (
        lambda user, plan: reviews.save_criterion(
            actor=user, plan_id=plan.pk, code="GOV-01", judgement=JUDGED, expected_version=0
        ),
        {lifecycle.UNDER_REVIEW},
    ),
    "draft": (
        lambda user, plan: reviews.draft_change_request(actor=user, plan_id=plan.pk, code="GOV-02", message="More."),
        {lifecycle.UNDER_REVIEW},
    ),
    "drop": (
        lambda user, plan: reviews.drop_change_request(actor=user, plan_id=plan.pk, code="GOV-01"),
        {lifecycle.UNDER_REVIEW},
    ),
    "send": (lambda user, plan: reviews.request_changes(actor=user, plan_id=plan.pk), {lifecycle.UNDER_REVIEW}),
}


@pytest.mark.parametrize("state", lifecycle.PLAN_STATES)
@pytest.mark.parametrize("name", ACTIONS)
def test_each_action_lands_in_its_state_and_changes_nothing_in_the_others(
    name: str, state: str, organisation: Organisation, adviser: User
) -> None:
    act, legal = ACTIONS[name]
    plan = made.claimed_plan(organisation, reviewer=adviser)
    reviews.draft_change_request(actor=adviser, plan_id=plan.pk, code="GOV-01", message="More.")
    in_state(plan, state, reviewer=adviser)
    if state == lifecycle.SUBMITTED:
        plan.reviews.update(ended_at=plan.submitted_at)
        Plan.objects.filter(pk=plan.pk).update(reviewer=None if name == "claim" else adviser)
    events = AuditEvent.objects.count()
    if state in legal:
        act(adviser, plan)
        assert AuditEvent.objects.count() == events + 1
        return
    expected = Conflict if (name, state) == ("claim", lifecycle.UNDER_REVIEW) else IllegalMove
    with pytest.raises(expected):
        act(adviser, plan)
    assert state_of(plan) == state
    assert AuditEvent.objects.count() == events
    assert CriterionReview.objects.count() == 0
    assert list(ChangeRequest.objects.values_list("criterion_code", "state")) == [("GOV-01", "draft")]


OUTSIDERS = ("organiser", "viewer", "stranger", "second_adviser", "other_area_adviser", "authoriser", "auditor")


@pytest.mark.parametrize("role", [*OUTSIDERS, "national_admin"])
@pytest.mark.parametrize("name", ["judge", "draft", "drop", "send"])
def test_nobody_but_the_reviewer_writes_the_review(
    name: str, role: str, organisation: Organisation, adviser: User, request: pytest.FixtureRequest
) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    reviews.draft_change_request(actor=adviser, plan_id=plan.pk, code="GOV-01", message="More.")
    with pytest.raises(NotPermitted):
        ACTIONS[name][0](request.getfixturevalue(role), plan)
    assert state_of(plan) == lifecycle.UNDER_REVIEW
    assert not CriterionReview.objects.exists()
    assert ChangeRequest.objects.get().state == "draft"


# Claim and release -----------------------------------------------------------------------------------------------------


def test_a_second_adviser_is_told_who_has_the_plan(
    organisation: Organisation, adviser: User, second_adviser: User
) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    with pytest.raises(Conflict, match="Ada Adviser is reviewing this plan already"):
        reviews.claim(actor=second_adviser, plan_id=plan.pk)
    plan.refresh_from_db()
    assert plan.reviewer == adviser


def test_an_appointment_that_ended_a_moment_ago_is_gone(organisation: Organisation, adviser: User) -> None:
    plan = submitted_plan(organisation)
    assert adviser.appointments.exists()
    people.end_appointments(adviser)
    with pytest.raises(NotPermitted):
        reviews.claim(actor=adviser, plan_id=plan.pk)


def test_whoever_claims_again_goes_on_with_their_own_reading(organisation: Organisation, adviser: User) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    ACTIONS["judge"][0](adviser, plan)
    first = made.current_review(plan)
    reviews.release(actor=adviser, plan_id=plan.pk)
    again = reviews.claim(actor=adviser, plan_id=plan.pk)
    assert again == first
    assert case_of(plan).by_code["GOV-01"].settled


def test_another_adviser_starts_afresh_and_sees_what_the_first_one_judged(
    organisation: Organisation, adviser: User, second_adviser: User
) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    ACTIONS["judge"][0](adviser, plan)
    reviews.release(actor=adviser, plan_id=plan.pk)
    reviews.claim(actor=second_adviser, plan_id=plan.pk)
    item = case_of(plan).by_code["GOV-01"]
    assert item.judgement is None
    assert [(old.review.reviewer, old.level) for old in item.earlier] == [(adviser, 3)]


def test_an_authorising_officer_frees_a_plan_whose_reviewer_is_away_and_they_are_told(
    organisation: Organisation, adviser: User, authoriser: User, second_adviser: User
) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    reviews.release(actor=authoriser, plan_id=plan.pk)
    plan.refresh_from_db()
    assert (plan.state, plan.reviewer) == (lifecycle.SUBMITTED, None)
    mail = OutgoingMail.objects.get(kind="review.released")
    assert mail.recipient == adviser
    assert reviews.claim(actor=second_adviser, plan_id=plan.pk).reviewer == second_adviser


def test_giving_back_oneself_tells_nobody(organisation: Organisation, adviser: User) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    reviews.release(actor=adviser, plan_id=plan.pk)
    assert not OutgoingMail.objects.filter(kind="review.released").exists()


@pytest.mark.parametrize("role", ["organiser", "second_adviser", "other_area_adviser", "stranger", "auditor"])
def test_others_cannot_take_the_plan_from_its_reviewer(
    role: str, organisation: Organisation, adviser: User, request: pytest.FixtureRequest
) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    with pytest.raises(NotPermitted):
        reviews.release(actor=request.getfixturevalue(role), plan_id=plan.pk)
    assert state_of(plan) == lifecycle.UNDER_REVIEW


# Judging ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "judgement", "field"),
    [
        ("GOV-01", Judgement(), "level"),
        ("GOV-01", Judgement(level=3, not_applicable=True), "level"),
        ("GOV-01", Judgement(not_applicable=True), "level"),
        ("GOV-01", Judgement(level=5), "level"),
        ("GOV-01", Judgement(level=-1), "level"),
        ("GOV-01", Judgement(level=2), "comment"),
        ("GOV-01", Judgement(level=2, comment=" \r\n "), "comment"),
        ("GOV-01", Judgement(level=3, comment="x" * 4001), "comment"),
        ("PHY-03", Judgement(level=3), "code"),
        ("NOT-99", Judgement(level=3), "code"),
    ],
)
def test_what_cannot_be_a_judgement_is_refused_by_its_field(
    code: str, judgement: Judgement, field: str, organisation: Organisation, adviser: User
) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    with pytest.raises(InvalidInput) as refused:
        reviews.save_criterion(actor=adviser, plan_id=plan.pk, code=code, judgement=judgement, expected_version=0)
    assert refused.value.field == field
    assert not CriterionReview.objects.exists()


@pytest.mark.parametrize(
    ("code", "judgement"),
    [
        ("GOV-01", Judgement(level=4)),
        ("GOV-01", Judgement(level=0, comment="Nothing was shown.")),
        ("GOV-03", Judgement(not_applicable=True)),
        ("PHY-02", Judgement(level=3, comment="x" * 4000)),
    ],
)
def test_what_can_be_a_judgement_is_kept(
    code: str, judgement: Judgement, organisation: Organisation, adviser: User
) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    saved = reviews.save_criterion(actor=adviser, plan_id=plan.pk, code=code, judgement=judgement, expected_version=0)
    stored = CriterionReview.objects.get(pk=saved.pk)
    assert Judgement(stored.level, not_applicable=stored.not_applicable, comment=stored.comment) == judgement
    assert (stored.version, stored.answer_hash) == (1, case_of(plan).by_code[code].claimed.hash)


def test_line_ends_of_a_browser_do_not_count_twice(organisation: Organisation, adviser: User) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    text = "x\r\n" * 1999 + "xx"
    saved = reviews.save_criterion(
        actor=adviser, plan_id=plan.pk, code="GOV-01", judgement=Judgement(3, comment=text), expected_version=0
    )
    assert saved.comment == "x\n" * 1999 + "xx"


@pytest.mark.parametrize("expected", [0, 2])
def test_a_save_against_an_old_version_is_told_and_changes_nothing(
    expected: int, organisation: Organisation, adviser: User
) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    ACTIONS["judge"][0](adviser, plan)
    with pytest.raises(Conflict) as told:
        reviews.save_criterion(
            actor=adviser, plan_id=plan.pk, code="GOV-01", judgement=Judgement(4), expected_version=expected
        )
    stored = CriterionReview.objects.get()
    assert told.value.current == stored
    assert (stored.level, stored.version) == (3, 1)


def test_the_live_answer_is_never_what_is_judged(organisation: Organisation, adviser: User) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    plan.answers.filter(criterion_code="GOV-01").update(account="Written after the submission.", level=0)
    item = case_of(plan).by_code["GOV-01"]
    assert (item.claimed.level, item.claimed.account) == (3, "Account of GOV-01.")


def test_running_score_takes_the_reviewer_where_they_judged_and_the_organiser_elsewhere(
    organisation: Organisation, adviser: User
) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser, level=4)
    reviews.save_criterion(
        actor=adviser, plan_id=plan.pk, code="GOV-01", judgement=Judgement(0, comment="None."), expected_version=0
    )
    case = case_of(plan)
    assert case.claimed_score is not None
    assert case.running_score is not None
    # Weights 2, 3, 2, 2 and 1: two of ten are lost.
    assert (case.claimed_score.overall_display, case.running_score.overall_display) == ("100.0", "80.0")
    assert case.judged_score().outcome == "incomplete"


def test_no_score_when_everything_is_judged_not_applicable(organisation: Organisation, adviser: User) -> None:
    only = {"code": "GOV", "title": "Governance", "intro": "", "criteria": [criterion_data("GOV-01", na_allowed=True)]}
    small_standard(version="2025.2", effective_from="2025-02-01", sections=[only])
    plan = made.claimed_plan(organisation, reviewer=adviser)
    reviews.save_criterion(
        actor=adviser, plan_id=plan.pk, code="GOV-01", judgement=Judgement(not_applicable=True), expected_version=0
    )
    case = case_of(plan)
    assert case.claimed_score is not None
    assert case.running_score is None
    with pytest.raises(Incomplete, match="nothing is left to score"):
        made.recommend(plan, reviewer=adviser, outcome="certify")


# Change requests -------------------------------------------------------------------------------------------------------


def test_a_draft_is_rewritten_not_doubled(organisation: Organisation, adviser: User) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    for message in ("First words.", "Better words.\r\nTwo lines."):
        reviews.draft_change_request(actor=adviser, plan_id=plan.pk, code="GOV-01", message=message)
    assert [item.message for item in plan.change_requests.all()] == ["Better words.\nTwo lines."]


@pytest.mark.parametrize("message", ["", "  \n", "x" * 4001])
def test_a_request_has_words_and_not_too_many(message: str, organisation: Organisation, adviser: User) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    with pytest.raises(InvalidInput) as refused:
        reviews.draft_change_request(actor=adviser, plan_id=plan.pk, code="GOV-01", message=message)
    assert refused.value.field == "message"


def test_dropping_a_draft_leaves_the_others(organisation: Organisation, adviser: User) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    for code in ("GOV-01", "PHY-01"):
        reviews.draft_change_request(actor=adviser, plan_id=plan.pk, code=code, message="More.")
    reviews.drop_change_request(actor=adviser, plan_id=plan.pk, code="GOV-01")
    assert list(plan.change_requests.values_list("criterion_code", flat=True)) == ["PHY-01"]
    with pytest.raises(InvalidInput):
        reviews.drop_change_request(actor=adviser, plan_id=plan.pk, code="GOV-01")


def test_nothing_to_send_is_incomplete(organisation: Organisation, adviser: User) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    with pytest.raises(Incomplete):
        reviews.request_changes(actor=adviser, plan_id=plan.pk)
    assert state_of(plan) == lifecycle.UNDER_REVIEW


def test_sending_opens_every_draft_and_tells_owners_and_editors_alone(
    organisation: Organisation, organiser: User, colleague: User, viewer: User, adviser: User
) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    for code in ("GOV-01", "PHY-01"):
        reviews.draft_change_request(actor=adviser, plan_id=plan.pk, code=code, message="SECRET-MESSAGE")
    reviews.request_changes(actor=adviser, plan_id=plan.pk)
    plan.refresh_from_db()
    assert (plan.state, plan.reviewer) == (lifecycle.CHANGES_REQUESTED, adviser)
    assert list(plan.change_requests.order_by("pk").values_list("criterion_code", "state")) == [
        ("GOV-01", "open"),
        ("PHY-01", "open"),
    ]
    mails = OutgoingMail.objects.filter(kind="plan.changes_requested")
    assert {mail.recipient for mail in mails} == {organiser, colleague}
    assert all("SECRET-MESSAGE" not in mail.subject + mail.body for mail in mails)
    assert all(str(plan.pk) in mail.body for mail in mails)


def test_after_resubmission_only_what_changed_is_judged_again(
    organisation: Organisation, organiser: User, adviser: User
) -> None:
    plan = made.judged_plan(organisation, reviewer=adviser)
    back_with_the_adviser(plan, adviser, organiser)
    case = case_of(plan)
    assert {item.code: item.status for item in case.criteria} == {
        "GOV-01": "changed",
        "GOV-02": "judged",
        "GOV-03": "judged",
        "PHY-01": "judged",
        "PHY-02": "judged",
    }
    assert case.by_code["GOV-01"].answered_request is not None
    assert case.submission.number == 2
    review = made.current_review(plan)
    assert (review.reviewer, review.submission) == (adviser, case.submission)


def test_judging_a_changed_answer_settles_it(organisation: Organisation, organiser: User, adviser: User) -> None:
    plan = made.judged_plan(organisation, reviewer=adviser)
    back_with_the_adviser(plan, adviser, organiser)
    reviews.save_criterion(actor=adviser, plan_id=plan.pk, code="GOV-01", judgement=Judgement(4), expected_version=1)
    assert case_of(plan).unsettled == ()


def test_a_new_file_alone_makes_an_answer_changed(organisation: Organisation, organiser: User, adviser: User) -> None:
    plan = made.judged_plan(organisation, reviewer=adviser)
    reviews.draft_change_request(actor=adviser, plan_id=plan.pk, code="GOV-02", message="The plan, please.")
    reviews.request_changes(actor=adviser, plan_id=plan.pk)
    make_evidence(plan, "GOV-02", by=organiser, content=b"another plan")
    submissions.submit(actor=organiser, plan_id=plan.pk, declaration=DECLARED)
    assert [item.code for item in case_of(plan).unsettled] == ["GOV-02"]


def test_an_answer_can_be_asked_about_again_after_it_was_answered(
    organisation: Organisation, organiser: User, adviser: User
) -> None:
    plan = made.judged_plan(organisation, reviewer=adviser)
    back_with_the_adviser(plan, adviser, organiser)
    reviews.draft_change_request(actor=adviser, plan_id=plan.pk, code="GOV-01", message="Still more.")
    reviews.request_changes(actor=adviser, plan_id=plan.pk)
    states = plan.change_requests.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["answered", "open"]
    assert OutgoingMail.objects.filter(kind="plan.changes_requested").count() == 2


# Audit -----------------------------------------------------------------------------------------------------------------


def test_each_step_leaves_its_fact_and_no_text(organisation: Organisation, organiser: User, adviser: User) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    reviews.save_criterion(
        actor=adviser,
        plan_id=plan.pk,
        code="GOV-01",
        judgement=Judgement(2, comment="SECRET-COMMENT"),
        expected_version=0,
    )
    reviews.draft_change_request(actor=adviser, plan_id=plan.pk, code="GOV-02", message="SECRET-MESSAGE")
    reviews.drop_change_request(actor=adviser, plan_id=plan.pk, code="GOV-02")
    reviews.draft_change_request(actor=adviser, plan_id=plan.pk, code="GOV-01", message="SECRET-MESSAGE")
    reviews.request_changes(actor=adviser, plan_id=plan.pk)
    resubmit(plan, organiser)
    reviews.release(actor=adviser, plan_id=plan.pk)
    told = AuditEvent.objects.filter(chain__key=f"plan:{plan.pk}", actor=adviser).order_by("seq")
    assert [event.action for event in told] == [
        "review.claimed",
        "review.judged",
        "review.change_drafted",
        "review.change_dropped",
        "review.change_drafted",
        "plan.changes_requested",
        "review.released",
    ]
    judged = told[1].facts
    assert (judged["criterion"], judged["level"], judged["claimed"], judged["comment_length"]) == ("GOV-01", 2, 3, 14)
    assert "SECRET" not in str([event.facts for event in told])
