"""Reads whose SQL is kept: the statement is old, what it answers never is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db.models import F, QuerySet
from django.db.models.functions import Upper
from pytest_django import DjangoAssertNumQueries

from core.models import OutboxJob
from core.prepared import Prepared

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)
COLUMNS = ("key", "payload", "created_at", "done_at", "loud")


def rows(jobs: QuerySet[OutboxJob]) -> QuerySet[OutboxJob, tuple[object, ...]]:
    return jobs.annotate(loud=Upper("kind")).order_by().values_list(*COLUMNS)


def by_key() -> Prepared:
    return Prepared(lambda key: rows(OutboxJob.objects.filter(key=key).exclude(kind="hidden")))


def job(key: str, kind: str = "a") -> OutboxJob:
    return OutboxJob.objects.create(key=key, kind=kind, payload={"n": [1]}, created_at=START, available_at=START)


def test_a_row_is_what_the_queryset_gives(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    job("one")
    job("two")
    prepared = by_key()
    for key in ("one", "two", "one"):
        with django_assert_num_queries(1):
            found = prepared.first(key)
        assert found == rows(OutboxJob.objects.filter(key=key)).get() == (key, {"n": [1]}, START, None, "A")


def test_each_call_reads_anew() -> None:
    prepared = by_key()
    assert prepared.first("one") is None
    made = job("one")
    assert prepared.first("one") is not None
    OutboxJob.objects.filter(pk=made.pk).update(kind="hidden")
    assert prepared.first("one") is None


def test_it_is_put_together_once() -> None:
    asked: list[str] = []

    def build(key: str) -> QuerySet[OutboxJob, tuple[object, ...]]:
        asked.append(key)
        return rows(OutboxJob.objects.filter(key=key))

    prepared = Prepared(build)
    for key in ("one", "two", "'; --", "%s", "%"):
        assert prepared.first(key) is None
    assert len(asked) == 1


def test_the_value_stands_wherever_it_is_asked_for() -> None:
    job("same", kind="same")
    prepared = Prepared(lambda word: rows(OutboxJob.objects.filter(key=word, kind=word)))
    assert prepared.first("same") is not None
    assert prepared.first("other") is None


def test_a_query_that_does_not_ask_for_the_value_is_refused() -> None:
    with pytest.raises(ValueError, match="does not ask"):
        Prepared(lambda _: rows(OutboxJob.objects.filter(key=F("kind")))).first("one")
