"""Each role against each address of the organiser's side: a stranger finds nothing, a colleague is told why not."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation, User
from certification.models import Evidence, Plan, StandardVersion
from tests.conftest import ClientFor
from tests.factories import certification as make

pytestmark = pytest.mark.django_db

ROLES = (
    "organiser",
    "colleague",
    "viewer",
    "stranger",
    "adviser",
    "other_area_adviser",
    "authoriser",
    "national_admin",
    "auditor",
)

# address → (method, who gets what). Who is not named gets 404: to them the plan does not exist.
_MEMBERS = {"organiser": 200, "colleague": 200, "viewer": 200}
_READ = {**_MEMBERS, "auditor": 200}
_WRITE = {"organiser": 302, "colleague": 302, "viewer": 403, "auditor": 403, "adviser": 403, "authoriser": 403}
SUBMITTED = {
    "plan": ("get", {**_READ, "adviser": 302, "authoriser": 302}),
    "plan_score": ("get", {**_READ, "adviser": 403, "authoriser": 403}),
    "criterion": ("get", {**_READ, "adviser": 403, "authoriser": 403}),
    "receipt": ("get", {**_READ, "adviser": 200, "authoriser": 200}),
    "submission": ("get", {**_READ, "adviser": 200, "authoriser": 200}),
    "evidence_file": ("get", {**_READ, "adviser": 200, "authoriser": 200}),
    "subject_plans": ("get", {**_READ, "adviser": 200, "authoriser": 200}),
    "plan_withdraw": ("post", _WRITE),
    "plan_submit": ("get", _WRITE),
}
DRAFT = {
    "plan": ("get", _READ),
    "criterion": ("get", _READ),
    "evidence_file": ("get", _READ),
    "plan_submit": ("get", {"organiser": 200, "colleague": 200, "viewer": 403, "auditor": 403}),
    "criterion_post": ("post", {"organiser": 302, "colleague": 302, "viewer": 403, "auditor": 403}),
    "criterion_confirm": ("post", {"organiser": 302, "colleague": 302, "viewer": 403, "auditor": 403}),
    "evidence_remove": ("post", {"organiser": 302, "colleague": 302, "viewer": 403, "auditor": 403}),
    "plan_withdraw": ("get", {"organiser": 200, "colleague": 200, "viewer": 403, "auditor": 403}),
}


def address(name: str, plan: Plan) -> str:
    evidence = Evidence.objects.get(plan=plan)
    args: dict[str, list[object]] = {
        "criterion": [plan.pk, "GOV-01"],
        "criterion_post": [plan.pk, "GOV-01"],
        "criterion_confirm": [plan.pk, "GOV-01"],
        "receipt": [plan.pk, 1],
        "submission": [plan.pk, 1],
        "evidence_file": [plan.pk, evidence.pk],
        "evidence_remove": [plan.pk, evidence.pk],
        "subject_plans": ["venue", plan.venue_id],
    }
    return reverse(f"certification:{name.removesuffix('_post')}", args=args.get(name, [plan.pk]))


def ask(client: Client, method: str, target: str) -> int:
    if method == "get":
        return client.get(target).status_code
    return client.post(target, {"version": 1, "level": "2", "account": "Changed."}).status_code


@pytest.mark.parametrize("name", sorted(SUBMITTED))
@pytest.mark.parametrize("role", ROLES)
def test_of_a_submitted_plan(
    client_for: ClientFor, organisation: Organisation, request: pytest.FixtureRequest, role: str, name: str
) -> None:
    plan = make.submitted_plan(organisation)
    method, expected = SUBMITTED[name]
    assert ask(client_for(request.getfixturevalue(role)), method, address(name, plan)) == expected.get(role, 404)


@pytest.mark.parametrize("name", sorted(DRAFT))
@pytest.mark.parametrize("role", ROLES)
def test_of_a_draft(
    client_for: ClientFor, organisation: Organisation, request: pytest.FixtureRequest, role: str, name: str
) -> None:
    plan = make.answered_plan(organisation)
    method, expected = DRAFT[name]
    assert ask(client_for(request.getfixturevalue(role)), method, address(name, plan)) == expected.get(role, 404)


@pytest.mark.parametrize("name", sorted({*SUBMITTED, *DRAFT}))
def test_signed_out_is_sent_to_sign_in(client: Client, organisation: Organisation, name: str) -> None:
    plan = make.submitted_plan(organisation)
    method = "post" if name in {"criterion_post", "criterion_confirm", "evidence_remove"} else "get"
    target = address(name, plan)
    response = client.get(target) if method == "get" else client.post(target)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("role", ROLES)
def test_beginning(
    client_for: ClientFor, organisation: Organisation, request: pytest.FixtureRequest, role: str
) -> None:
    plan = make.draft_plan(organisation)
    Plan.objects.filter(pk=plan.pk).update(state="withdrawn")
    data = {"kind": "venue", "pk": str(plan.venue_id)}
    response = client_for(request.getfixturevalue(role)).post(reverse("certification:plan_begin"), data)
    expected = {"organiser": 302, "colleague": 302, "viewer": 403, "auditor": 403, "adviser": 403, "authoriser": 403}
    assert response.status_code == expected.get(role, 404)


@pytest.mark.parametrize("data", [{}, {"kind": "venue", "pk": "x"}, {"kind": "castle", "pk": "0" * 32}])
def test_beginning_for_nothing(client_for: ClientFor, organiser: User, data: dict[str, str]) -> None:
    assert client_for(organiser).post(reverse("certification:plan_begin"), data).status_code == 404


def test_beginning_twice_lands_in_the_same_plan(
    client_for: ClientFor, organisation: Organisation, organiser: User
) -> None:
    plan = make.draft_plan(organisation)
    data = {"kind": "venue", "pk": str(plan.venue_id)}
    response = client_for(organiser).post(reverse("certification:plan_begin"), data)
    assert response["Location"] == reverse("certification:plan", args=[plan.pk])


@pytest.mark.parametrize("role", ROLES)
def test_the_standards_are_the_administrators(
    client_for: ClientFor, request: pytest.FixtureRequest, role: str, standard: StandardVersion
) -> None:
    client = client_for(request.getfixturevalue(role))
    see, manage = {"national_admin", "auditor"}, {"national_admin"}
    for name, args in (("standards", []), ("standard_version", [standard.pk])):
        assert client.get(reverse(f"certification:{name}", args=args)).status_code == (200 if role in see else 403)
    assert client.get(reverse("certification:standard_load")).status_code == (200 if role in manage else 403)
    for name in ("standard_publish", "standard_withdraw"):
        status = client.post(reverse(f"certification:{name}", args=[standard.pk])).status_code
        assert (status == 403) == (role not in manage)
