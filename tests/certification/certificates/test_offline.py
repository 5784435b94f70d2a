"""What scanners fetch: the key set, the list of states, and how soon a revocation is in it."""

from __future__ import annotations

import json
import random
import uuid
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts.models import User
from certification.models import Certificate, CredentialStatus
from certification.selectors import status_lists
from certification.selectors.credentials import credential_of
from core import storage
from core.signing import claims, status_list
from tests.factories import certificates as make


def listed(client: Client, certificate: Certificate) -> int | None:
    """The certificate's state, as a scanner that fetches now reads it."""
    token = client.get("/status/0").content.decode()
    claim = claims.verify(token, client.get("/.well-known/jwks.json").json()["keys"])
    index = CredentialStatus.objects.get(certificate=certificate).index
    return status_list.state_at(status_list.unpack(claim.payload["status_list"]), index)


def test_the_list_is_signed_and_says_what_it_is(issued: Certificate, client: Client, settings: Settings) -> None:
    moment = datetime(2027, 1, 1, 12, tzinfo=UTC)
    with time_machine.travel(moment, tick=False):
        response = client.get("/status/0")
    claim = claims.verify(response.content.decode(), claims.key_set())
    assert response["Content-Type"] == "application/statuslist+jwt"
    assert claim.header == {"alg": "Ed25519", "kid": next(iter(settings.CREDENTIAL_KEYS)), "typ": "statuslist+jwt"}
    assert claim.payload | {"status_list": ""} == {
        "sub": "http://testserver/status/0",
        "iat": int(moment.timestamp()),
        "exp": int((moment + timedelta(hours=24)).timestamp()),
        "ttl": 60,
        "status_list": "",
    }


@pytest.mark.parametrize(
    ("state", "value"),
    [
        ("in_force", status_list.VALID),
        ("suspended", status_list.SUSPENDED),
        ("being_issued", status_list.NOT_YET),
        *((state, status_list.INVALID) for state in ("revoked", "superseded", "surrendered", "expired")),
    ],
)
def test_each_state_in_the_list(issued: Certificate, client: Client, state: str, value: int) -> None:
    make.put_in(state, issued)
    assert listed(client, issued) == value


def test_what_was_never_given_is_not_valid(issued: Certificate, client: Client) -> None:
    content = status_list.unpack(
        claims.verify(client.get("/status/0").content.decode(), claims.key_set()).payload["status_list"]
    )
    given = CredentialStatus.objects.get().index
    assert {status_list.state_at(content, n) for n in range(given + 200) if n != given} == {status_list.INVALID}


def test_a_revocation_is_known_within_a_minute_to_whoever_fetches_when_told(
    issued: Certificate, adviser: User, authoriser: User, client: Client
) -> None:
    """The worst case: fetched just before from a list that had just been made, kept for as long as its answer allows."""
    start = datetime(2027, 1, 1, 12, tzinfo=UTC)
    for age in (0, 10, 24):
        with time_machine.travel(start + timedelta(minutes=age), tick=False) as clock:
            client.get("/status/0")
            clock.shift(age)
            copy = client.get("/status/0")
            kept_for = int(copy["Cache-Control"].removeprefix("public, max-age="))
            assert age + kept_for == 60
    with time_machine.travel(start + timedelta(hours=1), tick=False) as clock:
        assert listed(client, issued) == status_list.VALID
        make.revoked_certificate(issued, proposer=adviser, confirmer=authoriser)
        clock.shift(status_lists.BUILT_SECONDS)
        assert listed(client, issued) == status_list.INVALID


def test_it_is_made_in_one_query_and_then_kept(
    issued: Certificate, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):  # the last index, and the states
        client.get("/status/0")
    with django_assert_num_queries(0):
        client.get("/status/0")


def test_whoever_has_it_already_is_told_so(issued: Certificate, client: Client) -> None:
    first = client.get("/status/0")
    for tag in (first["ETag"], f"W/{first['ETag']}", f'"x", {first["ETag"]}'):
        again = client.get("/status/0", headers={"if-none-match": tag})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert again["Cache-Control"].startswith("public, max-age=")
    assert client.get("/status/0", headers={"if-none-match": '"other"'}).status_code == 200


def test_the_first_list_is_there_before_anything_is_in_it_and_no_later_one(db: None, client: Client) -> None:
    assert client.get("/status/0").status_code == 200
    for number in ("1", "99999999999999"):
        assert client.get(f"/status/{number}").status_code == 404


def test_without_keys_there_is_no_list_rather_than_an_unsigned_one(
    issued: Certificate, client: Client, settings: Settings
) -> None:
    settings.CREDENTIAL_KEYS = {}
    response = client.get("/status/0")
    assert response.status_code == 503
    assert "status_list" not in response.content.decode()


def test_programs_on_other_sites_may_read_both(issued: Certificate, client: Client) -> None:
    for path, seconds in [("/.well-known/jwks.json", "300"), ("/status/0", "60")]:
        response = client.get(path)
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert response["Cache-Control"] == f"public, max-age={seconds}"
        assert "Set-Cookie" not in response


