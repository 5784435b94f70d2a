"""Posters and later designs: each made once, the original untouched, every file of ours known again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from accounts.models import Organisation, User
from certification import documents
from certification.models import Certificate, CertificateFile
from certification.selectors import designs as progress_selectors
from certification.selectors.certificate_files import Found, find_by_sha256, papers_of
from certification.services import certificates, designs, posters
from certification.services import documents as service
from certification.services.sealing import Seal
from core import outbox, pdf, storage
from core.errors import IllegalMove, InvalidInput, NotPermitted
from core.http import libraries
from core.models import AuditEvent, OutboxJob
from tests.factories import certificates as make
from tests.factories.certificate_files import add_file

SEAL = Seal("B-B", "document-key", "credential-key")


class Killed(BaseException):
    """Not an Exception: nothing of ours may catch it, as nothing catches a kill."""


@pytest.fixture
def old(issued: Certificate, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    """Issued in the design before the present one."""
    monkeypatch.setattr(documents, "TEMPLATE_VERSION", "2099.1")
    return issued


def files(certificate: Certificate) -> list[tuple[str, str]]:
    found = CertificateFile.objects.filter(certificate=certificate).order_by("pk")
    return list(found.values_list("kind", "template_version"))


class TestPoster:
    def test_it_is_promised_when_the_certificate_is_issued_and_made_by_the_worker(
        self, decided: Certificate, run_outbox: Callable[[], int]
    ) -> None:
        run_outbox()
        poster = CertificateFile.objects.get(certificate=decided)
        content = storage.read_all(poster.name)
        assert (poster.kind, poster.template_version, poster.size) == (
            "poster",
            documents.TEMPLATE_VERSION,
            len(content),
        )
        assert poster.sha256 == hashlib.sha256(content).hexdigest()
        assert OutboxJob.objects.get(kind="certificate.poster").done_at is not None

    def test_run_again_there_is_one(self, issued: Certificate) -> None:
        for _ in range(2):
            posters.render({"certificate": str(issued.pk)})
        assert files(issued) == [("poster", documents.TEMPLATE_VERSION)]

    @pytest.mark.parametrize(("module", "name"), [(pdf, "render"), (storage, "write")])
    def test_killed_and_run_again_there_is_one(
        self, issued: Certificate, monkeypatch: pytest.MonkeyPatch, module: Any, name: str
    ) -> None:
        real = getattr(module, name)

        def dies(*args: object) -> object:
            real(*args)
            raise Killed

        with monkeypatch.context() as patch:
            patch.setattr(module, name, dies)
            with pytest.raises(Killed):
                posters.render({"certificate": str(issued.pk)})
        assert files(issued) == []
        posters.render({"certificate": str(issued.pk)})
        assert files(issued) == [("poster", documents.TEMPLATE_VERSION)]

    def test_two_workers_at_once_make_one(self, issued: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
        real = storage.write

        def another_was_faster(name: str, chunks: Any) -> None:
            real(name, chunks)
            with monkeypatch.context() as patch:
                patch.setattr(storage, "write", real)
                posters.render({"certificate": str(issued.pk)})

        monkeypatch.setattr(storage, "write", another_was_faster)
        posters.render({"certificate": str(issued.pk)})
        assert len(files(issued)) == 1

    def test_revoked_meanwhile_none_is_made(self, issued: Certificate, adviser: User, authoriser: User) -> None:
        make.revoked_certificate(issued, proposer=adviser, confirmer=authoriser)
        posters.render({"certificate": str(issued.pk)})
        assert files(issued) == []

    def test_without_the_library_the_job_waits(self, issued: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(libraries, "pango", lambda: False)
        with pytest.raises(outbox.TryLater):
            posters.render({"certificate": str(issued.pk)})

    def test_of_a_certificate_that_is_over_nobody_is_given_one(
        self, issued: Certificate, owner: User, adviser: User, authoriser: User
    ) -> None:
        add_file(issued, "poster")
        assert certificates.download(actor=owner, certificate_id=issued.pk, poster=True).content == b"%PDF-1.7 small"
        assert AuditEvent.objects.filter(action="certificate.poster_downloaded").count() == 1
        make.revoked_certificate(issued, proposer=adviser, confirmer=authoriser)
        with pytest.raises(IllegalMove):
            certificates.download(actor=owner, certificate_id=issued.pk, poster=True)


class TestNewDesign:
    def test_the_certificate_keeps_its_document_and_the_newest_is_handed_out(
        self, old: Certificate, owner: User
    ) -> None:
        before = Certificate.objects.filter(pk=old.pk).values().get()
        service.redraw({"certificate": str(old.pk)})
        assert Certificate.objects.filter(pk=old.pk).values().get() == before
        made = CertificateFile.objects.get(certificate=old, kind="document")
        given = certificates.download(actor=owner, certificate_id=old.pk)
        assert (given.name, hashlib.sha256(given.content).hexdigest()) == (f"{old.number}.pdf", made.sha256)
        assert storage.exists(old.pdf_name)
        event = AuditEvent.objects.get(action="certificate.redrawn")
        assert event.facts == {
            "number": old.number,
            "sha256": made.sha256,
            "size": made.size,
            "template": "2099.1",
        }

    def test_both_documents_are_known_again_and_only_one_is_the_newest(self, old: Certificate) -> None:
        assert find_by_sha256(old.pdf_sha256) == Found(old, is_current=True)
        service.redraw({"certificate": str(old.pk)})
        made = CertificateFile.objects.get(certificate=old, kind="document")
        assert find_by_sha256(old.pdf_sha256) == Found(old, is_current=False)
        assert find_by_sha256(made.sha256) == Found(old, is_current=True)

    def test_of_three_documents_the_last_is_current(self, issued: Certificate) -> None:
        second = add_file(issued, "document", version="2098.1", content=b"second")
        third = add_file(issued, "document", version="2098.2", content=b"third")
        assert [find_by_sha256(file.sha256) for file in (second, third)] == [
            Found(issued, is_current=False),
            Found(issued, is_current=True),
        ]
        papers = papers_of([issued])[issued.pk]
        assert papers.document is not None
        assert (papers.document.sha256, [paper.sha256 for paper in papers.earlier]) == (
            third.sha256,
            [second.sha256, issued.pdf_sha256],
        )

    def test_a_poster_and_a_stranger_s_file_are_no_certificate(self, issued: Certificate) -> None:
        poster = add_file(issued, "poster")
        assert find_by_sha256(poster.sha256) is None
        assert find_by_sha256("0" * 64) is None
        assert find_by_sha256("") is None

    def test_run_again_and_in_its_own_design_nothing_is_made(self, issued: Certificate, old: Certificate) -> None:
        for _ in range(2):
            service.redraw({"certificate": str(old.pk)})
        assert files(old) == [("document", "2099.1")]

    def test_in_the_design_that_it_has_nothing_is_made(self, issued: Certificate) -> None:
        service.redraw({"certificate": str(issued.pk)})
        assert files(issued) == []

    def test_what_is_over_is_not_drawn_anew(self, old: Certificate, adviser: User, authoriser: User) -> None:
        make.revoked_certificate(old, proposer=adviser, confirmer=authoriser)
        service.redraw({"certificate": str(old.pk)})
        assert files(old) == []

    @pytest.mark.parametrize("name", ["record", "render", "once"])
    def test_killed_and_run_again_there_is_one(
        self, old: Certificate, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        module: Any = {"record": service.audit, "render": pdf, "once": storage}[name]
        real = getattr(module, name)

        def dies(*args: object, **kwargs: object) -> object:
            real(*args, **kwargs)
            raise Killed

        with monkeypatch.context() as patch:
            patch.setattr(module, name, dies)
            with pytest.raises(Killed):
                service.redraw({"certificate": str(old.pk)})
        assert files(old) == []
        service.redraw({"certificate": str(old.pk)})
        assert files(old) == [("document", "2099.1")]
        assert AuditEvent.objects.filter(action="certificate.redrawn").count() == 1

    def test_a_file_s_row_is_as_fixed_as_a_certificate_s(self, issued: Certificate) -> None:
        file = add_file(issued, "document", version="2098.1")
        for forbidden in (
            lambda: CertificateFile.objects.filter(pk=file.pk).update(sha256="1" * 64),
            lambda: CertificateFile.objects.filter(pk=file.pk).delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                forbidden()
        file.refresh_from_db()
        assert file.sha256 != "1" * 64


class TestAsking:
    def test_all_of_the_country_chunk_by_chunk(
        self, old: Certificate, run_outbox: Callable[[], int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make.copies(old, 4)
        monkeypatch.setattr(designs, "CHUNK", 2)
        monkeypatch.setattr(service, "_store", lambda pk: service._Stored(f"x/{pk}", "a" * 64, 1, SEAL))
        OutboxJob.objects.all().delete()
        designs.reissue(actor=None, scope=designs.Scope())
        run_outbox()
        assert CertificateFile.objects.filter(kind="document", template_version="2099.1").count() == 5
        found = progress_selectors.progress("2099.1")
        assert (found.standing, found.current, found.lacking, found.given_up) == (5, 5, 0, 0)
        # Asked again there is nothing to do.
        designs.reissue(actor=None, scope=designs.Scope())
        before = OutboxJob.objects.filter(kind="certificate.redraw").count()
        run_outbox()
        assert OutboxJob.objects.filter(kind="certificate.redraw").count() == before == 5

    def test_killed_between_two_chunks_nobody_is_lost_or_asked_twice(
        self, old: Certificate, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make.copies(old, 2)
        monkeypatch.setattr(designs, "CHUNK", 2)
        real = designs._link

        def dies(**kwargs: str) -> None:
            real(**kwargs)
            raise Killed

        payload = {"area": "", "after": "", "run": "a"}
        with monkeypatch.context() as patch:
            patch.setattr(designs, "_link", dies)
            with pytest.raises(Killed):
                designs.spread(payload)
        assert not OutboxJob.objects.filter(kind="certificate.redraw").exists()
        designs.spread(payload)
        designs.spread(payload)
        link = OutboxJob.objects.get(kind="certificate.reissue")
        designs.spread(link.payload)
        assert OutboxJob.objects.filter(kind="certificate.redraw").count() == 3

    def test_of_one_area_alone(self, old: Certificate, organisation: Organisation) -> None:
        designs.spread({"area": "kent", "after": "", "run": "a"})
        assert not OutboxJob.objects.filter(kind="certificate.redraw").exists()
        designs.spread({"area": old.area_id, "after": "", "run": "b"})
        assert OutboxJob.objects.get(kind="certificate.redraw").payload == {"certificate": str(old.pk)}

    def test_one_by_its_number_and_who_asked_is_on_the_record(self, old: Certificate, national_admin: User) -> None:
        designs.reissue(actor=national_admin, scope=designs.Scope(number=old.number))
        assert OutboxJob.objects.get(kind="certificate.redraw").payload == {"certificate": str(old.pk)}
        event = AuditEvent.objects.get(action="certificates.reissue_asked")
        assert (event.actor, event.target_id, event.facts) == (
            national_admin,
            str(old.pk),
            {"template": "2099.1", "area": "", "number": old.number},
        )

    @pytest.mark.parametrize("scope", [designs.Scope(number="PSC-2026-999999-0"), designs.Scope(area="atlantis")])
    def test_what_does_not_exist_cannot_be_asked_for(self, national_admin: User, scope: designs.Scope) -> None:
        with pytest.raises(InvalidInput):
            designs.reissue(actor=national_admin, scope=scope)
        assert not OutboxJob.objects.filter(kind__startswith="certificate.re").exists()

    @pytest.mark.parametrize("who", ["owner", "adviser", "authoriser", "auditor"])
    def test_nobody_but_the_national_administrator_asks(
        self, request: pytest.FixtureRequest, old: Certificate, who: str
    ) -> None:
        with pytest.raises(NotPermitted):
            designs.reissue(actor=request.getfixturevalue(who), scope=designs.Scope())

    def test_on_the_command_line(self, old: Certificate, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("reissue")
        assert capsys.readouterr().out == "Design 2099.1: 0 of 1 certificates have it; 0 jobs wait, 0 were given up.\n"
        call_command("reissue", number=old.number.lower())
        assert "0 of 1 certificates have it; 1 jobs wait" in capsys.readouterr().out
        with pytest.raises(CommandError, match="no police area"):
            call_command("reissue", area="atlantis")
