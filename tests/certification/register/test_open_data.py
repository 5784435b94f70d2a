"""The whole register as a file: what is in it, that nobody is harmed by it, and how fresh it is."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation
from certification.models import Certificate
from certification.selectors import open_data, register
from certification.services import register as services
from tests import flush
from tests.factories import accounts as people
from tests.factories import certificates as make


def read(client: Client, path: str, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]


def renamed(certificate: Certificate, name: str) -> None:
    with flush.lifted("certification_certificate"):
        Certificate.objects.filter(pk=certificate.pk).update(subject_name=name)
    services.refresh([certificate.pk])


def test_its_columns_are_an_allow_list() -> None:
    assert open_data.COLUMNS == (
        "number", "name", "kind", "place", "holder", "area_code", "area", "state", "valid_from", "valid_until", "page",
    )  # fmt: skip


def test_as_csv(issued: Certificate, client: Client) -> None:
    [row] = csv.DictReader(io.StringIO(read(client, "/register/data.csv")))
    assert row == {
        "number": issued.number,
        "name": issued.subject_name,
        "kind": "venue",
        "place": "Otley, LS21 3AA",
        "holder": "Harbour Lights Trust",
        "area_code": issued.area_id,
        "area": issued.area.name,
        "state": "in_force",
        "valid_from": issued.valid_from.isoformat(),
        "valid_until": issued.valid_until.isoformat(),
        "page": f"http://testserver/register/{issued.number}/",
    }


def test_as_json_it_says_when_and_under_which_licence(issued: Certificate, client: Client) -> None:
    with time_machine.travel("2026-12-01T10:00:00+00:00", tick=False):
        found = json.loads(read(client, "/register/data.json"))
    assert found["generated_at"] == "2026-12-01T10:00:00+00:00"
    assert found["licence"] == settings.OPEN_DATA_LICENCE
    assert "not proof of compliance" in found["note"]
    assert [row["number"] for row in found["results"]] == [issued.number]
    assert set(found["results"][0]) == set(open_data.COLUMNS)


def test_nothing_of_plan_review_or_people(issued: Certificate, client: Client) -> None:
    for path in ("/register/data.csv", "/register/data.json"):
        text = read(client, path)
        for secret in (*make.PLAN_WORDS, "GOV-02", issued.token, str(issued.pk), "Olive Organiser"):
            assert secret not in text


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_spreadsheet_computes_nothing_of_it(issued: Certificate, client: Client, start: str) -> None:
    renamed(issued, f'{start}HYPERLINK("http://bad.example","Hall")')
    [row] = csv.DictReader(io.StringIO(read(client, "/register/data.csv"), newline=""))
    assert row["name"] == f'\'{start}HYPERLINK("http://bad.example","Hall")'


def test_names_that_hurt_a_format_survive_it(issued: Certificate, client: Client) -> None:
    name = 'The "Old", Hall\u2019s; Tŷ & <b>\n'
    renamed(issued, name)
    [row] = csv.DictReader(io.StringIO(read(client, "/register/data.csv"), newline=""))
    assert row["name"] == name
    assert json.loads(read(client, "/register/data.json"))["results"][0]["name"] == name


def test_it_is_read_in_chunks_each_entry_once(
    issued: Certificate, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make.copies(issued, 6)
    monkeypatch.setattr(register, "_CHUNK", 3)
    # Three, three, one, none.
    with django_assert_num_queries(4):
        names = [entry.subject for entry in register.everything(today=timezone.localdate())]
    assert len(names) == 7
    assert names == sorted(names, key=str.lower)


@pytest.mark.parametrize("path", ["/register/data.csv", "/register/data.json"])
def test_whoever_has_it_is_not_sent_it_again_until_it_changes(issued: Certificate, client: Client, path: str) -> None:
    first = client.get(path)
    assert first["Cache-Control"] == "public, max-age=60"
    assert (first["Access-Control-Allow-Origin"], first["Cross-Origin-Resource-Policy"]) == ("*", "cross-origin")
    assert not first.cookies
    assert "Cookie" not in first.get("Vary", "")
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert client.get(path, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    assert client.head(path)["ETag"] == first["ETag"]


def test_a_revocation_changes_its_tag_at_once(issued: Certificate, client: Client) -> None:
    before = client.get("/register/data.csv")["ETag"]
    make.revoked_certificate(issued, proposer=people.make_officer(), confirmer=people.make_officer("authoriser"))
    assert client.get("/register/data.csv", headers={"If-None-Match": before}).status_code == 200
    [row] = csv.DictReader(io.StringIO(read(client, "/register/data.csv")))
    assert row["state"] == "revoked"


def test_so_does_midnight(issued: Certificate, client: Client) -> None:
    before = client.get("/register/data.csv")
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        for header in ({"If-None-Match": before["ETag"]}, {"If-Modified-Since": before["Last-Modified"]}):
            assert client.get("/register/data.csv", headers=header).status_code == 200


def test_so_does_one_that_leaves(issued: Certificate, client: Client) -> None:
    before = client.get("/register/data.csv")["ETag"]
    Certificate.objects.update(listed=False)
    services.rebuild()
    assert client.get("/register/data.csv")["ETag"] != before


def test_it_is_limited_in_rate(organisation: Organisation, client: Client) -> None:
    answers = [client.get("/register/data.csv").status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]


def test_the_page_about_it_names_every_column(db: None, client: Client) -> None:
    page = client.get("/register/data/").content.decode()
    for column in open_data.COLUMNS:
        assert column in page
    assert settings.OPEN_DATA_LICENCE["name"] in page
