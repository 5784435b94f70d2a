"""A subject stays in use, and in its police area, while a plan is open for it or a certificate covers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Organisation, User
from certification.models import StandardVersion
from certification.selectors.holds import hold_on
from core.errors import IllegalMove, InvalidInput
from events.models import Subject, Venue
from events.services import events, projects, venues
from tests.api_client import Api
from tests.conftest import ClientFor
from tests.factories import certification as make
from tests.factories import events as subjects
from tests.factories.accounts import OTHER_AREA
from tests.factories.certificates import certificate_in, running_until

pytestmark = pytest.mark.django_db

DRAFT = "A plan is being written for this. Withdraw the plan first, or submit it and wait for the decision."
WITH_POLICE = "A plan for this is with the police. Wait for the decision, or withdraw the plan first."


@pytest.fixture(autouse=True)
def standard(db: None) -> StandardVersion:
    return make.small_standard()


@pytest.fixture
def venue(organisation: Organisation) -> Venue:
    return subjects.make_venue(organisation)


def move(actor: User, venue: Venue) -> Venue:
    """To another police area, everything else as it is."""
    venue.refresh_from_db()
    data = replace(subjects.venue_data(name=venue.name), area_code=OTHER_AREA)
    return venues.change(actor=actor, venue_id=venue.pk, data=data, expected_version=venue.version)


def assert_held(actor: User, venue: Venue, why: str) -> None:
    before = Venue.objects.filter(pk=venue.pk).values().get()
    with pytest.raises(IllegalMove) as archiving:
        venues.archive(actor=actor, venue_id=venue.pk)
    with pytest.raises(InvalidInput) as moving:
        move(actor, venue)
    assert archiving.value.message == f"This cannot be archived yet. {why}"
    assert moving.value.message == f"The police area cannot be changed yet. {why}"
    assert moving.value.field == "area_code"
    assert Venue.objects.filter(pk=venue.pk).values().get() == before


def assert_free(actor: User, venue: Venue) -> None:
    assert move(actor, venue).area_id == OTHER_AREA
    assert venues.archive(actor=actor, venue_id=venue.pk).archived_at is not None


def test_what_nothing_holds_goes(owner: User, venue: Venue) -> None:
    assert_free(owner, venue)


def test_a_draft_holds_it(owner: User, organisation: Organisation, venue: Venue) -> None:
    make.draft_plan(organisation, subject=venue)
    assert_held(owner, venue, DRAFT)


@pytest.mark.parametrize("state", ["submitted", "under_review", "changes_requested", "recommended"])
def test_a_plan_with_the_police_holds_it(
    owner: User, adviser: User, organisation: Organisation, venue: Venue, state: str
) -> None:
    make.in_state(make.draft_plan(organisation, subject=venue), state, reviewer=adviser)
    assert_held(owner, venue, WITH_POLICE)


@pytest.mark.parametrize("state", ["refused", "withdrawn"])
def test_a_plan_that_came_to_nothing_does_not(
    owner: User, adviser: User, organisation: Organisation, venue: Venue, state: str
) -> None:
    make.in_state(make.draft_plan(organisation, subject=venue), state, reviewer=adviser)
    assert_free(owner, venue)


@pytest.mark.parametrize("state", ["being_issued", "in_force"])
def test_a_certificate_holds_it_until_its_last_day_is_over(
    owner: User, organisation: Organisation, venue: Venue, state: str
) -> None:
    certificate = certificate_in(state, organisation, subject=venue)
    today = timezone.localdate()
    running_until(certificate, today)
    assert_held(
        owner,
        venue,
        f"Certificate {certificate.number} covers this until {today.day} {today:%B %Y}. "
        "Wait until it has run out, or give the certificate up first.",
    )
    # The sweep that says so has not come yet: it is over all the same.
    running_until(certificate, today - timedelta(days=1))
    assert_free(owner, venue)


@pytest.mark.parametrize("state", ["expired", "revoked", "superseded", "surrendered"])
def test_a_certificate_that_is_over_does_not(owner: User, organisation: Organisation, venue: Venue, state: str) -> None:
    certificate_in(state, organisation, subject=venue)
    assert_free(owner, venue)


def test_what_holds_another_place_does_not_hold_this_one(owner: User, organisation: Organisation, venue: Venue) -> None:
    make.draft_plan(organisation)
    assert_free(owner, venue)


def test_other_changes_are_nobodys_concern(owner: User, organisation: Organisation, venue: Venue) -> None:
    make.draft_plan(organisation, subject=venue)
    data = subjects.venue_data(name="A better name")
    assert venues.change(actor=owner, venue_id=venue.pk, data=data, expected_version=1).name == "A better name"


def archive_event(actor: User, subject: Subject) -> Subject:
    return events.archive(actor=actor, event_id=subject.pk)


def archive_project(actor: User, subject: Subject) -> Subject:
    return projects.archive(actor=actor, project_id=subject.pk)


@pytest.mark.parametrize(
    ("make_one", "archive"), [(subjects.make_event, archive_event), (subjects.make_project, archive_project)]
)
def test_events_and_projects_are_held_alike(
    owner: User,
    organisation: Organisation,
    make_one: Callable[[Organisation], Subject],
    archive: Callable[[User, Subject], Subject],
) -> None:
    subject = make_one(organisation)
    make.draft_plan(organisation, subject=subject)
    assert hold_on(subject) == DRAFT
    with pytest.raises(IllegalMove):
        archive(owner, subject)
    assert type(subject).objects.filter(pk=subject.pk, archived_at__isnull=True).exists()


def test_an_event_does_not_leave_its_area_by_changing_its_venue(owner: User, organisation: Organisation) -> None:
    """At a venue of the register the area is the venue's."""
    event = subjects.make_event(organisation)
    make.draft_plan(organisation, subject=event)
    away = subjects.make_venue(organisation, area=OTHER_AREA)
    data = replace(subjects.event_data(name=event.name, venue=away), starts_at=event.starts_at, ends_at=event.ends_at)
    with pytest.raises(InvalidInput, match="police area cannot be changed"):
        events.change(
            actor=owner, event_id=event.pk, data=data, expected_version=event.version, tier_change_confirmed=True
        )


def test_the_page_says_so_before_anything_is_pressed(
    owner: User, organisation: Organisation, venue: Venue, client_for: ClientFor
) -> None:
    make.draft_plan(organisation, subject=venue)
    client, address = client_for(owner), f"/venues/{venue.pk}/archive/"

    page = client.get(address)
    assert DRAFT in page.content.decode()
    assert '<form method="post">' not in page.content.decode().partition("<main")[2]
    refused = client.post(address, {"action": "archive"})
    assert refused.status_code == 409
    assert DRAFT in refused.content.decode()


def test_a_program_is_told_with_place_and_code(owner: User, organisation: Organisation, venue: Venue) -> None:
    make.draft_plan(organisation, subject=venue)
    response = Api(owner).post(f"/venues/{venue.pk}/archive/", {})
    assert (response.status_code, response.json()["code"]) == (409, "illegal-move")
    assert response.json()["detail"] == f"This cannot be archived yet. {DRAFT}"
    assert not Venue.objects.filter(archived_at__isnull=False).exists()
