from __future__ import annotations

import dataclasses
import uuid

import pytest
from django.http import Http404

from accounts.models import Organisation, User
from events import selectors
from events.models import Event
from events.services import venues
from tests.factories import events as make

pytestmark = pytest.mark.django_db


def test_the_facts_of_a_venue(organisation: Organisation) -> None:
    assert selectors.subject_facts(make.make_venue(organisation, people=900)) == {
        "kind": "venue",
        "tier": "enhanced",
        "act_tier": "enhanced",
        "use": "hall",
        "expected_attendance": 900,
        "responsible_is_individual": False,
        "shared_site": False,
        "police_assets_requested": False,
        "has_building": True,
        "open_air": False,
        "public_access": True,
        "entry_check": "none",
    }


def test_the_facts_of_an_event_take_the_use_of_its_venue(organisation: Organisation) -> None:
    hall = make.make_venue(organisation)
    facts = selectors.subject_facts(make.make_event(organisation, venue=hall))

    assert (facts["kind"], facts["use"], facts["act_tier"], facts["entry_check"]) == (
        "event",
        "hall",
        "enhanced",
        "ticket_or_pass",
    )
    assert "use" not in selectors.subject_facts(make.make_event(organisation))


def test_the_facts_of_a_project_name_its_stage_and_those_of_others_do_not(organisation: Organisation) -> None:
    assert selectors.subject_facts(make.make_project(organisation))["project_stage"] == 2
    assert "project_stage" not in selectors.subject_facts(make.make_venue(organisation))


def test_get_subject_hides_what_is_not_there_and_what_is_not_theirs(
    organisation: Organisation, owner: User, stranger: User
) -> None:
    venue = make.make_venue(organisation)

    assert selectors.get_subject("venue", venue.pk, owner) == venue
    for kind, pk, user in (
        ("venue", venue.pk, stranger),
        ("event", venue.pk, owner),
        ("castle", venue.pk, owner),
        ("venue", uuid.uuid4(), owner),
    ):
        with pytest.raises(Http404):
            selectors.get_subject(kind, pk, user)


class TestVenuesToHoldAt:
    def test_tells_name_and_town_alone(self, organisation: Organisation) -> None:
        hall = make.make_venue(organisation, name="Mill Hall")

        assert selectors.venues_to_hold_at("mill") == [selectors.VenueChoice(hall.pk, "Mill Hall", "Otley")]
        assert [f.name for f in dataclasses.fields(selectors.VenueChoice)] == ["id", "name", "town"]

    @pytest.mark.parametrize("words", ["ls21 3aa", "LS213AA", "LS21", "  MILL   hall ", "Hall"])
    def test_finds_by_name_and_by_postcode(self, words: str, organisation: Organisation) -> None:
        make.make_venue(organisation, name="Mill Hall")

        assert [venue.name for venue in selectors.venues_to_hold_at(words)] == ["Mill Hall"]

    @pytest.mark.parametrize("words", ["", "m", "zz", "LS22", "%", "\x00"])
    def test_finds_nothing_for_too_little_or_for_what_is_not_there(
        self, words: str, organisation: Organisation
    ) -> None:
        make.make_venue(organisation, name="Mill Hall")

        assert selectors.venues_to_hold_at(words) == []

    def test_leaves_out_the_archive_and_stops_at_twenty(self, organisation: Organisation, owner: User) -> None:
        for number in range(22):
            make.make_venue(organisation, name=f"Hall {number:02}")
        gone = make.make_venue(organisation, name="Hall 00 that was")
        venues.archive(actor=owner, venue_id=gone.pk)

        found = [venue.name for venue in selectors.venues_to_hold_at("hall")]

        assert found == [f"Hall {number:02}" for number in range(20)]


def test_the_determinations_of_one_subject_are_its_own(organisation: Organisation, owner: User) -> None:
    hall, other = make.make_venue(organisation), make.make_venue(organisation)
    venues.change(actor=owner, venue_id=hall.pk, data=make.venue_data(people=260), expected_version=1)
    event = make.make_event(organisation, venue=hall)

    assert [d.facts["expected_attendance"] for d in selectors.determinations_of(hall)] == [260, 250]
    assert selectors.determinations_of(other).count() == 1
    assert selectors.latest_determination(Event.objects.get(pk=event.pk)).event_id == event.pk
