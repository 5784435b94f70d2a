"""Each role at each address: 404 for a stranger, 403 for who may see but not do, the sign-in page for nobody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation, User
from certification.models import Plan
from tests.factories import reviews as made
from tests.factories.certification import draft_plan

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]

# The answer to each role for a plan that awaits a signature, reviewed by the adviser. POST changes nothing that is 200
# or 302 here for anybody but those named in the table.
READ = {
    "queue": {"adviser": 200, "second_adviser": 200, "authoriser": 200, "other_area_adviser": 200, "auditor": 200},
    "review": {"adviser": 200, "second_adviser": 200, "authoriser": 200, "auditor": 200},
    "review_criterion": {"adviser": 200, "second_adviser": 200, "authoriser": 200, "auditor": 200},
    "change_requests": {"adviser": 200, "second_adviser": 200, "authoriser": 200, "auditor": 200},
    "recommend": {"adviser": 200, "second_adviser": 403, "authoriser": 403, "auditor": 403},
    "decide": {"adviser": 200, "second_adviser": 200, "authoriser": 200, "auditor": 200},
    "decision": {},
}
MEMBERS = ("organiser", "colleague", "viewer")
STRANGERS = ("stranger", "other_area_adviser", "national_admin")
ROLES = (*MEMBERS, *STRANGERS, "adviser", "second_adviser", "authoriser", "auditor")

CHANGES = {
    "claim": {},
    "release": {},
    "review_criterion": {"version": "1", "level": "3"},
    "change_requests_send": {},
    "recommend": {"outcome": "certify", "summary": "x"},
    "decide": {"outcome": "certify", "confirm": "on"},
    "send_back": {"back-reason": "Look again."},
}


@pytest.fixture
def plan(organisation: Organisation, adviser: User) -> Plan:
    return made.recommended_plan(organisation, reviewer=adviser)


def address(name: str, plan: Plan) -> str:
    if name == "queue":
        return reverse("certification:queue")
    more = ["GOV-01"] if name in {"review_criterion", "change_request_drop"} else []
    return reverse(f"certification:{name}", args=[plan.pk, *more])


def expected(name: str, role: str) -> int:
    if name == "queue":
        return READ[name].get(role, 403)
    if role in STRANGERS:
        return 404
    if name == "decision":
        return 404
    return 403 if role in MEMBERS else READ[name][role]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", READ)
def test_reading(name: str, role: str, plan: Plan, client_for: ClientFor, request: pytest.FixtureRequest) -> None:
    answer = client_for(request.getfixturevalue(role)).get(address(name, plan))
    assert answer.status_code == expected(name, role)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "authoriser"])
@pytest.mark.parametrize("name", CHANGES)
def test_changing(name: str, role: str, plan: Plan, client_for: ClientFor, request: pytest.FixtureRequest) -> None:
    """Only the authorising officer can do anything now. For the reviewer the state forbids it: 409 or 422, as told."""
    before = _all_of(plan)
    answer = client_for(request.getfixturevalue(role)).post(address(name, plan), CHANGES[name])
    if role in STRANGERS:
        assert answer.status_code == 404
    elif role in MEMBERS:
        assert answer.status_code == 403
    else:
        assert answer.status_code in {403, 409, 422}
    assert _all_of(plan) == before


@pytest.mark.parametrize("name", [*READ, *CHANGES])
def test_nobody_is_sent_to_sign_in(name: str, plan: Plan, client: Client) -> None:
    before = _all_of(plan)
    for answer in (client.get(address(name, plan)), client.post(address(name, plan), CHANGES.get(name))):
        assert answer.status_code in {302, 405}
        assert answer.status_code == 405 or answer.url.startswith("/accounts/login/")
    assert _all_of(plan) == before


def test_a_draft_is_nobodys_but_its_owners(organisation: Organisation, adviser: User, client_for: ClientFor) -> None:
    plan = draft_plan(organisation)
    assert client_for(adviser).get(address("review", plan)).status_code == 404
    assert client_for(organisation.created_by).get(address("review", plan)).status_code == 404


def test_a_decision_is_read_by_the_organisation_the_area_and_auditors_alone(
    plan: Plan, authoriser: User, client_for: ClientFor, request: pytest.FixtureRequest
) -> None:
    made.sign_as_recommended(plan, by=authoriser)
    answers = {
        role: client_for(request.getfixturevalue(role)).get(address("decision", plan)).status_code for role in ROLES
    }
    assert answers == {role: 404 if role in STRANGERS else 200 for role in ROLES}


def test_an_unknown_criterion_is_not_found(plan: Plan, adviser: User, client_for: ClientFor) -> None:
    for code in ("PHY-03", "NOT-99"):
        page = reverse("certification:review_criterion", args=[plan.pk, code])
        assert client_for(adviser).get(page).status_code == 404


def test_another_sites_form_is_refused(plan: Plan, authoriser: User, client_for: ClientFor) -> None:
    signed_in = client_for(authoriser)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in.cookies
    assert strict.post(address("send_back", plan), CHANGES["send_back"]).status_code == 403
    plan.refresh_from_db()
    assert plan.state == "recommended"


def _all_of(plan: Plan) -> tuple[object, ...]:
    stored = Plan.objects.get(pk=plan.pk)
    return (
        stored.state,
        stored.reviewer_id,
        stored.updated_at,
        list(stored.reviews.values_list("pk", "ended_at")),
        list(stored.recommendations.values_list("pk", "superseded_at")),
        hasattr(stored, "decision"),
        list(stored.change_requests.values_list("pk", "state")),
    )
