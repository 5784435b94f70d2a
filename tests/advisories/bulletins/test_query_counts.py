"""What each page of advisories costs: the same at one row and at three."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation, User
from tests.api_client import Api
from tests.conftest import ClientFor
from tests.factories import advisories as make
from tests.factories.events import make_venue

pytestmark = pytest.mark.django_db

# address → queries of a signed-in page, whatever the number of rows.
COSTS = {
    ("organiser", "/advisories/"): 5,
    ("adviser", "/advisories/"): 5,
    ("auditor", "/advisories/"): 5,
    ("adviser", "/advisories/written/"): 5,
    ("organiser", "/advisories/{pk}/"): 9,
    ("adviser", "/advisories/{pk}/reach/"): 12,
    ("adviser", "/advisories/{pk}/manage/"): 7,
    ("organiser", "/advisories/wishes/"): 7,
}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("role", "address"), COSTS)
def test_pages_cost_the_same_at_one_row_and_at_three(
    role: str,
    address: str,
    rows: int,
    organisation: Organisation,
    adviser: User,
    client_for: ClientFor,
    request: pytest.FixtureRequest,
) -> None:
    for number in range(rows):
        make_venue(organisation, name=f"Hall {number}")
    first, *_others = [make.make_published(adviser) for _ in range(rows)]
    client = client_for(request.getfixturevalue(role))
    url = address.format(pk=first.pk)
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    assert len(caught) == COSTS[role, address], [query["sql"][:120] for query in caught]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_interface_costs_the_same_at_one_row_and_at_three(
    rows: int, organisation: Organisation, organiser: User, adviser: User
) -> None:
    for number in range(rows):
        make_venue(organisation, name=f"Hall {number}")
    first, *_others = [make.make_published(adviser) for _ in range(rows)]
    api = Api(organiser)
    api.get("/advisories/")
    found = {}
    for path in ("/advisories/", f"/advisories/{first.pk}/", f"/advisories/{first.pk}/places/"):
        with CaptureQueriesContext(connection) as caught:
            assert api.get(path).status_code == 200
        found[path.replace(str(first.pk), "…")] = len(caught)
    assert found == {"/advisories/": 2, "/advisories/…/": 2, "/advisories/…/places/": 3}
