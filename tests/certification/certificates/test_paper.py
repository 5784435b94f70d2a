"""The three kinds of certificate as papers: what each says, that it is one page, and how a screen reader has it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pikepdf
import pypdf
import pytest

from accounts.models import Organisation, User
from certification import documents
from certification.documents import CertificateDocument, ConditionLine, NextStage, Particular
from certification.models import Certificate
from core import pdf
from tests import flush, pdf_reading
from tests.factories import certificates as make
from tests.factories.events import make_event, make_project

GENERAL = CertificateDocument(
    service_name="Protective security certificates",
    number="PSC-2026-000123-X",
    subject_name="Saltmarsh Quay Arena",
    subject_place="Port Merrow, PM1 4QA",
    kind="venue",
    holder_name="Harbour Lights Trust",
    scope="The venue in its ordinary use, for no more than 2,500 people at one time, staff included.",
    particulars=(),
    stage="",
    next_stage=None,
    tier="enhanced",
    standard_title="Protective security standard",
    standard_version="PSS-UK 2026.1",
    area="Merrow Police",
    decided_on=date(2026, 9, 30),
    created_at=datetime(2026, 9, 30, 10, 11, 12, tzinfo=UTC),
    valid_from=date(2026, 9, 30),
    valid_until=date(2028, 9, 30),
    basis="decision",
    replaces="",
    conditions=(),
    check_place="certificates.example.org/check/",
    check_url="https://certificates.example.org/check/A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S9t0U1v/",
    demo=False,
)
SPECIAL = replace(
    GENERAL,
    kind="event",
    subject_name="Lantern Night",
    scope="The event on 2 October 2026 to 3 October 2026, for no more than 12,000 people at one time, staff included.",
    particulars=(Particular("Begins", "2 October 2026 at 6:00pm"), Particular("Ends", "3 October 2026 at 2:00am")),
)
STAGE = replace(
    GENERAL,
    kind="project",
    subject_name="Merrow Central Station",
    scope="The project at RIBA stage 2, designed for no more than 5,000 people at one time, until it opens.",
    particulars=(
        Particular("Stage certified", "RIBA stage 2, concept design"),
        Particular("Expected to open", "1 May 2029"),
    ),
    stage="RIBA stage 2, concept design",
    next_stage=NextStage("RIBA stage 3, spatial coordination", (("PHY-04", "Has the line been drawn?"),)),
)
CONDITIONS = tuple(
    ConditionLine(f"PHY-{n:02d}", f"Condition {n}: " + "Fit the gate, test it every month. " * 4, date(2027, 1, n))
    for n in range(1, 21)
)
WELSH = ("Canolfan Gymunedol Tŷ Ŵyl a Neuadd Goffa Dyfnŵr " * 4)[:160].strip()
FULLEST = replace(
    STAGE,
    subject_name=WELSH,
    subject_place="Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch, " * 2,
    holder_name=WELSH[::-1],
    scope=("Scope that goes on and on, " * 12)[:300],
    area="Merrow and Saltmarsh Police with the Combined Authority of the Two Bays",
    basis="transfer",
    replaces="PSC-2026-000001-0",
    conditions=CONDITIONS,
    demo=True,
    demo_authority=True,
    signed_by="Merrow Police certificate authority for demonstrations",
    offline_claim="eyJhbGciOiJFZERTQSJ9." + "A" * 300,
)
FORMS = {"general": GENERAL, "special": SPECIAL, "stage": STAGE}


def drawn(document: CertificateDocument) -> bytes:
    return pdf.render(documents.source_of(document, identifier="test"))


def pages(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def spoken(document: CertificateDocument) -> list[tuple[str, str]]:
    return pdf_reading.in_order(pikepdf.open(io.BytesIO(drawn(document))))


def joined(document: CertificateDocument) -> str:
    return " ".join(words for _, words in spoken(document))


@pytest.mark.parametrize(
    ("form", "kind", "limits", "number_of_pages"),
    [
        ("general", "General certificate, for a place in its ordinary use", "An event outside that use needs a", 1),
        (
            "special",
            "Special certificate, for this occasion alone",
            "It holds for no other date and no other event.",
            1,
        ),
        ("stage", "Stage certificate, predicted from the design", "each later stage has to be asked again.", 2),
    ],
)
def test_each_kind_says_what_it_is_and_what_it_is_not(form: str, kind: str, limits: str, number_of_pages: int) -> None:
    found = pages(drawn(FORMS[form]))
    assert (len(found), kind in found[0], limits in found[0]) == (number_of_pages, True, True)


def test_an_event_says_when_and_a_stage_is_predicted() -> None:
    assert "BEGINS ENDS 2 October 2026 at 6:00pm 3 October 2026 at 2:00am" in joined(SPECIAL)
    stage = joined(STAGE)
    assert "RIBA stage 2, concept design" in stage
    assert "Enhanced tier, predicted" in stage
    assert "What the standard asks for the first time at RIBA stage 3, spatial coordination" in stage
    assert "PHY-04 Has the line been drawn?" in stage


@pytest.mark.parametrize(
    ("basis", "words"),
    [
        ("decision", "A renewal. It takes the place of certificate PSC-2026-000001-0."),
        ("variation", "Issued on a variation. It takes the place of certificate PSC-2026-000001-0."),
        ("transfer", "Issued on a transfer to this holder. It takes the place of certificate PSC-2026-000001-0."),
    ],
)
def test_it_says_what_it_takes_the_place_of(basis: str, words: str) -> None:
    assert words in pages(drawn(replace(GENERAL, basis=basis, replaces="PSC-2026-000001-0")))[0]
    assert "takes the place" not in pages(drawn(replace(GENERAL, basis=basis)))[0]


def test_who_signed_and_the_code_for_checks_without_a_network_are_drawn_when_there_are_any() -> None:
    plain = drawn(GENERAL)
    both = drawn(replace(GENERAL, signed_by="Merrow Police", offline_claim="eyJ." + "A" * 300))
    assert "Digitally signed by" not in pages(plain)[0]
    assert "Digitally signed by Merrow Police" in pages(both)[0]
    alt = [words for tag, words in pdf_reading.in_order(pikepdf.open(io.BytesIO(both))) if tag == "/Figure"]
    assert alt == [
        "Wardmark shield",
        "QR code: opens the page that says whether this certificate is in force now",
        "QR code for programs that check without a network",
    ]


@pytest.mark.parametrize(
    ("demo", "authority", "why"),
    [
        (True, False, "Invented people and places. This certificate is of no effect."),
        (False, True, "Signed by a demonstration authority. This certificate is of no effect."),
        (True, True, "Invented people and places, signed by a demonstration authority."),
    ],
)
def test_a_demonstration_says_so_in_large_letters(demo: bool, authority: bool, why: str) -> None:
    document = replace(GENERAL, demo=demo, demo_authority=authority)
    assert "DEMONSTRATION" in [words for _, words in spoken(document)]
    assert why in pages(drawn(document))[0]
    assert "DEMONSTRATION" not in joined(GENERAL)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["Hall", WELSH, "W" * 160])
@pytest.mark.parametrize("demo", [False, True])
def test_the_first_page_is_one_page_whatever_the_names(form: str, name: str, demo: bool) -> None:
    document = replace(FORMS[form], subject_name=name, holder_name=name, demo=demo, conditions=CONDITIONS[:1])
    content = drawn(document)
    found = pages(content)
    assert len(found) == 2
    assert name.replace(" ", "") in found[0].replace(" ", "")
    assert "whose regulator is the Security Industry Authority." in found[0]
    assert found[1].startswith("Certificate PSC-2026-000123-X, ")


def test_nothing_on_the_fullest_page_lies_over_the_foot() -> None:
    """The foot is placed from the bottom: whatever stands above it ends above the codes."""
    reader = pypdf.PdfReader(io.BytesIO(drawn(FULLEST)))
    heights: dict[str, float] = {}

    def note(text: str, current: Any, matrix: Any, *_: object) -> None:
        if text.strip():
            heights[" ".join(text.split())] = matrix[5] * current[3] + current[5]

    reader.pages[0].extract_text(visitor_text=note)
    above = next(height for text, height in heights.items() if "takes the place of" in text)
    # The office begins the tallest column of the foot.
    below = max(height for text, height in heights.items() if "Authorising officer" in text)
    assert above > below + 8


def test_it_is_read_in_the_order_in_which_it_makes_sense() -> None:
    document = replace(STAGE, conditions=CONDITIONS[:1], replaces="PSC-2026-000001-0", demo=True)
    words = joined(document)
    order = [
        "Wardmark shield",
        "PROTECTIVE SECURITY CERTIFICATES",
        "Certificate of protective security",
        "Stage certificate",
        "DEMONSTRATION",
        "The plan for protecting people in the design of",
        "Merrow Central Station",
        "submitted by the holder of this certificate",
        "Harbour Lights Trust",
        "has been reviewed by the police",
        "It covers:",
        "CERTIFICATE NUMBER",
        "30 September 2028",
        "STAGE CERTIFIED",
        "It takes the place of certificate",
        "Is it in force today?",
        "Authorising officer",
        "Issued under a voluntary scheme.",
        "Schedule of conditions",
        "To be met by",
        "Condition 1:",
        "To be asked again",
        "Has the line been drawn?",
    ]
    places = [words.index(text) for text in order]
    assert places == sorted(places)


@pytest.mark.parametrize("document", [GENERAL, SPECIAL, STAGE, FULLEST], ids=["general", "special", "stage", "fullest"])
def test_every_word_is_in_the_tree_or_an_artifact(document: CertificateDocument) -> None:
    found = pdf_reading.read(pikepdf.open(io.BytesIO(drawn(document))))
    assert found.loose == []
    # Nobody wants to hear the running head on every page.
    spoken_words = " ".join(found.marks.values())
    assert "Not for display" not in spoken_words
    if document.has_schedule:
        assert "Not for display" in found.artifacts


def test_heads_of_tables_are_heads_and_cells_know_theirs() -> None:
    found = spoken(replace(GENERAL, conditions=CONDITIONS[:2]))
    heads = [words for tag, words in found if tag == "/TH"]
    assert heads == [
        "CERTIFICATE NUMBER",
        "VALID FROM",
        "VALID UNTIL",
        "JUDGED AT",
        "Criterion",
        "Condition",
        "To be met by",
    ]


def test_the_picture_of_a_figure_is_where_the_tag_says() -> None:
    document = pikepdf.open(io.BytesIO(drawn(GENERAL)))
    boxes = [
        [float(edge) for edge in item.A.BBox]
        for item in document.objects
        if isinstance(item, pikepdf.Dictionary) and str(item.get("/S", "")) == "/Figure"
    ]
    # In points from the lower left: the crest above the middle of the page, the code below it.
    assert sorted(box[1] > 420 for box in boxes) == [False, True]
    assert all(0 <= box[0] < box[2] <= 596 and 0 <= box[1] < box[3] <= 842 for box in boxes)


# From the record -------------------------------------------------------------------------------------------------------


def test_an_event_s_document_has_the_times_that_were_submitted(
    organisation: Organisation, adviser: User, authoriser: User
) -> None:
    event = make_event(organisation)
    certificate = make.decided_certificate(organisation, reviewer=adviser, signer=authoriser, subject=event)
    type(event).objects.filter(pk=event.pk).update(ends_at=event.ends_at.replace(year=2099))
    said = documents.certificate_document(certificate)
    from core.govuk.formats import uk_datetime

    assert [fact.value for fact in said.particulars] == [uk_datetime(event.starts_at), uk_datetime(event.ends_at)]


def test_a_variation_s_times_are_those_of_its_scope_alone(
    organisation: Organisation, adviser: User, authoriser: User
) -> None:
    certificate = make.decided_certificate(
        organisation, reviewer=adviser, signer=authoriser, subject=make_event(organisation)
    )
    with flush.lifted("certification_certificate"):
        Certificate.objects.filter(pk=certificate.pk).update(basis="variation")
    certificate.refresh_from_db()
    assert documents.certificate_document(certificate).particulars == ()


def test_a_project_s_document_names_its_stage_and_the_next(
    organisation: Organisation, adviser: User, authoriser: User
) -> None:
    certificate = make.decided_certificate(
        organisation, reviewer=adviser, signer=authoriser, subject=make_project(organisation)
    )
    said = documents.certificate_document(certificate)
    assert (said.form, said.stage) == ("stage", "RIBA stage 2, concept design")
    assert said.next_stage is not None
    assert said.next_stage.name == "RIBA stage 3, spatial coordination"


# The poster ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", [GENERAL, SPECIAL, STAGE, FULLEST], ids=["general", "special", "stage", "fullest"])
def test_the_poster_is_one_page_with_number_name_and_end(document: CertificateDocument) -> None:
    content = pdf.render(documents.poster_source(document, identifier="poster"))
    (page,) = pages(content)
    for words in [document.number, "Protective security certificate", "30 September 2028", "Scan and see."]:
        assert words in page
    assert document.subject_name.replace(" ", "") in page.replace(" ", "")
    assert ("DEMONSTRATION" in page) == document.is_demonstration
    # What is still missing is an attacker's list.
    assert "Condition" not in page
    assert pdf_reading.read(pikepdf.open(io.BytesIO(content))).loose == []
