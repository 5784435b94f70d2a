"""Every page of the police side, through its address, in every state of the plan and for every role."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation, User
from certification.domain import lifecycle
from certification.domain.word_diff import Part
from certification.models import Plan
from certification.services import answers, decisions, reviews, submissions
from certification.services.answers import AnswerInput
from tests.certification.police.test_reviews import back_with_the_adviser
from tests.factories import accounts as people
from tests.factories import reviews as made
from tests.factories.certification import DECLARED, in_state, submitted_plan

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]


def address(name: str, plan: Plan, *more: str) -> str:
    return reverse(f"certification:{name}", args=[plan.pk, *more])


def test_the_whole_way_by_pages(
    organisation: Organisation, adviser: User, authoriser: User, organiser: User, client_for: ClientFor
) -> None:
    plan = submitted_plan(organisation, level=2)
    client = client_for(adviser)
    assert client.get(reverse("certification:queue")).status_code == 200
    assert client.get(address("review", plan)).status_code == 200
    assert client.post(address("claim", plan)).url == address("review", plan)
    for code in ("GOV-01", "GOV-02", "GOV-03", "PHY-01", "PHY-02"):
        assert client.get(address("review_criterion", plan, code)).status_code == 200
        done = client.post(address("review_criterion", plan, code), {"version": "0", "agree": "1"})
        assert done.status_code == 302, done.content
    page = client.get(address("recommend", plan))
    assert page.status_code == 200
    data = {"outcome": "certify_with_conditions", "summary": "Fair."}
    for row in page.context["conditions"].rows:
        data[f"condition-{row.code}-include"] = "on"
        data[f"condition-{row.code}-text"] = f"Mend {row.code}."
        data[f"condition-{row.code}-days"] = "20"
    done = client.post(address("recommend", plan), data)
    assert done.status_code == 302, done.context["form"].errors
    signing = client_for(authoriser)
    assert signing.get(reverse("certification:queue")).status_code == 200
    page = signing.get(address("decide", plan))
    assert page.status_code == 200
    recommendation = page.context["recommendation"]
    done = signing.post(
        address("decide", plan), {**data, "recommendation": recommendation.pk, "note": "Well done.", "confirm": "on"}
    )
    assert done.status_code == 302, done.context["forms"].signing.errors
    plan.refresh_from_db()
    assert plan.state == "approved"
    assert {item["text"] for item in plan.decision.conditions} == {
        f"Mend {code}." for code in ("GOV-01", "GOV-02", "GOV-03", "PHY-01", "PHY-02")
    }
    read = client_for(organiser).get(address("decision", plan))
    assert read.status_code == 200
    assert "Well done." in read.content.decode()
    assert "Fair." not in read.content.decode()


def test_change_requests_by_pages(organisation: Organisation, adviser: User, client_for: ClientFor) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    client = client_for(adviser)
    done = client.post(
        address("review_criterion", plan, "GOV-01"), {"version": "0", "level": "", "change": "Name the person."}
    )
    assert done.status_code == 302
    assert client.get(address("change_requests", plan)).status_code == 200
    assert client.post(address("change_requests_send", plan)).url == address("review", plan)
    plan.refresh_from_db()
    assert plan.state == "changes_requested"
    assert client.get(address("review", plan)).status_code == 200
    assert client.get(address("change_requests", plan)).status_code == 200


def test_agreeing_saves_the_claimed_level_and_goes_to_the_next_one(
    organisation: Organisation, adviser: User, client_for: ClientFor
) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    client = client_for(adviser)
    # A level that is chosen is not what "agree" means.
    done = client.post(address("review_criterion", plan, "GOV-01"), {"version": "0", "level": "0", "agree": "1"})
    assert done.url == address("review_criterion", plan, "GOV-02")
    assert plan.reviews.get().criteria.get().level == 3


def test_going_round_the_criteria_that_are_left(
    organisation: Organisation, adviser: User, client_for: ClientFor
) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    client = client_for(adviser)
    saved = {"version": "0", "level": "3"}
    last = client.post(address("review_criterion", plan, "PHY-02"), saved)
    assert last.url == address("review_criterion", plan, "GOV-01")
    back = client.post(address("review_criterion", plan, "GOV-01"), {**saved, "back": "1"})
    assert back.url == address("review", plan)


def test_what_is_refused_comes_back_with_every_word_kept(
    organisation: Organisation, adviser: User, client_for: ClientFor
) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    posted = {"version": "0", "level": "1", "comment": "", "change": "Name the person who checks."}
    page = client_for(adviser).post(address("review_criterion", plan, "GOV-01"), posted)
    text = page.content.decode()
    assert page.status_code == 422
    assert page.context["form"].errors == {"comment": ["Say why you judge this lower than the organiser does"]}
    assert "Name the person who checks." in text
    assert "<title>Error: GOV-01" in " ".join(text.split())


def test_a_judgement_from_another_window_is_told_and_kept(
    organisation: Organisation, adviser: User, client_for: ClientFor
) -> None:
    plan = made.judged_plan(organisation, reviewer=adviser)
    posted = {"version": "0", "level": "2", "comment": "Words of this window."}
    page = client_for(adviser).post(address("review_criterion", plan, "GOV-01"), posted)
    assert page.status_code == 422
    assert "another window" in page.content.decode()
    assert "Words of this window." in page.content.decode()


def test_emptying_the_box_drops_the_draft(organisation: Organisation, adviser: User, client_for: ClientFor) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    client = client_for(adviser)
    client.post(address("review_criterion", plan, "GOV-01"), {"version": "0", "level": "3", "change": "More."})
    assert plan.change_requests.get().message == "More."
    client.post(address("review_criterion", plan, "GOV-01"), {"version": "1", "level": "3", "change": ""})
    assert not plan.change_requests.exists()


def test_the_change_is_shown_word_by_word(
    organisation: Organisation, organiser: User, adviser: User, client_for: ClientFor
) -> None:
    plan = made.judged_plan(organisation, reviewer=adviser)
    back_with_the_adviser(plan, adviser, organiser)
    page = client_for(adviser).get(address("review_criterion", plan, "GOV-01"))
    text = page.content.decode()
    assert page.context["page"].change.account == (Part("same", "Account of GOV-01. "), Part("added", "And more."))
    assert "And more.<span" in text
    assert "<ins>" in text
    assert "judged it. You judged" in " ".join(text.split())


def test_text_of_the_organiser_is_never_markup(
    organisation: Organisation, organiser: User, adviser: User, client_for: ClientFor
) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    reviews.draft_change_request(actor=adviser, plan_id=plan.pk, code="GOV-01", message="More.")
    reviews.request_changes(actor=adviser, plan_id=plan.pk)
    stored = plan.answers.get(criterion_code="GOV-01")
    answers.save(
        actor=organiser,
        plan_id=plan.pk,
        code="GOV-01",
        answer=AnswerInput(3, account="<script>alert(1)</script> <ins>forged</ins>"),
        expected_version=stored.version,
    )
    submissions.submit(actor=organiser, plan_id=plan.pk, declaration=DECLARED)
    text = client_for(adviser).get(address("review_criterion", plan, "GOV-01")).content.decode()
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert" not in text
    assert "<ins>forged" not in text


def test_a_condition_with_an_error_is_told_and_its_fold_is_open(
    organisation: Organisation, adviser: User, client_for: ClientFor
) -> None:
    plan = made.judged_plan(organisation, reviewer=adviser, levels={"GOV-01": 2})
    page = client_for(adviser).post(
        address("recommend", plan),
        {"outcome": "certify_with_conditions", "summary": "Fair.", "condition-GOV-01-include": "on"},
    )
    assert page.status_code == 422
    assert page.context["conditions"].rows[0].form.errors == {
        "text": ["Write the condition"],
        "days": ["Enter the days to meet the condition"],
    }
    assert 'href="#id_condition-GOV-01-text"' in page.content.decode()
    assert page.context["form"]["summary"].value() == "Fair."


def test_a_condition_of_the_officers_own(organisation: Organisation, adviser: User, client_for: ClientFor) -> None:
    plan = made.judged_plan(organisation, reviewer=adviser, levels={"GOV-01": 2})
    data = {
        "outcome": "certify_with_conditions",
        "summary": "Fair.",
        "departure_reason": "The note was shown on the spot.",
        "condition-GOV-01-text": "unticked",
        "spare-0-code": "PHY-02",
        "spare-0-text": "Walk the perimeter.",
        "spare-0-days": "14",
    }
    assert client_for(adviser).post(address("recommend", plan), data).status_code == 302
    assert plan.recommendations.get().conditions == [{"code": "PHY-02", "text": "Walk the perimeter.", "days": 14}]


@pytest.mark.parametrize(
    ("spare", "field"),
    [
        ({"spare-0-text": "Walk."}, "code"),
        ({"spare-0-code": "PHY-02"}, "text"),
        ({"spare-0-code": "PHY-02", "spare-0-text": "Walk.", "spare-0-days": "0"}, "days"),
        ({"spare-0-code": "PHY-03", "spare-0-text": "Walk.", "spare-0-days": "3"}, "code"),
    ],
)
def test_a_half_filled_condition_is_told(
    spare: dict[str, str], field: str, organisation: Organisation, adviser: User, client_for: ClientFor
) -> None:
    plan = made.judged_plan(organisation, reviewer=adviser, levels={"GOV-01": 2})
    page = client_for(adviser).post(
        address("recommend", plan), {"outcome": "certify_with_conditions", "summary": "Fair.", **spare}
    )
    assert page.status_code == 422
    assert field in page.context["conditions"].spare[0].errors
    assert plan.recommendations.count() == 0


def test_a_reason_that_is_missing_is_asked_for_at_its_field(
    organisation: Organisation, adviser: User, authoriser: User, client_for: ClientFor
) -> None:
    plan = made.recommended_plan(organisation, reviewer=adviser)
    client = client_for(authoriser)
    shown = client.get(address("decide", plan)).context["recommendation"].pk
    data = {"outcome": "refuse", "recommendation": shown, "note": "Kept note.", "confirm": "on"}
    page = client.post(address("decide", plan), data)
    assert page.status_code == 422
    assert page.context["forms"].signing.errors == {
        "departure_reason": ["Say why you depart from the outcome of the score"]
    }
    assert "Kept note." in page.content.decode()


def test_signing_is_confirmed(
    organisation: Organisation, adviser: User, authoriser: User, client_for: ClientFor
) -> None:
    plan = made.recommended_plan(organisation, reviewer=adviser)
    client = client_for(authoriser)
    shown = client.get(address("decide", plan)).context["recommendation"].pk
    page = client.post(address("decide", plan), {"outcome": "certify", "recommendation": shown})
    assert page.status_code == 422
    assert list(page.context["forms"].signing.errors) == ["confirm"]
    plan.refresh_from_db()
    assert plan.state == "recommended"


def test_the_second_officers_page_says_who_decided(
    organisation: Organisation, adviser: User, authoriser: User, client_for: ClientFor
) -> None:
    plan = made.recommended_plan(organisation, reviewer=adviser)
    other = people.make_officer("authoriser", name="Ott Other")
    client = client_for(other)
    shown = client.get(address("decide", plan)).context["recommendation"].pk
    made.sign_as_recommended(plan, by=authoriser)
    page = client.post(address("decide", plan), {"outcome": "certify", "recommendation": shown, "confirm": "on"})
    assert page.status_code == 422
    assert "Aut Authoriser has decided on this plan already: certify." in page.content.decode()
    assert client.get(address("decide", plan)).url == address("decision", plan)


def test_sending_back_by_page(
    organisation: Organisation, adviser: User, authoriser: User, client_for: ClientFor
) -> None:
    plan = made.recommended_plan(organisation, reviewer=adviser)
    client = client_for(authoriser)
    assert client.post(address("send_back", plan), {"back-reason": ""}).status_code == 422
    assert client.post(address("send_back", plan), {"back-reason": "Look at the gates."}).status_code == 302
    plan.refresh_from_db()
    assert plan.state == "under_review"
    assert "Look at the gates." in client_for(adviser).get(address("review", plan)).content.decode()


def test_the_organisation_reads_the_decision_without_names_or_the_summary(
    organisation: Organisation, organiser: User, adviser: User, authoriser: User, client_for: ClientFor
) -> None:
    plan = made.recommended_plan(organisation, reviewer=adviser, levels={"GOV-01": 2})
    recommendation = plan.recommendations.get()
    decisions.sign(
        actor=authoriser,
        plan_id=plan.pk,
        decision=decisions.DecisionInput(outcome="refuse", departure_reason="The gates.", note="Begin again."),
    )
    text = client_for(organiser).get(address("decision", plan)).content.decode()
    for shown in ("The gates.", "Begin again.", "Comment on GOV-01.", "Refuse", "Certify with conditions"):
        assert shown in text
    for hidden in (recommendation.summary, adviser.name, authoriser.name):
        assert hidden not in text
    police = client_for(adviser).get(address("decision", plan)).content.decode()
    assert authoriser.name in police


@pytest.mark.parametrize("show", ["", "to_judge", "changed", "requested", "differs", "nonsense"])
def test_every_view_of_the_criteria(
    show: str, organisation: Organisation, organiser: User, adviser: User, client_for: ClientFor
) -> None:
    plan = made.judged_plan(organisation, reviewer=adviser, levels={"PHY-01": 1})
    back_with_the_adviser(plan, adviser, organiser)
    reviews.draft_change_request(actor=adviser, plan_id=plan.pk, code="PHY-02", message="More.")
    page = client_for(adviser).get(address("review", plan), {"show": show})
    shown = [item.code for part in page.context["sections"] for item in part.criteria]
    everything = ["GOV-01", "GOV-02", "GOV-03", "PHY-01", "PHY-02"]
    expected = {"to_judge": ["GOV-01"], "changed": ["GOV-01"], "requested": ["PHY-02"], "differs": ["PHY-01"]}
    assert shown == expected.get(show, everything)


@pytest.mark.parametrize("name", ["claim", "release", "change_requests_send", "send_back"])
def test_what_changes_something_is_never_a_link(
    name: str, organisation: Organisation, adviser: User, client_for: ClientFor
) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    answer = client_for(adviser).get(address(name, plan))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "It only takes what a button of another page sends" in answer.content.decode()


@pytest.mark.parametrize("state", [state for state in lifecycle.PLAN_STATES if state != lifecycle.DRAFT])
@pytest.mark.parametrize("name", ["review", "review_criterion", "change_requests"])
def test_the_papers_can_be_read_in_every_state(
    name: str, state: str, organisation: Organisation, adviser: User, second_adviser: User, client_for: ClientFor
) -> None:
    plan = made.claimed_plan(organisation, reviewer=adviser)
    reviews.draft_change_request(actor=adviser, plan_id=plan.pk, code="GOV-01", message="More.")
    in_state(plan, state, reviewer=adviser)
    page = address(name, plan, *(["GOV-01"] if name == "review_criterion" else []))
    assert client_for(second_adviser).get(page).status_code == 200
