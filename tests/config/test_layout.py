"""What each role finds in the navigation bar, and that nothing in it is refused."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts.models import Organisation, User
from config.layout import build
from core.govuk.navigation import Layout
from tests.conftest import ClientFor

PUBLIC = ["Find out what applies", "Check a certificate", "Register of certificates"]
ORGANISER = ["Home", "Places and events", "Certificates", "Advisories", "Sectors", "Team"]
POLICE = ["Home", "Queue", "Places and events", "Certificates", "Advisories", "Sectors"]
ADMINISTRATOR = ["Home", "Advisories", "Sectors", "Standards", "Police areas", "People"]
AUDITOR = [
    "Home",
    "Queue",
    "Places and events",
    "Certificates",
    "Advisories",
    "Standards",
    "Police areas",
    "People",
]


def layout_for(user: User | AnonymousUser) -> Layout:
    request = RequestFactory().get("/")
    request.user = user
    return build(request)


def labels(layout: Layout) -> list[str]:
    return [str(item.label) for item in layout.items]


def test_a_visitor_finds_what_is_public() -> None:
    layout = layout_for(AnonymousUser())
    assert labels(layout) == PUBLIC
    assert [str(item.label) for item in layout.account] == ["Sign in"]
    assert layout.who == ""


def test_a_request_without_a_user_is_a_visitor_s() -> None:
    assert labels(build(HttpRequest())) == PUBLIC


@pytest.mark.parametrize(
    ("role", "found"),
    [
        ("owner", ORGANISER),
        ("viewer", ORGANISER),
        ("adviser", POLICE),
        ("authoriser", POLICE),
        ("national_admin", ADMINISTRATOR),
        ("auditor", AUDITOR),
    ],
)
def test_each_role_finds_its_part(
    role: str, found: list[str], organisation: Organisation, request: pytest.FixtureRequest
) -> None:
    assert labels(layout_for(request.getfixturevalue(role))) == found


@pytest.mark.parametrize("role", ["owner", "adviser", "authoriser", "national_admin", "auditor"])
def test_nothing_in_the_bar_or_footer_is_refused(
    role: str, organisation: Organisation, client_for: ClientFor, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(role)
    layout = layout_for(user)
    client = client_for(user)
    links = [*layout.items, *layout.account, *layout.footer]
    statuses = {item.url: client.get(item.url).status_code for item in links if not item.post}
    assert set(statuses.values()) == {200}, statuses


@pytest.mark.django_db
def test_a_visitor_can_open_everything_offered(client: Client) -> None:
    layout = layout_for(AnonymousUser())
    links = [*layout.items, *layout.account, *layout.footer]
    statuses = {item.url: client.get(item.url).status_code for item in links}
    assert set(statuses.values()) == {200}, statuses


@pytest.mark.django_db
def test_somebody_new_is_shown_how_to_begin(organiser: User) -> None:
    layout = layout_for(organiser)
    assert labels(layout) == ["Home", "Register your organisation"]
    assert layout.who == "Olive Organiser"


@pytest.mark.django_db
def test_a_closed_account_is_a_visitor(organiser: User) -> None:
    organiser.is_active = False
    assert labels(layout_for(organiser)) == PUBLIC


def test_the_bar_costs_the_two_questions_every_policy_asks(
    owner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fresh = User.objects.get(pk=owner.pk)
    with django_assert_num_queries(2):
        layout_for(fresh)


@pytest.mark.django_db
def test_sent_mail_is_offered_in_the_demonstration_alone(client: Client, settings: Settings) -> None:
    assert layout_for(AnonymousUser()).demo == []
    settings.DEMO = True
    page = BeautifulSoup(client.get("/about/").content, "html.parser")
    assert [a["href"] for a in page.select(".wm-demo a")] == ["/sent-mail/"]


@pytest.mark.django_db
def test_people_are_told_whom_to_write_to(client: Client, settings: Settings) -> None:
    assert "Tell the police force that you deal with." in client.get("/accessibility/").content.decode()
    settings.CONTACT_EMAIL = "help@example.org"
    page = BeautifulSoup(client.get("/accessibility/").content, "html.parser")
    assert [a["href"] for a in page.select('main a[href^="mailto:"]')] == ["mailto:help@example.org"]
