"""The pages of subjects through their addresses, with the real middleware."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Organisation, User
from core.models import AuditEvent
from events.models import Event, Project, TierDetermination, Venue
from events.services import venues
from tests.conftest import ClientFor
from tests.factories import accounts as people
from tests.factories import events as make

pytestmark = pytest.mark.django_db

CountQueries = Callable[[int], AbstractContextManager[Any]]

COMMON = {
    "name": "Mill Hall",
    "address": "1 Mill Lane",
    "town": "Otley",
    "postcode": "ls21 3aa",
    "area_code": people.AREA,
    "expected_attendance": "250",
    "attendance_basis": "fire",
    "responsible_kind": "organisation",
    "responsible_name": "Harbour Lights Trust",
    "responsible_ground": "It runs the building",
    "chosen_tier": "follow",
}
VENUE = {
    **COMMON,
    "use": "hall",
    "has_building": "yes",
    "wholly_or_mainly": "yes",
    "public_access": "yes",
    "recurring": "yes",
    "open_air_type": "indoors",
    "entry_check": "none",
    "excluded_kind": "none",
}
STARTS = timezone.localdate() + timedelta(days=90)
EVENT = {
    **COMMON,
    "name": "Lantern night",
    "starts_at_day": str(STARTS.day),
    "starts_at_month": str(STARTS.month),
    "starts_at_year": str(STARTS.year),
    "starts_at_time": "7pm",
    "ends_at_day": str(STARTS.day),
    "ends_at_month": str(STARTS.month),
    "ends_at_year": str(STARTS.year),
    "ends_at_time": "11pm",
    "host_use": "none",
    "host_tier": "unknown",
    "has_building": "no",
    "open_air": "yes",
    "public_access": "yes",
    "entry_check": "ticket_or_pass",
    "entry_check_scope": "general",
    "excluded_kind": "none",
}
PROJECT = {
    **VENUE,
    "name": "New station",
    "use": "transport_station",
    "project_type": "station",
    "stage": "2",
    "opens_on_day": "1",
    "opens_on_month": "6",
    "opens_on_year": str(STARTS.year + 3),
}


@pytest.fixture
def client(owner: User, client_for: ClientFor) -> Client:
    return client_for(owner)


def _text(response: Any) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


class TestRegistering:
    def test_a_venue(self, client: Client, organisation: Organisation) -> None:
        response = client.post("/venues/new/", {**VENUE, "expected_attendance": "1,250", "senior_name": "Sasha", "senior_position": "Chair", "latitude": "53.90500", "longitude": "-1.692"})

        venue = Venue.objects.get()
        assert response["Location"] == f"/venues/{venue.pk}/"
        assert (venue.organisation_id, venue.tier, venue.postcode, venue.expected_attendance) == (organisation.pk, "enhanced", "LS21 3AA", 1250)
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

    @pytest.mark.parametrize(("figure", "tier"), [("199", "none"), ("200", "standard"), ("799", "standard"), ("800", "enhanced")])
    def test_the_thresholds_through_the_form(self, client: Client, figure: str, tier: str) -> None:
        client.post("/venues/new/", {**VENUE, "expected_attendance": figure, "senior_name": "Sasha", "senior_position": "Chair"})

        assert Venue.objects.get().tier == tier

    def test_a_park_and_a_sports_ground(self, client: Client) -> None:
        ground = {**VENUE, "open_air_type": "sports_ground", "use": "sports_ground", "entry_check": "payment"}
        asked = client.post("/venues/new/", ground)
        client.post("/venues/new/", {**ground, "designated_sports_ground": "no", "entry_check_scope": "particular_events_only"})

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
    def test_a_fault_comes_back_with_everything_that_was_typed(self, client: Client, changes: dict[str, str], field: str) -> None:
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

        faults = [sorted(client.post("/events/new/?venue=elsewhere", data).context["form"].errors) for data in (past, part, too_many)]

        assert faults == [["entry_check_scope"], ["part_attendance"], ["part_attendance"]]
        dates = client.post("/events/new/?venue=elsewhere", {**past, "entry_check_scope": "general"})
        assert sorted(dates.context["form"].errors) == ["ends_at", "starts_at"]

    def test_somebody_of_two_organisations_chooses_and_no_other_can_be_smuggled_in(
        self, client: Client, owner: User, organisation: Organisation, other_organisation: Organisation
    ) -> None:
        smuggled = {**VENUE, "organisation": str(other_organisation.pk), "organisation_id": str(other_organisation.pk), "tier": "none", "judged_tier": "enhanced", "version": "7"}
        client.post("/venues/new/", smuggled)
        first = Venue.objects.get()
        second = people.make_organisation(owner, name="Second Trust")
        refused = client.post("/venues/new/", smuggled)
        client.post("/venues/new/", {**VENUE, "organisation": str(second.pk)})

        assert (first.organisation_id, first.tier, first.judged_tier, first.version) == (organisation.pk, "standard", "standard", 1)
        assert list(refused.context["form"].errors) == ["organisation"]
        assert Venue.objects.exclude(pk=first.pk).get().organisation_id == second.pk

    @pytest.mark.parametrize("role", ["viewer", "adviser", "auditor", "national_admin"])
    @pytest.mark.parametrize("kind", ["venues", "events", "projects"])
    def test_who_cannot_register_is_told_so(self, role: str, kind: str, organisation: Organisation, request: pytest.FixtureRequest, client_for: ClientFor) -> None:
        client = client_for(request.getfixturevalue(role))

        assert client.get(f"/{kind}/new/?venue=elsewhere").status_code == 403
        assert client.post(f"/{kind}/new/?venue=elsewhere", VENUE).status_code == 403


class TestWhere:
    def test_a_new_event_begins_with_the_place(self, client: Client) -> None:
        assert client.get("/events/new/")["Location"] == "/events/where/"

    def test_another_organisations_venue_shows_its_name_and_town_and_nothing_else(self, client: Client, other_organisation: Organisation) -> None:
        hall = make.make_venue(other_organisation, name="Mill Hall", people=777)
        listed = client.get("/events/where/", {"q": "mill"})
        chosen = client.get(f"/events/new/?venue={hall.pk}")

        for response in (listed, chosen):
            text = response.content.decode()
            assert "Mill Hall" in text
            for hidden in (hall.address, hall.postcode, "777", hall.responsible_name, "53.905", other_organisation.name, hall.senior_name):
                assert hidden not in text
        assert client.get(f"/venues/{hall.pk}/").status_code == 404

    def test_an_event_at_an_enhanced_venue_is_outside_the_act(self, client: Client, other_organisation: Organisation) -> None:
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

        client.post(target, {**EVENT, "expected_attendance": "900", "senior_name": "Sasha", "senior_position": "Chair", "version": "1"})

        assert Event.objects.get().venue_id == hall.pk

    @pytest.mark.parametrize("venue", ["nonsense", "00000000-0000-4000-8000-000000000000"])
    def test_a_venue_that_is_not_there(self, client: Client, venue: str) -> None:
        assert client.get(f"/events/new/?venue={venue}").status_code == 404

    def test_the_search_is_for_people_who_can_register(self, viewer: User, client_for: ClientFor, organisation: Organisation) -> None:
        make.make_venue(organisation, name="Mill Hall")

        assert client_for(viewer).get("/events/where/", {"q": "mill"}).status_code == 403


class TestChanging:
    def test_the_form_shows_what_is_stored_and_saving_it_unchanged_moves_nothing(self, client: Client, organisation: Organisation) -> None:
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

    @pytest.mark.parametrize(("path", "data", "model"), [("events/new/?venue=elsewhere", EVENT, Event), ("projects/new/", PROJECT, Project)])
    def test_so_do_the_forms_of_events_and_projects(self, client: Client, path: str, data: dict[str, str], model: type[Event | Project]) -> None:
        client.post(f"/{path}", data)
        subject = model.objects.get()
        form = client.get(f"/{subject.kind}s/{subject.pk}/edit/").context["form"]
        bound = {**data, "version": "1"}
        for name, value in ((n, form[n].value()) for n in form.fields):
            if name in data:
                assert str(value) == data[name] or name == "postcode", name

        assert client.post(f"/{subject.kind}s/{subject.pk}/edit/", bound).status_code == 302
        assert model.objects.get().facts == subject.facts

    def test_a_move_of_the_tier_is_shown_before_it_is_saved_and_the_form_is_kept(self, client: Client, organisation: Organisation) -> None:
        venue = make.make_venue(organisation, people=250)
        typed = {**VENUE, "expected_attendance": "900", "responsible_ground": "A new lease", "senior_name": "Sasha", "senior_position": "Chair", "version": "1"}

        shown = client.post(f"/venues/{venue.pk}/edit/", typed)

        assert shown.status_code == 200
        assert "The tier would change" in _text(shown)
        assert "Standard becomes Enhanced" in _text(shown) or shown.context["move"].token == "standard.standard-enhanced.enhanced"
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

    def test_a_confirmation_counts_for_the_move_that_was_shown_and_no_other(self, client: Client, organisation: Organisation) -> None:
        venue = make.make_venue(organisation, people=250)
        confirmed = {**VENUE, "version": "1", "confirmed_move": "standard.standard-enhanced.enhanced", "expected_attendance": "60"}

        shown = client.post(f"/venues/{venue.pk}/edit/", confirmed)

        assert shown.context["move"].token == "standard.standard-none.standard"
        assert Venue.objects.get().version == 1

    def test_two_colleagues_at_once_lose_nothing(self, client: Client, organisation: Organisation, colleague: User) -> None:
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

    def test_neither_the_organisation_nor_the_tier_can_be_posted(self, client: Client, organisation: Organisation, owner: User) -> None:
        venue = make.make_venue(organisation)
        second = people.make_organisation(owner, name="Second Trust")
        client.post(f"/venues/{venue.pk}/edit/", {**VENUE, "version": "1", "organisation": str(second.pk), "tier": "none", "created_by": str(owner.pk), "archived_at": "2026-01-01"})

        stored = Venue.objects.get()
        assert (stored.organisation_id, stored.tier, stored.archived_at, stored.version) == (organisation.pk, "standard", None, 2)

    def test_an_event_whose_venue_moved_on_says_so(self, client: Client, organisation: Organisation, owner: User) -> None:
        hall = make.make_venue(organisation, people=700)
        event = make.make_event(organisation, venue=hall)
        assert "Save the event again" not in _text(client.get(f"/events/{event.pk}/"))
        venues.change(actor=owner, venue_id=hall.pk, data=make.venue_data(people=900), expected_version=1, tier_change_confirmed=True)

        assert "Save the event again" in _text(client.get(f"/events/{event.pk}/"))
        assert "Save the event again" in _text(client.get(f"/events/{event.pk}/tier/"))


PAGES = ["", "edit/", "archive/", "tier/"]


class TestWhoSeesWhat:
    @pytest.mark.parametrize("role", ["stranger", "other_area_adviser", "national_admin"])
    @pytest.mark.parametrize("page", PAGES)
    def test_a_stranger_finds_nothing(self, role: str, page: str, organisation: Organisation, request: pytest.FixtureRequest, client_for: ClientFor) -> None:
        client = client_for(request.getfixturevalue(role))
        for subject in (make.make_venue(organisation), make.make_event(organisation), make.make_project(organisation)):
            address = f"/{subject.kind}s/{subject.pk}/{page}"
            assert client.get(address).status_code == 404
            assert client.post(address, VENUE).status_code in {404, 405}

    @pytest.mark.parametrize("role", ["viewer", "adviser", "authoriser", "auditor"])
    def test_who_may_read_may_not_write(self, role: str, organisation: Organisation, request: pytest.FixtureRequest, client_for: ClientFor) -> None:
        client = client_for(request.getfixturevalue(role))
        for subject in (make.make_venue(organisation), make.make_event(organisation), make.make_project(organisation)):
            read = [client.get(f"/{subject.kind}s/{subject.pk}/{page}") for page in ("", "tier/")]
            write = [client.get(f"/{subject.kind}s/{subject.pk}/{page}") for page in ("edit/", "archive/")]
            assert [r.status_code for r in read] == [200, 200]
            assert [r.status_code for r in write] == [403, 403]
            assert "Change the details" not in _text(read[0])

    @pytest.mark.parametrize("address", ["/places/", "/events/where/", "/venues/new/", "/events/new/", "/projects/new/"])
    def test_signed_out_people_are_sent_to_sign_in(self, address: str) -> None:
        response = Client().get(address)

        assert response.status_code == 302
        assert "login" in response["Location"]

    def test_the_lists_show_each_their_own(self, organisation: Organisation, other_organisation: Organisation, owner: User, stranger: User, adviser: User, other_area_adviser: User, auditor: User, national_admin: User, client_for: ClientFor) -> None:
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
    def test_the_list(self, kind: str, rows: int, client: Client, organisation: Organisation, django_assert_num_queries: CountQueries) -> None:
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
    def test_one_subject_and_its_tier(self, determinations: int, client: Client, organisation: Organisation, django_assert_num_queries: CountQueries) -> None:
        hall = make.make_venue(organisation)
        event = make.make_event(organisation, venue=hall)
        first = TierDetermination.objects.get(event=event)
        TierDetermination.objects.bulk_create([_copy(first) for _ in range(determinations - 1)])

        with django_assert_num_queries(6):
            client.get(f"/events/{event.pk}/")
        with django_assert_num_queries(7):
            client.get(f"/events/{event.pk}/tier/")

    def test_the_form(self, client: Client, organisation: Organisation, django_assert_num_queries: CountQueries) -> None:
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
    type(first)._base_manager.bulk_create([type(first)(**values) for _ in range(rows - 1)])


def test_a_role_lost_since_the_page_was_opened_is_refused_by_the_service(client: Client, organisation: Organisation, owner: User) -> None:
    event = make.make_event(organisation)
    Membership.objects.filter(user=owner).update(role="viewer")

    assert client.post(f"/events/{event.pk}/edit/", {**EVENT, "version": "1"}).status_code == 403
