"""Pages cost the same at one row and at three hundred; the figures are the budget (12 for a signed-in page)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from certification.models import Plan
from tests.conftest import ClientFor
from tests.factories import certification as make
from tests.factories import events

pytestmark = pytest.mark.django_db

PLAN_PAGE = 10
PLAN_PAGE_CHANGES = 12
CRITERION_PAGE = 8
SUBJECT_PLANS = 8


def many(plan: Plan, count: int, state: str) -> None:
    """Plans of the same subject, which only closed ones may be; of subjects of their own otherwise."""
    now = timezone.now()
    Plan.objects.bulk_create(
        Plan(
            standard=plan.standard,
            venue=plan.venue,
            organisation=plan.organisation,
            area=plan.area,
            state=state,
            created_by=plan.created_by,
            created_at=now - timedelta(minutes=number),
            updated_at=now,
            first_submitted_at=now,
            submitted_at=now,
        )
        for number in range(count)
    )


def warm(client: Client, address: str) -> None:
    """The compiled standard is kept by the process; its first reading is no page's cost."""
    client.get(address)


@pytest.mark.parametrize("people", [250, 30_000])
def test_the_plan_page(
    client_for: ClientFor,
    organisation: Organisation,
    organiser: User,
    people: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """A village hall's questions and a stadium's cost the same."""
    make.national_standard()
    plan = make.answered_plan(organisation, subject=events.make_venue(organisation, people=people))
    client, address = client_for(organiser), reverse("certification:plan", args=[plan.pk])
    warm(client, address)
    with django_assert_num_queries(PLAN_PAGE):
        assert client.get(address).status_code == 200


def test_the_plan_page_out_for_changes(
    client_for: ClientFor,
    organisation: Organisation,
    organiser: User,
    adviser: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    plan = make.changes_requested_plan(organisation, reviewer=adviser)
    client, address = client_for(organiser), reverse("certification:plan", args=[plan.pk])
    warm(client, address)
    with django_assert_num_queries(PLAN_PAGE_CHANGES):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("files", [1, 10])
def test_the_criterion_page(
    client_for: ClientFor,
    organisation: Organisation,
    organiser: User,
    files: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    plan = make.draft_plan(organisation)
    for number in range(files):
        make.make_evidence(plan, "GOV-01", content=f"File {number}".encode())
    client, address = client_for(organiser), reverse("certification:criterion", args=[plan.pk, "GOV-01"])
    warm(client, address)
    with django_assert_num_queries(CRITERION_PAGE):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("count", [1, 300])
def test_the_plans_of_a_subject(
    client_for: ClientFor,
    organisation: Organisation,
    organiser: User,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    plan = make.draft_plan(organisation)
    many(plan, count, "withdrawn")
    client, address = client_for(organiser), reverse("certification:subject_plans", args=["venue", plan.venue_id])
    warm(client, address)
    with django_assert_num_queries(SUBJECT_PLANS):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("count", [1, 300])
@pytest.mark.parametrize(("role", "cost"), [("organiser", 11), ("adviser", 10), ("national_admin", 10)])
def test_home(
    client_for: ClientFor,
    organisation: Organisation,
    request: pytest.FixtureRequest,
    role: str,
    cost: int,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    first = make.submitted_plan(organisation)
    many(first, count, "withdrawn")
    for _ in range(3 if count > 1 else 1):
        make.submitted_plan(organisation, subject=events.make_event(organisation))
    client = client_for(request.getfixturevalue(role))
    warm(client, "/")
    with django_assert_num_queries(cost):
        assert client.get("/").status_code == 200


def test_the_public_standard(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make.national_standard()
    address = reverse("certification:standard")
    warm(client, address)
    with django_assert_num_queries(1):
        assert client.get(address).status_code == 200
