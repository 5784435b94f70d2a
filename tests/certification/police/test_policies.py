"""Who may do what, role by role: the table is the rule."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.models import Membership, Organisation, User
from certification.models import Answer, Plan
from certification.policies import reviews as policies
from certification.services import reviews
from core.policies import Decision
from tests.factories import accounts as people
from tests.factories import reviews as made
from tests.factories.certification import submitted_plan

pytestmark = pytest.mark.django_db

ACTIONS: dict[str, Callable[[User, Plan], Decision]] = {
    "queue": lambda user, _plan: policies.can_see_queue(user),
    "read": policies.can_read_review,
    "claim": policies.can_claim,
    "review": policies.can_review,
    "release": policies.can_release,
    "decide": policies.can_decide,
}

# Of a plan that the adviser has claimed.
TABLE = {
    "organiser": set(),
    "colleague": set(),
    "viewer": set(),
    "stranger": set(),
    "adviser": {"queue", "read", "claim", "review", "release"},
    "second_adviser": {"queue", "read", "claim"},
    "other_area_adviser": {"queue"},
    "authoriser": {"queue", "read", "release", "decide"},
    "both_roles": {"queue", "read", "claim", "release", "decide"},
    "former_reviewer_who_authorises": {"queue", "read", "release"},
    "officer_of_the_organisation": {"queue"},
    "officer_who_wrote_an_answer": {"queue", "read", "release"},
    "national_admin": set(),
    "auditor": {"queue", "read"},
    "dismissed_officer": set(),
}


@pytest.fixture
def plan(organisation: Organisation, adviser: User) -> Plan:
    return submitted_plan(organisation)


def _both_roles(name: str) -> User:
    officer = people.make_officer("authoriser", name=name)
    people.appointments.appoint(actor=None, user_id=officer.pk, area_code=people.AREA, role="adviser")
    return officer


def _join(user: User, organisation: Organisation) -> None:
    Membership.objects.create(organisation=organisation, user=user, role="viewer", joined_at=organisation.created_at)


def _actor(role: str, plan: Plan, request: pytest.FixtureRequest) -> User:
    if role == "both_roles":
        return _both_roles("Bo Both")
    if role == "former_reviewer_who_authorises":
        officer = _both_roles("Fay Former")
        reviews.claim(actor=officer, plan_id=plan.pk)
        reviews.release(actor=officer, plan_id=plan.pk)
        people.appointments.end(
            actor=request.getfixturevalue("national_admin"),
            appointment_id=officer.appointments.get(role="adviser").pk,
        )
        return officer
    if role == "officer_of_the_organisation":
        officer = _both_roles("Ori Own")
        _join(officer, plan.organisation)
        return officer
    if role == "officer_who_wrote_an_answer":
        officer = _both_roles("Wyn Wrote")
        Answer.objects.filter(plan=plan, criterion_code="GOV-01").update(updated_by=officer)
        return officer
    if role == "dismissed_officer":
        officer = _both_roles("Dee Dismissed")
        people.end_appointments(officer)
        return officer
    user = request.getfixturevalue(role)
    assert isinstance(user, User)
    return user


@pytest.mark.parametrize("role", TABLE)
def test_what_each_role_may_do(role: str, plan: Plan, adviser: User, request: pytest.FixtureRequest) -> None:
    # Read anew: what a person may do is kept on the object for one request.
    actor = User.objects.get(pk=_actor(role, plan, request).pk)
    reviews.claim(actor=adviser, plan_id=plan.pk)
    plan.refresh_from_db()
    allowed = {action for action, ask in ACTIONS.items() if ask(actor, plan)}
    assert allowed == TABLE[role]


@pytest.mark.parametrize("role", TABLE)
def test_every_no_says_why(role: str, plan: Plan, adviser: User, request: pytest.FixtureRequest) -> None:
    # Read anew: what a person may do is kept on the object for one request.
    actor = User.objects.get(pk=_actor(role, plan, request).pk)
    reviews.claim(actor=adviser, plan_id=plan.pk)
    plan.refresh_from_db()
    answers = [ask(actor, plan) for ask in ACTIONS.values()]
    assert [bool(answer.reason) for answer in answers] == [not answer.allowed for answer in answers]


@pytest.mark.parametrize("relation", ["began", "answered", "attached", "submitted"])
def test_whoever_had_a_hand_in_the_plan_takes_no_part(relation: str, plan: Plan) -> None:
    officer = _both_roles("Hal Hand")
    assert policies.can_claim(officer, plan)
    if relation == "began":
        Plan.objects.filter(pk=plan.pk).update(created_by=officer)
    elif relation == "answered":
        plan.answers.filter(criterion_code="PHY-01").update(updated_by=officer)
    elif relation == "attached":
        assert plan.evidence.update(uploaded_by=officer)
    else:
        made.resubmit_by(plan, officer)
    plan.refresh_from_db()
    assert not policies.can_claim(officer, plan)
    assert not policies.can_decide(officer, plan)


def test_an_officer_who_left_the_organisation_but_wrote_nothing_may_review(plan: Plan) -> None:
    officer = _both_roles("Lee Left")
    _join(officer, plan.organisation)
    assert not policies.can_claim(officer, plan)
    Membership.objects.filter(user=officer).delete()
    assert policies.can_claim(officer, plan, fresh=True)
