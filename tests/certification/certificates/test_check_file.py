"""A document dropped on the page, sent by a program, or given to the command: ours and in force, or not, and never kept."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.http.multipartparser import MultiPartParser
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts.models import User
from certification.domain import certificate_number
from certification.models import Certificate
from certification.selectors import verification
from core import storage
from core.signing import embedded
from tests.core.signing.authorities import authority, small_pdf
from tests.factories import certificates as make


@pytest.fixture
def content(issued: Certificate) -> bytes:
    return storage.read_all(issued.pdf_name)


def flipped(content: bytes, place: int = 5000) -> bytes:
    changed = bytearray(content)
    changed[place] ^= 1
    return bytes(changed)


def resaved(content: bytes) -> bytes:
    """By another program: the signature does not survive, the claim inside does."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        del document.Root["/AcroForm"], document.Root["/Perms"], document.pages[0].obj["/Annots"]
        document.save(out, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def status_of(content: bytes) -> str:
    return verification.check_file(content, today=timezone.localdate(), now=timezone.now()).status


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("in_force", "in_force_with_conditions"),
        ("suspended", "suspended"),
        ("revoked", "revoked"),
        ("superseded", "superseded"),
        ("surrendered", "surrendered"),
        ("expired", "expired"),
    ],
)
def test_ours_to_the_byte_is_answered_as_by_its_number(
    issued: Certificate, content: bytes, state: str, status: str
) -> None:
    kept = {"pdf_sha256": issued.pdf_sha256, "pdf_name": issued.pdf_name}
    make.put_in(state, issued)
    from tests import flush

    with flush.lifted("certification_certificate"):
        Certificate.objects.filter(pk=issued.pk).update(**kept)
    result = verification.check_file(content, today=timezone.localdate(), now=timezone.now())
    by_number = verification.check(issued.number, today=timezone.localdate(), now=timezone.now())
    assert (result.status, result.facts, result.older_file) == (status, by_number.facts, False)


@pytest.mark.parametrize(
    "change",
    [flipped, lambda c: c + b"\n", lambda c: flipped(c, 200), resaved],
    ids=["a byte", "something behind", "the beginning", "saved by another program"],
)
def test_what_was_changed_is_altered_and_names_the_number_of_its_claim(
    issued: Certificate, content: bytes, change: Callable[[bytes], bytes]
) -> None:
    result = verification.check_file(change(content), today=timezone.localdate(), now=timezone.now())
    assert (result.status, result.number, result.facts) == ("altered", issued.number, None)


def test_a_claim_that_was_changed_names_no_number(issued: Certificate, content: bytes) -> None:
    """Whoever writes another number into the file is not sent to that number's certificate."""
    claim = embedded.content_of(content)
    forged = claim.replace(issued.number.encode(), certificate_number.make(2026, 999).encode())
    head, body, tail = json.loads(claim)["credential"].split(".")
    forged = forged.replace(f"{head}.{body}.{tail}".encode(), f"{head}.{body[:-2]}xx.{tail}".encode())
    assert status_of(b"%PDF /EmbeddedFile\nstream\n" + __import__("zlib").compress(forged)) == "unknown"


def test_what_is_none_of_ours_is_unknown(issued: Certificate, content: bytes) -> None:
    from core.signing import pades

    for other in [b"", b"%PDF-1.7", small_pdf(), pades.sign(small_pdf(), authority().key).content, content[:-200]]:
        assert status_of(other) in {"unknown", "altered"}
    assert status_of(small_pdf()) == "unknown"


