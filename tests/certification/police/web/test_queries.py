"""How many queries each page takes; the same for a plan of five criteria and for one of the whole national standard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Organisation, User
from certification.models import Plan, StandardVersion
from tests.factories import reviews as made
from tests.factories.certification import national_standard
from tests.factories.events import make_venue

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]

QUERIES = {
    "review": 11,
    "review_criterion": 10,
    "change_requests": 9,
    "recommend": 10,
    "decide": 12,
}


@pytest.mark.parametrize("national", [False, True])
@pytest.mark.parametrize("name", QUERIES)
def test_pages_of_a_review(
    name: str, national: bool, organisation: Organisation, adviser: User, authoriser: User, client_for: ClientFor
) -> None:
    if national:
        national_standard()
    people = 4000 if national else 250
    subject = make_venue(organisation, people=people)
    plan = made.judged_plan(organisation, reviewer=adviser, subject=subject)
    assert (plan.standard.code == "SMALL") is not national
    if name == "decide":
        made.recommend_as_scored(plan, reviewer=adviser)
    client = client_for(authoriser if name == "decide" else adviser)
    code = _first_code(plan.standard)
    url = reverse(f"certification:{name}", args=[plan.pk, *([code] if name == "review_criterion" else [])])
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    assert len(caught) == QUERIES[name], [query["sql"][:150] for query in caught]


def _first_code(standard: StandardVersion) -> str:
    code = standard.document["sections"][0]["criteria"][0]["code"]
    assert isinstance(code, str)
    return code


def test_the_decision_page(
    organisation: Organisation, organiser: User, adviser: User, authoriser: User, client_for: ClientFor
) -> None:
    plan: Plan = made.recommended_plan(organisation, reviewer=adviser, level=2)
    made.sign_as_recommended(plan, by=authoriser)
    client = client_for(organiser)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(reverse("certification:decision", args=[plan.pk])).status_code == 200
    assert len(caught) == 12, [query["sql"][:150] for query in caught]
