"""What stands is shown, and not asked for, on the page of the recommendation, before the signature and after it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from certification.models import Certificate, Plan
from certification.services import discharges
from core.govuk.formats import uk_date
from tests.certification.changes.test_standing_conditions import judged
from tests.conftest import ClientFor
from tests.factories import certificates as make
from tests.factories import conditions as things
from tests.factories.reviews import recommend_as_scored, sign_as_recommended

pytestmark = pytest.mark.django_db


@pytest.fixture
def certified(organisation: Organisation, adviser: User, authoriser: User, organiser: User) -> Certificate:
    """With one condition that stands open, one that stands met, one that ends and one of an office that is gone."""
    decided = make.decided_certificate(organisation, reviewer=adviser, signer=authoriser, levels={"GOV-02": 2})
    certificate = make.put_in("in_force", decided)
    day = timezone.localdate() + timedelta(days=30)
    met = things.add(certificate, "GOV-01", day, "Name a deputy.")
    discharges.accept(actor=adviser, discharge_id=things.submitted(met, organiser).pk)
    things.add(certificate, "PHY-02", day, "Mend the old gate.")
    things.add(certificate, "PHY-03", day, "Search bags.")
    return certificate


@pytest.fixture
def plan(certified: Certificate, owner: User, second_adviser: User) -> Plan:
    return judged(certified, owner, second_adviser)


def read(client: Client, name: str, plan: Plan) -> BeautifulSoup:
    response = client.get(reverse(f"certification:{name}", args=[plan.pk]))
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def rows_after(page: BeautifulSoup, heading: str) -> list[str]:
    found = page.find("h2", string=lambda words: words is not None and words.strip() == heading)
    assert found is not None, heading
    listed = found.find_next("ul")
    assert listed is not None
    return [" ".join(row.get_text(" ").split()) for row in listed.find_all("li", recursive=False)]


def asked_for(page: BeautifulSoup) -> list[str]:
    """The criteria for which a new condition is offered, ticked or to be chosen."""
    ticks = [box["name"] for box in page.find_all("input", {"type": "checkbox"}) if "include" in box["name"]]
    choices = page.select("select[name=spare-0-code] option")
    return [*ticks, *(one["value"] for one in choices if one["value"])]


def test_what_the_reviewer_and_the_signer_see(
    certified: Certificate, plan: Plan, second_adviser: User, authoriser: User, owner: User, client_for: ClientFor
) -> None:
    number, today, due = certified.number, uk_date(timezone.localdate()), timezone.localdate() + timedelta(days=30)
    day = uk_date(due)
    stands = [
        f"GOV-01 Is GOV-01 in place? Name a deputy. Met on {today}",
        f"GOV-02 Is GOV-02 in place? Put GOV-02 in place. By {day}",
    ]

    def looks_right(page: BeautifulSoup) -> None:
        assert sorted(rows_after(page, f"Conditions that stand from certificate {number}")) == stands
        assert rows_after(page, f"Conditions of certificate {number} that end") == [
            f"PHY-02 Mend the old gate. not met, due on {day}"
        ]
        assert rows_after(page, f"Conditions of certificate {number} that fall away") == [
            f"PHY-03 Search bags. not met, due on {day}"
        ]
        assert asked_for(page) == ["PHY-01", "PHY-02"]
        assert "New conditions" in page.get_text()

    looks_right(read(client_for(second_adviser), "recommend", plan))
    given = {"outcome": "certify_with_conditions", "summary": "In good order."}
    sent = client_for(second_adviser).post(reverse("certification:recommend", args=[plan.pk]), given)
    assert sent.status_code == 302
    signer = client_for(authoriser)
    page = read(signer, "decide", plan)
    looks_right(page)
    hidden = page.select_one("input[name=recommendation]")
    assert hidden is not None
    signing = {"outcome": "certify_with_conditions", "recommendation": hidden["value"], "confirm": "on"}
    assert signer.post(reverse("certification:decide", args=[plan.pk]), signing).status_code == 302
    for reader in (signer, client_for(owner)):
        decided = read(reader, "decision", plan)
        assert sorted(rows_after(decided, f"Conditions that stand from certificate {number}")) == stands
        assert "Mend the old gate" not in decided.get_text()
    made = Certificate.objects.get(plan=plan)
    assert sorted(made.conditions.values_list("criterion_code", "due_on")) == [("GOV-01", due), ("GOV-02", due)]


def test_certify_alone_is_refused_with_the_words_kept(
    certified: Certificate, plan: Plan, second_adviser: User, client_for: ClientFor
) -> None:
    given = {"outcome": "certify", "summary": "All of my words."}
    response = client_for(second_adviser).post(reverse("certification:recommend", args=[plan.pk]), given)
    text = response.content.decode()
    assert response.status_code == 422
    assert f"Conditions stand from certificate {certified.number} and are not all met." in text
    assert "All of my words." in text


def test_the_page_says_what_the_score_and_what_stands_come_to(
    organisation: Organisation,
    owner: User,
    adviser: User,
    second_adviser: User,
    authoriser: User,
    client_for: ClientFor,
) -> None:
    full = make.put_in("in_force", make.decided_certificate(organisation, reviewer=adviser, signer=authoriser))
    things.add(full, "GOV-01", timezone.localdate() + timedelta(days=30))
    page = read(client_for(second_adviser), "recommend", judged(full, owner, second_adviser))
    text = " ".join(page.get_text(" ").split())
    assert "The score says: Certify With the conditions that stand: Certify with conditions" in text
    chosen = page.select_one("input[name=outcome][checked]")
    assert chosen is not None
    assert chosen["value"] == "certify_with_conditions"


@pytest.mark.parametrize("more", [0, 2])
def test_the_pages_cost_the_same_however_many_stand(
    certified: Certificate,
    owner: User,
    second_adviser: User,
    authoriser: User,
    client_for: ClientFor,
    django_assert_num_queries: DjangoAssertNumQueries,
    more: int,
) -> None:
    for _number in range(more):
        things.add(certified, "GOV-03", timezone.localdate() + timedelta(days=30))
    plan = judged(certified, owner, second_adviser)
    reviewer, signer = client_for(second_adviser), client_for(authoriser)
    with django_assert_num_queries(12):
        read(reviewer, "recommend", plan)
    recommend_as_scored(plan, reviewer=second_adviser)
    with django_assert_num_queries(14):
        read(signer, "decide", plan)
    sign_as_recommended(plan, by=authoriser)
    with django_assert_num_queries(12):
        read(signer, "decision", plan)
