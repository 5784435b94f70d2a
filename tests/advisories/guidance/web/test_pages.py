from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from advisories.domain.sectors import SECTORS
from advisories.models import GuidancePack
from tests.conftest import ClientFor
from tests.factories import networks as make
from tests.factories.accounts import make_administrator
from tests.factories.certification import small_standard
from tests.factories.networks import draft_pack, published_pack

pytestmark = pytest.mark.django_db

PUBLIC_LIST = 1
LIST = 5
PACK = 7


@pytest.fixture(autouse=True)
def _standard() -> None:
    small_standard()


def soup(response: object) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")  # type: ignore[attr-defined]


def at(name: str, pack: GuidancePack) -> str:
    return reverse(f"advisories:guidance_{name}", args=[pack.pk])


def test_a_pack_is_begun_written_published_and_printed(client_for: ClientFor, run_outbox: Callable[[], int]) -> None:
    client = client_for(make_administrator())
    options = soup(client.get(reverse("advisories:guidance_new"))).select("option")
    assert [option["value"] for option in options] == list(SECTORS)
    begun = client.post(reverse("advisories:guidance_new"), {"sector": "worship", "tier": "standard"})
    pack = GuidancePack.objects.get()
    assert begun.headers["Location"] == at("edit", pack)
    given = {
        "title": "Places of worship",
        "introduction": "In short.",
        "actions": "Look out.\n\nTell us.\n",
        "tlp": "green",
        "criteria": ["GOV-01"],
    }
    assert client.post(at("edit", pack), {**given, "title": ""}).status_code == 422
    client.post(at("edit", pack), given)
    pack.refresh_from_db()
    assert (pack.actions, pack.criteria) == (["Look out.", "Tell us."], ["GOV-01"])
    client.post(at("publish", pack))
    assert client.get(at("pdf", pack)).status_code == 409
    run_outbox()
    response = client.get(at("pdf", pack))
    assert (response.headers["Content-Type"], response.content[:5]) == ("application/pdf", b"%PDF-")
    page = soup(client.get(at("pack", pack)))
    assert page.select_one(".wm-tlp strong").get_text() == "TLP:GREEN"  # type: ignore[union-attr]
    assert page.select_one(f"a[href='{at('pdf', pack)}']") is not None


def test_half_a_pack_says_what_is_missing(client_for: ClientFor) -> None:
    client = client_for(make_administrator())
    pack = draft_pack()
    client.post(at("edit", pack), {"title": "T", "introduction": "", "actions": "", "tlp": "green"})
    response = client.post(at("publish", pack))
    assert response.status_code == 422
    assert "the introduction" in response.content.decode()


def test_a_new_version_and_a_withdrawal(client_for: ClientFor) -> None:
    client = client_for(make_administrator())
    pack = published_pack()
    begun = client.post(at("revise", pack))
    newer = GuidancePack.objects.get(number=2)
    assert begun.headers["Location"] == at("edit", newer)
    client.post(at("discard", newer))
    assert client.post(at("withdraw", pack), {"reason": ""}).status_code == 422
    client.post(at("withdraw", pack), {"reason": "The standard has changed."})
    assert "The standard has changed." in client.get(at("pack", pack)).content.decode()


def test_it_stands_on_the_page_of_its_network_for_those_who_may_read_it(client_for: ClientFor) -> None:
    amber = published_pack(marking="amber")
    member, outside = make.insider(), make.insider(sector="stadia")
    address = reverse("advisories:network", args=[make.SECTOR])
    assert at("pack", amber) in client_for(member).get(address).content.decode()
    assert at("pack", amber) not in client_for(outside).get(address).content.decode()


def test_a_police_lead_begins_packs_of_their_own_sector_alone(client_for: ClientFor) -> None:
    client = client_for(make.police_lead())
    options = soup(client.get(reverse("advisories:guidance_new"))).select("option")
    assert [option["value"] for option in options] == [make.SECTOR]
    refused = client.post(reverse("advisories:guidance_new"), {"sector": "worship", "tier": "standard"})
    assert (refused.status_code, GuidancePack.objects.count()) == (422, 0)


@pytest.mark.parametrize("count", [1, 3])
def test_what_the_pages_cost(
    count: int, client: Client, client_for: ClientFor, owner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        pack = published_pack(marking="clear")
    with django_assert_num_queries(PUBLIC_LIST):
        assert client.get(reverse("advisories:guidance")).status_code == 200
    member = client_for(owner)
    with django_assert_num_queries(LIST):
        assert member.get(reverse("advisories:guidance"), {"sector": make.SECTOR}).status_code == 200
    with django_assert_num_queries(PACK):
        assert member.get(at("pack", pack)).status_code == 200
