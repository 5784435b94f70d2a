"""The public check: what it says in each state, and that it says nothing else."""

from __future__ import annotations

import html
import json
import re
from dataclasses import fields
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from certification.domain import certificate_number
from certification.models import Certificate
from certification.selectors import verification
from tests import flush
from tests.factories import certificates as make

UNKNOWN_TOKEN = "A" * 43


def unknown_number() -> str:
    return certificate_number.make(timezone.localdate().year, 654321)


def status_of(entered: str) -> str:
    return verification.check(entered, today=timezone.localdate(), now=timezone.now()).status


@pytest.mark.parametrize(
    ("state", "by_token", "by_number"),
    [
        ("being_issued", "not_yet_in_force", "unknown"),
        ("in_force", "in_force_with_conditions", "in_force_with_conditions"),
        ("expired", "expired", "expired"),
        ("revoked", "revoked", "revoked"),
        ("superseded", "superseded", "superseded"),
    ],
)
def test_each_state(decided: Certificate, state: str, by_token: str, by_number: str) -> None:
    make.put_in(state, decided)
    assert (status_of(decided.token), status_of(decided.number)) == (by_token, by_number)


def test_in_force_without_conditions_once_all_are_met(issued: Certificate) -> None:
    issued.conditions.update(discharged_at=timezone.now())
    assert status_of(issued.token) == "in_force"


def test_the_date_decides_before_the_sweep_has_come(issued: Certificate) -> None:
    last = issued.valid_until
    for today, status in [(last, "in_force_with_conditions"), (last + timedelta(days=1), "expired")]:
        assert verification.check(issued.token, today=today, now=timezone.now()).status == status
    issued.refresh_from_db()
    assert issued.state == "in_force"


@pytest.mark.parametrize(
    "spell", [str.lower, lambda n: n.replace("-", " "), lambda n: n.replace("-", ""), lambda n: f"  {n} "]
)
def test_a_number_in_any_spelling(issued: Certificate, spell: object) -> None:
    assert callable(spell)
    assert status_of(spell(issued.number)) == "in_force_with_conditions"


@pytest.mark.parametrize(
    "entered", ["", "x", "PSC-2026-000001-", "PSC-2026-000001-!", "A" * 42, "A" * 44, "A" * 5000, "\0", "ŵ" * 43]
)
def test_what_cannot_be_a_number_is_told_without_a_look(
    db: None, django_assert_num_queries: DjangoAssertNumQueries, entered: str
) -> None:
    with django_assert_num_queries(0):
        assert status_of(entered) == "mistyped"


def test_a_wrong_digit_is_a_typing_mistake_and_not_another_certificate(issued: Certificate) -> None:
    for place, character in enumerate(issued.number):
        if character.isdigit():
            wrong = issued.number[:place] + str((int(character) + 1) % 10) + issued.number[place + 1 :]
            assert status_of(wrong) == "mistyped"


def test_the_facts_are_an_allow_list() -> None:
    assert {field.name for field in fields(verification.CertificateFacts)} == {
        "number",
        "holder",
        "subject",
        "kind",
        "place",
        "scope",
        "area",
        "valid_from",
        "valid_until",
        "gap_from",
        "gap_until",
    }


# Through the address ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["being_issued", "in_force", "expired", "revoked", "superseded"])
def test_the_page_and_the_json_show_validity_facts_alone(
    decided: Certificate, adviser: User, authoriser: User, client: Client, state: str
) -> None:
    make.put_in(state, decided)
    decided.proposals.create(kind="revoke", reason="SECRET-REASON", proposed_by=adviser, proposed_at=timezone.now())
    page = client.get(f"/check/{decided.token}/")
    data = client.get(f"/check/{decided.token}/", {"format": "json"})
    assert (page.status_code, data.status_code) == (200, 200)
    shown = html.unescape(page.content.decode())
    for words in [decided.subject_name, decided.holder_name, decided.subject_place, decided.scope, decided.number]:
        assert words in shown
    hidden = [
        *make.PLAN_WORDS,
        "Put GOV-02",
        "GOV-02",
        adviser.name,
        authoriser.name,
        str(decided.pk),
        str(decided.plan_id),
    ]
    for words in hidden:
        assert words not in shown + data.content.decode(), words
    assert json.loads(data.content)["certificate"].keys() == {f.name for f in fields(verification.CertificateFacts)}


def shape(value: object) -> object:
    return {key: shape(item) for key, item in value.items()} if isinstance(value, dict) else None


