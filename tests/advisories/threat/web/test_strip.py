"""The line on every signed-in page: what it says, to whom, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from advisories.models import ThreatConfirmation
from advisories.selectors import threat as selectors
from advisories.services import threat_answers
from certification.models import Certificate
from core.govuk.formats import uk_datetime
from tests.factories import threat as given

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]


def strip(client: Client, path: str = "/account/") -> str:
    page = BeautifulSoup(client.get(path).content, "html.parser")
    return " ".join(part.get_text(" ", strip=True) for part in page.select(".wm-strip p")).replace(" .", ".")


def test_until_a_level_was_set_it_says_so(organiser: User, client_for: ClientFor) -> None:
    assert strip(client_for(organiser)) == "Threat level: none recorded. What this means"


@pytest.mark.parametrize("role", ["organiser", "adviser", "authoriser", "national_admin", "auditor"])
def test_everybody_who_is_signed_in_reads_level_and_meaning(
    role: str, client_for: ClientFor, request: pytest.FixtureRequest
) -> None:
    given.record("severe")
    said = strip(client_for(request.getfixturevalue(role)))
    assert said == "Threat level SEVERE : an attack is highly likely. Response level HEIGHTENED. What this means"


def test_northern_ireland_has_a_level_of_its_own(organiser: User, client_for: ClientFor) -> None:
    given.record("moderate")
    given.record("severe", scope="ni")
    assert strip(client_for(organiser)) == (
        "Threat level MODERATE : an attack is possible, but not likely. "
        "Northern Ireland-related SEVERE : an attack is highly likely. "
        "Response level NORMAL. Response level in Northern Ireland HEIGHTENED. What this means"
    )


def test_a_change_is_said_at_once(organiser: User, client_for: ClientFor) -> None:
    client = client_for(organiser)
    given.record("severe")
    assert "SEVERE" in strip(client)
    given.record("critical")
    assert "CRITICAL" in strip(client)
    assert "SEVERE" not in strip(client)


@pytest.mark.django_db(transaction=True)
def test_whoever_read_before_the_commit_does_not_keep_it(organiser: User) -> None:
    given.record("severe")
    assert cache.get(selectors.CACHE_KEY) is None
    assert selectors.picture().levels == {"uk": "severe"}


def test_a_visitor_has_no_strip(client: Client) -> None:
    given.record("severe")
    assert strip(client, "/about/") == ""


def test_whoever_is_asked_is_reminded_until_they_have_answered(
    confirmation: ThreatConfirmation, organiser: User, adviser: User, client_for: ClientFor
) -> None:
    client = client_for(organiser)
    words = f"Confirm your measures by {uk_datetime(confirmation.due_at)}"
    assert words in strip(client)
    assert words not in strip(client_for(adviser))
    with time_machine.travel(confirmation.due_at + timedelta(seconds=1), tick=False):
        assert "Overdue: confirm your measures" in strip(client_for(organiser))
    threat_answers.confirm(actor=organiser, confirmation_id=confirmation.pk, measures_version=0)
    assert "onfirm your measures" not in strip(client)


def test_whoever_is_asked_nothing_is_not_reminded(
    confirmation: ThreatConfirmation, stranger: User, client_for: ClientFor
) -> None:
    assert "onfirm your measures" not in strip(client_for(stranger))


def test_the_reminder_costs_one_query_in_half_a_minute(
    confirmation: ThreatConfirmation,
    organisation: Organisation,
    other_organisation: Organisation,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    both = [organisation.pk, other_organisation.pk]
    with django_assert_num_queries(1):
        assert selectors.is_asked(both)
    with django_assert_num_queries(0):
        assert [selectors.is_asked([pk]) for pk in both] == [True, False]


def test_it_costs_one_query_in_half_a_minute(
    held: Certificate, organiser: User, client_for: ClientFor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    given.respond()
    given.record("severe", scope="ni", effective_at=timezone.now())
    cache.delete(selectors.CACHE_KEY)
    with django_assert_num_queries(1):
        selectors.picture()
    with django_assert_num_queries(0):
        selectors.picture()
    assert 0 < selectors.CACHE_SECONDS <= 60
