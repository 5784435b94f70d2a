"""Who sees which page of a subject, the archive, and what the pages cost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from accounts.models import Organisation, User
from events.models import Event, Project, TierDetermination, Venue
from tests.conftest import ClientFor
from tests.events.web.posted import VENUE
from tests.factories import events as make

pytestmark = pytest.mark.django_db

CountQueries = Callable[[int], AbstractContextManager[Any]]


@pytest.fixture
def client(owner: User, client_for: ClientFor) -> Client:
    return client_for(owner)


def _text(response: Any) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


PAGES = ["", "edit/", "archive/", "tier/"]


class TestWhoSeesWhat:
    @pytest.mark.parametrize("role", ["stranger", "other_area_adviser", "national_admin"])
    @pytest.mark.parametrize("page", PAGES)
    def test_a_stranger_finds_nothing(
        self, role: str, page: str, organisation: Organisation, request: pytest.FixtureRequest, client_for: ClientFor
    ) -> None:
        client = client_for(request.getfixturevalue(role))
        for subject in (make.make_venue(organisation), make.make_event(organisation), make.make_project(organisation)):
            address = f"/{subject.kind}s/{subject.pk}/{page}"
            assert client.get(address).status_code == 404
            assert client.post(address, VENUE).status_code in {404, 405}

    @pytest.mark.parametrize("role", ["viewer", "adviser", "authoriser", "auditor"])
    def test_who_may_read_may_not_write(
        self, role: str, organisation: Organisation, request: pytest.FixtureRequest, client_for: ClientFor
    ) -> None:
        client = client_for(request.getfixturevalue(role))
        for subject in (make.make_venue(organisation), make.make_event(organisation), make.make_project(organisation)):
            read = [client.get(f"/{subject.kind}s/{subject.pk}/{page}") for page in ("", "tier/")]
            write = [client.get(f"/{subject.kind}s/{subject.pk}/{page}") for page in ("edit/", "archive/")]
            assert [r.status_code for r in read] == [200, 200]
            assert [r.status_code for r in write] == [403, 403]
            assert "Change the details" not in _text(read[0])

    @pytest.mark.parametrize(
        "address", ["/places/", "/events/where/", "/venues/new/", "/events/new/", "/projects/new/"]
    )
    def test_signed_out_people_are_sent_to_sign_in(self, address: str) -> None:
        response = Client().get(address)

        assert response.status_code == 302
        assert "login" in response["Location"]

    def test_the_lists_show_each_their_own(
        self,
        organisation: Organisation,
        other_organisation: Organisation,
        owner: User,
        stranger: User,
        adviser: User,
        other_area_adviser: User,
        auditor: User,
        national_admin: User,
        client_for: ClientFor,
    ) -> None:
        make.make_venue(organisation, name="Ours")
        make.make_venue(other_organisation, name="Theirs", area="kent")

        seen = {
            user.pk: [row.name for row in client_for(user).get("/places/").context["page"].rows]
            for user in (owner, stranger, adviser, other_area_adviser, auditor, national_admin)
        }

        assert list(seen.values()) == [["Ours"], ["Theirs"], ["Ours"], ["Theirs"], ["Theirs", "Ours"], []]


class TestArchive:
    def test_out_of_the_list_and_back(self, client: Client, organisation: Organisation) -> None:
        venue = make.make_venue(organisation, name="Old Hall")

        assert "Archive Old Hall" in _text(client.get(f"/venues/{venue.pk}/archive/"))
        client.post(f"/venues/{venue.pk}/archive/", {"action": "archive"})
        listed = [client.get(f"/places/?kind=venue{more}").context["page"].rows for more in ("", "&archived=yes")]
        assert listed == [(), (venue,)]
        assert client.get(f"/venues/{venue.pk}/edit/").status_code == 403
        assert client.post(f"/venues/{venue.pk}/archive/", {"action": "archive"}).status_code == 409
        client.post(f"/venues/{venue.pk}/archive/", {"action": "restore"})

        assert client.get("/places/").context["page"].rows == (venue,)


class TestQueries:
    """Literal counts, the same at 1 row and at 300: session, person, memberships, appointments, and then the page's own."""

    @pytest.mark.parametrize("rows", [1, 300])
    @pytest.mark.parametrize("kind", ["venue", "event", "project"])
    def test_the_list(
        self, kind: str, rows: int, client: Client, organisation: Organisation, django_assert_num_queries: CountQueries
    ) -> None:
        _many(kind, organisation, rows)

        with django_assert_num_queries(5):
            response = client.get(f"/places/?kind={kind}")

        assert len(response.context["page"].rows) == min(rows, 50)

    def test_the_pages_of_a_list_reach_everything_once(self, client: Client, organisation: Organisation) -> None:
        _many("venue", organisation, 120)
        seen: list[Any] = []
        address = "/places/?kind=venue"
        for _ in range(3):
            response = client.get(address)
            seen += [row.pk for row in response.context["page"].rows]
            older = BeautifulSoup(response.content, "html.parser").select_one("a[rel=next]")
            if older is None:
                break
            address = f"/places/{older['href']}"

        assert len(seen) == len(set(seen)) == 120
        assert client.get("/places/?after=forged").status_code == 422

    @pytest.mark.parametrize("determinations", [1, 60])
    def test_one_subject_and_its_tier(
        self, determinations: int, client: Client, organisation: Organisation, django_assert_num_queries: CountQueries
    ) -> None:
        hall = make.make_venue(organisation)
        event = make.make_event(organisation, venue=hall)
        first = TierDetermination.objects.get(event=event)
        TierDetermination.objects.bulk_create([_copy(first) for _ in range(determinations - 1)])

        with django_assert_num_queries(6):
            client.get(f"/events/{event.pk}/")
        with django_assert_num_queries(7):
            client.get(f"/events/{event.pk}/tier/")

    def test_the_form(
        self, client: Client, organisation: Organisation, django_assert_num_queries: CountQueries
    ) -> None:
        venue = make.make_venue(organisation)

        with django_assert_num_queries(6):
            client.get("/venues/new/")
        with django_assert_num_queries(6):
            client.get(f"/venues/{venue.pk}/edit/")


def _copy(determination: TierDetermination) -> TierDetermination:
    determination.pk = None
    return TierDetermination(
        event_id=determination.event_id,
        facts=determination.facts,
        rule_set=determination.rule_set,
        tier=determination.tier,
        reasons=determination.reasons,
        determined_by_id=determination.determined_by_id,
        determined_at=determination.determined_at,
    )


def _many(kind: str, organisation: Organisation, rows: int) -> None:
    makers: dict[str, Callable[[Organisation], Venue | Event | Project]] = {
        "venue": make.make_venue,
        "event": make.make_event,
        "project": make.make_project,
    }
    first = makers[kind](organisation)
    values = {f.attname: getattr(first, f.attname) for f in first._meta.concrete_fields if f.attname != "id"}
    manager: Any = type(first)._base_manager
    manager.bulk_create([type(first)(**values) for _ in range(rows - 1)])
