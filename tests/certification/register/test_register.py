"""The public register: who is on it, field by field."""

from __future__ import annotations

import html
from dataclasses import fields
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from certification.models import Certificate
from certification.selectors import register
from certification.selectors.register import Search
from certification.services import register as services
from tests import flush
from tests.factories import certificates as make
from tests.factories.events import make_event, make_project, make_venue


def names(search: Search | None = None, *, today: date | None = None) -> list[str]:
    found = register.page(search or Search(), today=today or timezone.localdate())
    return [entry.subject for entry in found.entries]


def in_state(state: str, organisation: Organisation, name: str) -> Certificate:
    return make.certificate_in(state, organisation, subject=make_venue(organisation, name=name))


def test_an_entry_is_an_allow_list() -> None:
    assert {field.name for field in fields(register.RegisterEntry)} == {
        "number",
        "subject",
        "kind",
        "place",
        "holder",
        "area_code",
        "area",
        "state",
        "words",
        "valid_from",
        "valid_until",
    }


def test_what_was_issued_is_on_it_and_what_was_not_is_not(organisation: Organisation) -> None:
    for state in ("being_issued", "in_force", "expired", "revoked", "superseded"):
        in_state(state, organisation, f"Hall {state}")
    never_issued = in_state("revoked", organisation, "Never issued")
    with flush.lifted("certification_certificate"):
        Certificate.objects.filter(pk=never_issued.pk).update(issued_at=None)
    in_state("in_force", organisation, "Taken off")
    Certificate.objects.filter(subject_name="Taken off").update(listed=False)
    services.rebuild()
    assert names() == ["Hall expired", "Hall in_force", "Hall revoked", "Hall superseded"]


def test_taken_off_the_list_it_can_still_be_checked(organisation: Organisation, client: Client) -> None:
    certificate = in_state("in_force", organisation, "Taken off")
    Certificate.objects.update(listed=False)
    services.rebuild()
    assert client.get(f"/check/{certificate.token}/", {"format": "json"}).json()["valid"] is True
    assert "Taken off" not in client.get("/register/").content.decode()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("harbour hall", ["Harbour Hall", "Moor Hall"]),
        ("moor", ["Moor Hall"]),
        ("HALL", ["Harbour Hall", "Moor Hall"]),
        ("hall moor", ["Moor Hall"]),
        ("otley", ["Harbour Hall", "Moor Hall"]),
        ("lights trust", ["Harbour Hall", "Moor Hall"]),
        ("nowhere", []),
        ("%", []),
        ("_", []),
        ("%%", []),
        ("x' OR 1=1 --", []),
    ],
)
def test_search(organisation: Organisation, words: str, found: list[str]) -> None:
    for name in ("Moor Hall", "Harbour Hall"):
        in_state("in_force", organisation, name)
    assert names(Search(words=words)) == found


def test_by_number_in_any_spelling(organisation: Organisation) -> None:
    first = in_state("in_force", organisation, "Harbour Hall")
    in_state("in_force", organisation, "Moor Hall")
    assert names(Search(words=first.number.lower().replace("-", " "))) == ["Harbour Hall"]


def test_filters(organisation: Organisation) -> None:
    in_state("in_force", organisation, "A hall")
    make.certificate_in("expired", organisation, subject=make_event(organisation, name="A concert"))
    make.certificate_in("revoked", organisation, subject=make_project(organisation, name="A station"))
    area = Certificate.objects.all()[0].area_id
    assert names(Search(kind="event")) == ["A concert"]
    assert names(Search(kind="project")) == ["A station"]
    assert names(Search(kind="venue", state="in_force")) == ["A hall"]
    assert names(Search(state="revoked")) == ["A station"]
    assert names(Search(area=area)) == ["A concert", "A hall", "A station"]
    assert names(Search(area="elsewhere")) == []


def test_the_date_decides_before_the_sweep_has_come(organisation: Organisation) -> None:
    certificate = in_state("in_force", organisation, "A hall")
    after = certificate.valid_until + timedelta(days=1)
    assert names(Search(state="in_force"), today=after) == []
    assert names(Search(state="expired"), today=after) == ["A hall"]
    assert register.page(Search(), today=after).entries[0].state == "expired"


def test_nothing_of_plan_review_or_people_is_on_the_page(
    issued: Certificate, adviser: User, authoriser: User, organiser: User, client: Client
) -> None:
    page = html.unescape(client.get("/register/").content.decode())
    assert issued.subject_name in page
    hidden = [*make.PLAN_WORDS, "GOV-02", issued.token, str(issued.pk), str(issued.plan_id)]
    for words in [*hidden, adviser.name, authoriser.name, organiser.name, organiser.email]:
        assert words not in page, words


def test_pages_and_queries(
    organisation: Organisation, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    certificate = in_state("in_force", organisation, "A hall")
    # The police areas to choose from; the page. With words: the hits are found first.
    with django_assert_num_queries(2):
        client.get("/register/")
    make.copies(certificate, 60)
    with django_assert_num_queries(2):
        response = client.get("/register/")
    with django_assert_num_queries(3):
        client.get("/register/", {"words": "hall"})
    # Nothing matches; what it may have been meant for; the hits of that.
    with django_assert_num_queries(5):
        assert client.get("/register/", {"words": "haall"}).context["page"].close
    with django_assert_num_queries(3):
        client.get("/register/", {"words": "nothing like it"})
    seen: list[str] = []
    after = ""
    for _ in range(3):
        found = register.page(Search(), today=timezone.localdate(), after=after)
        seen += [entry.subject for entry in found.entries]
        after = found.older or ""
    assert len(seen) == len(set(seen)) == 61
    assert seen == sorted(seen)
    assert response.content.decode().count('data-label="Certificate"') == 25


@pytest.mark.parametrize("query", ["state=nonsense", "kind=x", "area=nowhere", "words=" + "x" * 101, "after=nonsense"])
def test_nonsense_in_the_address_is_no_fault(db: None, client: Client, query: str) -> None:
    response = client.get(f"/register/?{query}")
    assert response.status_code == (422 if query.startswith("after") else 200)
