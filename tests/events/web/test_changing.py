"""Changing through the pages: tier moves, stale forms, and what may not be posted."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from accounts.models import Membership, Organisation, User
from core.models import AuditEvent
from events.models import Event, Project, Venue
from events.services import venues
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


def _sections(response: Any) -> dict[str, tuple[bool, str]]:
    """Title → is it open, and what it says of itself."""
    page = BeautifulSoup(response.content, "html.parser")
    return {
        " ".join(fold.h2.get_text().split()): (fold.has_attr("open"), fold.summary.get_text(" ", strip=True))
        for fold in page.select("details.wm-fold")
    }


class TestFolding:
    TITLES = (
        "The place",
        "What it is used for",
        "How many people",
        "Open air and entry",
        "Who is responsible",
        "The tier you are judged at",
    )

    def test_a_new_form_is_open_where_there_is_something_to_do(self, client: Client) -> None:
        found = _sections(client.get("/venues/new/"))

        assert {title: is_open for title, (is_open, _said) in found.items()} == {
            **dict.fromkeys(self.TITLES, True),
            "The tier you are judged at": False,
        }

    def test_a_whole_one_is_folded_and_says_what_it_holds(self, client: Client) -> None:
        client.post("/venues/new/", VENUE)
        found = _sections(client.get(f"/venues/{Venue.objects.get().pk}/edit/"))

        assert {is_open for is_open, _said in found.values()} == {False}
        assert found["The place"][1] == "The place Mill Hall · 1 Mill Lane · Otley · LS21 3AA · West Yorkshire"
        assert found["How many people"][1] == "How many people 250 · The safe occupancy in the fire risk assessment"
        assert found["Open air and entry"][1] == "Open air and entry No, it is mainly indoors"

    @pytest.mark.parametrize(
        ("wrong", "title"),
        [
            ({"town": ""}, "The place"),
            ({"expected_attendance": "many"}, "How many people"),
            ({"open_air_type": "sports_ground"}, "Open air and entry"),
            ({"chosen_tier": "enhanced"}, "Who is responsible"),
        ],
    )
    def test_what_is_wrong_is_never_folded_away(self, client: Client, wrong: dict[str, str], title: str) -> None:
        response = client.post("/venues/new/", VENUE | wrong)

        assert not Venue.objects.exists()
        assert [found for found, (is_open, _said) in _sections(response).items() if is_open] == [title]

    def test_what_is_wrong_is_listed_in_the_order_of_the_page(self, client: Client) -> None:
        page = BeautifulSoup(client.post("/venues/new/", {}).content, "html.parser")
        listed = [link["href"] for link in page.select(".govuk-error-summary a")]
        drawn = [f"#{part['id']}" for part in page.select("main form [id]")]

        assert len(listed) > 10
        assert listed == sorted(listed, key=drawn.index)

    def test_nor_is_an_error_in_a_field_that_an_option_reveals(self, client: Client) -> None:
        checked = {"entry_check": "ticket_or_pass", "entry_check_scope": "part_of_site", "part_attendance": ""}
        response = client.post("/events/new/?venue=elsewhere", EVENT | checked)

        assert not Event.objects.exists()
        assert [found for found, (is_open, _said) in _sections(response).items() if is_open] == [
            "The site and the way in"
        ]

    def test_nothing_is_folded_beside_a_clash(self, client: Client) -> None:
        client.post("/venues/new/", VENUE)
        path = f"/venues/{Venue.objects.get().pk}/edit/"
        client.post(path, {**VENUE, "version": "1", "town": "Ilkley"})

        stale = client.post(path, {**VENUE, "version": "1", "town": "Leeds"})
        assert stale.status_code == 409
        assert {is_open for is_open, _said in _sections(stale).values()} == {True}


class TestChanging:
    def test_the_form_shows_what_is_stored_and_saving_it_unchanged_moves_nothing(
        self, client: Client, organisation: Organisation
    ) -> None:
        client.post("/venues/new/", VENUE)
        venue = Venue.objects.get()
        form = client.get(f"/venues/{venue.pk}/edit/").context["form"]
        shown = {name: form[name].value() for name in form.fields}
        posted = {name: value for name, value in shown.items() if value not in (None, False)}

        client.post(f"/venues/{venue.pk}/edit/", posted)

        again = Venue.objects.get()
        assert (again.version, again.facts, again.tier, again.use) == (2, venue.facts, "standard", "hall")
        changed = AuditEvent.objects.filter(action="venue.changed").get()
        assert changed.facts == {"changed": [], "version": 2}

    @pytest.mark.parametrize(
        ("path", "data", "model"), [("events/new/?venue=elsewhere", EVENT, Event), ("projects/new/", PROJECT, Project)]
    )
    def test_so_do_the_forms_of_events_and_projects(
        self, client: Client, path: str, data: dict[str, str], model: type[Event | Project]
    ) -> None:
        client.post(f"/{path}", data)
        subject = model.objects.get()
        form = client.get(f"/{subject.kind}s/{subject.pk}/edit/").context["form"]
        bound = {**data, "version": "1"}
        for name, value in ((n, form[n].value()) for n in form.fields):
            if name in data:
                assert str(value) == data[name] or name == "postcode", name

        assert client.post(f"/{subject.kind}s/{subject.pk}/edit/", bound).status_code == 302
        assert model.objects.get().facts == subject.facts

    def test_a_move_of_the_tier_is_shown_before_it_is_saved_and_the_form_is_kept(
        self, client: Client, organisation: Organisation
    ) -> None:
        venue = make.make_venue(organisation, people=250)
        typed = {
            **VENUE,
            "expected_attendance": "900",
            "responsible_ground": "A new lease",
            "senior_name": "Sasha",
            "senior_position": "Chair",
            "version": "1",
        }

        shown = client.post(f"/venues/{venue.pk}/edit/", typed)

        assert shown.status_code == 200
        assert "The tier would change" in _text(shown)
        assert shown.context["move"].token == "standard.standard-enhanced.enhanced"
        assert "800 or more" in _text(shown)
        assert Venue.objects.get().expected_attendance == 250
        page = BeautifulSoup(shown.content, "html.parser")
        form = page.select_one("main form")
        assert form is not None
        hidden = {str(box["name"]): str(box.get("value", "")) for box in form.select("input[type=hidden]")}
        assert hidden["confirmed_move"] == "standard.standard-enhanced.enhanced"
        ground = form.select_one("#id_responsible_ground")
        assert ground is not None
        assert ground["value"] == "A new lease"

        saved = client.post(f"/venues/{venue.pk}/edit/", {**typed, **hidden})

        assert saved.status_code == 302
        stored = Venue.objects.get()
        assert (stored.expected_attendance, stored.tier, stored.version) == (900, "enhanced", 2)

    def test_a_confirmation_counts_for_the_move_that_was_shown_and_no_other(
        self, client: Client, organisation: Organisation
    ) -> None:
        venue = make.make_venue(organisation, people=250)
        confirmed = {
            **VENUE,
            "version": "1",
            "confirmed_move": "standard.standard-enhanced.enhanced",
            "expected_attendance": "60",
        }

        shown = client.post(f"/venues/{venue.pk}/edit/", confirmed)

        assert shown.context["move"].token == "standard.standard-none.standard"
        assert Venue.objects.get().version == 1

    def test_two_colleagues_at_once_lose_nothing(
        self, client: Client, organisation: Organisation, colleague: User
    ) -> None:
        venue = make.make_venue(organisation)
        venues.change(actor=colleague, venue_id=venue.pk, data=make.venue_data(name="Theirs"), expected_version=1)

        refused = client.post(f"/venues/{venue.pk}/edit/", {**VENUE, "name": "Mine", "version": "1"})

        assert refused.status_code == 409
        assert Venue.objects.get().name == "Theirs"
        assert refused.context["form"]["name"].value() == "Mine"
        assert "Name" in refused.context["conflict_fields"]
        assert "Town or city" not in refused.context["conflict_fields"]
        assert refused.context["form"]["version"].value() == "2"
        assert client.post(f"/venues/{venue.pk}/edit/", {**VENUE, "name": "Mine", "version": "2"}).status_code == 302
        assert Venue.objects.get().name == "Mine"

    def test_a_form_without_a_version_is_stale(self, client: Client, organisation: Organisation) -> None:
        venue = make.make_venue(organisation)

        assert client.post(f"/venues/{venue.pk}/edit/", VENUE).status_code == 409

    def test_neither_the_organisation_nor_the_tier_can_be_posted(
        self, client: Client, organisation: Organisation, owner: User
    ) -> None:
        venue = make.make_venue(organisation)
        second = people.make_organisation(owner, name="Second Trust")
        client.post(
            f"/venues/{venue.pk}/edit/",
            {
                **VENUE,
                "version": "1",
                "organisation": str(second.pk),
                "tier": "none",
                "created_by": str(owner.pk),
                "archived_at": "2026-01-01",
            },
        )

        stored = Venue.objects.get()
        assert (stored.organisation_id, stored.tier, stored.archived_at, stored.version) == (
            organisation.pk,
            "standard",
            None,
            2,
        )

    def test_an_event_whose_venue_moved_on_says_so(
        self, client: Client, organisation: Organisation, owner: User
    ) -> None:
        hall = make.make_venue(organisation, people=700)
        event = make.make_event(organisation, venue=hall)
        assert "Save the event again" not in _text(client.get(f"/events/{event.pk}/"))
        venues.change(
            actor=owner,
            venue_id=hall.pk,
            data=make.venue_data(people=900),
            expected_version=1,
            tier_change_confirmed=True,
        )

        assert "Save the event again" in _text(client.get(f"/events/{event.pk}/"))
        assert "Save the event again" in _text(client.get(f"/events/{event.pk}/tier/"))


def test_a_role_lost_since_the_page_was_opened_is_refused_by_the_service(
    client: Client, organisation: Organisation, owner: User
) -> None:
    event = make.make_event(organisation)
    Membership.objects.filter(user=owner).update(role="viewer")

    assert client.post(f"/events/{event.pk}/edit/", {**EVENT, "version": "1"}).status_code == 403
