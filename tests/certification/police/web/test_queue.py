"""The queue: whose plans, in which order, with which figures, in how many queries."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Organisation, User
from certification.models import Plan
from certification.selectors import queue
from certification.selectors.queue import Filters, Queue
from certification.services import reviews
from tests.factories import accounts as people
from tests.factories import reviews as made
from tests.factories.certification import draft_plan, in_state, submitted_plan
from tests.factories.events import make_event, make_venue

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
QUEUE_QUERIES = 8


@pytest.fixture
def today() -> date:
    return timezone.localdate()


def needed(plan: Plan, day: date | None) -> Plan:
    Plan.objects.filter(pk=plan.pk).update(needed_by=day)
    return plan


def read(user: User, today: date, filters: Filters | None = None, after: str = "") -> Queue:
    return queue.queue_for(user, filters or Filters(), after=after, today=today)


def names(found: Queue) -> list[str]:
    return [row.name for row in found.rows]


def waiting(organisation: Organisation, name: str, day: date | None) -> Plan:
    return needed(submitted_plan(organisation, subject=make_venue(organisation, name=name)), day)


def test_soonest_first_and_those_without_a_date_last(organisation: Organisation, adviser: User, today: date) -> None:
    waiting(organisation, "No date", None)
    waiting(organisation, "Later", today + timedelta(days=100))
    waiting(organisation, "Passed", today - timedelta(days=1))
    waiting(organisation, "Soon", today + timedelta(days=20))
    found = read(adviser, today)
    assert names(found) == ["Passed", "Soon", "Later", "No date"]
    assert [(row.days_left, row.urgency) for row in found.rows] == [
        (-1, "past"),
        (20, "soon"),
        (100, "later"),
        (None, "none"),
    ]


@pytest.mark.parametrize(
    ("days", "urgency"), [(-1, "past"), (0, "urgent"), (14, "urgent"), (15, "soon"), (42, "soon"), (43, "later")]
)
def test_urgency_by_days_left(days: int, urgency: str, organisation: Organisation, adviser: User, today: date) -> None:
    waiting(organisation, "One", today + timedelta(days=days))
    assert read(adviser, today).rows[0].urgency == urgency


def test_only_what_is_with_the_police_of_the_officers_own_area(
    organisation: Organisation, adviser: User, other_area_adviser: User, authoriser: User, auditor: User, today: date
) -> None:
    draft_plan(organisation, subject=make_venue(organisation, name="Draft"))
    in_state(waiting(organisation, "Withdrawn", None), "withdrawn")
    decided = made.recommended_plan(organisation, reviewer=adviser, subject=make_venue(organisation, name="Decided"))
    made.sign_as_recommended(decided, by=authoriser)
    waiting(organisation, "Ours", None)
    submitted_plan(organisation, subject=make_venue(organisation, name="Theirs", area=people.OTHER_AREA))
    assert names(read(adviser, today)) == ["Ours"]
    assert names(read(other_area_adviser, today)) == ["Theirs"]
    assert sorted(names(read(auditor, today))) == ["Ours", "Theirs"]


def test_filters_and_figures(organisation: Organisation, adviser: User, second_adviser: User, today: date) -> None:
    waiting(organisation, "Unclaimed", None)
    made.claimed_plan(organisation, reviewer=adviser, subject=make_venue(organisation, name="Mine"))
    made.claimed_plan(organisation, reviewer=second_adviser, subject=make_event(organisation, name="Hers"))
    for filters, expected in {
        Filters(): ["Hers", "Mine", "Unclaimed"],
        Filters(state="submitted"): ["Unclaimed"],
        Filters(who="mine"): ["Mine"],
        Filters(who="unclaimed"): ["Unclaimed"],
        Filters(kind="event"): ["Hers"],
        Filters(kind="event", who="mine"): [],
        Filters(area=people.AREA): ["Hers", "Mine", "Unclaimed"],
        Filters(area=people.OTHER_AREA): [],
    }.items():
        found = read(adviser, today, filters)
        assert sorted(names(found)) == expected
        # Figures are of everything in reach, so that a filter can be left by them.
        assert dict(found.counts) == {"submitted": 1, "under_review": 2}
        assert found.total == 3


def test_time_with_the_organiser_is_not_waiting_for_the_police(
    organisation: Organisation, adviser: User, today: date
) -> None:
    plan = waiting(organisation, "Waiting", None)
    Plan.objects.filter(pk=plan.pk).update(submitted_at=timezone.now() - timedelta(days=9))
    assert [row.waiting for row in read(adviser, today).rows] == [9]
    in_state(plan, "changes_requested", reviewer=adviser)
    assert [row.waiting for row in read(adviser, today).rows] == [None]


def test_weeks_run_from_monday_and_the_rest_is_counted(organisation: Organisation, adviser: User) -> None:
    today = date(2026, 11, 25)
    for number, day in enumerate(
        [
            date(2026, 11, 22),
            date(2026, 11, 23),
            date(2026, 11, 29),
            date(2026, 11, 30),
            date(2027, 2, 14),
            date(2027, 2, 15),
            None,
        ]
    ):
        waiting(organisation, f"Plan {number}", day)
    plot = read(adviser, today).plot
    assert [week.starts for week in plot.weeks[:2]] == [date(2026, 11, 23), date(2026, 11, 30)]
    assert [week.count for week in plot.weeks] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert (plot.before, plot.later, plot.undated, plot.most) == (1, 1, 1, 2)


def test_an_authorising_officer_sees_first_what_they_can_sign(
    organisation: Organisation, other_organisation: Organisation, adviser: User, authoriser: User, today: date
) -> None:
    made.recommended_plan(organisation, reviewer=adviser, subject=make_venue(organisation, name="To sign"))
    own = make_venue(other_organisation, name="Own organisation's")
    made.recommended_plan(other_organisation, reviewer=adviser, subject=own)
    Membership.objects.create(organisation=other_organisation, user=authoriser, role="viewer", joined_at=timezone.now())
    reviewed = submitted_plan(organisation, subject=make_venue(organisation, name="Reviewed by me"))
    people.appointments.appoint(actor=None, user_id=authoriser.pk, area_code=people.AREA, role="adviser")
    reviews.claim(actor=authoriser, plan_id=reviewed.pk)
    reviews.release(actor=authoriser, plan_id=reviewed.pk)
    reviews.claim(actor=adviser, plan_id=reviewed.pk)
    made.judge_all(reviewed, reviewer=adviser)
    made.recommend_as_scored(reviewed, reviewer=adviser)
    me = User.objects.get(pk=authoriser.pk)
    assert [row.name for row in read(me, today).awaiting] == ["To sign"]
    assert read(me, today, Filters(state="recommended")).awaiting == ()
    assert read(adviser, today).awaiting == ()


def test_pages_follow_one_another_and_come_back(
    organisation: Organisation, adviser: User, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        waiting(organisation, f"Plan {number}", None if number > 2 else today + timedelta(days=number))
    monkeypatch.setattr(queue.keyset.page, "__kwdefaults__", {**queue.keyset.page.__kwdefaults__, "size": 2})
    first = read(adviser, today)
    second = read(adviser, today, after=first.older or "")
    third = read(adviser, today, after=second.older or "")
    assert [len(page.rows) for page in (first, second, third)] == [2, 2, 1]
    assert len({name for page in (first, second, third) for name in names(page)}) == 5
    assert (first.newer, third.older) == (None, None)
    assert names(read(adviser, today, after=second.newer or "")) == names(first)


def test_the_page_says_the_same_in_words_as_in_the_picture(
    organisation: Organisation, adviser: User, today: date, client_for: ClientFor
) -> None:
    waiting(organisation, "Mill Lane Hall", today + timedelta(days=3))
    text = client_for(adviser).get(reverse("certification:queue")).content.decode()
    for words in ("Mill Lane Hall", "In 3 days", "Not claimed", "OFFICIAL-SENSITIVE", "The same as a table"):
        assert words in text
    assert "style=" not in text
    assert not re.search(r"<script(?![^>]*src=)", text)


def test_nothing_there_is_said_kindly(adviser: User, client_for: ClientFor) -> None:
    client = client_for(adviser)
    assert "The queue is empty" in client.get(reverse("certification:queue")).content.decode()
    filtered = client.get(reverse("certification:queue"), {"state": "recommended"}).content.decode()
    assert "No plan matches these filters" in filtered


@pytest.mark.parametrize("query", ["state=nonsense", "who=%00", "kind=plan", "area=nowhere", "state=a&state=b"])
def test_a_filter_that_is_none_is_no_fault(query: str, adviser: User, client_for: ClientFor) -> None:
    assert client_for(adviser).get(f"{reverse('certification:queue')}?{query}").status_code == 200


def _queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_the_queue_takes_the_same_queries_at_one_row_and_at_three_hundred(
    organisation: Organisation, authoriser: User, adviser: User, client_for: ClientFor
) -> None:
    plan = made.recommended_plan(organisation, reviewer=adviser)
    client = client_for(authoriser)
    url = reverse("certification:queue")
    assert _queries(client, url) == QUEUE_QUERIES
    _many(plan, 300)
    assert _queries(client, url) == QUEUE_QUERIES


def _many(plan: Plan, number: int) -> None:
    """Copies of a plan, each for a hall of its own: a service for each would take minutes."""
    hall = plan.venue
    assert hall is not None
    halls = []
    for count in range(number):
        copy = type(hall).objects.get(pk=hall.pk)
        copy.pk, copy.name = None, f"Hall {count}"
        copy.id = type(hall)._meta.pk.get_default()
        halls.append(copy)
    type(hall).objects.bulk_create(halls)
    plans = []
    for copy in halls:
        other = Plan.objects.get(pk=plan.pk)
        other.pk, other.venue = Plan._meta.pk.get_default(), copy
        plans.append(other)
    Plan.objects.bulk_create(plans)
