"""Headers, cookies and log lines of a real answer through the real middleware."""

from __future__ import annotations

import json
import logging
import sys

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from config import logs
from core import audit

SEEN: dict[str, str] = {}


def _page(request: HttpRequest, token: str = "") -> HttpResponse:
    SEEN["request_id"] = audit.request_id.get()
    response = HttpResponse("page")
    if token == "public":
        response["Cache-Control"] = "public, max-age=60"
    return response


def _broken(request: HttpRequest, token: str) -> HttpResponse:
    raise RuntimeError("broken")


urlpatterns = [
    path("", include("config.urls")),
    path("probe/<str:token>/", _page),
    path("broken/<str:token>/", _broken),
]

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.http.test_headers")]


def test_every_page_carries_the_strict_policy(client: Client) -> None:
    policy = client.get("/probe/x/")["Content-Security-Policy"]

    assert sorted(policy.split("; ")) == [
        "base-uri 'none'",
        "connect-src 'self'",
        "default-src 'none'",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self'",
        "manifest-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
    ]


def test_every_page_says_what_browsers_may_do_with_it(client: Client) -> None:
    response = client.get("/probe/x/")

    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in response["Permissions-Policy"]
    assert "publickey-credentials-get=(self)" in response["Permissions-Policy"]


def test_what_was_made_for_one_person_is_never_stored(client: Client) -> None:
    assert client.get("/probe/x/")["Cache-Control"] == "no-cache"
    assert client.get("/probe/x/", headers={"Authorization": "Bearer x"})["Cache-Control"] == "private, no-store"

    client.cookies["sessionid"] = "anything"
    assert client.get("/probe/x/")["Cache-Control"] == "private, no-store"
    assert client.get("/probe/public/")["Cache-Control"] == "public, max-age=60"


def test_a_request_has_one_name_in_answer_and_audit(client: Client) -> None:
    response = client.get("/probe/x/", headers={"X-Request-ID": "proxy-1234567890"})

    assert response["X-Request-ID"] == "proxy-1234567890"
    assert SEEN["request_id"] == "proxy-1234567890"
    assert audit.request_id.get() == ""


@pytest.mark.parametrize("offered", ["", "short", "has a blank in it", "x" * 65, "line\nbreak-12345"])
def test_a_name_that_could_forge_a_log_line_is_replaced(client: Client, offered: str) -> None:
    response = client.get("/probe/x/", headers={"X-Request-ID": offered})

    assert response["X-Request-ID"] != offered
    assert len(response["X-Request-ID"]) == 32


def test_no_log_line_holds_the_address(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.raise_request_exception = False
    filter_ = logs.WithoutAddress()
    with caplog.at_level(logging.DEBUG):
        client.get("/probe/the-secret-token/")
        client.get("/broken/the-secret-token/")
        client.get("/nowhere/the-secret-token/")

    for record in caplog.records:
        filter_.filter(record)
    lines = [record.getMessage() for record in caplog.records if record.name in {"django.request", "wardmark.request"}]
    # The token would have been there: Django's own line of the failure quotes the path.
    assert any("broken/<str:token>/" in line for line in lines)
    assert [line for line in lines if "the-secret-token" in line] == []


def test_secrets_are_hidden_by_their_name() -> None:
    event = logs.hide_secrets(None, "info", {"event": "sign-in", "email": "a@example.org", "user_id": "7"})

    assert event == {"event": "sign-in", "email": "(hidden)", "user_id": "7"}


def test_production_lines_are_json_without_local_variables() -> None:
    line = logs.json_lines(level="INFO")["formatters"]["line"]
    formatter = line["()"](foreign_pre_chain=line["foreign_pre_chain"], processors=line["processors"])
    password = "never-in-a-log"
    try:
        raise ValueError(len(password))
    except ValueError:
        record = logging.getLogger("probe").makeRecord("probe", logging.ERROR, "x", 1, "failed", (), sys.exc_info())

    written = json.loads(formatter.format(record))

    assert (written["event"], written["level"], written["logger"]) == ("failed", "error", "probe")
    assert "ValueError: 14" in written["exception"]
    assert "never-in-a-log" not in json.dumps(written)