def test_ours_costs_three_queries_and_a_stranger_s_four_at_most(
    content: bytes,
    django_assert_num_queries: DjangoAssertNumQueries,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(3):
        status_of(content)
    with django_assert_max_num_queries(4):
        status_of(flipped(content))


# The page ---------------------------------------------------------------------------------------------------------------


def drop(client: Client, content: bytes, **headers: Any) -> Any:
    return client.post("/check/file/", {"file": SimpleUploadedFile("c.pdf", content, "application/pdf")}, **headers)


def test_the_page_answers_in_words(issued: Certificate, content: bytes, client: Client) -> None:
    page = drop(client, content)
    said = page.content.decode()
    assert page.status_code == 200
    assert "In force today, with conditions still to be met" in said
    assert "as we signed it, byte for byte" in said
    assert issued.holder_name in said
    for words in make.PLAN_WORDS:
        assert words not in said
    altered = drop(client, flipped(content)).content.decode()
    assert "this file has been changed" in altered
    assert f"/check/{issued.number}/" in altered
    assert issued.holder_name not in altered
    assert "no certificate of ours" in drop(client, small_pdf()).content.decode()


def test_the_answer_is_kept_by_nobody(content: bytes, client: Client) -> None:
    response = drop(client, content)
    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert "Set-Cookie" not in response


def test_programs_get_json_at_the_same_address(issued: Certificate, content: bytes, client: Client) -> None:
    found = drop(client, content, headers={"accept": "application/json"}).json()
    assert (found["status"], found["valid"]) == ("in_force_with_conditions", True)
    changed = drop(client, flipped(content), headers={"accept": "application/json"}).json()
    assert (changed["status"], changed["valid"]) == ("altered", False)
    assert changed["certificate"] == {**dict.fromkeys(found["certificate"]), "number": issued.number}


def test_nothing_of_a_dropped_file_is_left(
    content: bytes, client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Larger than what Django would keep in memory by itself."""
    import tempfile

    def refuses(*_: object, **__: object) -> None:
        raise AssertionError("a dropped file went to the disk")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuses)
    big = content + b"\n" * 5_000_000

    def large() -> list[Path]:
        # Other workers of the suite write to the same directory, but nothing of this size.
        with_sizes = [(path, path.stat().st_size) for path in Path(settings.DATA_DIR).rglob("*") if path.is_file()]
        return [path for path, size in with_sizes if size > 4_000_000 and "sqlite" not in path.name]

    assert "has been changed" in drop(client, big).content.decode()
    assert large() == []


def test_the_size_is_refused_before_and_while_it_is_read(
    db: None, client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAX_UPLOAD_BYTES = 100_000
    while_reading = drop(client, b"%PDF-1.7" + b"x" * 120_000)
    assert (while_reading.status_code, "larger than 25 MB" in while_reading.content.decode()) == (413, True)

    def refuses(*_: object, **__: object) -> None:
        raise AssertionError("the body was read")

    monkeypatch.setattr(MultiPartParser, "parse", refuses)
    before = drop(client, b"%PDF-1.7" + b"x" * 400_000)
    assert (before.status_code, "larger than 25 MB" in before.content.decode()) == (413, True)


def test_a_form_without_a_file_says_what_to_do(db: None, client: Client) -> None:
    page = client.post("/check/file/").content.decode()
    assert "Choose the PDF of a certificate" in page
    assert "<title>Error:" in page
    assert client.get("/check/file/")["Location"] == "/check/"
    asked = client.post("/check/file/", headers={"accept": "application/json"})
    assert (asked.status_code, list(asked.json()["errors"])) == (400, ["file"])


def test_files_have_an_allowance_of_their_own(db: None, client: Client) -> None:
    with time_machine.travel("2027-01-01T00:00:10+00:00", tick=False):
        codes = [drop(client, b"%PDF-1.7").status_code for _ in range(11)]
        assert client.get("/check/").status_code == 200
    assert codes == [200] * 10 + [429]


# The interface -----------------------------------------------------------------------------------------------------------


def test_the_interface_takes_a_file(issued: Certificate, content: bytes, client: Client, settings: Settings) -> None:
    def ask(data: bytes) -> Any:
        return client.post("/api/v1/verify/", {"file": SimpleUploadedFile("c.pdf", data, "application/pdf")})

    assert ask(content).json()["status"] == "in_force_with_conditions"
    assert ask(flipped(content)).json()["status"] == "altered"
    settings.MAX_UPLOAD_BYTES = 100_000
    for size in (150_000, 400_000):
        refused = ask(b"x" * size)
        assert (refused.status_code, refused["Content-Type"]) == (413, "application/problem+json")
    assert client.post("/api/v1/verify/", {}).status_code == 422


# Guessing ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/check/{}/?format=json", "/api/v1/verify/{}/"])
def test_whoever_guesses_numbers_is_soon_put_off_for_all_of_them(
    issued: Certificate, client: Client, address: str, settings: Settings
) -> None:
    """Known and unknown alike, or the refusal itself would be the answer; a code from a certificate still is one."""
    year = timezone.localdate().year
    with time_machine.travel("2027-01-01T00:01:00+00:00", tick=False):
        codes = [client.get(address.format(certificate_number.make(year, 500_000 + n))).status_code for n in range(21)]
        known = client.get(address.format(issued.number))
        by_token = client.get(address.format(issued.token))
    assert codes == [200] * 20 + [429]
    assert (known.status_code, int(known["Retry-After"]) > 0) == (429, True)
    assert by_token.status_code == 200


def test_numbers_that_exist_or_are_mistyped_cost_no_miss(issued: Certificate, client: Client) -> None:
    with time_machine.travel("2027-01-01T00:01:00+00:00", tick=False):
        codes = {client.get(f"/check/{entry}/").status_code for entry in [issued.number, "PSC-2026-000001-"] * 15}
        assert client.get(f"/check/{certificate_number.make(2026, 654321)}/").status_code == 200
    assert codes == {200}


def test_what_exists_and_what_does_not_weigh_the_same(issued: Certificate, client: Client) -> None:
    """Same keys, same headers, and a page of the same parts but for the facts (queries: test_verification)."""
    known = client.get(f"/check/{issued.number}/", {"format": "json"})
    unknown = client.get(f"/check/{certificate_number.make(2026, 654321)}/", {"format": "json"})
    assert known.json().keys() == unknown.json().keys()
    assert known.json()["certificate"].keys() == unknown.json()["certificate"].keys()
    assert set(known.headers) == set(unknown.headers)


# The command -------------------------------------------------------------------------------------------------------------


def run(*arguments: str) -> tuple[str, str]:
    out = StringIO()
    try:
        call_command("verify_certificate", *arguments, stdout=out)
    except CommandError as error:
        return out.getvalue(), f"{error.returncode} {error}"
    return out.getvalue(), ""


@pytest.fixture
def file(content: bytes, tmp_path: Path) -> str:
    (tmp_path / "c.pdf").write_bytes(content)
    return str(tmp_path / "c.pdf")


@pytest.fixture
def root(issued: Certificate, tmp_path: Path) -> str:
    out = StringIO()
    call_command("signing_key", root=True, stdout=out)
    (tmp_path / "root.pem").write_text(out.getvalue())
    return str(tmp_path / "root.pem")


def test_the_command_says_what_holds(file: str, issued: Certificate) -> None:
    said, refused = run(file)
    assert refused == ""
    assert "as Demonstration issuing authority signed it" in said
    assert "in force, with conditions still to be met" in said
    assert issued.number in said
    assert "can be relied on today" in said


def test_the_command_refuses_what_was_revoked_though_its_signature_is_good(
    file: str, issued: Certificate, adviser: User, authoriser: User
) -> None:
    make.revoked_certificate(issued, proposer=adviser, confirmer=authoriser)
    said, refused = run(file)
    assert "signed it" in said
    assert "has been revoked" in said
    assert refused.startswith("1 ")


def test_the_command_refuses_a_changed_byte(file: str, issued: Certificate) -> None:
    Path(file).write_bytes(flipped(Path(file).read_bytes()))
    said, refused = run(file)
    assert "The file is not as it was signed." in said
    assert f"It carries our claim for {issued.number}." in said
    assert refused.startswith("1 ")


def test_another_root_is_not_trusted(file: str, tmp_path: Path) -> None:
    (tmp_path / "other.pem").write_text(authority().chain.pem)
    said, refused = run(file, "--root", str(tmp_path / "other.pem"))
    assert "by somebody who is not trusted here" in said
    assert refused.startswith("1 ")


def test_offline_it_asks_no_database_and_says_what_it_cannot_know(
    file: str, root: str, issued: Certificate, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        said, refused = run(file, "--root", root, "--offline")
    assert refused == ""
    assert issued.number in said
    assert "cannot be told without asking" in said
    with time_machine.travel(timezone.now().replace(year=timezone.now().year + 5), tick=False):
        assert run(file, "--root", root, "--offline")[1].startswith("1 ")


@pytest.mark.parametrize("arguments", [["/nonexistent.pdf"], ["{file}", "--offline"], ["{file}", "--root", "{file}"]])
def test_a_question_that_cannot_be_asked_is_no_answer(file: str, arguments: list[str]) -> None:
    assert run(*(argument.format(file=file) for argument in arguments))[1].startswith("2 ")


def test_a_stranger_s_file_is_told_apart(db: None, tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(small_pdf())
    said, refused = run(str(tmp_path / "x.pdf"))
    assert "The file carries no signature." in said
    assert "We never issued this file." in said
    assert refused.startswith("1 ")


def test_the_hash_of_record_is_that_of_the_file(content: bytes, issued: Certificate) -> None:
    assert hashlib.sha256(content).hexdigest() == issued.pdf_sha256
