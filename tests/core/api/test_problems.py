"""Whatever goes wrong, a program reads problem JSON with a stable code."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import Organisation, User
from core.api_parsers import MOST_BYTES
from events.serializers.subjects import NewVenueSerializer
from tests.api_client import Api
from tests.conftest import ClientFor

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"
TRIAGE = "/api/v1/triage/"


def code_of(response: Any) -> tuple[int, str]:
    assert response.headers["Content-Type"] == PROBLEM
    body = response.json()
    assert (body["status"], body["type"]) == (response.status_code, f"urn:wardmark:problem:{body['code']}")
    return response.status_code, body["code"]


def post(data: str | bytes, content_type: str = "application/json", **headers: str) -> Any:
    return Client().post(TRIAGE, data, content_type=content_type, headers=headers)


@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v1/nothing/", "/api/v1/me", "/api/v1/plans/not-an-id/"])
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_an_address_that_is_none(path: str, method: str) -> None:
    assert code_of(getattr(Client(enforce_csrf_checks=True), method)(path)) == (404, "not-found")


def test_nobody(db: None) -> None:
    response = Api().get("/plans/")
    assert code_of(response) == (401, "not-authenticated")
    assert response["WWW-Authenticate"] == "Bearer"


def test_a_wrong_token_is_told_as_any_other() -> None:
    response = Client().get("/api/v1/plans/", headers={"Authorization": "Bearer wm_aaaaaaaaaa_" + "x" * 43})
    assert code_of(response) == (401, "not-authenticated")


def test_a_method_that_is_none(owner: User) -> None:
    assert code_of(Client().delete(TRIAGE)) == (405, "method-not-allowed")
    # A token is refused by its scope before the method is looked at: no method that is not listed is open to it.
    assert code_of(Api(owner).delete("/plans/"))[0] == 403


def test_a_kind_of_answer_that_is_none() -> None:
    assert code_of(Client().get("/api/v1/standards/", headers={"Accept": "text/html"})) == (406, "not-acceptable")


def test_a_file_is_given_whatever_is_accepted(owner: User) -> None:
    headers = {**Api(owner).headers, "Accept": "application/pdf"}
    address = "/api/v1/certificates/00000000-0000-0000-0000-000000000000/pdf/"
    assert code_of(Client().get(address, headers=headers)) == (404, "not-found")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_kind_of_body_that_is_not_taken(content_type: str) -> None:
    assert code_of(post("kind=event", content_type)) == (415, "unsupported-media-type")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff",
        b'{"kind": "event", "kind": "premises"}',
        b'{"expected_attendance": NaN}',
        b"[" * 100_000,
        b'{"a":' * 100 + b"1" + b"}" * 100,
    ],
    ids=["cut off", "not UTF-8", "a key twice", "NaN", "endlessly deep", "too deep"],
)
def test_a_body_that_cannot_be_read(body: bytes) -> None:
    assert code_of(post(body)) == (400, "parse-error")


def test_a_body_that_is_too_large() -> None:
    assert code_of(post(b'"' + b"x" * MOST_BYTES + b'"')) == (413, "too-large")


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"3", b"null", b"true"])
def test_a_body_that_is_no_object(body: bytes) -> None:
    assert code_of(post(body)) == (422, "invalid-input")


def test_every_fault_is_told_with_its_place() -> None:
    response = Api().post("/triage/", {"kind": "house", "expected_attendance": -1, "colour": "red"})
    assert code_of(response) == (422, "invalid-input")
    assert {row["field"] for row in response.json()["errors"]} == {"kind", "expected_attendance", "colour"}


def test_the_rules_own_faults_are_told_too() -> None:
    response = Api().post("/triage/", {"kind": "event", "expected_attendance": 900})
    assert [row["field"] for row in response.json()["errors"]] == ["entry_check"]


def test_a_field_that_is_not_the_caller_s_to_set_is_refused(owner: User, organisation: Organisation) -> None:
    new = {**NewVenueSerializer.example, "organisation_id": str(organisation.pk)}
    stolen = {**new, "tier": "none", "created_by": str(owner.pk), "facts": {"recurring": True, "admin": True}}
    response = Api(owner).post("/venues/", stolen)
    assert code_of(response) == (422, "invalid-input")
    assert {row["field"] for row in response.json()["errors"]} == {"tier", "created_by", "facts.admin"}


def test_a_parameter_that_is_not_known_is_refused(owner: User) -> None:
    response = Api(owner).get("/plans/", stat="draft")
    assert [row["field"] for row in response.json()["errors"]] == ["stat"]


@pytest.mark.parametrize("size", ["0", "101", "many"])
def test_pages_have_a_size_within_reason(owner: User, size: str) -> None:
    assert code_of(Api(owner).get("/plans/", size=size)) == (422, "invalid-input")


def test_a_cursor_of_another_list_is_refused(owner: User) -> None:
    assert code_of(Api(owner).get("/plans/", after="nonsense")) == (422, "invalid-input")


def test_too_many_questions_are_told_when_to_come_again(settings: Any) -> None:
    statuses = [post(b"{}").status_code for _ in range(31)]
    assert statuses == [422] * 30 + [429]
    last = post(b"{}")
    assert code_of(last) == (429, "too-many-requests")
    assert 0 < int(last["Retry-After"]) <= 61


def test_checks_have_an_allowance_of_their_own() -> None:
    statuses = [Client().get("/api/v1/verify/nonsense/").status_code for _ in range(31)]
    assert statuses == [200] * 30 + [429]


def test_a_session_may_read_but_writes_only_with_its_csrf_token(owner: User, client_for: ClientFor) -> None:
    client = client_for(owner)
    assert client.get("/api/v1/me/").json()["scopes"] is None
    client.handler.enforce_csrf_checks = True
    assert code_of(client.post("/api/v1/venues/", "{}", content_type="application/json")) == (403, "not-permitted")
    assert client.get("/account/name/").status_code == 200
    token = client.cookies["csrftoken"].value
    headers = {"X-CSRFToken": token}
    response = client.post("/api/v1/venues/", "{}", content_type="application/json", headers=headers)
    assert code_of(response) == (422, "invalid-input")


def test_nothing_that_a_token_got_is_kept_by_a_cache(owner: User) -> None:
    assert Api(owner).get("/me/")["Cache-Control"] == "private, no-store"
