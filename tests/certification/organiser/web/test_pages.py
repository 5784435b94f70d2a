"""Every page of the organiser's side, opened by the people who may, through the real middleware."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation, User
from tests.conftest import ClientFor
from tests.factories import certification as make

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"certification:{name}", args=args)


@pytest.mark.parametrize(
    "state", ["draft", "submitted", "under_review", "changes_requested", "recommended", "refused", "withdrawn"]
)
def test_the_plan_page_opens_in_every_state(
    client_for: ClientFor, organisation: Organisation, organiser: User, adviser: User, state: str
) -> None:
    plan = make.in_state(make.answered_plan(organisation), state, reviewer=adviser)
    response = client_for(organiser).get(url("plan", plan.pk))
    assert response.status_code == 200
    assert plan.venue is not None
    assert plan.venue.name in response.content.decode()


def test_pages_open(client_for: ClientFor, organisation: Organisation, organiser: User) -> None:
    plan = make.submitted_plan(organisation)
    client = client_for(organiser)
    for address in (
        url("plan", plan.pk),
        url("plan_score", plan.pk),
        url("criterion", plan.pk, "GOV-01"),
        url("receipt", plan.pk, 1),
        url("submission", plan.pk, 1),
        url("plan_withdraw", plan.pk),
        url("subject_plans", "venue", plan.venue_id),
        url("standard"),
        url("home"),
    ):
        response = client.get(address)
        assert response.status_code == 200, address


def test_the_draft_pages_open(client_for: ClientFor, organisation: Organisation, organiser: User) -> None:
    plan = make.draft_plan(organisation)
    client = client_for(organiser)
    for address in (
        url("plan", plan.pk),
        url("criterion", plan.pk, "GOV-01"),
        url("criterion", plan.pk, "GOV-03"),
        url("plan_submit", plan.pk),
    ):
        response = client.get(address)
        assert response.status_code == 200, address


def test_the_landing_page(client: Client) -> None:
    assert client.get("/").status_code == 200
    assert client.get(url("standard") + "?kind=venue&tier=standard").status_code == 200


@pytest.mark.parametrize(
    "role", ["organiser", "colleague", "viewer", "stranger", "adviser", "authoriser", "national_admin", "auditor"]
)
def test_home_by_role(
    client_for: ClientFor, request: pytest.FixtureRequest, organisation: Organisation, role: str
) -> None:
    make.submitted_plan(organisation)
    assert client_for(request.getfixturevalue(role)).get("/").status_code == 200


@pytest.mark.parametrize("role", ["national_admin", "auditor"])
def test_the_versions(client_for: ClientFor, request: pytest.FixtureRequest, role: str) -> None:
    client = client_for(request.getfixturevalue(role))
    version = make.small_standard()
    assert client.get(url("standards")).status_code == 200
    assert client.get(url("standard_version", version.pk)).status_code == 200
