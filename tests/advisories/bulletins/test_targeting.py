"""Whom an audience finds: each condition alone, all of them together, and what a count gives away."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from advisories.domain.audience import EVERYBODY, Audience, Flag, Near, distance_km
from advisories.selectors import audience as selectors
from certification.models import Answer, Certificate
from certification.services import plans, submissions
from events.models import Event, Venue
from events.services import events, venues
from tests.factories import accounts as people
from tests.factories import certificates as certified
from tests.factories.certification import DECLARED, answered_plan, small_standard, submitted_plan
from tests.factories.events import event_data, make_event, make_project, make_venue, venue_data
from tests.factories.reviews import judged_plan

pytestmark = pytest.mark.django_db


def found(**conditions: Any) -> set[str]:
    audience, today = Audience(**conditions), timezone.localdate()
    return {str(subject) for kind in selectors.MODELS for subject in selectors.subjects(kind, audience, today=today)}


def at(organisation: Organisation, name: str, latitude: str, longitude: str) -> Venue:
    place = {"latitude": Decimal(latitude), "longitude": Decimal(longitude)}
    data = replace(venue_data(name=name), **place)
    return venues.register(actor=organisation.created_by, organisation_id=organisation.pk, data=data)


@pytest.fixture
def town(organisation: Organisation) -> dict[str, Any]:
    hall = make_venue(organisation, name="Hall")
    ground = make_venue(organisation, name="Ground", use="sports_ground", people=5000)
    return {
        "hall": hall,
        "ground": ground,
        "concert": make_event(organisation, name="Concert"),
        "derby": make_event(organisation, name="Derby", venue=ground),
        "station": make_project(organisation, name="Station"),
        "kent": make_venue(organisation, name="Kent hall", area=people.OTHER_AREA),
    }


EVERYTHING = {"Hall", "Ground", "Concert", "Derby", "Station", "Kent hall"}


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, EVERYTHING),
        ({"kinds": ("event",)}, {"Concert", "Derby"}),
        ({"kinds": ("venue", "project")}, {"Hall", "Ground", "Station", "Kent hall"}),
        ({"areas": (people.OTHER_AREA,)}, {"Kent hall"}),
        ({"areas": (people.AREA, people.OTHER_AREA)}, EVERYTHING),
        ({"tiers": ("standard",)}, {"Hall", "Kent hall", "Derby"}),
        ({"tiers": ("enhanced",), "kinds": ("venue",)}, {"Ground"}),
        ({"uses": ("sports_ground",)}, {"Ground", "Derby"}),
        ({"uses": ("transport_station", "hall")}, {"Hall", "Kent hall", "Station"}),
        ({"sectors": ("stadia",)}, {"Ground", "Derby"}),
        ({"sectors": ("events",)}, {"Concert", "Derby"}),
        ({"sectors": ("transport",)}, {"Station"}),
        ({"sectors": ("commercial", "stadia"), "kinds": ("venue",)}, {"Hall", "Ground", "Kent hall"}),
        ({"sectors": ("stadia",), "kinds": ("venue",), "areas": (people.OTHER_AREA,)}, set()),
        ({"certificate": "none"}, EVERYTHING),
        ({"certificate": "in_force"}, set()),
    ],
)
def test_each_condition_and_all_of_them(town: dict[str, Any], conditions: dict[str, Any], expected: set[str]) -> None:
    assert found(**conditions) == expected


def test_what_is_archived_or_over_is_nobody_s_concern(town: dict[str, Any], organiser: User) -> None:
    venues.archive(actor=organiser, venue_id=town["hall"].pk)
    now = timezone.now()
    Event.objects.filter(pk=town["concert"].pk).update(
        starts_at=now - timedelta(hours=5), ends_at=now - timedelta(minutes=1)
    )
    assert found() == EVERYTHING - {"Hall", "Concert"}


def test_distance_is_the_great_circle_s_and_not_the_box_s(organisation: Organisation) -> None:
    middle = Near(53.8, -1.55, 10.0)
    places = {
        "Middle": ("53.80000", "-1.55000"),
        "North": ("53.88900", "-1.55000"),
        "Too far north": ("53.89100", "-1.55000"),
        # In the corner of the box, outside the circle.
        "Corner": ("53.87500", "-1.42500"),
        "East": ("53.80000", "-1.39900"),
        "Too far east": ("53.80000", "-1.39700"),
    }
    for name, (latitude, longitude) in places.items():
        at(organisation, name, latitude, longitude)
    by_rule = {name for name, (lat, lon) in places.items() if distance_km(float(lat), float(lon), middle) <= middle.km}
    assert by_rule == {"Middle", "North", "East"}
    assert found(near=middle) == by_rule


def test_an_event_lies_where_its_venue_does_and_what_lies_nowhere_is_left_out(organisation: Organisation) -> None:
    host = at(organisation, "Host", "53.80000", "-1.55000")
    make_event(organisation, name="At the host", venue=host)
    elsewhere = replace(event_data(name="On the moor"), latitude=Decimal("53.80000"), longitude=Decimal("-1.55000"))
    events.register(actor=organisation.created_by, organisation_id=organisation.pk, data=elsewhere)
    make_event(organisation, name="Nowhere")
    assert found(near=Near(53.8, -1.55, 1.0)) == {"Host", "At the host", "On the moor"}


def test_by_the_state_of_a_certificate(organisation: Organisation, adviser: User, authoriser: User) -> None:
    today = timezone.localdate()

    def place(name: str, state: str, days: int) -> None:
        certificate = certified.decided_certificate(
            organisation, reviewer=adviser, signer=authoriser, subject=make_venue(organisation, name=name)
        )
        certified.put_in(state, certificate)
        certified.running_until(Certificate.objects.get(pk=certificate.pk), today + timedelta(days=days))

    place("Long", "in_force", 200)
    place("Ends today", "in_force", 0)
    place("In ninety", "in_force", 90)
    place("In ninety-one", "in_force", 91)
    place("Not yet marked", "in_force", -1)
    place("Expired", "expired", -10)
    place("Revoked", "revoked", 200)
    make_venue(organisation, name="Never")

    assert found(certificate="in_force") == {"Long", "Ends today", "In ninety", "In ninety-one"}
    assert found(certificate="expiring") == {"Ends today", "In ninety"}
    assert found(certificate="none") == {"Not yet marked", "Expired", "Revoked", "Never"}


def test_by_what_the_last_submission_says_of_a_criterion(organisation: Organisation, adviser: User) -> None:
    small_standard()
    submitted_plan(organisation, subject=make_venue(organisation, name="Says 2"), level=2)
    submitted_plan(organisation, subject=make_venue(organisation, name="Says 3"), level=3)
    judged_plan(organisation, reviewer=adviser, subject=make_venue(organisation, name="Judged 2"), levels={"PHY-01": 2})
    judged_plan(
        organisation, reviewer=adviser, subject=make_venue(organisation, name="Judged 3"), level=2, levels={"PHY-01": 3}
    )
    make_venue(organisation, name="No plan")

    assert found(flag=Flag("PHY-01", 3)) == {"Says 2", "Judged 2"}
    assert found(flag=Flag("PHY-01", 4)) == {"Says 2", "Says 3", "Judged 2", "Judged 3"}
    assert found(flag=Flag("PHY-01", 2)) == set()
    # Asked of the enhanced tier alone, which none of these is.
    assert found(flag=Flag("PHY-03", 4)) == set()
    assert found(flag=Flag("ZZZ-99", 4)) == set()


def test_the_latest_submission_counts_and_not_what_was_judged_of_an_earlier_plan(
    organisation: Organisation, adviser: User
) -> None:
    small_standard()
    hall = make_venue(organisation, name="Twice")
    first = judged_plan(organisation, reviewer=adviser, subject=hall, levels={"PHY-01": 1})
    assert found(flag=Flag("PHY-01", 3)) == {"Twice"}
    plans.withdraw(actor=organisation.created_by, plan_id=first.pk)
    assert found(flag=Flag("PHY-01", 3)) == {"Twice"}
    submitted_plan(organisation, subject=hall, level=3)
    assert found(flag=Flag("PHY-01", 3)) == set()


def test_an_answer_that_does_not_apply_is_below_nothing(organisation: Organisation) -> None:
    small_standard()
    plan = answered_plan(organisation, subject=make_venue(organisation, name="Does not apply"))
    Answer.objects.filter(plan=plan, criterion_code="GOV-03").update(level=None, not_applicable=True, reason="None.")
    submissions.submit(actor=organisation.created_by, plan_id=plan.pk, declaration=DECLARED)

    assert found(flag=Flag("GOV-03", 4)) == set()
    assert found(flag=Flag("GOV-01", 4)) == {"Does not apply"}


def test_what_is_still_being_written_is_not_looked_at(organisation: Organisation) -> None:
    small_standard()
    plan = answered_plan(organisation, subject=make_venue(organisation, name="Draft"), level=1)
    assert Answer.objects.filter(plan=plan, level=1).exists()
    assert found(flag=Flag("PHY-01", 4)) == set()


def test_the_size_counts_each_person_once(
    town: dict[str, Any], colleague: User, viewer: User, other_organisation: Organisation, organiser: User
) -> None:
    from accounts.models import Membership

    make_venue(other_organisation)
    Membership.objects.create(organisation=other_organisation, user=organiser, role="editor", joined_at=timezone.now())
    closed = people.make_member(other_organisation, "editor")
    User.objects.filter(pk=closed.pk).update(is_active=False)

    size = selectors.size(EVERYBODY, today=timezone.localdate())

    assert (size.venues, size.events, size.projects, size.places) == (4, 2, 1, 7)
    # The organiser, the colleague and the stranger; neither the viewer nor whoever left.
    assert (size.organisations, size.people) == (2, 3)


def test_the_size_costs_five_queries(town: dict[str, Any], django_assert_num_queries: DjangoAssertNumQueries) -> None:
    audience = Audience(sectors=("stadia",), near=Near(53.9, -1.69, 50.0), flag=Flag("PHY-01", 3), certificate="none")
    with django_assert_num_queries(5):
        selectors.size(audience, today=timezone.localdate())