def test_what_does_not_exist_is_answered_in_the_same_shape(
    issued: Certificate, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for known, unknown in [(issued.token, UNKNOWN_TOKEN), (issued.number, unknown_number())]:
        answers = []
        for entered in (known, unknown):
            with django_assert_num_queries(1):
                answers.append(client.get(f"/check/{entered}/", {"format": "json"}))
        assert [a.status_code for a in answers] == [200, 200]
        assert {k: v for k, v in answers[0].items() if k not in {"X-Request-ID", "Content-Length"}} == {
            k: v for k, v in answers[1].items() if k not in {"X-Request-ID", "Content-Length"}
        }
        assert shape(answers[0].json()) == shape(answers[1].json())
        assert (answers[1].json()["status"], answers[1].json()["valid"]) == ("unknown", False)


def test_the_page_of_what_does_not_exist(db: None, client: Client) -> None:
    response = client.get(f"/check/{UNKNOWN_TOKEN}/")
    assert response.status_code == 200
    assert "We hold no certificate with that number or code" in response.content.decode()


@pytest.mark.parametrize("entered", ["token", "number", "unknown"])
def test_a_check_is_at_most_two_queries(
    issued: Certificate, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries, entered: str
) -> None:
    value = {"token": issued.token, "number": issued.number, "unknown": UNKNOWN_TOKEN}[entered]
    with django_assert_max_num_queries(2):
        client.get(f"/check/{value}/")


def test_no_cache_keeps_it_and_no_other_page_learns_its_address(issued: Certificate, client: Client) -> None:
    response = client.get(f"/check/{issued.token}/")
    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert "Accept" in response["Vary"]
    assert "Set-Cookie" not in response


def test_json_when_asked_for(issued: Certificate, client: Client) -> None:
    accept = {"headers": {"accept": "application/json"}}
    assert client.get(f"/check/{issued.token}/", **accept)["Content-Type"] == "application/json"  # type: ignore[arg-type]
    browser = {"headers": {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}}
    assert client.get(f"/check/{issued.token}/", **browser)["Content-Type"].startswith("text/html")  # type: ignore[arg-type]


def test_the_form_takes_a_number_a_token_and_a_pasted_address(issued: Certificate, client: Client) -> None:
    for typed, goes_to in [
        (issued.number.lower().replace("-", " "), issued.number),
        (issued.token, issued.token),
        (f"https://testserver/check/{issued.token}/", issued.token),
    ]:
        response = client.get("/check/", {"number": typed})
        assert (response.status_code, response["Location"]) == (302, f"/check/{goes_to}/")


@pytest.mark.parametrize(
    ("typed", "words"), [("", "Enter the certificate number"), ("PSC-2026-000001-0", "typing mistake")]
)
def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(db: None, client: Client, typed: str, words: str) -> None:
    page = client.get("/check/", {"number": typed}).content.decode()
    assert words in page
    assert "<title>Error:" in page
    assert re.search(rf'value="{re.escape(typed)}"', page) or not typed


def test_a_gap_in_cover_is_said_and_no_gap_is_not(
    issued: Certificate, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make.running_until(make.put_in("expired", issued), date(2026, 3, 31))
    renewed = make.issued_certificate(issued.organisation, subject=issued.venue)
    for valid_from, gap in [(date(2026, 4, 11), ("2026-04-01", "2026-04-10")), (date(2026, 4, 1), (None, None))]:
        with flush.lifted("certification_certificate"):
            Certificate.objects.filter(pk=renewed.pk).update(supersedes=issued, valid_from=valid_from)
        with django_assert_num_queries(1):
            facts = client.get(f"/check/{renewed.token}/", {"format": "json"}).json()["certificate"]
        assert (facts["gap_from"], facts["gap_until"]) == gap
        page = client.get(f"/check/{renewed.token}/").content.decode()
        assert ("Gap in cover" in page) is (gap[0] is not None)
        assert ("1 April 2026 to 10 April 2026: it was renewed after" in page) is (gap[0] is not None)


def test_a_mistake_for_a_program(db: None, client: Client) -> None:
    found = client.get("/check/", {"number": "nonsense", "format": "json"}).json()
    assert (found["status"], found["valid"]) == ("mistyped", False)


@pytest.mark.parametrize("path", ["/check/", f"/check/{UNKNOWN_TOKEN}/"])
def test_the_page_warns_of_other_addresses(db: None, client: Client, path: str) -> None:
    assert "The only true one begins with testserver." in client.get(path).content.decode()


def test_too_many_checks_are_put_off(db: None, client: Client) -> None:
    with time_machine.travel("2027-01-01T00:00:10+00:00", tick=False):
        codes = [client.get(f"/check/{UNKNOWN_TOKEN}/").status_code for _ in range(62)]
    assert codes == [200] * 60 + [429] * 2


def test_a_check_is_logged_without_number_or_token(
    issued: Certificate, client: Client, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    client.get(f"/check/{issued.token}/")
    client.get(f"/check/{issued.number}/")
    captured = capsys.readouterr()
    lines = captured.out + captured.err + caplog.text
    assert "certificate.checked" in lines
    assert "in_force_with_conditions" in lines
    assert issued.token not in lines
    assert issued.number not in lines


def test_a_signed_in_reader_sees_no_more(issued: Certificate, owner: User, client_for: object) -> None:
    assert callable(client_for)
    page = client_for(owner).get(f"/check/{issued.token}/").content.decode()
    assert "Put GOV-02" not in page
