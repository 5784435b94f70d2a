from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from core.http import health, heartbeats
from core.models import OutboxJob
from core.outbox import Rank


def test_healthz_needs_no_database(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_readyz_is_ready_without_worker_and_beat_and_says_so(client: Client) -> None:
    heartbeats.beat("worker")

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json()["ready"] is True
    assert response.json()["checks"]["worker"] == "ok"
    assert response.json()["checks"]["beat"] == "missing"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rank", "since", "given_up", "answer"),
    [
        *((rank, patience - timedelta(minutes=1), False, "ok") for rank, patience in health.OUTBOX_PATIENCE.items()),
        *(
            (rank, patience + timedelta(minutes=1), False, "missing")
            for rank, patience in health.OUTBOX_PATIENCE.items()
        ),
        (Rank.BACKGROUND, timedelta(0), True, "missing"),
    ],
)
def test_readyz_shows_what_was_promised_and_not_done(
    client: Client, rank: int, since: timedelta, given_up: bool, answer: str
) -> None:
    now = timezone.now()
    OutboxJob.objects.create(
        kind="mail", rank=rank, key="1", created_at=now, available_at=now - since, failed_at=now if given_up else None
    )

    response = client.get("/readyz")

    assert (response.status_code, response.json()["checks"]["outbox"]) == (200, answer)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(health.REQUIRED))
def test_readyz_refuses_traffic_without_what_pages_need(
    client: Client, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(health.CHECKS, name, lambda: False)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["ready"] is False
    assert response.json()["checks"][name] == "missing"


@pytest.mark.django_db
def test_readyz_tells_nobody_why_the_database_is_gone(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise DatabaseError("could not connect to db.internal as wardmark")

    monkeypatch.setattr(health.connection, "cursor", broken)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert b"internal" not in response.content


@pytest.mark.django_db
def test_readyz_asks_no_more_than_it_must(client: Client, django_assert_max_num_queries: pytest.FixtureRequest) -> None:
    client.get("/readyz")

    with django_assert_max_num_queries(3):
        client.get("/readyz")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_pages_only_answer_questions(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
