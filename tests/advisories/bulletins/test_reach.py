"""How a bulletin was received, as its author sees it: who is silent, who read, who acted, and what became of the mail."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from accounts.models import Organisation, User
from advisories.models import BulletinPlace
from advisories.services import receipts
from tests.advisories.bulletins.test_pages import main, soup_of
from tests.api_client import Api
from tests.conftest import ClientFor
from tests.factories import advisories as make
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
    assert Api(adviser).get(f"/advisories/{published.pk}/reach/").json()["states"] == {
        "open": 2,
        "acknowledged": 1,
        "done": 1,
        "not_applicable": 1,
    }


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
