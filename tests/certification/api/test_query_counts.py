"""A list takes the same number of queries at 1 row and at 30: the token with its owner's authority, the rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation, User
from certification.models import Plan, StandardVersion
from tests.api_client import Api
from tests.factories.accounts import make_organisation
from tests.factories.certificates import copies, decided_certificate, put_in
from tests.factories.certification import draft_plan, make_evidence, submitted_plan
from tests.factories.events import make_event, make_project, make_venue
from tests.factories.reviews import resubmit_by

pytestmark = pytest.mark.django_db
MORE = 29


def queries(api: Api, path: str, rows: int) -> list[str]:
    api.get(path)  # notes the token's use, once a minute
    with CaptureQueriesContext(
        connection,
    ) as found:
        response = api.get(path)
    assert len(response.json()["results"]) == rows
    return [query["sql"] for query in found]


Make = Callable[[Organisation], object]


@pytest.mark.parametrize(
    ("path", "make"),
    [
        ("/venues/", make_venue),
        ("/events/", make_event),
        ("/projects/", make_project),
        ("/plans/", draft_plan),
        ("/organisations/", lambda organisation: make_organisation(organisation.created_by)),
    ],
)
def test_lists(standard: StandardVersion, owner: User, organisation: Organisation, path: str, make: Make) -> None:
    api = Api(owner)
    first = 1 if path == "/organisations/" else 0
    if not first:
        make(organisation)
    assert len(queries(api, path, 1)) == 2
    for _ in range(MORE):
        make(organisation)
    assert len(queries(api, path, 30)) == 2


def test_plans_as_the_police_see_them(standard: StandardVersion, organisation: Organisation, adviser: User) -> None:
    api = Api(adviser)
    submitted_plan(organisation)
    assert len(queries(api, "/plans/", 1)) == 2
    for _ in range(4):
        submitted_plan(organisation)
    assert len(queries(api, "/plans/", 5)) == 2


def test_certificates(owner: User, organisation: Organisation) -> None:
    api = Api(owner)
    certificate = put_in("in_force", decided_certificate(organisation))
    assert len(queries(api, "/certificates/", 1)) == 2
    assert len(queries(Api(), "/register/", 1)) == 1
    copies(certificate, MORE)
    assert len(queries(api, "/certificates/", 30)) == 2
    assert len(queries(Api(), "/register/", 25)) == 1


def test_areas(owner: User) -> None:
    assert len(queries(Api(owner), "/areas/", 46)) == 2


def test_standards(standard: StandardVersion) -> None:
    assert len(queries(Api(), "/standards/", 1)) == 1


def test_verification_is_one_query(owner: User, organisation: Organisation) -> None:
    certificate = put_in("in_force", decided_certificate(organisation))
    for entry in (certificate.number, certificate.token, "PSC-2026-999999-0", "x" * 43):
        with CaptureQueriesContext(connection) as found:
            assert Api().get(f"/verify/{entry}/").status_code == 200
        assert len(found) <= 1


def test_determinations(owner: User, organisation: Organisation) -> None:
    venue = make_venue(organisation)
    assert len(queries(Api(owner), f"/venues/{venue.pk}/determinations/", 1)) == 2


def test_what_belongs_to_a_plan(standard: StandardVersion, owner: User, organisation: Organisation) -> None:
    """One more for the plan itself, and what a case holds: answers, files, requests."""
    api = Api(owner)
    plan: Plan = submitted_plan(organisation)
    at = f"/plans/{plan.pk}"
    before = {tail: len(queries(api, f"{at}/{tail}/", rows)) for tail, rows in _PARTS.items()}
    assert before == {"answers": 4, "evidence": 4, "submissions": 3, "requested-changes": 3}
    for _ in range(4):
        make_evidence(plan, "GOV-01", content=f"{_}".encode())
        resubmit_by(plan, owner)
    after = {"answers": 5, "evidence": 5, "submissions": 5, "requested-changes": 0}
    assert {tail: len(queries(api, f"{at}/{tail}/", rows)) for tail, rows in after.items()} == before


_PARTS = {"answers": 5, "evidence": 1, "submissions": 1, "requested-changes": 0}
