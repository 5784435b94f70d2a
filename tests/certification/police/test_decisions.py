"""The signature: who, when, with which reasons, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Membership, Organisation, User
from certification.domain import lifecycle
from certification.domain.departures import Condition
from certification.models import Certificate, Decision, Plan, Recommendation
from certification.selectors import decisions as selectors
from certification.services import decisions
from certification.services.decisions import DecisionInput
from core.errors import Conflict, IllegalMove, InvalidInput, NotPermitted
from core.models import AuditEvent, OutboxJob, OutgoingMail
from tests.factories import accounts as people
from tests.factories import reviews as made
from tests.factories.certification import in_state
from tests.factories.events import make_event

pytestmark = pytest.mark.django_db

CERTIFY = DecisionInput(outcome="certify")


def sign(plan: Plan, by: User, decision: DecisionInput = CERTIFY) -> Decision:
    return decisions.sign(actor=by, plan_id=plan.pk, decision=decision)


def send_back(plan: Plan, by: User) -> Recommendation:
    return decisions.send_back(actor=by, plan_id=plan.pk, reason="Look again.")


STEPS: dict[str, Callable[[Plan, User], object]] = {"sign": sign, "send_back": send_back}


@pytest.fixture
def plan(organisation: Organisation, adviser: User) -> Plan:
    """The score and the reviewer say certify."""
    return made.recommended_plan(organisation, reviewer=adviser)


def test_an_approval_makes_one_certificate_in_the_same_breath(plan: Plan, adviser: User, authoriser: User) -> None:
    decision = sign(plan, authoriser, replace(CERTIFY, note=" Well done.\r\n"))
    plan.refresh_from_db()
    assert plan.state == lifecycle.APPROVED
    assert (decision.outcome, decision.engine_outcome, decision.departure_reason) == ("certify", "certify", "")
    assert (decision.recommended_by, decision.decided_by, decision.note) == (adviser, authoriser, "Well done.")
    certificate = Certificate.objects.get()
    assert (certificate.decision, certificate.state) == (decision, lifecycle.BEING_ISSUED)
    assert OutboxJob.objects.filter(kind="certificate.render").count() == 1
    assert not plan.reviews.filter(ended_at__isnull=True).exists()


def test_a_refusal_makes_none_and_tells_the_organisation(
    plan: Plan, authoriser: User, organiser: User, colleague: User, viewer: User
) -> None:
    reason = "SECRET-REASON"
    sign(plan, authoriser, DecisionInput(outcome="refuse", departure_reason=reason, note="SECRET-NOTE"))
    plan.refresh_from_db()
    assert plan.state == lifecycle.REFUSED
    assert not Certificate.objects.exists()
    mails = OutgoingMail.objects.filter(kind="plan.refused")
    assert {mail.recipient for mail in mails} == {organiser, colleague}
    text = " ".join(mail.subject + mail.body for mail in mails)
    assert "SECRET" not in text
    assert "refuse" not in text.lower()


def test_conditions_are_the_officers_to_set(organisation: Organisation, adviser: User, authoriser: User) -> None:
    plan = made.recommended_plan(organisation, reviewer=adviser, levels={"GOV-01": 2})
    own = (Condition("GOV-01", "Sign and date the note.", 10), Condition("PHY-02", "Walk the perimeter.", 20))
    decision = sign(plan, authoriser, DecisionInput(outcome="certify_with_conditions", conditions=own))
    assert decision.conditions == [condition.as_dict() for condition in own]
    assert decision.departure_reason == ""
    assert list(Certificate.objects.get().conditions.values_list("criterion_code", "text")) == [
        ("GOV-01", "Sign and date the note."),
        ("PHY-02", "Walk the perimeter."),
    ]


@pytest.mark.parametrize(
    ("decision", "field"),
    [
        (DecisionInput(outcome="refuse"), "departure_reason"),
        (DecisionInput(outcome="certify"), "departure_reason"),
        (DecisionInput(outcome="certify_with_conditions"), "conditions"),
        (
            DecisionInput(outcome="certify_with_conditions", conditions=(Condition("PHY-02", "Walk it.", 5),)),
            "departure_reason",
        ),
        (
            DecisionInput(outcome="refuse", departure_reason="So.", conditions=(Condition("GOV-01", "x", 5),)),
            "conditions",
        ),
        (DecisionInput(outcome="certify", departure_reason="So.", note="x" * 4001), "note"),
        (DecisionInput(outcome="certify", departure_reason="x" * 4001), "departure_reason"),
        (DecisionInput(outcome="perhaps"), "outcome"),
    ],
)
def test_what_cannot_be_signed_is_refused_by_its_field(
    decision: DecisionInput, field: str, organisation: Organisation, adviser: User, authoriser: User
) -> None:
    plan = made.recommended_plan(organisation, reviewer=adviser, levels={"GOV-01": 2})
    with pytest.raises(InvalidInput) as refused:
        sign(plan, authoriser, decision)
    assert refused.value.field == field
    assert (Decision.objects.count(), Certificate.objects.count()) == (0, 0)
    assert Plan.objects.get().state == lifecycle.RECOMMENDED


def test_a_departure_says_why_and_keeps_what_the_score_said(
    organisation: Organisation, adviser: User, authoriser: User
) -> None:
    plan = made.recommended_plan(organisation, reviewer=adviser, levels={"GOV-01": 2})
    decision = sign(plan, authoriser, DecisionInput(outcome="certify", departure_reason="The note came by post."))
    assert (decision.engine_outcome, decision.departure_reason) == (
        "certify_with_conditions",
        "The note came by post.",
    )


# Who ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "role",
    ["organiser", "viewer", "stranger", "adviser", "second_adviser", "other_area_adviser", "auditor", "national_admin"],
)
@pytest.mark.parametrize("name", STEPS)
def test_only_an_authorising_officer_of_the_area_decides(
    name: str, role: str, plan: Plan, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(role)
    with pytest.raises(NotPermitted):
        STEPS[name](plan, actor)
    assert Plan.objects.get().state == lifecycle.RECOMMENDED
    assert not Decision.objects.exists()


def test_the_reviewer_does_not_sign_even_as_an_authorising_officer(plan: Plan, adviser: User) -> None:
    people.appointments.appoint(actor=None, user_id=adviser.pk, area_code=people.AREA, role="authoriser")
    with pytest.raises(NotPermitted, match="You have reviewed this plan"):
        sign(plan, adviser)


def test_an_officer_of_the_organisation_does_not_sign(plan: Plan, authoriser: User, organisation: Organisation) -> None:
    Membership.objects.create(
        organisation=organisation, user=authoriser, role="viewer", joined_at=organisation.created_at
    )
    with pytest.raises(NotPermitted, match="belong to the organisation"):
        sign(plan, authoriser)


def test_the_database_refuses_a_decision_by_the_one_who_recommended(plan: Plan, adviser: User) -> None:
    with pytest.raises(IntegrityError, match="certification_decision_two_people"), transaction.atomic():
        _row(plan, decided_by=adviser, engine_outcome="certify")


def test_the_database_refuses_a_decision_that_departs_without_a_reason(plan: Plan, authoriser: User) -> None:
    with pytest.raises(IntegrityError, match="certification_decision_departure_says_why"), transaction.atomic():
        _row(plan, decided_by=authoriser, engine_outcome="refuse")


def test_the_database_takes_the_same_row_from_another_officer(plan: Plan, authoriser: User) -> None:
    assert _row(plan, decided_by=authoriser, engine_outcome="certify").pk


def test_the_database_refuses_a_recommendation_that_departs_without_a_reason(plan: Plan) -> None:
    name = "certification_recommendation_departure_says_why"
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Recommendation.objects.update(engine_outcome="refuse")


def test_the_database_refuses_a_second_current_recommendation(plan: Plan) -> None:
    row = Recommendation.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def _row(plan: Plan, *, decided_by: User, engine_outcome: str) -> Decision:
    recommendation = Recommendation.objects.get(plan=plan)
    return Decision.objects.create(
        plan=plan,
        recommendation=recommendation,
        outcome="certify",
        engine_outcome=engine_outcome,
        recommended_by_id=recommendation.recommended_by_id,
        decided_by=decided_by,
        decided_at=recommendation.recommended_at,
    )


# When -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "state",
    [state for state in lifecycle.PLAN_STATES if state not in {lifecycle.RECOMMENDED, *lifecycle.PLAN_DECIDED}],
)
@pytest.mark.parametrize("name", STEPS)
def test_only_a_plan_that_awaits_a_signature_is_decided(
    name: str, state: str, plan: Plan, adviser: User, authoriser: User
) -> None:
    in_state(plan, state, reviewer=adviser)
    events = AuditEvent.objects.count()
    with pytest.raises(IllegalMove):
        STEPS[name](plan, authoriser)
    assert Plan.objects.get().state == state
    assert AuditEvent.objects.count() == events
    assert not Decision.objects.exists()


@pytest.mark.parametrize("name", STEPS)
def test_the_second_officer_is_told_who_decided_and_how(name: str, plan: Plan, authoriser: User) -> None:
    sign(plan, authoriser)
    other = people.make_officer("authoriser", name="Ott Other")
    with pytest.raises(Conflict, match="Aut Authoriser has decided on this plan already: certify"):
        STEPS[name](plan, other)
    assert (Decision.objects.count(), Certificate.objects.count()) == (1, 1)


def test_nobody_signs_a_recommendation_that_they_have_not_read(plan: Plan, adviser: User, authoriser: User) -> None:
    read = Recommendation.objects.get()
    decisions.send_back(actor=authoriser, plan_id=plan.pk, reason="Look again.")
    made.recommend(plan, reviewer=adviser, outcome="refuse", reason="Looked again.")
    with pytest.raises(Conflict, match="changed since you opened"):
        sign(plan, authoriser, replace(CERTIFY, recommendation_id=read.pk))
    assert not Decision.objects.exists()


def test_sent_back_the_plan_is_with_its_reviewer_and_the_reason_is_kept(
    plan: Plan, adviser: User, authoriser: User
) -> None:
    decisions.send_back(actor=authoriser, plan_id=plan.pk, reason=" SECRET-REASON ")
    plan.refresh_from_db()
    assert (plan.state, plan.reviewer) == (lifecycle.UNDER_REVIEW, adviser)
    old = Recommendation.objects.get()
    assert (old.sent_back_by, old.sent_back_reason, old.superseded_at is None) == (authoriser, "SECRET-REASON", False)
    assert selectors.current_recommendation(plan) is None
    assert selectors.sent_back(plan) == old
    mail = OutgoingMail.objects.get(kind="plan.sent_back")
    assert mail.recipient == adviser
    assert "SECRET" not in mail.subject + mail.body
    again = made.recommend(plan, reviewer=adviser, outcome="certify")
    assert sign(plan, authoriser).recommendation == again


@pytest.mark.parametrize("reason", ["", " \r\n", "x" * 4001])
def test_sending_back_says_why(reason: str, plan: Plan, authoriser: User) -> None:
    with pytest.raises(InvalidInput) as refused:
        decisions.send_back(actor=authoriser, plan_id=plan.pk, reason=reason)
    assert refused.value.field == "reason"
    assert Plan.objects.get().state == lifecycle.RECOMMENDED


def test_the_facts_are_kept_without_their_words(organisation: Organisation, adviser: User, authoriser: User) -> None:
    plan = made.recommended_plan(organisation, reviewer=adviser, levels={"GOV-01": 2})
    decisions.send_back(actor=authoriser, plan_id=plan.pk, reason="SECRET-REASON")
    recommendation = made.recommend_as_scored(plan, reviewer=adviser)
    sign(plan, authoriser, DecisionInput(outcome="certify", departure_reason="SECRET-REASON", note="SECRET-NOTE"))
    back = AuditEvent.objects.get(action="plan.sent_back")
    decided = AuditEvent.objects.get(action="plan.decided")
    assert back.facts == {"outcome": "certify_with_conditions", "reason_length": 13}
    assert decided.facts == {
        "outcome": "certify",
        "engine_outcome": "certify_with_conditions",
        "recommended": "certify_with_conditions",
        "departs": True,
        "conditions": [],
        "overall": "70.0",
        "content_hash": recommendation.submission.content_hash,
    }
    assert {back.chain.key, decided.chain.key} == {f"plan:{plan.pk}"}
    assert decided.actor == authoriser


def test_the_decision_page_shows_the_dates_that_the_certificate_holds(
    organisation: Organisation, adviser: User, authoriser: User
) -> None:
    """An event in 60 days: a condition of 90 days has to be met before it starts."""
    plan = made.claimed_plan(organisation, reviewer=adviser, subject=make_event(organisation))
    made.judge_all(plan, reviewer=adviser, levels={"GOV-01": 2})
    late = (Condition("GOV-01", "Sign the note.", 90),)
    made.recommend(plan, reviewer=adviser, outcome="certify_with_conditions", conditions=late)
    decision = sign(plan, authoriser, DecisionInput(outcome="certify_with_conditions", conditions=late))
    page = selectors.decision_page(plan)
    assert page is not None
    due = decision.certificates.get().conditions.get().due_on
    assert [row.due_on for row in page.conditions] == [due]
    assert due < timezone.localdate(decision.decided_at) + timedelta(days=90)
