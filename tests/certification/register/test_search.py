"""Searching the register, alike on both databases: what is found, what is forgiven, in what order."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Organisation
from certification.models import Certificate, RegisterIndex, RegisterSpelling
from certification.selectors import register
from certification.selectors.register import RegisterPage, Search
from certification.services import register as services
from tests import flush
from tests.factories import certificates as make

PLACES = {
    "Calderbrook Cathedral": "Aldermere, LS1 4AP",
    "Harbour Theatre": "Otley, LS21 3AA",
    "Mill Lane Hall": "Otley, LS21 3AB",
    "St Mary\u2019s Church & Hall": "Ilkley, LS29 9AB",
    "Northmoor Café": "Shipley, BD17 7AA",
    "The Old Harbour": "Cathedral Close, LS11 4AP",
    "Gŵyl Fach": "Otley, LS1 2ZZ",
}


@pytest.fixture
def stocked(organisation: Organisation) -> None:
    first = make.certificate_in("in_force", organisation)
    made = [first, *make.copies(first, len(PLACES) - 1)]
    with flush.lifted("certification_certificate"):
        for certificate, (name, place) in zip(made, PLACES.items(), strict=True):
            Certificate.objects.filter(pk=certificate.pk).update(
                subject_name=name, subject_place=place, holder_name="Harland Trust"
            )
    services.rebuild()


def found(words: str, **more: str) -> RegisterPage:
    return register.page(Search(words=words, **more), today=timezone.localdate())


def names(page: RegisterPage) -> list[str]:
    return [entry.subject for entry in page.entries]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("harbour", ["Harbour Theatre", "The Old Harbour"]),
        ("old harbour", ["The Old Harbour"]),
        ("harbour old", ["The Old Harbour"]),
        ("moor", ["Northmoor Café"]),
        ("cafe", ["Northmoor Café"]),
        ("CAFÉ", ["Northmoor Café"]),
        ("gwyl", ["Gŵyl Fach"]),
        ("marys", ["St Mary\u2019s Church & Hall"]),
        ("mary's and hall", ["St Mary\u2019s Church & Hall"]),
        # Two letters are the beginning of a word, not any part of one.
        ("st", ["St Mary\u2019s Church & Hall"]),
        # The whole name first, then names that begin so, then names that hold it, then places.
        ("cathedral", ["Calderbrook Cathedral", "The Old Harbour"]),
        ("otley hall", ["Mill Lane Hall"]),
        ("mil lan hal", ["Mill Lane Hall"]),
        # A postcode whole, in either spelling; its first half alone, which is not the beginning of another's.
        ("LS21 3AA", ["Harbour Theatre"]),
        ("ls213aa", ["Harbour Theatre"]),
        ("LS1", ["Calderbrook Cathedral", "Gŵyl Fach"]),
        ("LS11", ["The Old Harbour"]),
        ("ls21 3", ["Harbour Theatre", "Mill Lane Hall"]),
    ],
)
def test_as_it_stands(stocked: None, words: str, expected: list[str]) -> None:
    page = found(words)
    assert (names(page), page.close) == (expected, False)


@pytest.mark.parametrize(
    ("words", "expected", "suggestion"),
    [
        ("harbor", ["Harbour Theatre", "The Old Harbour"], "harbour"),
        ("theater", ["Harbour Theatre"], "theatre"),
        ("harbor theater", ["Harbour Theatre"], "harbour theatre"),
        ("catehdral", ["Calderbrook Cathedral", "The Old Harbour"], "cathedral"),
        ("cathadrel", ["Calderbrook Cathedral", "The Old Harbour"], "cathedral"),
        ("calderbrok cathedral", ["Calderbrook Cathedral"], "calderbrook cathedral"),
        ("chruch", ["St Mary\u2019s Church & Hall"], "church"),
        ("otly ls21", ["Harbour Theatre", "Mill Lane Hall"], "otley ls21"),
    ],
)
def test_typing_errors_are_forgiven(stocked: None, words: str, expected: list[str], suggestion: str) -> None:
    page = found(words)
    assert (names(page), page.close, page.suggestion) == (expected, True, suggestion)


def test_a_postcode_is_never_put_right(stocked: None) -> None:
    assert names(found("LS22")) == []
    assert names(found("LS21 3AZ")) == []


def test_what_is_asked_beside_the_words_narrows_both_ways(stocked: None) -> None:
    area = RegisterIndex.objects.all()[0].area_id
    assert names(found("harbor", area=area, kind="venue", state="in_force")) == ["Harbour Theatre", "The Old Harbour"]
    for other in ({"area": "kent"}, {"kind": "event"}, {"state": "revoked"}):
        for words in ("harbour", "harbor"):
            assert names(found(words, **other)) == []


def test_a_word_that_has_left_the_register_is_suggested_to_nobody(stocked: None) -> None:
    Certificate.objects.filter(subject_name="Harbour Theatre").update(listed=False)
    services.rebuild()
    assert RegisterSpelling.objects.filter(word="theatre").exists()
    page = found("theater")
    assert (names(page), page.suggestion) == ([], "")


def test_beyond_what_is_ranked_it_goes_by_name(stocked: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "RANKED_AT_MOST", 2)
    few, many = found("harbour"), found("harland")
    assert (names(few), few.by_name) == (["Harbour Theatre", "The Old Harbour"], False)
    assert (names(many), many.by_name) == (sorted(PLACES), True)
    with CaptureQueriesContext(connection) as asked:
        found("harland")
    assert "LIMIT 3" in asked[0]["sql"]


def test_pages_of_what_was_ranked(stocked: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "SIZE", 2)
    seen: list[str] = []
    after = ""
    for _ in range(4):
        page = register.page(Search(words="harland"), today=timezone.localdate(), after=after)
        seen += names(page)
        after = page.older or ""
    assert seen == sorted(PLACES)
    assert page.older is None
    assert page.newer is not None
    before = register.page(Search(words="harland"), today=timezone.localdate(), after=page.newer)
    assert names(before) == sorted(PLACES)[4:6]


def test_the_page_says_what_was_meant(stocked: None, client: Client) -> None:
    page = client.get("/register/", {"words": "harbor", "kind": "venue"}).content.decode()
    assert "No certificate has “harbor” in its name, place or holder." in page
    assert 'href="?words=harbour&amp;kind=venue">harbour</a>?' in page
    assert "Harbour Theatre" in page
    assert "Did you mean" not in client.get("/register/", {"words": "harbour"}).content.decode()
    assert "Nothing found" in client.get("/register/", {"words": "zzzz"}).content.decode()


@pytest.mark.postgres
def test_any_part_of_a_word_is_found_by_trigrams(stocked: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT 1 FROM certification_registerindex WHERE text::text LIKE '%harbour%'")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "certification_register_trigrams" in plan