def test_the_key_set_is_one_query(
    issued: Certificate, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        response = client.get("/.well-known/jwks.json")
    assert response["Content-Type"] == "application/jwk-set+json"


def test_a_hundred_thousand_states_are_a_few_kilobytes() -> None:
    """A list of 100,000, one in twenty no more valid and one in five hundred suspended, where they fall by chance."""
    chance = random.Random(7)
    states = [chance.choices([0, 1, 2], [948, 50, 2])[0] for _ in range(100_000)]
    text = status_list.pack(enumerate(states), size=status_list.SIZE, default=status_list.INVALID)
    assert len(text) < 16_000
    content = status_list.unpack({"bits": 2, "lst": text})
    assert len(content) == 32_768
    assert [status_list.state_at(content, n) for n in range(100_000)] == states


def test_the_second_list_begins_where_the_first_ends(issued: Certificate, client: Client) -> None:
    copies = make.copies(issued, 2)
    now = timezone.now()
    for copy, index in zip(copies, (status_list.SIZE - 1, status_list.SIZE), strict=True):
        make.put_in("in_force", copy)
        CredentialStatus.objects.create(index=index, certificate=copy, created_at=now)
    found = []
    for number, place in ((0, status_list.SIZE - 1), (1, 0)):
        claim = claims.verify(client.get(f"/status/{number}").content.decode(), claims.key_set())
        found.append(status_list.state_at(status_list.unpack(claim.payload["status_list"]), place))
    assert found == [status_list.VALID, status_list.VALID]
    credential = credential_of(copies[1])
    assert credential is not None
    assert credential.claims["status"] == {"status_list": {"idx": 0, "uri": "http://testserver/status/1"}}


# The pages --------------------------------------------------------------------------------------------------------------


def test_the_page_for_makers_of_scanners_names_both_addresses(db: None, client: Client) -> None:
    page = client.get("/check/offline/").content.decode()
    assert "http://testserver/.well-known/jwks.json" in page
    assert "http://testserver/status/0" in page


def test_the_authority_s_page_gives_its_root_and_says_that_it_is_a_demonstration(
    issued: Certificate, client: Client
) -> None:
    page = client.get("/check/authority/").content.decode()
    assert "Demonstration root" in page
    assert "of no effect" in page
    kid = page.split("/check/authority/")[1].split(".pem")[0]
    response = client.get(f"/check/authority/{kid}.pem")
    assert response.content.decode().count("BEGIN CERTIFICATE") == 1
    assert "PRIVATE" not in response.content.decode()
    assert client.get(f"/check/authority/{'0' * 64}.pem").status_code == 404


def test_before_the_first_certificate_the_page_says_so(db: None, client: Client) -> None:
    assert "Nothing has been signed yet" in client.get("/check/authority/").content.decode()


# The reference verifier --------------------------------------------------------------------------------------------------


@pytest.fixture
def files(issued: Certificate, client: Client, tmp_path: Path) -> dict[str, str]:
    """What a scanner would have fetched, and the document."""
    credential = credential_of(issued)
    assert credential is not None
    content = {
        "jwks": client.get("/.well-known/jwks.json").content,
        "status": client.get("/status/0").content,
        "pdf": storage.read_all(issued.pdf_name),
        "short": credential.short.encode(),
        "empty": b"%PDF-1.7",
    }
    for name, data in content.items():
        (tmp_path / name).write_bytes(data)
    return {name: str(tmp_path / name) for name in content}


def run(*arguments: str) -> tuple[str, str]:
    """What it says on standard output, and its last word if it is no."""
    out = StringIO()
    try:
        call_command("verify_credential", *arguments, stdout=out)
    except CommandError as error:
        return out.getvalue(), f"{error.returncode} {error}"
    return out.getvalue(), ""


@pytest.mark.parametrize("what", ["pdf", "short"])
def test_the_command_checks_a_document_and_a_printed_claim(
    files: dict[str, str], issued: Certificate, what: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        said, refused = run(files[what], "--jwks", files["jwks"], "--status", files["status"])
    assert refused == ""
    assert issued.number in said
    assert "Valid: signed by us" in said


def test_the_command_takes_the_claim_itself_and_says_what_it_does_not_know(files: dict[str, str]) -> None:
    said, refused = run(Path(files["short"]).read_text(), "--jwks", files["jwks"])
    assert (refused, "It may have been revoked since" in " ".join(said.split()) or "may have been revoked" in said) == (
        "",
        True,
    )


def test_the_command_says_no_to_what_was_revoked(files: dict[str, str], issued: Certificate, client: Client) -> None:
    make.put_in("revoked", issued)
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        Path(files["status"]).write_bytes(client.get("/status/0").content)
        assert run(files["pdf"], "--jwks", files["jwks"], "--status", files["status"])[1].startswith(
            "1 Not valid any more"
        )


@pytest.mark.parametrize(
    ("claim", "jwks", "words"),
    [
        ("a.b.c", "jwks", "1 Not signed by us"),
        ("empty", "jwks", "2 "),
        ("missing", "jwks", "2 "),
        ("short", "short", "2 "),
        ("short", "missing", "2 "),
    ],
)
def test_the_command_tells_a_bad_claim_from_a_bad_question(
    files: dict[str, str], claim: str, jwks: str, words: str
) -> None:
    given = files.get(claim, claim if "." in claim else f"/nonexistent/{uuid.uuid4()}")
    assert run(given, "--jwks", files.get(jwks, "/nonexistent/x"))[1].startswith(words)


def test_a_key_set_of_another_service_verifies_nothing(files: dict[str, str], tmp_path: Path) -> None:
    other = json.loads(Path(files["jwks"]).read_bytes())
    for key in other["keys"]:
        key["x"] = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    (tmp_path / "other").write_text(json.dumps(other))
    assert run(files["pdf"], "--jwks", str(tmp_path / "other"))[1].startswith("1 Not signed by us")
