"""The interface for programs: every answer is held against the schema by the client itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from advisories.models import ThreatConfirmation
from advisories.services import responses
from tests.api_client import Api
from tests.factories import certificates as make
from tests.factories import threat as given

pytestmark = pytest.mark.django_db

LIST = "/threat-level/confirmations/"


def test_nothing_is_recorded_yet() -> None:
    assert Api().get("/threat-level/").json() == {"levels": [], "response_levels": []}


def test_anybody_reads_level_response_levels_and_history() -> None:
    first = given.record("moderate", effective_at=timezone.now() - timedelta(days=3))
    second = given.record("critical", scope="ni")
    said = Api().get("/threat-level/").json()
    assert [(one["scope"], one["level"]) for one in said["levels"]] == [("uk", "moderate"), ("ni", "critical")]
    assert said["response_levels"] == [
        {"zone": "gb", "response_level": "normal"},
        {"zone": "ni", "response_level": "exceptional"},
    ]
    page = Api().get("/threat-level/history/", size="1").json()
    [newest] = page["results"]
    assert (newest["level"], newest["previous_level"]) == (second.level, None)
    [older] = Api().get("/threat-level/history/", after=page["next"]).json()["results"]
    assert older["level"] == first.level
    assert given.KNOWN not in str(page)


def test_a_holder_confirms(confirmation: ThreatConfirmation, organiser: User) -> None:
    given.write_measures(confirmation.certificate, by=organiser)
    api, path = Api(organiser, "threat:read", "threat:write"), f"{LIST}{confirmation.pk}/"
    [row] = api.get(LIST).json()["results"]
    assert (row["state"], row["measures_version"], row["open"], row["overdue"]) == ("asked", 1, True, False)

    answered = api.post(path, {"answer": "confirmed", "measures_version": 1})
    assert (answered.status_code, answered.json()["state"]) == (200, "confirmed")
    assert api.get(LIST).json()["results"] == []
    again = api.post(path, {"answer": "confirmed", "measures_version": 1})
    assert (again.status_code, again.json()["code"]) == (409, "conflict")


def test_a_version_that_is_not_the_current_one_is_a_conflict(confirmation: ThreatConfirmation, organiser: User) -> None:
    given.write_measures(confirmation.certificate, by=organiser)
    refused = Api(organiser).post(f"{LIST}{confirmation.pk}/", {"answer": "confirmed"})
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert "SECRET" not in refused.content.decode()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"answer": "not_yet", "reason": "Broken"}, "expected_at"),
        ({"answer": "not_yet", "expected_at": "2099-01-01T00:00:00Z", "reason": "Broken"}, "expected_at"),
        ({"answer": "perhaps"}, "answer"),
        ({"answer": "confirmed", "state": "confirmed"}, "state"),
    ],
)
def test_what_cannot_be_taken_is_named(
    confirmation: ThreatConfirmation, organiser: User, body: dict[str, object], field: str
) -> None:
    refused = Api(organiser).post(f"{LIST}{confirmation.pk}/", body)
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == [field]


def test_neither_measures_nor_reason_leave_by_this_way(
    confirmation: ThreatConfirmation, organiser: User, adviser: User
) -> None:
    given.write_measures(confirmation.certificate, by=organiser)
    when = (timezone.now() + timedelta(hours=2)).isoformat()
    body = {"answer": "not_yet", "reason": given.REASON, "expected_at": when}
    assert Api(organiser).post(f"{LIST}{confirmation.pk}/", body).status_code == 200
    for person in (organiser, adviser):
        shown = Api(person).get(f"{LIST}{confirmation.pk}/").content.decode()
        assert '"not_yet"' in shown
        assert "SECRET" not in shown


def test_the_police_list_whoever_is_late_first(confirmation: ThreatConfirmation, adviser: User) -> None:
    certificates = make.copies(confirmation.certificate, 2)
    responses.ask(confirmation.response, certificates, now=timezone.now())
    late = given.due(confirmation.response.confirmations.get(certificate=certificates[1]), timezone.now())
    rows = Api(adviser).get(LIST, area_code="west-yorkshire").json()["results"]
    assert [row["overdue"] for row in rows] == [True, False, False]
    assert rows[0]["id"] == str(late.pk)
    assert Api(adviser).get(LIST, area_code="kent").json()["results"] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_number_of_queries(confirmation: ThreatConfirmation, adviser: User, rows: int) -> None:
    if rows == 3:
        responses.ask(confirmation.response, make.copies(confirmation.certificate, 2), now=timezone.now())
    api = Api(adviser)
    api.get(LIST)
    with CaptureQueriesContext(connection) as caught:
        assert len(api.get(LIST).json()["results"]) == rows
    assert len(caught) == 3, [query["sql"][:120] for query in caught]
