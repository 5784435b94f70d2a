"""Keyset pages: whichever way they are turned, every row once and in order."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from django.db.models import F, QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import keyset
from core.errors import InvalidInput
from core.models import OutboxJob

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 1, tzinfo=UTC)
ORDERS = [
    ("id",),
    ("-id",),
    ("created_at", "id"),
    ("-created_at", "-id"),
    ("kind", "-created_at", "id"),
    ("-kind", "created_at", "-id"),
]


def _make(rows: list[tuple[int, int]]) -> None:
    """Few kinds and few moments, so that rows tie on every column but the last."""
    OutboxJob.objects.bulk_create(
        [
            OutboxJob(
                key=f"job-{number}",
                kind="abc"[kind],
                payload={},
                created_at=START + timedelta(microseconds=moment),
                available_at=START,
            )
            for number, (kind, moment) in enumerate(rows)
        ]
    )


def _walk(order: tuple[str, ...], size: int) -> list[keyset.Page[OutboxJob]]:
    pages = [keyset.page(OutboxJob.objects.all(), order=order, size=size)]
    while pages[-1].next_cursor is not None:
        pages.append(keyset.page(OutboxJob.objects.all(), order=order, after=pages[-1].next_cursor, size=size))
    return pages


def _walk_back(order: tuple[str, ...], size: int, last: keyset.Page[OutboxJob]) -> list[keyset.Page[OutboxJob]]:
    pages = [last]
    while pages[0].previous_cursor is not None:
        pages.insert(0, keyset.page(OutboxJob.objects.all(), order=order, after=pages[0].previous_cursor, size=size))
    return pages


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), max_size=25),
    order=st.sampled_from(ORDERS),
    size=st.integers(1, 7),
)
def test_every_row_once_in_order_forwards_and_back(
    rows: list[tuple[int, int]], order: tuple[str, ...], size: int
) -> None:
    OutboxJob.objects.all().delete()
    _make(rows)
    expected = [job.pk for job in OutboxJob.objects.order_by(*order)]

    pages = _walk(order, size)
    back = _walk_back(order, size, pages[-1])

    assert [row.pk for page in pages for row in page.rows] == expected
    assert [page.rows for page in back] == [page.rows for page in pages]
    assert len(pages) == max(1, math.ceil(len(rows) / size))


def test_the_first_page_has_nothing_newer_and_the_last_nothing_older() -> None:
    _make([(0, 0)] * 3)

    first, last = _walk(("id",), 2)

    assert (first.newer, first.older is None) == (None, False)
    assert (last.older, last.newer is None) == (None, False)


def test_a_row_that_arrives_between_two_pages_moves_nothing() -> None:
    _make([(0, n) for n in range(4)])
    order = ("-created_at", "-id")
    first = keyset.page(OutboxJob.objects.all(), order=order, size=2)
    _make_one(moment=99)

    second = keyset.page(OutboxJob.objects.all(), order=order, after=first.next_cursor or "", size=2)

    assert [row.key for row in second.rows] == ["job-1", "job-0"]


def test_what_went_away_behind_a_cursor_gives_an_empty_page() -> None:
    _make([(0, n) for n in range(3)])
    first = keyset.page(OutboxJob.objects.all(), order=("id",), size=2)
    OutboxJob.objects.filter(pk__gt=first.rows[-1].pk).delete()

    assert keyset.page(OutboxJob.objects.all(), order=("id",), after=first.next_cursor or "", size=2) == keyset.Page(())


def test_an_annotation_can_order_a_list() -> None:
    _make([(0, n) for n in range(3)])
    twice: QuerySet[OutboxJob] = OutboxJob.objects.annotate(twice=F("attempts") * 2)

    first = keyset.page(twice, order=("twice", "-id"), size=2)
    second = keyset.page(twice, order=("twice", "-id"), after=first.next_cursor or "", size=2)

    assert [row.key for row in (*first.rows, *second.rows)] == ["job-2", "job-1", "job-0"]


def test_rows_of_columns_are_turned_like_models() -> None:
    _make([(0, n) for n in range(5)])
    order = ("-created_at", "-id")
    rows = OutboxJob.objects.values_list("id", "created_at", "key", named=True)

    first = keyset.page(rows, order=order, size=2)
    second = keyset.page(rows, order=order, after=first.next_cursor or "", size=2)
    back = keyset.page(rows, order=order, after=second.previous_cursor or "", size=2)

    assert [row.key for row in (*first.rows, *second.rows)] == ["job-4", "job-3", "job-2", "job-1"]
    assert back.rows == first.rows


@pytest.mark.parametrize("cursor", ["x", "a:b:c", "é", "\x00", "e30:sig", "a" * 5000])
def test_a_cursor_that_is_not_ours_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        keyset.page(OutboxJob.objects.all(), order=("id",), after=cursor)

    assert caught.value.field == "after"


def test_a_cursor_of_another_list_or_with_a_changed_value_is_refused() -> None:
    _make([(0, n) for n in range(3)])
    cursor = keyset.page(OutboxJob.objects.all(), order=("id",), size=1).next_cursor or ""
    forged = signing.Signer(salt="another").sign_object(["f", "9999999999999999999999"])

    for order, tried in ((("-id",), cursor), (("created_at", "id"), cursor), (("id",), forged)):
        with pytest.raises(InvalidInput):
            keyset.page(OutboxJob.objects.all(), order=order, after=tried)


@pytest.mark.parametrize("order", [(), ("done_at", "id"), ("kind", "key", "created_at", "id")])
def test_an_order_that_cannot_be_a_keyset_is_the_programmers_error(order: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="keyset"):
        keyset.page(OutboxJob.objects.all(), order=order)


def test_a_page_is_one_query(django_assert_num_queries: object) -> None:
    _make([(0, n) for n in range(5)])

    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django does not type its fixture
        keyset.page(OutboxJob.objects.all(), order=("-created_at", "-id"), size=2)


def _make_one(*, moment: int) -> None:
    OutboxJob.objects.create(
        key=f"late-{moment}",
        kind="a",
        payload={},
        created_at=START + timedelta(microseconds=moment),
        available_at=START,
    )
