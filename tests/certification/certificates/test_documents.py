"""The document: made once, whatever is killed; what it says, and what it never says."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pikepdf
import pypdf
import pytest
from django.db import connection

from accounts.models import Organisation, User
from certification import documents
from certification.models import Certificate
from certification.services import documents as service
from certification.services import revocations, sealing
from core import outbox, pdf, storage
from core.http import libraries
from core.models import AuditEvent, OutboxJob, OutgoingMail
from core.signing import pades
from tests import flush
from tests.factories import certificates as make


def render(certificate: Certificate) -> Certificate:
    service.render({"certificate": str(certificate.pk)})
    certificate.refresh_from_db()
    return certificate


def facts_of(certificate: Certificate) -> tuple[object, ...]:
    events = list(AuditEvent.objects.filter(action__startswith="certificate.").values_list("action", flat=True))
    mails = sorted(OutgoingMail.objects.filter(kind__startswith="certificate.").values_list("key", flat=True))
    return (certificate.state, certificate.pdf_name, certificate.pdf_sha256, certificate.issued_at, events, mails)


def files_of(certificate: Certificate, settings: Any) -> list[str]:
    from pathlib import Path

    directory = Path(settings.VAULT_DIR) / "certificates" / str(certificate.pk)
    return sorted(path.name for path in directory.iterdir()) if directory.is_dir() else []


def test_it_is_issued_with_its_document_and_the_editors_are_told(
    decided: Certificate, organiser: User, colleague: User, viewer: User
) -> None:
    certificate = render(decided)
    content = storage.read_all(certificate.pdf_name)
    assert (certificate.state, certificate.pdf_sha256, certificate.pdf_size, certificate.template_version) == (
        "in_force",
        hashlib.sha256(content).hexdigest(),
        len(content),
        documents.TEMPLATE_VERSION,
    )
    told = OutgoingMail.objects.filter(kind="certificate.issued").order_by("to").values_list("to", flat=True)
    assert list(told) == sorted([organiser.email, colleague.email])
    assert certificate.number in OutgoingMail.objects.filter(kind="certificate.issued")[0].subject


def test_through_the_outbox(decided: Certificate, run_outbox: Callable[[], int]) -> None:
    run_outbox()
    decided.refresh_from_db()
    job = OutboxJob.objects.get(kind="certificate.render")
    assert (decided.state, job.done_at is not None, job.attempts) == ("in_force", True, 1)


def test_run_again_it_changes_nothing(issued: Certificate, settings: Any) -> None:
    before, files = facts_of(issued), files_of(issued, settings)
    assert facts_of(render(issued)) == before
    assert files_of(issued, settings) == files == [issued.pdf_name.rpartition("/")[2]]


class Killed(BaseException):
    """Not an Exception: nothing of ours may catch it, as nothing catches a kill."""


@pytest.mark.parametrize(
    ("module", "name", "after"),
    [
        (pdf, "render", False),
        (pdf, "render", True),
        (sealing, "make_ready", True),
        (pades, "sign", False),
        (pades, "sign", True),
        (storage, "once", False),
        (storage, "once", True),
        (service, "move_certificate", True),
        (service.audit, "record", True),
        (service.notify, "send", True),
    ],
)
def test_killed_at_any_step_and_run_again_there_is_one_of_everything(
    decided: Certificate, settings: Any, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, after: bool
) -> None:
    real = getattr(module, name)

    def dies(*args: object, **kwargs: object) -> object:
        if after:
            real(*args, **kwargs)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(module, name, dies)
        with pytest.raises(Killed):
            render(decided)
    decided.refresh_from_db()
    assert (decided.state, decided.pdf_name) == ("being_issued", "")
    assert not OutgoingMail.objects.filter(kind="certificate.issued").exists()

    certificate = render(decided)
    assert certificate.state == "in_force"
    assert files_of(certificate, settings) == [certificate.pdf_name.rpartition("/")[2]]
    assert hashlib.sha256(storage.read_all(certificate.pdf_name)).hexdigest() == certificate.pdf_sha256
    assert storage.exists(certificate.pdf_name)
    assert AuditEvent.objects.filter(action="certificate.issued").count() == 1
    assert OutgoingMail.objects.filter(kind="certificate.issued").count() == 1


def test_two_workers_at_once_issue_once(decided: Certificate, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = pades.sign

    def another_worker_was_faster(*args: Any, **kwargs: Any) -> pades.Signed:
        signed = real(*args, **kwargs)
        with monkeypatch.context() as patch:
            patch.setattr(pades, "sign", real)
            service.render({"certificate": str(decided.pk)})
        return signed

    monkeypatch.setattr(pades, "sign", another_worker_was_faster)
    certificate = render(decided)
    assert certificate.state == "in_force"
    assert len(files_of(certificate, settings)) == 1
    assert hashlib.sha256(storage.read_all(certificate.pdf_name)).hexdigest() == certificate.pdf_sha256
    assert AuditEvent.objects.filter(action="certificate.issued").count() == 1


def test_revoked_while_it_was_being_made_it_never_comes_into_force(
    decided: Certificate, adviser: User, authoriser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = storage.once

    def meanwhile(name: str, make_it: Any) -> bytes:
        make.revoked_certificate(decided, proposer=adviser, confirmer=authoriser)
        return real(name, make_it)

    monkeypatch.setattr(storage, "once", meanwhile)
    certificate = render(decided)
    assert (certificate.state, certificate.pdf_name, certificate.issued_at) == ("revoked", "", None)
    assert not OutgoingMail.objects.filter(kind="certificate.issued").exists()


def test_revoked_before_the_worker_comes_nothing_is_made(
    decided: Certificate, adviser: User, authoriser: User, settings: Any
) -> None:
    make.revoked_certificate(decided, proposer=adviser, confirmer=authoriser)
    assert render(decided).state == "revoked"
    assert files_of(decided, settings) == []


def test_without_the_library_the_job_waits_and_the_decision_stands(
    decided: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libraries, "pango", lambda: False)
    job = OutboxJob.objects.get(kind="certificate.render")
    OutboxJob.objects.filter(pk=job.pk).update(attempts=outbox.MAX_ATTEMPTS + 5)
    assert outbox.run(job.pk) is False
    job.refresh_from_db()
    decided.refresh_from_db()
    assert (decided.state, job.failed_at, job.last_error) == ("being_issued", None, "TryLater")


def test_a_renewal_supersedes_the_old_in_the_same_breath(issued: Certificate, adviser: User, authoriser: User) -> None:
    new = make.decided_certificate(issued.organisation, reviewer=adviser, signer=authoriser, subject=issued.venue)
    issued.refresh_from_db()
    assert (issued.state, new.state) == ("in_force", "being_issued")
    render(new)
    issued.refresh_from_db()
    assert (issued.state, issued.ended_at == new.issued_at, new.state) == ("superseded", True, "in_force")
    event = AuditEvent.objects.get(action="certificate.superseded")
    assert event.facts == {"number": issued.number, "by": new.number}


def test_the_earlier_of_two_decisions_is_issued_first(decided: Certificate, adviser: User, authoriser: User) -> None:
    """`plans.begin` refuses a plan meanwhile; were there one all the same, the newer must not be superseded by the older."""
    make.put_in("revoked", decided)
    later = make.decided_certificate(decided.organisation, reviewer=adviser, signer=authoriser, subject=decided.venue)
    with flush.lifted("certification_certificate"):
        Certificate.objects.filter(pk=decided.pk).update(
            state="being_issued", issued_at=None, ended_at=None, pdf_name="", pdf_sha256=""
        )
    with pytest.raises(outbox.TryLater):
        render(later)
    assert render(decided).state == "in_force"
    assert render(later).state == "in_force"
    decided.refresh_from_db()
    assert decided.state == "superseded"


def test_the_layout_runs_outside_any_transaction(decided: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    depth = len(connection.savepoint_ids)
    seen: list[int] = []
    real = pdf.render

    def looks(source: pdf.Source) -> bytes:
        seen.append(len(connection.savepoint_ids))
        return real(source)

    monkeypatch.setattr(pdf, "render", looks)
    render(decided)
    assert seen == [depth]


# What the document is --------------------------------------------------------------------------------------------------


@pytest.fixture
def content(issued: Certificate) -> bytes:
    return storage.read_all(issued.pdf_name)


def text_of(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def test_it_says_what_a_certificate_says(issued: Certificate, content: bytes) -> None:
    first, schedule = text_of(content)
    for words in [
        issued.number,
        issued.subject_name,
        issued.subject_place,
        issued.holder_name,
        issued.area.name,
        issued.scope,
        "1 condition",
        "Standard tier",
        "testserver/check/",
        "not proof of compliance with the Terrorism (Protection of Premises) Act 2025",
        "whose regulator is the Security Industry Authority",
    ]:
        assert words in first, words
    assert "Put GOV-02 in place." in schedule
    assert issued.number in schedule


def test_nothing_of_plan_or_review_is_in_it(content: bytes) -> None:
    first, schedule = text_of(content)
    raw = pikepdf.open(io.BytesIO(content))
    info = str(raw.docinfo) + str(raw.open_metadata())
    for words in make.PLAN_WORDS:
        assert words not in first + schedule + info, words
    # What is still missing is an attacker's list: the page that hangs on the wall only counts it.
    assert "Put GOV-02 in place." not in first


def test_no_officer_is_named(content: bytes, adviser: User, authoriser: User) -> None:
    whole = " ".join(text_of(content))
    assert "Authorising officer" in whole
    for person in (adviser, authoriser):
        assert person.name not in whole
        assert person.email not in whole


def test_it_is_archival_and_readable_by_a_screen_reader(content: bytes, issued: Certificate) -> None:
    document = pikepdf.open(io.BytesIO(content))
    root = document.Root
    with document.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        title = f"Protective security certificate {issued.number}: {issued.subject_name}"
        assert str(metadata["dc:title"]) == title
    assert bool(root.MarkInfo.Marked)
    assert str(root.Lang) == "en-GB"
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    assert "/OutputIntents" in root
    kinds = structure(root.StructTreeRoot)
    assert kinds.count("/H1") == 1
    assert {"/H2", "/Table", "/TH", "/Figure", "/P"} <= set(kinds)
    # Reading order: what it is, for whom, then the schedule.
    assert kinds.index("/H1") < kinds.index("/Table") < kinds.index("/H2")


def structure(node: Any) -> list[str]:
    found: list[str] = []
    stack = [node]
    while stack:
        item = stack.pop()
        if not isinstance(item, pikepdf.Dictionary):
            continue
        if "/S" in item:
            found.append(str(item.S))
        kids = item.get("/K")
        if isinstance(kids, pikepdf.Array):
            stack.extend(reversed(list(kids)))  # type: ignore[call-overload]
        elif isinstance(kids, pikepdf.Dictionary):
            stack.append(kids)
    return found


def elements(document: pikepdf.Pdf, kind: str) -> list[pikepdf.Dictionary]:
    return [o for o in document.objects if isinstance(o, pikepdf.Dictionary) and str(o.get("/S", "")) == kind]


def test_pictures_have_words_and_header_cells_a_scope(content: bytes) -> None:
    document = pikepdf.open(io.BytesIO(content))
    assert sorted(str(figure.Alt)[:7] for figure in elements(document, "/Figure")) == ["QR code", "QR code", "Wardmar"]
    scopes = [str(header.A) for header in elements(document, "/TH")]
    assert len(scopes) == 7
    assert all("/Scope" in scope and "/Column" in scope for scope in scopes), scopes


def test_every_font_is_embedded(content: bytes) -> None:
    document = pikepdf.open(io.BytesIO(content))
    descriptors = [
        o
        for o in document.objects
        if isinstance(o, pikepdf.Dictionary) and str(o.get("/Type", "")) == "/FontDescriptor"
    ]
    assert descriptors
    assert all("/FontFile2" in d or "/FontFile3" in d for d in descriptors)


def test_nothing_in_it_acts_or_points_out(content: bytes) -> None:
    document = pikepdf.open(io.BytesIO(content))
    names = {key for o in document.objects if isinstance(o, pikepdf.Dictionary) for key, _ in o.items()}
    assert not names & {"/JS", "/JavaScript", "/Launch", "/OpenAction", "/AA"}
    assert list(document.attachments) == [documents.CREDENTIAL_FILE]


def test_the_code_holds_the_check_address(issued: Certificate) -> None:
    assert documents.check_url(issued) == f"http://testserver/check/{issued.token}/"


def test_the_same_certificate_is_the_same_bytes_until_the_signature(issued: Certificate, content: bytes) -> None:
    assert content.startswith(pdf.render(documents.certificate_pdf(issued.pk)))


def sample(certificate: Certificate, **changes: Any) -> documents.CertificateDocument:
    return replace(documents.certificate_document(certificate), **changes)


def test_long_names_twenty_conditions_and_welsh_letters_fit(issued: Certificate) -> None:
    name = ("Canolfan Gymunedol Tŷ Ŵyl a Neuadd Goffa Dyfnŵr " * 4)[:160]
    document = sample(
        issued,
        subject_name=name,
        holder_name=name[::-1],
        conditions=[
            documents.ConditionLine(
                f"PHY-{n:02d}", f"Condition {n}: " + "Fit and test the gŵyl gate. " * 6, date(2027, 1, n)
            )
            for n in range(1, 21)
        ],
        demo=True,
    )
    pages = text_of(pdf.render(documents.source_of(document, identifier="long")))
    assert name.strip() in pages[0]
    assert "DEMONSTRATION" in pages[0]
    assert "whose regulator is the Security Industry Authority" in pages[0]
    schedule = " ".join(pages[1:])
    assert all(f"Condition {n}:" in schedule for n in range(1, 21))
    assert "Schedule of conditions" in pages[1]


def test_hostile_words_stay_words(issued: Certificate) -> None:
    name = '<img src="file:///etc/passwd"><script>x</script>'
    pages = text_of(pdf.render(documents.source_of(sample(issued, subject_name=name), identifier="hostile")))
    assert name.replace(" ", "") in pages[0].replace(" ", "")


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "http://127.0.0.1:9/x.png", "wardmark-font:../../etc/passwd"]
)
def test_a_document_cannot_fetch_anything(address: str) -> None:
    with pytest.raises(pdf.ForbiddenAddress):
        pdf.render(pdf.Source(f'<html lang="en"><img src="{address}" alt=""></html>', "", "x"))


def test_the_template_is_given_the_listed_fields_alone() -> None:
    assert {field.name for field in fields(documents.CertificateDocument)} == {
        "service_name",
        "number",
        "subject_name",
        "subject_place",
        "kind",
        "holder_name",
        "scope",
        "tier",
        "standard_title",
        "standard_version",
        "area",
        "particulars",
        "stage",
        "next_stage",
        "decided_on",
        "created_at",
        "valid_from",
        "valid_until",
        "basis",
        "replaces",
        "conditions",
        "check_place",
        "check_url",
        "demo",
        "signed_by",
        "demo_authority",
        "offline_claim",
    }


def test_without_conditions_there_is_one_page_and_it_says_so(
    organisation: Organisation, adviser: User, authoriser: User
) -> None:
    certificate = make.issued_certificate(organisation, reviewer=adviser, signer=authoriser)
    pages = text_of(storage.read_all(certificate.pdf_name))
    assert len(pages) == 1
    assert "without conditions." in pages[0]


def test_a_proposal_to_revoke_does_not_stop_the_document(decided: Certificate, adviser: User) -> None:
    revocations.propose(actor=adviser, certificate_id=decided.pk, reason="Perhaps.")
    assert render(decided).state == "in_force"
