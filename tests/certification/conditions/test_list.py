"""Conditions to look at: which, in which order, for whom, and in how many queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from certification.models import Certificate, CertificateCondition
from certification.selectors import conditions as selectors
from certification.services import conditions
from tests.api_client import Api
from tests.factories import certificates as certificate_make
from tests.factories import conditions as make

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
TODAY = timezone.localdate


def codes(user: User, after: str = "") -> list[str]:
    page = selectors.to_look_at(user, today=TODAY(), after=after)
    return [row.condition.criterion_code for row in page.rows]


@pytest.fixture
def three(certificate: Certificate, condition: CertificateCondition, organiser: User) -> list[CertificateCondition]:
    """GOV-02 sent in, PHY-01 overdue, PHY-02 with more time asked, GOV-01 in no hurry."""
    soon = TODAY() + timedelta(days=30)
    late, wished, quiet = (make.add(certificate, code, soon) for code in ("PHY-01", "PHY-02", "GOV-01"))
    make.submitted(condition, organiser)
    make.overdue(late)
    make.asked(wished, organiser)
    return [condition, late, wished, quiet]


def test_sent_in_then_asked_then_overdue_and_nothing_else(
    three: list[CertificateCondition], adviser: User, auditor: User, other_area_adviser: User
) -> None:
    assert codes(adviser) == codes(auditor) == ["GOV-02", "PHY-02", "PHY-01"]
    assert codes(other_area_adviser) == []
    assert selectors.count_to_look_at(adviser, today=TODAY()) == 3


def test_what_waits_comes_back_after_its_day(three: list[CertificateCondition], adviser: User) -> None:
    until = TODAY() + timedelta(days=10)
    conditions.wait(actor=adviser, condition_id=three[1].pk, until=until, reason="x")
    assert codes(adviser) == ["GOV-02", "PHY-02"]
    page = selectors.to_look_at(adviser, today=until + timedelta(days=1))
    assert [row.condition.criterion_code for row in page.rows] == ["GOV-02", "PHY-02", "PHY-01"]


def test_of_certificates_that_have_ended_there_is_nothing(
    three: list[CertificateCondition], certificate: Certificate, adviser: User
) -> None:
    certificate_make.put_in("revoked", certificate)
    assert codes(adviser) == []


def test_the_signer_is_told_that_it_is_for_another(
    three: list[CertificateCondition], adviser: User, authoriser: User, client_for: ClientFor
) -> None:
    where = reverse("certification:conditions")
    words = "For another officer"
    assert words in client_for(authoriser).get(where).content.decode()
    assert words not in client_for(adviser).get(where).content.decode()


def test_it_is_paged(three: list[CertificateCondition], adviser: User, monkeypatch: pytest.MonkeyPatch) -> None:
    first = selectors.to_look_at_page(adviser, today=TODAY(), after="", size=2)
    second = selectors.to_look_at_page(adviser, today=TODAY(), after=first.next_cursor or "", size=2)
    assert [one.criterion_code for one in (*first.rows, *second.rows)] == ["GOV-02", "PHY-02", "PHY-01"]
    assert second.next_cursor is None


def test_the_empty_list_says_so_and_the_queue_leads_here(
    certificate: Certificate, adviser: User, client_for: ClientFor
) -> None:
    client, where = client_for(adviser), reverse("certification:conditions")
    assert "Nothing to look at" in client.get(where).content.decode()
    assert f'href="{where}"' in client.get(reverse("certification:queue")).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_and_three(
    certificate: Certificate,
    condition: CertificateCondition,
    organiser: User,
    adviser: User,
    client_for: ClientFor,
    django_assert_num_queries: DjangoAssertNumQueries,
    rows: int,
) -> None:
    make.submitted(condition, organiser)
    for number in range(rows - 1):
        make.overdue(make.add(certificate, f"PHY-0{number + 1}", TODAY()))
    client = client_for(adviser)
    with django_assert_num_queries(5):
        shown = client.get(reverse("certification:conditions"))
    assert shown.content.decode().count("/conditions/") == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_api_s_list_costs_the_same_for_one_and_three(
    certificate: Certificate,
    condition: CertificateCondition,
    organiser: User,
    adviser: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    rows: int,
) -> None:
    make.submitted(condition, organiser)
    for number in range(rows - 1):
        make.overdue(make.add(certificate, f"PHY-0{number + 1}", TODAY()))
    api = Api(adviser)
    api.get("/conditions/")  # notes the token's use, once a minute
    with django_assert_num_queries(2):
        answer = api.get("/conditions/")
    assert len(answer.json()["results"]) == rows


def test_the_holder_s_first_page_shows_what_falls_due(
    three: list[CertificateCondition], organiser: User, stranger: User, client_for: ClientFor
) -> None:
    shown = client_for(organiser).get("/").content.decode()
    assert [one.criterion_code in shown for one in three] == [False, True, True, True]
    assert "Overdue" in shown
    assert "PHY-01" not in client_for(stranger).get("/").content.decode()
