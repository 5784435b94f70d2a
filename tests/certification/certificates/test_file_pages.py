"""The pages of text, poster, estate and design; and the same for programs."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Callable

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from certification import documents
from certification.models import Bundle, Certificate, CertificateFile
from certification.services import bundles
from core import storage
from core.models import OutboxJob
from tests import pdf_reading
from tests.api_client import Api
from tests.factories import certificates as make
from tests.factories.accounts import make_organisation
from tests.factories.certificate_files import add_file
from tests.factories.events import make_event, make_project

ClientFor = Callable[[User], Client]


def url(name: str, *args: object) -> str:
    return reverse(f"certification:{name}", args=list(args))


def text(response: object) -> str:
    return " ".join(html.unescape(response.content.decode()).split())  # type: ignore[attr-defined]


@pytest.fixture
def standing(decided: Certificate) -> Certificate:
    certificate = make.put_in("in_force", decided)
    storage.write(certificate.pdf_name, [b"%PDF-1.7 small"])
    return certificate


class TestText:
    @pytest.mark.parametrize("subject", [None, make_event, make_project], ids=["general", "special", "stage"])
    def test_it_says_word_for_word_what_the_pdf_says(
        self,
        organisation: Organisation,
        adviser: User,
        authoriser: User,
        client_for: ClientFor,
        owner: User,
        subject: Callable[[Organisation], object] | None,
    ) -> None:
        about = subject(organisation) if subject else None
        certificate = make.issued_certificate(
            organisation,
            reviewer=adviser,
            signer=authoriser,
            subject=about,
            levels={"GOV-02": 2},  # type: ignore[arg-type]
        )
        page = client_for(owner).get(url("certificate_text", certificate.pk)).content.decode()
        shown = re.sub(r"[^a-z0-9]", "", html.unescape(re.sub(r"<[^>]+>", "", page)).lower())
        document = pikepdf.open(io.BytesIO(storage.read_all(certificate.pdf_name)))
        lines = [words for tag, words in pdf_reading.in_order(document) if tag != "/Figure"]
        missing = [line for line in lines if re.sub(r"[^a-z0-9]", "", line.lower()) not in shown]
        assert missing in ([], ["Certificate"])

    def test_the_police_and_the_auditor_read_it_and_a_stranger_does_not_find_it(
        self, standing: Certificate, client_for: ClientFor, adviser: User, auditor: User, stranger: User
    ) -> None:
        address = url("certificate_text", standing.pk)
        assert [client_for(who).get(address).status_code for who in (adviser, auditor, stranger)] == [200, 200, 404]

    def test_queries(
        self,
        standing: Certificate,
        client_for: ClientFor,
        owner: User,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        client = client_for(owner)
        with django_assert_num_queries(8):
            client.get(url("certificate_text", standing.pk))


class TestCertificatePage:
    def test_the_newest_document_its_sum_the_poster_and_the_earlier_sums(
        self, standing: Certificate, client_for: ClientFor, owner: User
    ) -> None:
        client, address = client_for(owner), url("certificate", standing.pk)
        before = text(client.get(address))
        assert url("certificate_poster", standing.pk) not in before
        assert "drawn in a new design since" not in before
        later = add_file(standing, "document", version="2099.1", content=b"later")
        add_file(standing, "poster", content=b"poster")
        after = text(client.get(address))
        assert url("certificate_poster", standing.pk) in after
        assert url("certificate_text", standing.pk) in after
        assert later.sha256 in after
        assert standing.pdf_sha256 in after
        assert client.get(url("certificate_download", standing.pk)).content == b"later"
        poster = client.get(url("certificate_poster", standing.pk))
        assert poster["Content-Disposition"] == f'attachment; filename="{standing.number}-poster.pdf"'
        assert poster["Cache-Control"] == "private, no-store"

    def test_no_poster_is_offered_of_what_is_over(
        self, standing: Certificate, client_for: ClientFor, owner: User
    ) -> None:
        add_file(standing, "poster")
        make.put_in("revoked", standing)
        client = client_for(owner)
        assert url("certificate_poster", standing.pk) not in text(client.get(url("certificate", standing.pk)))
        assert client.get(url("certificate_poster", standing.pk)).status_code == 409


class TestEstate:
    def test_from_the_list_to_the_file(
        self,
        standing: Certificate,
        client_for: ClientFor,
        viewer: User,
        organisation: Organisation,
        run_outbox: Callable[[], int],
    ) -> None:
        client = client_for(viewer)
        assert url("estate") in text(client.get(url("certificates")))
        asked = client.post(url("estate"), {"organisation": str(organisation.pk), "kind": "documents"})
        bundle = Bundle.objects.get()
        assert asked["Location"] == url("bundle", bundle.pk)
        waiting = text(client.get(url("bundle", bundle.pk)))
        assert "0 of 1 packed" in waiting
        assert 'hx-trigger="every 2s"' in waiting
        OutboxJob.objects.exclude(kind="certificates.bundle").delete()
        run_outbox()
        ready = text(client.get(url("bundle", bundle.pk)))
        assert "hx-trigger" not in ready
        assert url("bundle_file", bundle.pk) in ready
        given = client.get(url("bundle_file", bundle.pk))
        content = b"".join(given.streaming_content)  # type: ignore[attr-defined]
        assert int(given["Content-Length"]) == len(content)
        assert given["Cache-Control"] == "private, no-store"
        assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None

    def test_officers_are_not_sent_there(self, standing: Certificate, client_for: ClientFor, adviser: User) -> None:
        assert url("estate") not in text(client_for(adviser).get(url("certificates")))

    def test_of_another_organisation_nothing_can_be_asked_for(
        self, standing: Certificate, client_for: ClientFor, stranger: User, organisation: Organisation
    ) -> None:
        asked = client_for(stranger).post(url("estate"), {"organisation": str(organisation.pk), "kind": "documents"})
        assert asked.status_code == 404
        assert not Bundle.objects.exists()

    @pytest.mark.parametrize("data", [{}, {"organisation": "x", "kind": "documents"}, {"kind": "everything"}])
    def test_what_no_button_posts_is_not_found(
        self, standing: Certificate, client_for: ClientFor, owner: User, data: dict[str, str]
    ) -> None:
        assert client_for(owner).post(url("estate"), data).status_code == 404

    @pytest.mark.parametrize(
        ("state", "words"),
        [("failed", "Nothing could be packed"), ("expired", "has been deleted. Ask for a new one.")],
    )
    def test_what_went_wrong_or_is_gone_says_so(
        self,
        standing: Certificate,
        client_for: ClientFor,
        owner: User,
        organisation: Organisation,
        state: str,
        words: str,
    ) -> None:
        bundle = bundles.request(actor=owner, organisation_id=organisation.pk, kind="documents")
        Bundle.objects.filter(pk=bundle.pk).update(state=state)
        client = client_for(owner)
        assert words in text(client.get(url("bundle", bundle.pk)))
        assert client.get(url("bundle_file", bundle.pk)).status_code == 409

    def test_queries_at_one_organisation_and_at_three(
        self,
        standing: Certificate,
        client_for: ClientFor,
        owner: User,
        organisation: Organisation,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        bundles.make({"bundle": str(bundles.request(actor=owner, organisation_id=organisation.pk, kind="posters").pk)})
        client = client_for(owner)
        with django_assert_num_queries(7):
            assert text(client.get(url("estate"))).count("Make a ZIP of the posters") == 1
        for _ in range(2):
            bundles.make(
                {"bundle": str(bundles.request(actor=owner, organisation_id=organisation.pk, kind="documents").pk)}
            )
            make_organisation(owner)
        with django_assert_num_queries(7):
            assert text(client.get(url("estate"))).count("No certificate of this organisation is in force") == 2


class TestDesign:
    def test_asked_confirmed_and_told_how_far_it_is(
        self,
        standing: Certificate,
        client_for: ClientFor,
        national_admin: User,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(documents, "TEMPLATE_VERSION", "2099.1")
        client = client_for(national_admin)
        assert url("design") in text(client.get(reverse("certification:home")))
        asked = text(client.post(url("design"), {"area": standing.area_id, "number": ""}))
        assert "1 certificate will be drawn in design 2099.1. West Yorkshire." in asked
        assert not OutboxJob.objects.filter(kind="certificate.reissue").exists()
        done = client.post(url("design"), {"area": standing.area_id, "number": "", "confirm": "yes"}, follow=True)
        assert "0 of 1 certificates in force or suspended" in text(done)
        assert "1 job is waiting for a worker." in text(done)

    def test_with_nothing_to_do_there_is_no_button(
        self, standing: Certificate, client_for: ClientFor, national_admin: User
    ) -> None:
        add_file(standing, "document")
        page = text(client_for(national_admin).post(url("design"), {"area": "", "number": ""}))
        assert "there is nothing to draw" in page
        assert "Draw them now" not in page

    @pytest.mark.parametrize("number", ["PSC-2026-000001-X", "nonsense"])
    def test_a_mistyped_number_is_an_error_of_its_field(
        self, client_for: ClientFor, national_admin: User, number: str
    ) -> None:
        response = client_for(national_admin).post(url("design"), {"area": "", "number": number})
        assert response.status_code == 422
        assert "There is a typing mistake in that number" in text(response)

    def test_the_number_of_what_is_over_is_refused(
        self, standing: Certificate, client_for: ClientFor, national_admin: User
    ) -> None:
        make.put_in("revoked", standing)
        response = client_for(national_admin).post(
            url("design"), {"area": "", "number": standing.number, "confirm": "yes"}
        )
        assert response.status_code == 422
        assert "No certificate in force or suspended has this number." in text(response)

    def test_queries(
        self,
        standing: Certificate,
        client_for: ClientFor,
        national_admin: User,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        client = client_for(national_admin)
        with django_assert_num_queries(9):
            client.get(url("design"))
        make.copies(standing, 2)
        with django_assert_num_queries(9):
            client.get(url("design"))


class TestApi:
    def test_a_bundle_from_asking_to_opening(
        self, standing: Certificate, owner: User, organisation: Organisation, run_outbox: Callable[[], int]
    ) -> None:
        api = Api(owner)
        asked = api.post("/certificates/bulk/", {"organisation_id": str(organisation.pk)})
        assert (asked.status_code, asked.json()["state"], asked.json()["total"]) == (202, "waiting", 1)
        pk = asked.json()["id"]
        assert api.get(f"/certificates/bulk/{pk}/file/").status_code == 409
        OutboxJob.objects.exclude(kind="certificates.bundle").delete()
        run_outbox()
        assert api.get(f"/certificates/bulk/{pk}/").json()["state"] == "ready"
        content = b"".join(api.get(f"/certificates/bulk/{pk}/file/").streaming_content)  # type: ignore[attr-defined]
        assert zipfile.ZipFile(io.BytesIO(content)).namelist()[1:] == ["index.csv", "README.txt"]
        assert [one["id"] for one in api.get("/certificates/bulk/").json()["results"]] == [pk]

    def test_a_poster(self, standing: Certificate, owner: User) -> None:
        api = Api(owner)
        assert api.get(f"/certificates/{standing.pk}/poster/").status_code == 409
        add_file(standing, "poster", content=b"%PDF-1.7 poster")
        assert api.get(f"/certificates/{standing.pk}/poster/").content == b"%PDF-1.7 poster"
        assert CertificateFile.objects.count() == 1
