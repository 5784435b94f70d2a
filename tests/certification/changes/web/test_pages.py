"""Pages of what has changed: who sees which, how many queries, and what is kept in."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from certification.models import Certificate, MaterialChange
from certification.services import changes
from certification.services.changes import Report
from events.models import Venue
from tests.conftest import ClientFor

pytestmark = pytest.mark.django_db

GIVEN = Report(declared=frozenset({"layout"}), description="SECRET-CHANGE")


@pytest.fixture
def change(certified: Certificate, owner: User) -> MaterialChange:
    return changes.report(actor=owner, certificate_id=certified.pk, given=GIVEN)


def test_telling_of_works(certified: Certificate, owner: User, client_for: ClientFor) -> None:
    client = client_for(owner)
    page = client.get(reverse("certification:certificate", args=[certified.pk]))
    address = reverse("certification:change_report", args=[certified.pk])
    assert address in page.content.decode()
    start = timezone.localdate()
    posted = {
        "declared": ["works"],
        "description": "A wall.",
        "starts_on_day": start.day,
        "starts_on_month": start.month,
        "starts_on_year": start.year,
    }
    response = client.post(address, posted)
    change = MaterialChange.objects.get()
    assert response.headers["Location"] == reverse("certification:change", args=[change.pk])
    shown = BeautifulSoup(client.get(response.headers["Location"]).content, "html.parser").get_text()
    assert "Told after the works had started" in shown
    assert "Open the plan" in shown


def test_what_is_wrong_is_said_and_kept(certified: Certificate, owner: User, client_for: ClientFor) -> None:
    address = reverse("certification:change_report", args=[certified.pk])
    response = client_for(owner).post(address, {"declared": ["works"], "description": "A wall of mine."})
    assert response.status_code == 422
    text = response.content.decode()
    assert "Enter the date on which the works start" in text
    assert "A wall of mine." in text


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("owner", 200),
        ("viewer", 200),
        ("adviser", 200),
        ("authoriser", 200),
        ("auditor", 200),
        ("stranger", 404),
        ("other_area_adviser", 404),
        ("national_admin", 404),
    ],
)
def test_who_reads_a_change(
    request: pytest.FixtureRequest, change: MaterialChange, client_for: ClientFor, who: str, status: int
) -> None:
    client = client_for(request.getfixturevalue(who))
    response = client.get(reverse("certification:change", args=[change.pk]))
    assert response.status_code == status
    assert ("SECRET-CHANGE" in response.content.decode()) is (status == 200)


def test_an_officer_classes_it_anew_by_form(change: MaterialChange, adviser: User, client_for: ClientFor) -> None:
    address = reverse("certification:change", args=[change.pk])
    assert client_for(adviser).post(address, {"reason": ""}).status_code == 422
    assert client_for(adviser).post(address, {"reason": "A gate."}).status_code == 302
    change.refresh_from_db()
    assert (change.state, change.reclass_reason) == ("recorded", "A gate.")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_at_one_row_and_at_three(
    change: MaterialChange,
    adviser: User,
    client_for: ClientFor,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(rows - 1):
        other = MaterialChange.objects.get(pk=change.pk)
        other.pk, other.state, other.plan = MaterialChange._meta.pk.get_default(), "recorded", None
        other.description = f"Number {number}"
        other._state.adding = True
        other.save(force_insert=True)
    client = client_for(adviser)
    with django_assert_num_queries(5):
        response = client.get(reverse("certification:changes"))
    assert response.content.decode().count('class="govuk-table__row"') == rows + 1
    assert "SECRET-CHANGE" not in response.content.decode()


def test_an_empty_list_says_so(adviser: User, client_for: ClientFor) -> None:
    response = client_for(adviser).get(reverse("certification:changes"), {"state": "refused"})
    assert "Nothing has been told here" in response.content.decode()


def test_an_organisation_has_no_list(owner: User, client_for: ClientFor) -> None:
    assert client_for(owner).get(reverse("certification:changes")).status_code == 403


def test_whoever_confirms_goes_on_to_what_is_asked_and_then_back_to_the_plan(
    certified: Certificate, owner: User, client_for: ClientFor
) -> None:
    """What stands in between is passed over; who looks at it all the same reads why it cannot be written."""
    Venue.objects.filter(pk=certified.venue_id).update(senior_name="Nadia New")
    plan = changes.report(actor=owner, certificate_id=certified.pk, given=GIVEN).plan
    assert plan is not None
    client, begin = client_for(owner), f"/plans/{plan.pk}/"
    asked = ("GOV-01", "GOV-02", "PHY-01", "PHY-02")
    went = [client.post(f"{begin}criteria/{code}/confirm/").headers["Location"] for code in asked]
    assert went == [f"{begin}criteria/{code}/" for code in ("GOV-02", "PHY-01", "PHY-02")] + [begin]
    assert "your answer stands as it was judged" in client.get(f"{begin}criteria/GOV-03/").content.decode()
    assert "your answer stands as it was judged" not in client.get(f"{begin}criteria/PHY-02/").content.decode()
