"""Signed or not issued: the decision stands, operators are told once, and it heals by itself."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from certification.models import Certificate, CredentialStatus
from certification.selectors.credentials import LONGEST_SHORT, credential_of
from certification.services import documents as service
from certification.services import signing_watch
from core import outbox, storage
from core.models import AuditEvent, OutboxJob, OutgoingMail, SigningKey, SigningOutage
from core.signing import authority, claims, demonstration, embedded, pades, registry, timestamps, validation
from core.signing.errors import AwaitingKey, KeyUnavailable
from tests.conftest import ClientFor
from tests.core.signing.authorities import Authority, server, stamp
from tests.core.signing.authorities import authority as new_authority
from tests.factories import certificates as make


@pytest.fixture(autouse=True)
def _nothing_held() -> Any:
    authority.forget()
    yield
    authority.forget()


def use(settings: Settings, made: Authority) -> None:
    """As an operator would: a file and its password."""
    path = Path(settings.DATA_DIR) / f"{made.chain.kid}.p12"
    path.write_bytes(made.pkcs12("p"))
    settings.SIGNING_PKCS12, settings.SIGNING_PKCS12_PASSWORD = str(path), "p"


def render(certificate: Certificate) -> Certificate:
    service.render({"certificate": str(certificate.pk)})
    certificate.refresh_from_db()
    return certificate


def roots() -> list[Any]:
    return [chain.certificates[-1] for chain in registry.document_chains()]


def test_what_is_issued_is_signed_by_the_authority_and_carries_its_claim(decided: Certificate) -> None:
    certificate = render(decided)
    content = storage.read_all(certificate.pdf_name)
    assert validation.validate(content, roots()).holds
    claim = claims.verify(embedded.claim_in(content), claims.key_set()).payload
    status = CredentialStatus.objects.get(certificate=certificate)
    assert claim == {
        "iss": "http://testserver",
        "number": certificate.number,
        "kind": "venue",
        "holder": certificate.holder_name,
        "subject": certificate.subject_name,
        "place": certificate.subject_place,
        "scope": certificate.scope,
        "valid_from": certificate.valid_from.isoformat(),
        "valid_until": certificate.valid_until.isoformat(),
        "issued": status.created_at.isoformat(timespec="seconds"),
        "status": {"status_list": {"idx": status.index, "uri": "http://testserver/status/0"}},
    }
    assert json.loads(embedded.content_of(content))["claims"] == claim


def test_the_trail_says_which_keys_signed_and_how(decided: Certificate) -> None:
    render(decided)
    facts = AuditEvent.objects.get(action="certificate.issued").facts
    (document,) = SigningKey.objects.filter(purpose="document")
    (credential,) = SigningKey.objects.filter(purpose="credential")
    assert (facts["signature"], facts["key"], facts["credential_key"]) == ("B-B", document.kid, credential.kid)


def test_the_document_says_that_its_authority_is_a_demonstration(issued: Certificate) -> None:
    import io

    import pypdf

    first = pypdf.PdfReader(io.BytesIO(storage.read_all(issued.pdf_name))).pages[0].extract_text()
    assert "DEMONSTRATION" in first
    assert registry.issuer() == registry.Issuer(demonstration.ISSUER, demonstration=True)


def test_with_a_real_key_it_does_not(decided: Certificate, settings: Settings) -> None:
    import io

    import pypdf

    use(settings, new_authority())
    content = storage.read_all(render(decided).pdf_name)
    assert "DEMONSTRATION" not in pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()


def test_a_new_key_signs_and_what_the_old_one_signed_still_verifies(
    issued: Certificate, adviser: User, authoriser: User, settings: Settings
) -> None:
    old = storage.read_all(issued.pdf_name)
    ring = dict(settings.CREDENTIAL_KEYS)
    use(settings, new_authority())
    settings.CREDENTIAL_KEYS = {"c2": os.urandom(32), **ring}
    new = make.issued_certificate(issued.organisation, reviewer=adviser, signer=authoriser)
    settings.CREDENTIAL_KEYS = {"c2": settings.CREDENTIAL_KEYS["c2"]}
    contents = [old, storage.read_all(new.pdf_name)]
    assert [validation.validate(content, roots()).holds for content in contents] == [True, True]
    kids = [claims.verify(embedded.claim_in(content), claims.key_set()).header["kid"] for content in contents]
    assert kids == [*ring, "c2"]


# No key ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def keyless(settings: Settings) -> Settings:
    settings.DEMONSTRATION_AUTHORITY = ""
    return settings


def job() -> OutboxJob:
    return OutboxJob.objects.get(kind="certificate.render")


def vault_of(certificate: Certificate, settings: Settings) -> list[str]:
    directory = Path(settings.VAULT_DIR) / "certificates" / str(certificate.pk)
    return [path.name for path in directory.iterdir()] if directory.is_dir() else []


@pytest.mark.parametrize("missing", ["DEMONSTRATION_AUTHORITY", "CREDENTIAL_KEYS"])
def test_without_a_key_the_decision_stands_and_nothing_is_kept_unsigned(
    decided: Certificate, settings: Settings, missing: str
) -> None:
    kept = getattr(settings, missing)
    setattr(settings, missing, type(kept)())
    OutboxJob.objects.update(attempts=outbox.MAX_ATTEMPTS + 3)
    assert outbox.run(job().pk) is False
    decided.refresh_from_db()
    assert (decided.state, decided.pdf_name, job().last_error, job().failed_at) == (
        "being_issued",
        "",
        "AwaitingKey",
        None,
    )
    assert vault_of(decided, settings) == []
    setattr(settings, missing, kept)
    signing_watch.watch(now=timezone.now())
    assert outbox.run(job().pk) is True
    decided.refresh_from_db()
    assert decided.state == "in_force"


def test_a_signature_that_fails_leaves_nothing_behind(
    decided: Certificate, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> pades.Signed:
        raise KeyUnavailable("The token does not sign.")

    with monkeypatch.context() as patch:
        patch.setattr(pades, "sign", fails)
        with pytest.raises(AwaitingKey):
            render(decided)
    assert vault_of(decided, settings) == []
    assert render(decided).state == "in_force"


def test_operators_are_told_once_for_each_interruption(
    decided: Certificate, national_admin: User, adviser: User, keyless: Settings, settings: Settings
) -> None:
    outbox.run(job().pk)
    begun = timezone.now()

    def told() -> list[str]:
        return list(OutgoingMail.objects.filter(kind="signing.key_missing").values_list("to", flat=True))

    def watch(minutes: int) -> None:
        with time_machine.travel(begun + timedelta(minutes=minutes), tick=False):
            signing_watch.watch(now=timezone.now())

    watch(14)
    assert told() == []
    for minutes in (16, 17, 90):
        watch(minutes)
    assert told() == [national_admin.email]
    # Healed, and broken again another day.
    settings.DEMONSTRATION_AUTHORITY = demonstration.new_authority()
    watch(100)
    with time_machine.travel(begun + timedelta(minutes=101), tick=False):
        assert outbox.run(job().pk) is True
    watch(102)
    assert SigningOutage.objects.get().ended_at is not None
    settings.DEMONSTRATION_AUTHORITY = ""
    other = make.decided_certificate(decided.organisation, reviewer=adviser)
    outbox.run(OutboxJob.objects.get(key=f"certificate:{other.pk}:render").pk)
    watch(3000)
    watch(3001)
    assert told() == [national_admin.email] * 2


def test_the_mail_tells_nothing_of_a_case(decided: Certificate, national_admin: User, keyless: Settings) -> None:
    outbox.run(job().pk)
    signing_watch.watch(now=timezone.now() + timedelta(hours=1))
    mail = OutgoingMail.objects.get(kind="signing.key_missing")
    text = mail.subject + mail.body
    assert "manage.py signing_key" in text
    for words in [*make.PLAN_WORDS, decided.number, decided.subject_name, decided.holder_name]:
        assert words not in text


def test_a_key_elsewhere_is_tried_only_while_certificates_wait(
    decided: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[bytes] = []

    def counts(_: object, data: bytes) -> bytes:
        tried.append(data)
        return b""

    monkeypatch.setattr(signing_watch.keys, "sign_checked", counts)
    signing_watch.watch(now=timezone.now())
    assert tried == []
    OutboxJob.objects.filter(pk=job().pk).update(last_error="AwaitingKey")
    signing_watch.watch(now=timezone.now())
    assert len(tried) == 1


def test_readyz_and_the_command_say_it(
    decided: Certificate, national_admin: User, client: Client, client_for: ClientFor, keyless: Settings
) -> None:
    def state() -> str:
        return str(client.get("/readyz").json()["checks"]["signing"])

    assert state() == "missing"
    outbox.run(job().pk)
    signing_watch.watch(now=timezone.now())
    assert state() == "missing"
    out = StringIO()
    call_command("outbox", stdout=out)
    assert "errors: AwaitingKey" in out.getvalue()
    assert "manage.py signing_key" in out.getvalue()
    assert "1 certificate waits for the signing key" in client_for(national_admin).get("/").content.decode()
    with pytest.raises(CommandError, match="No signing key is configured"):
        call_command("signing_key")
    keyless.DEMONSTRATION_AUTHORITY = demonstration.new_authority()
    signing_watch.watch(now=timezone.now())
    assert state() == "ok"
    outbox.run(job().pk)
    assert "signing key" not in client_for(national_admin).get("/").content.decode()


def test_the_command_names_the_keys_and_gives_the_root(db: None) -> None:
    out = StringIO()
    call_command("signing_key", stdout=out)
    said = out.getvalue()
    assert f"documents: demonstration, {demonstration.ISSUER}" in said
    assert "level B-B" in said
    assert "Both keys sign." in said
    root = StringIO()
    call_command("signing_key", root=True, stdout=root)
    assert root.getvalue().startswith("-----BEGIN CERTIFICATE-----\n")


# A time-stamp authority ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("with_root", "level"), [(False, "B-T"), (True, "B-LT")])
def test_a_configured_time_stamp_authority_is_used(
    decided: Certificate, settings: Settings, tmp_path: Path, with_root: bool, level: str
) -> None:
    tsa = new_authority("rsa", name="Time-stamp authority", stamps=True)
    (tmp_path / "tsa.pem").write_text(tsa.chain.pem)
    with server(lambda asked: (200, {}, stamp(tsa, asked.body))) as (address, _):
        settings.SIGNING_TSA_URL = address
        settings.SIGNING_TSA_CERTIFICATES = str(tmp_path / "tsa.pem") if with_root else ""
        certificate = render(decided)
    timestamps.forget()
    assert AuditEvent.objects.get(action="certificate.issued").facts["signature"] == level
    content = storage.read_all(certificate.pdf_name)
    assert validation.validate(content, roots(), stamp_roots=[tsa.root]).time_proved


def test_a_time_stamp_authority_that_is_away_is_waited_for(decided: Certificate, settings: Settings) -> None:
    with server(lambda _: (503, {}, b"")) as (address, _):
        settings.SIGNING_TSA_URL = address
        with pytest.raises(AwaitingKey):
            render(decided)
    timestamps.forget()
    decided.refresh_from_db()
    assert (decided.state, vault_of(decided, settings)) == ("being_issued", [])


# The place in the list, and the printed claim --------------------------------------------------------------------------


def test_an_index_is_given_once_and_never_to_another(
    issued: Certificate, adviser: User, authoriser: User, run_outbox: Callable[[], int]
) -> None:
    status = CredentialStatus.objects.get(certificate=issued)
    render(issued)
    assert CredentialStatus.objects.get(certificate=issued).index == status.index
    other = make.issued_certificate(issued.organisation, reviewer=adviser, signer=authoriser)
    assert CredentialStatus.objects.get(certificate=other).index > status.index
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        CredentialStatus.objects.filter(pk=status.pk).update(certificate_id=other.pk)


def test_the_printed_claim_fits_a_code_that_a_phone_reads(decided: Certificate, settings: Settings) -> None:
    import segno

    for name, place in [
        ("Hall", "Otley"),
        ("Ŵ" * 160, "Ŷ" * 120),
        ("A" * 160, "B"),
        ("A", "B" * 120),
        ("\u2603" * 160, ""),
    ]:
        Certificate.objects.filter(pk=decided.pk).update(subject_name=name, subject_place=place)
        decided.refresh_from_db()
        CredentialStatus.objects.get_or_create(certificate=decided, defaults={"created_at": timezone.now()})
        credential = credential_of(decided)
        assert credential is not None
        assert len(credential.short) <= LONGEST_SHORT
        assert segno.make(credential.short, error="m", micro=False, boost_error=False).version <= 13
        said = claims.verify(credential.short, claims.key_set()).payload
        assert said["n"] == decided.number
        assert said["s"] == name or said["s"].endswith("…")
        assert said["p"] == place or said["p"].endswith("…")
    settings.OFFLINE_CODE = False
    off = credential_of(decided)
    assert off is not None
    assert (off.short, bool(off.text)) == ("", True)


def test_before_it_is_sealed_a_certificate_has_no_credential(decided: Certificate, settings: Settings) -> None:
    assert credential_of(decided) is None
    render(decided)
    settings.CREDENTIAL_KEYS = {}
    assert credential_of(decided) is None


def test_the_file_is_kept_as_it_was_signed_first(decided: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after storing: the next run takes what is there, and does not sign again."""
    real = service.sealing.seal_of

    def dies(_: bytes) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(service.sealing, "seal_of", dies)
        with pytest.raises(KeyboardInterrupt):
            render(decided)
    signed: list[bytes] = []

    def counts(content: bytes) -> Any:
        signed.append(content)
        return real(content)

    monkeypatch.setattr(service.sealing, "seal_of", counts)
    monkeypatch.setattr(pades, "sign", dies)
    certificate = render(decided)
    assert certificate.state == "in_force"
    assert hashlib.sha256(signed[0]).hexdigest() == certificate.pdf_sha256
