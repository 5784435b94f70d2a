"""A bulletin as a PDF: marked on every sheet, tagged, an exercise beyond doubt, and opened by whoever may read its page."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pikepdf
import pypdf
import pytest
from django.conf import settings
from django.test import Client
from pytest_django import Settings

from accounts.models import Organisation, User
from advisories.documents import bulletins as documents
from advisories.documents.bulletins import BulletinDocument, Fact
from advisories.models import Bulletin, BulletinRecipient
from advisories.services import bulletins, papers
from core import outbox, pdf
from core.models import OutboxJob
from tests import pdf_reading
from tests.conftest import ClientFor
from tests.factories import accounts as people
from tests.factories import advisories as make
from tests.factories.events import make_venue

PLAIN: Final = BulletinDocument(
    service_name="Protective security certificates",
    issuer="Merrow Police",
    tlp="amber",
    marking="TLP:AMBER",
    exercise=False,
    title="Vans at <loading> bays",
    body="A van waited twice.\n\nNobody knew it.",
    instruction="Ask each driver whom they are for.",
    question="",
    warning="",
    reason="",
    facts=(Fact("Severity", "Severe"),),
    published_at=datetime(2026, 9, 30, 10, 11, 12, tzinfo=UTC),
    changed_at=datetime(2026, 9, 30, 10, 11, 12, tzinfo=UTC),
    url="https://certificates.example.org/advisories/1/",
    demo=False,
)
LONG: Final = replace(PLAIN, body="\n\n".join(f"Paragraph {n}. " + "Look at every door. " * 25 for n in range(14)))
MARKINGS: Final = {
    "red": "TLP:RED",
    "amber_strict": "TLP:AMBER+STRICT",
    "amber": "TLP:AMBER",
    "green": "TLP:GREEN",
    "clear": "TLP:CLEAR",
}


def drawn(document: BulletinDocument) -> bytes:
    return pdf.render(documents.source_of(document, identifier="test"))


def pages(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


@pytest.mark.parametrize(("code", "marking"), MARKINGS.items())
def test_the_marking_is_at_the_head_and_foot_of_every_sheet(code: str, marking: str) -> None:
    found = pages(drawn(replace(LONG, tlp=code, marking=marking)))
    assert len(found) > 1
    assert all(page.split().count(marking) >= 2 for page in found)
    others = set(MARKINGS.values()) - {marking}
    assert not [other for other in others for page in found if other in page.split()]


def test_an_exercise_says_so_on_every_sheet_and_nothing_real_does() -> None:
    words = "EXERCISE EXERCISE EXERCISE"
    exercise = pages(drawn(replace(LONG, exercise=True)))
    assert [page.count(words) >= 2 for page in exercise] == [True] * len(exercise)
    assert "Nothing has happened." in exercise[0]
    assert not [page for page in pages(drawn(LONG)) if "EXERCISE" in page]


def test_it_is_tagged_with_a_title_and_a_language_and_read_in_order() -> None:
    document = opened(
        drawn(replace(PLAIN, warning="RETRACTED. Do not act.", reason="It was a laundry.", question="A gate?"))
    )
    assert (str(document.Root.Lang), bool(document.Root.MarkInfo.Marked)) == ("en-GB", True)
    with document.open_metadata() as metadata:
        assert metadata["dc:title"] == "TLP:AMBER Vans at <loading> bays"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
    found = pdf_reading.in_order(document)
    assert [words for tag, words in found if tag == "/H1"] == ["Vans at <loading> bays"]
    assert [words for tag, words in found if tag == "/H2"] == [
        "What is known",
        "What to do",
        "Temporary criterion",
        "About this advisory",
    ]
    assert [words for tag, words in found if tag == "/TH"] == ["Severity", "Published"]
    words = " ".join(text for _tag, text in found)
    order = ["Merrow Police", "Vans at", "TLP:AMBER", "RETRACTED", "A van waited", "Ask each driver", "A gate?"]
    assert [words.index(text) for text in order] == sorted(words.index(text) for text in order)


@pytest.mark.parametrize(
    "document", [PLAIN, LONG, replace(LONG, exercise=True, demo=True)], ids=["one", "long", "exercise"]
)
def test_every_word_is_in_the_tree_or_an_artifact(document: BulletinDocument) -> None:
    found = pdf_reading.read(opened(drawn(document)))
    assert found.loose == []
    assert "TLP:AMBER" in found.artifacts
    # Heard at the beginning and the end, not on every sheet.
    assert " ".join(found.marks.values()).count("TLP:AMBER") == 2


def test_lines_of_the_author_stay_lines() -> None:
    reader = pypdf.PdfReader(io.BytesIO(drawn(replace(PLAIN, body="First line.\nSecond line."))))
    lines = [line.strip() for line in reader.pages[0].extract_text().splitlines()]
    assert lines[lines.index("First line.") + 1] == "Second line."


def test_the_same_advisory_is_the_same_bytes() -> None:
    assert drawn(replace(PLAIN, exercise=True)) == drawn(replace(PLAIN, exercise=True))


def test_hostile_words_stay_words(tmp_path: object) -> None:
    nasty = '<img src="file:///etc/passwd"><script>1</script>"; } @page { background: url(http://example.org/x) }'
    found = pages(drawn(replace(PLAIN, title=nasty[:160], body=nasty, instruction=nasty)))
    assert "file:///etc/passwd" in "".join(found)


# Made by the worker, opened by whoever may read -----------------------------------------------------------------------------


@pytest.fixture
def place(organisation: Organisation) -> None:
    make_venue(organisation)


def work() -> None:
    for job in OutboxJob.objects.filter(kind="bulletin.paper", done_at__isnull=True).order_by("pk"):
        assert outbox.run(job.pk)


def text_of(client: Client, bulletin: Bulletin) -> str:
    response = client.get(f"/advisories/{bulletin.pk}/pdf/")
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    return " ".join(pages(response.content))


@pytest.mark.django_db
def test_the_worker_draws_it_and_again_when_it_is_updated_and_retracted(
    place: None, adviser: User, organiser: User, client_for: ClientFor
) -> None:
    first = make.make_published(adviser, title="The first")
    client = client_for(organiser)
    waiting = client.get(f"/advisories/{first.pk}/pdf/", follow=True)
    assert waiting.redirect_chain == [(f"/advisories/{first.pk}/print/", 302)]
    assert "The PDF is being made." in waiting.content.decode()
    work()
    assert "Do not act on" not in text_of(client, first)

    draft = bulletins.begin_update(actor=adviser, bulletin_id=first.pk)
    bulletins.submit(actor=adviser, bulletin_id=draft.pk)
    second = bulletins.publish(actor=adviser, bulletin_id=draft.pk)
    make.run_delivery()
    work()
    assert "UPDATED SINCE. Do not act on this version any further." in text_of(client, first)
    assert "Do not act on" not in text_of(client, second)

    bulletins.retract(actor=adviser, bulletin_id=second.pk, reason="It was a laundry.")
    work()
    said = text_of(client, second)
    assert "RETRACTED. Do not act on this advisory any further." in said
    assert "It was a laundry." in said


@pytest.mark.django_db
def test_drawn_twice_it_is_one_file_and_without_the_library_it_waits(
    place: None, adviser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = make.make_published(adviser)
    payload = {"bulletin": str(published.pk)}

    def missing(_source: pdf.Source) -> bytes:
        raise pdf.Unavailable

    with monkeypatch.context() as patched:
        patched.setattr(pdf, "render", missing)
        with pytest.raises(outbox.TryLater):
            papers.render(payload)
    assert papers.opened(published) is None
    papers.render(payload)
    content = papers.opened(published)
    assert content is not None
    monkeypatch.setattr(pdf, "render", missing)
    papers.render(payload)
    assert papers.opened(published) == content
    # Sealed at rest, as everything in the vault.
    stored = [path.read_bytes() for path in (settings.VAULT_DIR / "advisories/papers" / str(published.pk)).iterdir()]
    assert [b"%PDF" in file for file in stored] == [False]


@pytest.mark.django_db
def test_a_draft_has_none(adviser: User, client_for: ClientFor) -> None:
    draft = make.make_draft(adviser)
    papers.render({"bulletin": str(draft.pk)})
    assert papers.opened(draft) is None
    response = client_for(adviser).get(f"/advisories/{draft.pk}/pdf/")
    assert (response.status_code, response["Location"]) == (302, f"/advisories/{draft.pk}/print/")


# R red, S amber+strict, A amber, G green, C clear: as on the page (test_reading_rights).
READERS: Final = {
    "nobody": "C",
    "nowhere": "C",
    "owner": "RSAGC",
    "viewer": "SAGC",
    "member_elsewhere": "GC",
    "adviser": "RSAGC",
    "other_area": "GC",
    "administrator": "GC",
    "auditor": "RSAGC",
}


@pytest.mark.django_db
def test_the_paper_has_the_page_s_readers(
    organisation: Organisation, organiser: User, adviser: User, authoriser: User, client_for: ClientFor
) -> None:
    make_venue(organisation, use="sports_ground")
    elsewhere = people.make_organisation()
    from advisories.domain.audience import Audience

    stadia = Audience(sectors=("stadia",))
    made = {
        letter: make.make_published(adviser, approver=authoriser, tlp=code, audience=stadia)
        for letter, code in zip("RSAGC", MARKINGS, strict=True)
    }
    work()
    cast: dict[str, User | None] = {
        "nobody": None,
        "nowhere": people.make_user(),
        "owner": organiser,
        "viewer": people.make_member(organisation, "viewer"),
        "member_elsewhere": elsewhere.created_by,
        "adviser": adviser,
        "other_area": people.make_officer("adviser", area=people.OTHER_AREA),
        "administrator": people.make_administrator(),
        "auditor": people.make_auditor(),
    }
    found = {}
    for role, person in cast.items():
        client = client_for(person) if person else Client()
        answers = {letter: client.get(f"/advisories/{bulletin.pk}/pdf/") for letter, bulletin in made.items()}
        found[role] = "".join(letter for letter, answer in answers.items() if answer.status_code == 200)
        refused = 302 if person is None else 404
        assert {answer.status_code for answer in answers.values()} <= {200, refused}
    assert found == READERS


@pytest.mark.django_db
def test_it_is_a_file_whose_name_tells_the_marking_alone(
    place: None, adviser: User, authoriser: User, organiser: User, client_for: ClientFor, settings: Settings
) -> None:
    published = make.make_published(
        adviser, approver=authoriser, tlp="red", status="Exercise", title='SECRET"\r\nX-Evil: 1', body="SECRET"
    )
    work()
    response = client_for(organiser).get(f"/advisories/{published.pk}/pdf/")
    day = f"{published.published_at:%Y-%m-%d}"
    assert response["Content-Disposition"] == f'attachment; filename="EXERCISE-TLP-RED-advisory-{day}.pdf"'
    assert (response["Cache-Control"], response["X-Content-Type-Options"]) == ("private, no-store", "nosniff")
    assert "X-Evil" not in response
    assert BulletinRecipient.objects.get(user=organiser, bulletin=published).read_at is not None
