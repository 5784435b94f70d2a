"""Every page of the police side, through its address, in every state of the plan and for every role."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation, User
from certification.models import Plan
from tests.factories import reviews as made
from tests.factories.certification import submitted_plan

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
    assert [item["text"] for item in plan.decision.conditions][0].startswith("Mend ")
    read = client_for(organiser).get(address("decision", plan))
    assert read.status_code == 200
    assert "Well done." in read.content.decode()
    assert "Fair." not in read.content.decode()


def test_change_requests_by_pages(
    organisation: Organisation, adviser: User, client_for: ClientFor
) -> None:
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
