from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Organisation, User
from events.models import Venue
from events.serializers.subjects import NewEventSerializer, NewProjectSerializer, NewVenueSerializer
from tests.api_client import Api
from tests.factories.events import make_event, make_venue

pytestmark = pytest.mark.django_db
EXAMPLES = {"venues": NewVenueSerializer, "events": NewEventSerializer, "projects": NewProjectSerializer}


@pytest.fixture
def api(owner: User) -> Api:
    return Api(owner, "subjects:read", "subjects:write")


def change_of(api: Api, path: str, **changes: object) -> dict[str, Any]:
    """What was read, sent back with changes, as a client does."""
    read = api.get(path).json()
    dropped = {
        "id", "organisation_id", "organisation", "tier", "judged_tier", "updated_at", "archived_at", "created_at",
    }  # fmt: skip
    return {**{key: value for key, value in read.items() if key not in dropped}, **changes}


@pytest.mark.parametrize("plural", EXAMPLES)
def test_the_examples_of_the_documentation_work(api: Api, organisation: Organisation, plural: str) -> None:
    given = {**EXAMPLES[plural].example, "organisation_id": str(organisation.pk)}  # type: ignore[dict-item]
    made = api.post(f"/{plural}/", given)
    assert made.status_code == 201
    shown = api.get(f"/{plural}/{made.json()['id']}/").json()
    assert {key: shown[key] for key in given if key not in {"starts_at", "ends_at"}} == {
        key: value for key, value in given.items() if key not in {"starts_at", "ends_at"}
    }


def test_what_was_read_can_be_sent_back(api: Api, organisation: Organisation) -> None:
    venue = make_venue(organisation)
    changed = api.put(f"/venues/{venue.pk}/", change_of(api, f"/venues/{venue.pk}/", name="New name"))
    assert (changed.status_code, changed.json()["name"], changed.json()["version"]) == (200, "New name", 2)


def test_a_stale_change_is_told_the_present_version(api: Api, organisation: Organisation) -> None:
    venue = make_venue(organisation)
    mine = change_of(api, f"/venues/{venue.pk}/", name="Mine")
    assert api.put(f"/venues/{venue.pk}/", {**mine, "name": "Theirs"}).status_code == 200
    response = api.put(f"/venues/{venue.pk}/", mine)
    assert (response.status_code, response.json()["code"], response.json()["version"]) == (409, "conflict", 2)
    assert Venue.objects.get(pk=venue.pk).name == "Theirs"


def test_a_move_of_the_tier_is_told_before_it_is_saved(api: Api, organisation: Organisation) -> None:
    venue = make_venue(organisation)
    path = f"/venues/{venue.pk}/"
    larger = change_of(api, path, expected_attendance=900)
    refused = api.put(path, larger)
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (409, "tier-would-change")
    assert (problem["move"]["tier"], problem["move"]["determination"]["tier"]) == ("standard", "enhanced")
    assert api.put(path, {**larger, "confirm_tier_change": "none.standard-enhanced.enhanced"}).status_code == 409
    assert Venue.objects.get(pk=venue.pk).tier == "standard"
    confirmed = api.put(path, {**larger, "confirm_tier_change": problem["move"]["confirm"]})
    assert (confirmed.status_code, confirmed.json()["tier"]) == (200, "enhanced")
    rows = api.get(f"{path}determinations/").json()["results"]
    assert [row["tier"] for row in rows] == ["enhanced", "standard"]


def test_a_fault_of_a_fact_is_told_at_its_place(api: Api, organisation: Organisation) -> None:
    given = {
        **NewEventSerializer.example,
        "organisation_id": str(organisation.pk),
        "facts": {"public_access": True},
    }
    response = api.post("/events/", given)
    assert [row["field"] for row in response.json()["errors"]] == ["facts.entry_check"]


def test_an_event_at_a_venue_of_the_register_needs_no_place(api: Api, organisation: Organisation) -> None:
    venue = make_venue(organisation)
    place = {"address", "town", "postcode", "area_code"}
    given = {key: value for key, value in NewEventSerializer.example.items() if key not in place}
    made = api.post("/events/", {**given, "organisation_id": str(organisation.pk), "venue_id": str(venue.pk)}).json()
    assert (made["postcode"], made["area_code"]) == (venue.postcode, venue.area_id)


def test_a_venue_that_is_not_in_the_register_is_told_by_its_field(api: Api, organisation: Organisation) -> None:
    given = {**NewEventSerializer.example, "organisation_id": str(organisation.pk), "venue_id": str(organisation.pk)}
    assert [row["field"] for row in api.post("/events/", given).json()["errors"]] == ["venue_id"]


def test_the_archive_and_back(api: Api, organisation: Organisation) -> None:
    event = make_event(organisation)
    assert api.post(f"/events/{event.pk}/archive/").json()["archived_at"] is not None
    assert api.get("/events/").json()["results"] == []
    assert [row["id"] for row in api.get("/events/", archived="true").json()["results"]] == [str(event.pk)]
    assert api.post(f"/events/{event.pk}/archive/").json()["code"] == "illegal-move"
    assert api.post(f"/events/{event.pk}/restore/").json()["archived_at"] is None


def test_an_archived_subject_is_changed_by_nobody(api: Api, organisation: Organisation) -> None:
    venue = make_venue(organisation)
    given = change_of(api, f"/venues/{venue.pk}/")
    api.post(f"/venues/{venue.pk}/archive/")
    assert api.put(f"/venues/{venue.pk}/", {**given, "version": 2}).status_code == 403


@pytest.mark.parametrize(
    ("facts", "tier", "judged"),
    [
        ({"kind": "premises", "use": "hall", "expected_attendance": 199}, "none", "standard"),
        ({"kind": "premises", "use": "hall", "expected_attendance": 200}, "standard", "standard"),
        ({"kind": "premises", "use": "hall", "expected_attendance": 800}, "enhanced", "enhanced"),
        ({"kind": "premises", "use": "worship", "expected_attendance": 5000}, "standard", "standard"),
        ({"kind": "event", "entry_check": "none", "expected_attendance": 5000}, "none", "standard"),
    ],
)
def test_triage(facts: dict[str, object], tier: str, judged: str) -> None:
    found = Api().post("/triage/", facts).json()
    assert (found["tier"], found["judged_tier"], found["predicted"]) == (tier, judged, False)


def test_triage_of_a_project_is_a_prediction() -> None:
    facts = {"kind": "project", "use": "transport_station", "expected_attendance": 5000}
    found = Api().post("/triage/", facts).json()
    assert (found["tier"], found["predicted"]) == ("enhanced", True)
