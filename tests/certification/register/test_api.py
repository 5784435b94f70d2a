"""The register for programs: the same search, and whether it is what was asked."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certification.models import Certificate
from tests.api_client import Api
from tests.factories import certificates as make


def test_what_is_found_and_how(issued: Certificate) -> None:
    api = Api(None)
    exact = api.get("/register/?words=harbour+lights").json()
    assert ([row["number"] for row in exact["results"]], exact["close"], exact["suggestion"]) == (
        [issued.number],
        False,
        "",
    )
    close = api.get("/register/?words=harbor+ligths&kind=venue").json()
    assert ([row["number"] for row in close["results"]], close["close"], close["suggestion"]) == (
        [issued.number],
        True,
        "harbour lights",
    )
    assert api.get("/register/?words=zzzz").json()["results"] == []


@pytest.mark.parametrize(("words", "queries"), [("", 1), ("hall", 2), ("haall", 4)])
@pytest.mark.parametrize("more", [0, 2])
def test_it_takes_the_same_number_of_queries(issued: Certificate, words: str, queries: int, more: int) -> None:
    make.copies(issued, more)
    with CaptureQueriesContext(connection) as asked:
        found = Api(None).get(f"/register/?words={words}").json()
    assert (len(found["results"]), len(asked)) == (1 + more, queries)
