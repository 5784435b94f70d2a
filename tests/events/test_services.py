"""Registering, changing and archiving through the services."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Membership, Organisation, User
from core.errors import Conflict, IllegalMove, InvalidInput, NotPermitted
from core.models import AuditEvent
from events import selectors
from events.models import Event, Project, Subject, TierDetermination, Venue
from events.services import events, projects, venues
from events.services.venues import TierWouldChange
from tests.factories import events as make

pytestmark = pytest.mark.django_db


def _actions(subject: Subject) -> list[str]:
    found = AuditEvent.objects.filter(target_id=str(subject.pk)).order_by("seq")
    return list(found.values_list("action", flat=True))


class TestRegister:
    def test_a_venue_is_stored_with_its_tier_its_reasons_and_an_audit_event(
        self, organisation: Organisation, colleague: User
    ) -> None:
        data = replace(make.venue_data(people=250), name="  Otley   Hall ", postcode="ls213aa")

        venue = venues.register(actor=colleague, organisation_id=organisation.pk, data=data)

        stored = Venue.objects.get(pk=venue.pk)
        assert (stored.name, stored.postcode, stored.tier, stored.judged_tier, stored.version) == (
            "Otley Hall",
            "LS21 3AA",
            "standard",
            "standard",
            1,
        )
        kept = TierDetermination.objects.get(venue=venue)
        assert (kept.tier, kept.rule_set, kept.predicted, kept.determined_by) == (
            "standard",
            "2025.1",
            False,
            colleague,
        )
        assert kept.reasons[-1]["rule"] == "premises.7"
        assert kept.facts["expected_attendance"] == 250
        event = AuditEvent.objects.get(target_id=str(venue.pk))
        assert (event.action, event.facts) == ("venue.registered", {"tier": "standard", "judged_tier": "standard"})
        assert event.chain.key == f"venue:{venue.pk}"

    def test_a_project_gets_a_predicted_tier(self, organisation: Organisation) -> None:
        project = make.make_project(organisation)

        kept = TierDetermination.objects.get(project=project)
        assert (project.tier, project.judged_tier, kept.predicted) == ("enhanced", "enhanced", True)

    def test_outside_the_act_the_standard_tier_judges_unless_a_higher_one_is_chosen(
        self, organisation: Organisation, owner: User
    ) -> None:
        small = make.make_venue(organisation, people=60)
        chosen = venues.register(
            actor=owner,
            organisation_id=organisation.pk,
            data=replace(make.venue_data(people=60), chosen_tier="enhanced"),
        )

        assert (small.tier, small.judged_tier) == ("none", "standard")
        assert (chosen.tier, chosen.judged_tier) == ("none", "enhanced")

    @pytest.mark.parametrize("who", ["viewer", "stranger", "adviser", "authoriser", "national_admin", "auditor"])
    def test_nobody_but_owners_and_editors_registers(
        self, who: str, organisation: Organisation, request: pytest.FixtureRequest
    ) -> None:
        actor = request.getfixturevalue(who)

        with pytest.raises(NotPermitted):
            venues.register(actor=actor, organisation_id=organisation.pk, data=make.venue_data())
        with pytest.raises(NotPermitted):
            events.register(actor=actor, organisation_id=organisation.pk, data=make.event_data())
        with pytest.raises(NotPermitted):
            projects.register(actor=actor, organisation_id=organisation.pk, data=make.project_data())
        assert (Venue.objects.count(), Event.objects.count(), Project.objects.count()) == (0, 0, 0)

    def test_an_unknown_organisation_is_refused_as_another_one_is(self, owner: User) -> None:
        with pytest.raises(NotPermitted):
            venues.register(actor=owner, organisation_id=uuid.uuid4(), data=make.venue_data())

    def test_a_role_taken_away_a_moment_ago_is_gone(self, organisation: Organisation, colleague: User) -> None:
        make.make_venue(organisation, by=colleague)
        Membership.objects.filter(user=colleague).delete()

        with pytest.raises(NotPermitted):
            venues.register(actor=colleague, organisation_id=organisation.pk, data=make.venue_data())


class TestRefusedValues:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"name": "   "}, "name"),
            ({"name": "x" * 161}, "name"),
            ({"postcode": "LS21"}, "postcode"),
            ({"area_code": "atlantis"}, "area_code"),
            ({"expected_attendance": 0}, "expected_attendance"),
            ({"expected_attendance": 1_000_001}, "expected_attendance"),
            ({"attendance_basis": "guess"}, "attendance_basis"),
            ({"responsible_kind": "committee"}, "responsible_kind"),
            ({"chosen_tier": "none"}, "chosen_tier"),
            ({"latitude": None}, "latitude"),
            ({"longitude": Decimal("12.5")}, "longitude"),
            ({"use": "castle"}, "use"),
            ({"facts": {"tier": "none"}}, "facts"),
            ({"facts": {"public_access": "yes"}}, "public_access"),
        ],
    )
    def test_a_venue(self, changes: dict[str, Any], field: str, organisation: Organisation, owner: User) -> None:
        with pytest.raises(InvalidInput) as caught:
            venues.register(actor=owner, organisation_id=organisation.pk, data=replace(make.venue_data(), **changes))

        assert caught.value.field == field
        assert Venue.objects.count() == 0
        assert TierDetermination.objects.count() == 0

    @pytest.mark.parametrize(
        ("start", "end", "field"),
        [
            (timedelta(days=-2), timedelta(hours=1), "starts_at"),
            (timedelta(days=3), timedelta(0), "ends_at"),
            (timedelta(days=3), timedelta(days=181), "ends_at"),
            (timedelta(days=2000), timedelta(hours=1), "starts_at"),
        ],
    )
    def test_the_dates_of_an_event(
        self, start: timedelta, end: timedelta, field: str, organisation: Organisation, owner: User
    ) -> None:
        starts = timezone.now() + start
        data = replace(make.event_data(), starts_at=starts, ends_at=starts + end)

        with pytest.raises(InvalidInput) as caught:
            events.register(actor=owner, organisation_id=organisation.pk, data=data)

        assert caught.value.field == field

    def test_an_event_that_began_this_morning_can_still_be_registered(
        self, organisation: Organisation, owner: User
    ) -> None:
        starts = timezone.now() - timedelta(hours=6)
        data = replace(make.event_data(), starts_at=starts, ends_at=starts + timedelta(hours=10))

        assert events.register(actor=owner, organisation_id=organisation.pk, data=data).starts_at == starts

    @pytest.mark.parametrize(
        ("stage", "days", "field"), [(8, 100, "stage"), (3, -1, "opens_on"), (3, 12000, "opens_on")]
    )
    def test_the_stage_and_the_opening_of_a_project(
        self, stage: int, days: int, field: str, organisation: Organisation, owner: User
    ) -> None:
        data = replace(make.project_data(), stage=stage, opens_on=timezone.localdate() + timedelta(days=days))

        with pytest.raises(InvalidInput) as caught:
            projects.register(actor=owner, organisation_id=organisation.pk, data=data)

        assert caught.value.field == field

    @pytest.mark.parametrize(("field", "value"), [("senior_name", ""), ("senior_position", " ")])
    def test_an_organisation_of_the_enhanced_tier_names_a_senior_individual(
        self, field: str, value: str, organisation: Organisation, owner: User
    ) -> None:
        blank: dict[str, Any] = {field: value}
        data = replace(make.venue_data(people=800), **blank)

        with pytest.raises(InvalidInput) as caught:
            venues.register(actor=owner, organisation_id=organisation.pk, data=data)

        assert caught.value.field == field

    def test_one_person_or_the_standard_tier_needs_no_senior_individual(
        self, organisation: Organisation, owner: User
    ) -> None:
        alone = replace(make.venue_data(people=800), responsible_kind="individual", senior_name="", senior_position="")
        small = replace(make.venue_data(people=799), senior_name="", senior_position="")

        assert venues.register(actor=owner, organisation_id=organisation.pk, data=alone).tier == "enhanced"
        assert venues.register(actor=owner, organisation_id=organisation.pk, data=small).tier == "standard"


class TestHost:
    def test_an_event_at_an_enhanced_venue_of_another_organisation_is_outside_the_act(
        self, organisation: Organisation, other_organisation: Organisation
    ) -> None:
        arena = make.make_venue(other_organisation, people=5000, use="entertainment_leisure")

        event = make.make_event(organisation, venue=arena)

        assert (event.tier, event.judged_tier) == ("none", "standard")
        assert TierDetermination.objects.get(event=event).reasons[-1]["basis"] == "s. 3(1)(b)"

    def test_place_and_area_are_the_venues_and_its_coordinates_stay_its_own(
        self, organisation: Organisation, other_organisation: Organisation
    ) -> None:
        hall = make.make_venue(other_organisation)

        event = make.make_event(organisation, venue=hall)

        assert (event.address, event.town, event.postcode, event.area_id) == (
            "1 Mill Lane",
            "Otley",
            "LS21 3AA",
            hall.area_id,
        )
        assert (event.latitude, event.longitude) == (None, None)

    def test_an_event_in_a_church_is_excluded(self, organisation: Organisation) -> None:
        church = make.make_venue(organisation, people=900, use="worship")

        assert make.make_event(organisation, venue=church).tier == "excluded"

    def test_what_is_said_of_the_host_counts_only_where_there_is_no_venue(
        self, organisation: Organisation, owner: User
    ) -> None:
        hall = make.make_venue(organisation)
        facts = {"entry_check": "payment", "host_tier": "enhanced", "host_use": "worship"}
        at_hall = replace(make.event_data(venue=hall), facts=facts)

        event = events.register(actor=owner, organisation_id=organisation.pk, data=at_hall)

        assert event.tier == "enhanced"
        assert event.facts == {"entry_check": "payment"}

    def test_no_event_is_held_at_an_archived_venue_but_one_that_is_there_stays(
        self, organisation: Organisation, owner: User
    ) -> None:
        hall = make.make_venue(organisation)
        event = make.make_event(organisation, venue=hall)
        venues.archive(actor=owner, venue_id=hall.pk)

        with pytest.raises(InvalidInput) as caught:
            make.make_event(organisation, venue=hall)
        changed = events.change(actor=owner, event_id=event.pk, data=make.event_data(venue=hall), expected_version=1)

        assert caught.value.field == "venue"
        assert changed.venue_id == hall.pk

    def test_an_event_says_when_its_venue_has_moved_on(self, organisation: Organisation, owner: User) -> None:
        hall = make.make_venue(organisation, people=700)
        event = make.make_event(organisation, venue=hall)
        assert not selectors.host_moved_on(event, selectors.latest_determination(event))

        venues.change(
            actor=owner,
            venue_id=hall.pk,
            data=make.venue_data(people=900),
            expected_version=1,
            tier_change_confirmed=True,
        )

        event = Event.objects.get(pk=event.pk)
        assert selectors.host_moved_on(event, selectors.latest_determination(event))


class TestChange:
    def test_keeps_every_determination_and_tells_what_changed(self, organisation: Organisation, owner: User) -> None:
        venue = make.make_venue(organisation, name="Old name")

        venues.change(
            actor=owner, venue_id=venue.pk, data=make.venue_data(people=300, name="New name"), expected_version=1
        )

        assert TierDetermination.objects.filter(venue=venue).count() == 2
        last = AuditEvent.objects.filter(target_id=str(venue.pk)).order_by("seq").last()
        assert last is not None
        assert (last.action, last.facts) == (
            "venue.changed",
            {"changed": ["expected_attendance", "name"], "version": 2},
        )

    def test_a_stale_version_is_a_conflict_that_shows_what_is_stored(
        self, organisation: Organisation, owner: User, colleague: User
    ) -> None:
        venue = make.make_venue(organisation)
        venues.change(actor=colleague, venue_id=venue.pk, data=make.venue_data(name="Theirs"), expected_version=1)

        with pytest.raises(Conflict) as caught:
            venues.change(actor=owner, venue_id=venue.pk, data=make.venue_data(name="Mine"), expected_version=1)

        assert isinstance(caught.value.current, Venue)
        assert caught.value.current.name == "Theirs"
        assert Venue.objects.get(pk=venue.pk).name == "Theirs"

    @pytest.mark.parametrize(
        ("before", "after", "moves"),
        [(199, 200, True), (200, 799, False), (799, 800, True), (800, 799, True), (800, 5000, False), (200, 199, True)],
    )
    def test_a_move_of_the_tier_must_be_confirmed(
        self, before: int, after: int, moves: bool, organisation: Organisation, owner: User
    ) -> None:
        venue = make.make_venue(organisation, people=before)
        data = make.venue_data(people=after)

        if moves:
            with pytest.raises(TierWouldChange) as caught:
                venues.change(actor=owner, venue_id=venue.pk, data=data, expected_version=1)
            assert caught.value.tier == venue.tier
            stored = Venue.objects.get(pk=venue.pk)
            assert (stored.expected_attendance, stored.tier, stored.version) == (before, venue.tier, 1)
            assert TierDetermination.objects.filter(venue=venue).count() == 1
            assert _actions(venue) == ["venue.registered"]
        changed = venues.change(
            actor=owner, venue_id=venue.pk, data=data, expected_version=1, tier_change_confirmed=moves
        )
        assert (changed.expected_attendance, changed.version) == (after, 2)
        assert (changed.tier != venue.tier) is moves

    def test_choosing_a_higher_tier_moves_it_too(self, organisation: Organisation, owner: User) -> None:
        venue = make.make_venue(organisation, people=60)
        data = replace(make.venue_data(people=60), chosen_tier="enhanced")

        with pytest.raises(TierWouldChange) as caught:
            venues.change(actor=owner, venue_id=venue.pk, data=data, expected_version=1)

        assert caught.value.token == "none.standard-none.enhanced"

    def test_an_event_that_is_over_can_be_corrected_but_not_moved_within_the_past(
        self, organisation: Organisation, owner: User
    ) -> None:
        event = make.make_event(organisation)
        began = timezone.now() - timedelta(days=10)
        Event.objects.filter(pk=event.pk).update(starts_at=began, ends_at=began + timedelta(hours=3))
        data = replace(make.event_data(name="Renamed"), starts_at=began, ends_at=began + timedelta(hours=4))

        changed = events.change(actor=owner, event_id=event.pk, data=data, expected_version=1)
        moved = replace(data, starts_at=began - timedelta(days=1))
        with pytest.raises(InvalidInput):
            events.change(actor=owner, event_id=event.pk, data=moved, expected_version=2)

        assert changed.name == "Renamed"

    @pytest.mark.parametrize("who", ["viewer", "stranger", "adviser", "authoriser", "national_admin", "auditor"])
    def test_nobody_but_owners_and_editors_changes_or_archives(
        self, who: str, organisation: Organisation, request: pytest.FixtureRequest
    ) -> None:
        venue = make.make_venue(organisation)
        event = make.make_event(organisation)
        project = make.make_project(organisation)
        actor = request.getfixturevalue(who)
        calls: list[Callable[[], object]] = [
            lambda: venues.change(actor=actor, venue_id=venue.pk, data=make.venue_data(), expected_version=1),
            lambda: events.change(actor=actor, event_id=event.pk, data=make.event_data(), expected_version=1),
            lambda: projects.change(actor=actor, project_id=project.pk, data=make.project_data(), expected_version=1),
            lambda: venues.archive(actor=actor, venue_id=venue.pk),
            lambda: events.archive(actor=actor, event_id=event.pk),
            lambda: projects.archive(actor=actor, project_id=project.pk),
            lambda: venues.restore(actor=actor, venue_id=venue.pk),
        ]
        for call in calls:
            with pytest.raises(NotPermitted):
                call()
        assert [_actions(s) for s in (venue, event, project)] == [
            ["venue.registered"],
            ["event.registered"],
            ["project.registered"],
        ]


class TestArchive:
    def test_archived_things_are_not_changed_and_can_come_back(self, organisation: Organisation, owner: User) -> None:
        project = make.make_project(organisation)
        projects.archive(actor=owner, project_id=project.pk)

        with pytest.raises(NotPermitted):
            projects.change(actor=owner, project_id=project.pk, data=make.project_data(), expected_version=2)
        with pytest.raises(IllegalMove):
            projects.archive(actor=owner, project_id=project.pk)
        projects.restore(actor=owner, project_id=project.pk)
        with pytest.raises(IllegalMove):
            projects.restore(actor=owner, project_id=project.pk)

        assert (
            projects.change(
                actor=owner, project_id=project.pk, data=make.project_data(name="Again"), expected_version=3
            ).name
            == "Again"
        )
        assert _actions(project) == ["project.registered", "project.archived", "project.restored", "project.changed"]
