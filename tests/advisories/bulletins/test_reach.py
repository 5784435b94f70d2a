"""How a bulletin was received, as its author sees it: who is silent, who read, who acted, and what became of the mail."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Organisation, User
from advisories.models import BulletinPlace
from advisories.selectors import reach
from advisories.services import bulletins, receipts
from core.models import OutgoingMail
from tests.advisories.bulletins.test_pages import main, soup_of
from tests.api_client import Api
from tests.conftest import ClientFor
from tests.factories import advisories as make
from tests.factories.accounts import make_administrator, make_member
from tests.factories.events import make_venue

pytestmark = pytest.mark.django_db
DASH = "\u2013"


def test_the_reach_tells_the_silent_from_those_who_read_and_those_who_acted(
    organisation: Organisation, organiser: User, adviser: User, client_for: ClientFor
) -> None:
    names = ("Hall silent", "Hall read", "Hall acknowledged", "Hall done", "Hall exempt")
    for name in names:
        make_venue(organisation, name=name)
    published = make.make_published(adviser)
    places = {place.venue.name: place for place in published.places.select_related("venue") if place.venue}
    receipts.acknowledge(actor=organiser, bulletin_id=published.pk, place_ids=[places["Hall acknowledged"].pk])
    receipts.complete(actor=organiser, place_id=places["Hall done"].pk, note="The doors are locked.")
    receipts.dismiss(actor=organiser, place_id=places["Hall exempt"].pk, reason="There is no bay.")
    BulletinPlace.objects.filter(pk=places["Hall read"].pk).update(read_at=timezone.now())
    client = client_for(adviser)
    address = f"/advisories/{published.pk}/reach/"

    def listed(state: str) -> set[str]:
        page = main(soup_of(client, f"{address}?state={state}"))
        return {name for name in names if name in page}

    assert {state: listed(state) for state in ("", "silent", "read", "open", "acknowledged", "done")} == {
        "": set(names),
        "silent": {"Hall silent"},
        "read": {"Hall read"},
        "open": {"Hall silent", "Hall read"},
        "acknowledged": {"Hall acknowledged"},
        "done": {"Hall done"},
    }
    rows = soup_of(client, address).select("#figures tbody tr")
    figures = [[cell.get_text(strip=True) for cell in row.select("td")[:2]] for row in rows]
    assert figures == [
        ["Done", "1"],
        ["Acknowledged", "1"],
        ["Does not apply", "1"],
        ["Read, not acknowledged", "1"],
        ["Not read", "1"],
    ]
    row = next(row for row in soup_of(client, address).select("table.wm-table tbody tr") if "Hall read" in row.text)
    cells = [cell.get_text(strip=True) for cell in row.select("td")]
    assert (cells[2], cells[3] != DASH, cells[4]) == ("Read, not acknowledged", True, DASH)
    # To the reader whose page it is "not read" would be no news: what is asked of them is to acknowledge.
    own = soup_of(client_for(organiser), f"/advisories/{published.pk}/").select("#places + table tbody tr")
    assert {tuple(tag.get_text(strip=True) for tag in row.select(".govuk-tag")) for row in own} == {
        ("Not acknowledged",),
        ("Acknowledged",),
        ("Done",),
        ("Does not apply",),
    }
    bulletins.retract(actor=adviser, bulletin_id=published.pk, reason="It was a laundry.")
    over = main(soup_of(client_for(organiser), f"/advisories/{published.pk}/"))
    assert (over.count("Nothing to do"), "Not acknowledged" in over) == (2, False)
    assert Api(adviser).get(f"/advisories/{published.pk}/reach/").json()["states"] == {
        "open": 2,
        "acknowledged": 1,
        "done": 1,
        "not_applicable": 1,
    }


def test_programs_are_told_of_the_mail_where_its_readers_are(
    organisation: Organisation, adviser: User, auditor: User, other_area_adviser: User
) -> None:
    make_venue(organisation)
    published = make.make_published(adviser)
    address = f"/advisories/{published.pk}/reach/"
    empty = dict.fromkeys(("sent", "queued", "returned", "given_up", "held", "digest", "muted", "dropped"), 0)
    assert Api(adviser).get(address).json()["mail"] == empty | {"queued": 1}
    OutgoingMail.objects.filter(kind="bulletin.published").update(
        sent_at=timezone.now(), bounced_at=timezone.now(), bounce_code="5.1.1"
    )
    assert Api(auditor).get(address).json()["mail"] == empty | {"returned": 1}
    assert Api(other_area_adviser).get(address).status_code == 404


def test_an_officer_whose_area_a_national_one_reaches_is_not_told_of_the_mail(
    organisation: Organisation, adviser: User, national_admin: User
) -> None:
    make_venue(organisation)
    published = make.make_published(national_admin, approver=make_administrator(), area="")
    found = Api(adviser).get(f"/advisories/{published.pk}/reach/").json()
    assert (found["places"], found["mail"]) == (1, None)


def test_the_figures_are_a_part_that_the_page_holds_too(
    organisation: Organisation, adviser: User, client_for: ClientFor
) -> None:
    make_venue(organisation)
    published = make.make_published(adviser)
    client = client_for(adviser)
    whole = soup_of(client, f"/advisories/{published.pk}/reach/").select_one("#figures")
    assert whole is not None
    assert whole["hx-get"] == f"/advisories/{published.pk}/reach/figures/"
    part = client.get(str(whole["hx-get"])).content.decode()
    assert "<html" not in part

    def plain(text: str) -> str:
        return re.sub(r"As of .*?\.", "", BeautifulSoup(text, "html.parser").get_text(" ", strip=True))

    assert plain(part) == plain(str(whole))


# Mail that came back ----------------------------------------------------------------------------------------------------


def returned_to(person: User, code: str = "5.1.1") -> None:
    now = timezone.now()
    OutgoingMail.objects.filter(recipient=person).update(sent_at=now, bounced_at=now, bounce_code=code)


def test_mail_that_came_back_is_in_the_log_with_what_to_do(
    organisation: Organisation, organiser: User, colleague: User, adviser: User, client_for: ClientFor
) -> None:
    make_venue(organisation)
    published = make.make_published(adviser)
    assert "Nothing came back" in main(soup_of(client_for(adviser), f"/advisories/{published.pk}/reach/returned/"))
    returned_to(organiser)
    log = reach.mail_log(published, reach.reach_of(adviser, published).ways)
    assert (log.promised, log.sent, log.returned, log.queued, log.given_up) == (2, 0, 1, 1, 0)

    client = client_for(adviser)
    address = f"/advisories/{published.pk}/reach/returned/"
    link = soup_of(client, f"/advisories/{published.pk}/reach/").select_one(f"#figures a[href='{address}']")
    assert link is not None
    assert link.get_text(strip=True).startswith("1 came back")
    page = soup_of(client, address)
    cells = [cell.get_text(" ", strip=True) for cell in page.select("tbody td")]
    assert cells[0] == f"{organiser.name} {organisation.name}"
    assert cells[2] == "There is no such address."
    assert "ring the organisation" in main(page)
    # Whose address it is, is the organisation's business.
    assert organiser.email not in str(page.select_one("main"))
    assert colleague.name not in main(page)


def test_mail_that_came_back_is_for_the_issuing_side_alone(
    organisation: Organisation,
    organiser: User,
    adviser: User,
    national_admin: User,
    auditor: User,
    client_for: ClientFor,
) -> None:
    make_venue(organisation)
    published = make.make_published(national_admin, area="", tlp="green")
    returned_to(organiser)
    address = f"/advisories/{published.pk}/reach/returned/"
    people = {"author": national_admin, "auditor": auditor, "police": adviser, "reader": organiser}
    assert {who: client_for(person).get(address).status_code for who, person in people.items()} == {
        "author": 200,
        "auditor": 200,
        "police": 403,
        "reader": 403,
    }
    assert "came back" not in main(soup_of(client_for(adviser), f"/advisories/{published.pk}/reach/"))


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_of_returned_mail_costs_the_same_for_one_and_three(
    people: int, organisation: Organisation, adviser: User, client_for: ClientFor
) -> None:
    make_venue(organisation)
    for _ in range(people - 1):
        make_member(organisation, "editor")
    published = make.make_published(adviser)
    now = timezone.now()
    OutgoingMail.objects.all().update(sent_at=now, bounced_at=now, bounce_code="550")
    client = client_for(adviser)
    address = f"/advisories/{published.pk}/reach/returned/"
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        response = client.get(address)
    assert len(response.context["rows"]) == people
    assert len(caught) == 8, [query["sql"][:120] for query in caught]


def test_the_owner_is_told_whom_mail_does_not_reach_and_others_are_not(
    organisation: Organisation, organiser: User, colleague: User, adviser: User, client_for: ClientFor
) -> None:
    make_venue(organisation)
    make.make_published(adviser)
    returned_to(colleague)
    address = f"/organisations/{organisation.pk}/team/"
    rows = soup_of(client_for(organiser), address).select("tbody tr")
    marked = {
        person: "Mail does not arrive" in row.get_text()
        for row in rows
        for person in (organiser, colleague)
        if person.email in row.get_text()
    }
    assert marked == {organiser: False, colleague: True}
    assert "Ask them for an address that works" in main(soup_of(client_for(organiser), address))
    assert "Mail does not arrive" not in main(soup_of(client_for(colleague), address))
