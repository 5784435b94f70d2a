"""When the service itself breaks, a program still reads problem JSON, and operators find the line."""

from __future__ import annotations

import logging
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from structlog.testing import capture_logs

from accounts.models import User
from tests.api_client import Api
from tests.conftest import ClientFor

pytestmark = pytest.mark.django_db
NAME = "a-request-of-mine"


def broken(path: str, **headers: str) -> Any:
    client = Client(raise_request_exception=False)
    with patch("core.keyset.page", side_effect=ZeroDivisionError("SECRET-WORDS")):
        return client.get(path, headers={"X-Request-ID": NAME, **headers})


def test_a_fault_of_ours_is_a_problem_with_the_name_of_the_request(
    owner: User, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "django.request"):
        response = broken("/api/v1/plans/", **Api(owner).headers)

    assert response.status_code == 500
    assert response["Content-Type"] == "application/problem+json"
    assert response["X-Request-ID"] == NAME
    assert response.json() == {
        "type": "urn:wardmark:problem:internal-error",
        "title": "Something went wrong here",
        "status": 500,
        "code": "internal-error",
        "detail": "This is a fault of the service, and it has been logged. Tell whoever runs it the request_id.",
        "request_id": NAME,
    }
    [record] = [one for one in caplog.records if one.name == "django.request"]
    assert record.exc_info is not None


def test_what_breaks_before_a_view_is_reached_is_a_problem_too() -> None:
    client = Client(raise_request_exception=False)
    with patch("accounts.middleware.RequireSecondFactor.process_view", side_effect=ZeroDivisionError):
        response = client.get("/api/v1/standards/")
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")


def test_people_get_the_page(owner: User, client_for: ClientFor) -> None:
    client = client_for(owner)
    client.raise_request_exception = False
    with patch("core.keyset.page", side_effect=ZeroDivisionError("SECRET-WORDS")):
        response = client.get("/places/")
    assert (response.status_code, response["Content-Type"]) == (500, "text/html; charset=utf-8")
    assert "SECRET-WORDS" not in response.content.decode()


def logged(path: str, client: Client, **headers: str) -> dict[str, object]:
    with capture_logs() as lines:
        client.get(path, headers=headers)
    [line] = [dict(line) for line in lines if line["event"] == "request"]
    return line


def test_the_log_names_the_owner_of_a_token(owner: User) -> None:
    line = logged("/api/v1/plans/", Client(), **Api(owner).headers)
    assert (line["status"], line["user_id"]) == (200, str(owner.pk))


def test_the_log_names_who_is_signed_in(owner: User, client_for: ClientFor) -> None:
    assert logged("/api/v1/plans/", client_for(owner))["user_id"] == str(owner.pk)
    assert logged("/places/", client_for(owner))["user_id"] == str(owner.pk)


def test_the_log_names_nobody_where_nobody_was_recognised(owner: User) -> None:
    wrong = {"Authorization": "Bearer wm_aaaaaaaaaa_" + "x" * 43}
    assert logged("/api/v1/plans/", Client(), **wrong)["user_id"] == ""
    assert logged("/api/v1/standards/", Client(), **Api(owner).headers)["user_id"] == ""
    assert logged("/about/", Client())["user_id"] == ""
