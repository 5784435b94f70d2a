"""Registering through the pages, and choosing where an event is held."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, User
from events.models import Event, Project, TierDetermination, Venue
from tests.conftest import ClientFor
from tests.events.web.posted import EVENT, PROJECT, VENUE
from tests.factories import accounts as people
from tests.factories import events as make

pytestmark = pytest.mark.django_db

CountQueries = Callable[[int], AbstractContextManager[Any]]


@pytest.fixture
def client(owner: User, client_for: ClientFor) -> Client:
    return client_for(owner)


def _text(response: Any) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


class TestRegistering:
    def test_a_venue(self, client: Client, organisation: Organisation) -> None:
        response = client.post(
            "/venues/new/",
            {
                **VENUE,
                "expected_attendance": "1,250",
                "senior_name": "Sasha",
                "senior_position": "Chair",
                "latitude": "53.90500",
                "longitude": "-1.692",
            },
        )

        venue = Venue.objects.get()
        assert response["Location"] == f"/venues/{venue.pk}/"
        assert (venue.organisation_id, venue.tier, venue.postcode, venue.expected_attendance) == (
            organisation.pk,
            "enhanced",
            "LS21 3AA",
            1250,
        )
        assert (venue.latitude, venue.longitude) == (Decimal("53.90500"), Decimal("-1.69200"))
        assert venue.facts == {
            "entry_check": "none", "has_building": True, "open_air": False, "public_access": True, "recurring": True, "wholly_or_mainly": True,
        }  # fmt: skip

    def test_an_event_elsewhere(self, client: Client) -> None:
        response = client.post("/events/new/?venue=elsewhere", {**EVENT, "expected_attendance": "799"})

        event = Event.objects.get()
        assert response["Location"] == f"/events/{event.pk}/"
        assert (event.tier, event.venue_id, timezone.localtime(event.starts_at).hour) == ("none", None, 19)

    def test_a_project(self, client: Client) -> None:
        response = client.post("/projects/new/", PROJECT)

        project = Project.objects.get()
        assert response["Location"] == f"/projects/{project.pk}/"
        assert (project.tier, project.stage, project.opens_on.month) == ("standard", 2, 6)
        assert TierDetermination.objects.get(project=project).predicted

    @pytest.mark.parametrize(
        ("figure", "tier"), [("199", "none"), ("200", "standard"), ("799", "standard"), ("800", "enhanced")]
    )
    def test_the_thresholds_through_the_form(self, client: Client, figure: str, tier: str) -> None:
        client.post(
            "/venues/new/", {**VENUE, "expected_attendance": figure, "senior_name": "Sasha", "senior_position": "Chair"}
        )

        assert Venue.objects.get().tier == tier

    def test_a_park_and_a_sports_ground(self, client: Client) -> None:
        ground = {**VENUE, "open_air_type": "sports_ground", "use": "sports_ground", "entry_check": "payment"}
        asked = client.post("/venues/new/", ground)
        client.post(
            "/venues/new/", {**ground, "designated_sports_ground": "no", "entry_check_scope": "particular_events_only"}
        )

        assert sorted(asked.context["form"].errors) == ["designated_sports_ground", "entry_check_scope"]
        assert Venue.objects.get().tier == "excluded"

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"name": ""}, "name"),
            ({"name": "a\x00b"}, "name"),
            ({"postcode": "LS21"}, "postcode"),
            ({"area_code": "atlantis"}, "area_code"),
            ({"expected_attendance": "0"}, "expected_attendance"),
            ({"expected_attendance": "2.5"}, "expected_attendance"),
            ({"use": ""}, "use"),
            ({"latitude": "53.9"}, "longitude"),
            ({"latitude": "48.85", "longitude": "2.35"}, "latitude"),
            ({"expected_attendance": "800"}, "senior_name"),
        ],
    )
    def test_a_fault_comes_back_with_everything_that_was_typed(
        self, client: Client, changes: dict[str, str], field: str
    ) -> None:
        response = client.post("/venues/new/", {**VENUE, **changes})

        form = response.context["form"]
        assert response.status_code == 200
        assert field in form.errors
        assert form["responsible_ground"].value() == "It runs the building"
        page = BeautifulSoup(response.content, "html.parser")
        links = [str(a["href"])[1:] for a in page.select(".govuk-error-summary a")]
        assert links
        assert all(page.find(id=link) is not None for link in links)
        assert Venue.objects.count() == 0

    def test_the_faults_of_an_event(self, client: Client) -> None:
        past = {**EVENT, "starts_at_year": "2020", "ends_at_year": "2019", "entry_check_scope": ""}
        part = {**EVENT, "entry_check_scope": "part_of_site"}
        too_many = {**part, "part_attendance": "251"}

        faults = [
            sorted(client.post("/events/new/?venue=elsewhere", data).context["form"].errors)
            for data in (past, part, too_many)
        ]

        assert faults == [["entry_check_scope"], ["part_attendance"], ["part_attendance"]]
        dates = client.post("/events/new/?venue=elsewhere", {**past, "entry_check_scope": "general"})
        assert sorted(dates.context["form"].errors) == ["ends_at", "starts_at"]

    def test_somebody_of_two_organisations_chooses_and_no_other_can_be_smuggled_in(
        self, client: Client, owner: User, organisation: Organisation, other_organisation: Organisation
    ) -> None:
        smuggled = {
            **VENUE,
            "organisation": str(other_organisation.pk),
            "organisation_id": str(other_organisation.pk),
            "tier": "none",
            "judged_tier": "enhanced",
            "version": "7",
        }
        client.post("/venues/new/", smuggled)
        first = Venue.objects.get()
        second = people.make_organisation(owner, name="Second Trust")
        refused = client.post("/venues/new/", smuggled)
        client.post("/venues/new/", {**VENUE, "organisation": str(second.pk)})

        assert (first.organisation_id, first.tier, first.judged_tier, first.version) == (
            organisation.pk,
            "standard",
            "standard",
            1,
        )
        assert list(refused.context["form"].errors) == ["organisation"]
        assert Venue.objects.exclude(pk=first.pk).get().organisation_id == second.pk

    @pytest.mark.parametrize("role", ["viewer", "adviser", "auditor", "national_admin"])
    @pytest.mark.parametrize("kind", ["venues", "events", "projects"])
    def test_who_cannot_register_is_told_so(
        self, role: str, kind: str, organisation: Organisation, request: pytest.FixtureRequest, client_for: ClientFor
    ) -> None:
        client = client_for(request.getfixturevalue(role))

        assert client.get(f"/{kind}/new/?venue=elsewhere").status_code == 403
        assert client.post(f"/{kind}/new/?venue=elsewhere", VENUE).status_code == 403

    def test_somebody_new_registers_their_organisation_first(self, client_for: ClientFor) -> None:
        newcomer = client_for(people.make_user("Nia New"))

        sent_on = newcomer.get("/venues/new/")["Location"]
        assert sent_on == f"{reverse('accounts:organisation_new')}?next=%2Fvenues%2Fnew%2F"
        assert 'name="next" value="/venues/new/"' in newcomer.get(sent_on).content.decode()
        assert reverse("accounts:organisation_new") in newcomer.get("/places/").content.decode()
        assert newcomer.get("/events/where/").status_code == 403
        made = newcomer.post(sent_on, {"name": "Nia's hall", "kind": "charity", "next": "/venues/new/"})
        assert made["Location"] == "/venues/new/"


class TestWhere:
    def test_a_new_event_begins_with_the_place(self, client: Client) -> None:
        assert client.get("/events/new/")["Location"] == "/events/where/"

    def test_another_organisations_venue_shows_its_name_and_town_and_nothing_else(
        self, client: Client, other_organisation: Organisation
    ) -> None:
        hall = make.make_venue(other_organisation, name="Mill Hall", people=777)
        listed = client.get("/events/where/", {"q": "mill"})
        chosen = client.get(f"/events/new/?venue={hall.pk}")

        for response in (listed, chosen):
            text = response.content.decode()
            assert "Mill Hall" in text
            for hidden in (
                hall.address,
                hall.postcode,
                "777",
                hall.responsible_name,
                "53.905",
                other_organisation.name,
                hall.senior_name,
            ):
                assert hidden not in text
        assert client.get(f"/venues/{hall.pk}/").status_code == 404

    def test_an_event_at_an_enhanced_venue_is_outside_the_act(
        self, client: Client, other_organisation: Organisation
    ) -> None:
        arena = make.make_venue(other_organisation, name="Arena", people=5000, use="entertainment_leisure")
        response = client.post(f"/events/new/?venue={arena.pk}", {**EVENT, "town": "Elsewhere", "area_code": "kent"})

        event = Event.objects.get()
        assert (event.tier, event.venue_id, event.town, event.area_id) == ("none", arena.pk, "Otley", people.AREA)
        page = client.get(response["Location"])
        assert "Arena" in _text(page)
        assert f"/venues/{arena.pk}/" not in page.content.decode()

    def test_the_place_of_an_event_can_be_changed(self, client: Client, organisation: Organisation) -> None:
        event = make.make_event(organisation, people=900)
        hall = make.make_venue(organisation, name="Mill Hall")
        found = client.get("/events/where/", {"q": "mill", "for": str(event.pk)})
        target = f"/events/{event.pk}/edit/?venue={hall.pk}"
        assert target in found.content.decode()

        client.post(
            target,
            {**EVENT, "expected_attendance": "900", "senior_name": "Sasha", "senior_position": "Chair", "version": "1"},
        )

        assert Event.objects.get().venue_id == hall.pk

    @pytest.mark.parametrize("venue", ["nonsense", "00000000-0000-4000-8000-000000000000"])
    def test_a_venue_that_is_not_there(self, client: Client, venue: str) -> None:
        assert client.get(f"/events/new/?venue={venue}").status_code == 404

    def test_the_search_is_for_people_who_can_register(
        self, viewer: User, client_for: ClientFor, organisation: Organisation
    ) -> None:
        make.make_venue(organisation, name="Mill Hall")

        assert client_for(viewer).get("/events/where/", {"q": "mill"}).status_code == 403

    def test_nobody_lists_the_whole_register_by_searching(self, client: Client) -> None:
        statuses = [client.get("/events/where/", {"q": "hall"}).status_code for _ in range(35)]

        assert statuses == [200] * 30 + [429] * 5
