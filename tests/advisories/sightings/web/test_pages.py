from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from advisories.models import Sighting, SightingFile
from advisories.selectors import sightings as selectors
from advisories.services import sightings
from tests.conftest import ClientFor
from tests.factories.accounts import make_auditor, make_user
from tests.factories.events import make_venue
from tests.factories.networks import make_sighting

pytestmark = pytest.mark.django_db

REPORT = 9
OWN = 5
QUEUE = 5
ONE = 9

FORM = {
    "category": "reconnaissance",
    "ongoing": "no",
    "happened_at_day": "3",
    "happened_at_month": "11",
    "happened_at_year": "2025",
    "happened_at_time": "7:30pm",
    "subject": "elsewhere",
    "where": "SECRET-WHERE",
    "area": "west-yorkshire",
    "description": "SECRET-SEEN",
    "people": "",
    "vehicles": "",
}


@pytest.fixture(autouse=True)
def _somebody_reads(adviser: User) -> None:
    """An area without an officer takes no report."""


@pytest.fixture
def reporter(client_for: ClientFor) -> Client:
    return client_for(make_user())


def soup(response: object) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")  # type: ignore[attr-defined]


def test_the_form_says_first_whom_to_call(reporter: Client) -> None:
    main = soup(reporter.get(reverse("advisories:sighting_new"))).select_one("main")
    assert main is not None
    words = " ".join(main.get_text(" ").split())
    assert "In an emergency call 999 now" in words[:120]
    assert words.index("0800 789 321") < words.index("What did you see?")


def test_every_page_leads_to_it(reporter: Client) -> None:
    for address in ("/", "/account/", "/lessons/", "/sectors/"):
        footer = soup(reporter.get(address)).select_one("footer")
        assert footer is not None
        assert footer.select_one("a[href='/sightings/report/']") is not None


def test_a_report_is_made_and_its_receipt_read(reporter: Client) -> None:
    sent = reporter.post(reverse("advisories:sighting_new"), FORM, follow=True)
    made = Sighting.objects.get()
    assert sent.redirect_chain == [(reverse("advisories:sighting", args=[made.pk]), 302)]
    shown = sent.content.decode()
    assert made.number in shown
    assert "SECRET-SEEN" in shown
    assert selectors.read_report(made).where == "SECRET-WHERE"


def test_one_s_own_place_is_offered_and_enough(organisation: Organisation, viewer: User, client_for: ClientFor) -> None:
    venue = make_venue(organisation, name="Mill Hall")
    client = client_for(viewer)
    page = soup(client.get(reverse("advisories:sighting_new")))
    assert [box["value"] for box in page.select("input[name=subject]")] == [f"venue:{venue.pk}", "elsewhere"]
    client.post(reverse("advisories:sighting_new"), {**FORM, "subject": f"venue:{venue.pk}", "where": "", "area": ""})
    assert Sighting.objects.get().venue == venue


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"category": ""}, "Select what you saw"),
        ({"description": ""}, "Say what you saw"),
        ({"happened_at_year": "2999"}, "The time must be in the past"),
        ({"area": ""}, "Select the police area where it happened"),
        ({"where": ""}, "Say where it was"),
        ({"ongoing": ""}, "Say whether it goes on now"),
    ],
)
def test_an_error_keeps_what_was_typed(changes: dict[str, str], words: str, reporter: Client) -> None:
    response = reporter.post(reverse("advisories:sighting_new"), {**FORM, "people": "KEPT", **changes})
    assert response.status_code == 422
    page = soup(response)
    assert words in page.select_one(".govuk-error-summary").get_text()  # type: ignore[union-attr]
    assert page.select_one("textarea[name=people]").get_text(strip=True) == "KEPT"  # type: ignore[union-attr]
    assert not Sighting.objects.exists()


def test_a_file_that_cannot_be_taken_does_not_hold_the_report_up(reporter: Client) -> None:
    bad = SimpleUploadedFile("program.exe", b"MZ")
    sent = reporter.post(reverse("advisories:sighting_new"), {**FORM, "file": bad}, follow=True)
    assert Sighting.objects.count() == 1
    assert "The report was sent, but not its file" in sent.content.decode()
    made = Sighting.objects.get()
    address = reverse("advisories:sighting_add_file", args=[made.pk])
    refused = reporter.post(address, {"file": SimpleUploadedFile("program.exe", b"MZ")})
    assert refused.status_code == 422
    assert "SECRET-SEEN" in refused.content.decode()
    reporter.post(address, {"file": SimpleUploadedFile("note.txt", b"A note.")})
    assert SightingFile.objects.get().sighting == made


def test_a_file_downloads_and_runs_nowhere(client_for: ClientFor, reporter: Client, adviser: User) -> None:
    note = SimpleUploadedFile("note.txt", b"A note.")
    reporter.post(reverse("advisories:sighting_new"), {**FORM, "file": note})
    file = SightingFile.objects.get()
    SightingFile.objects.update(scan="clean", scanned_at=file.uploaded_at)
    client = client_for(adviser)
    response = client.get(reverse("advisories:sighting_file", args=[file.sighting_id, file.pk]))
    assert b"".join(response.streaming_content) == b"A note."
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_an_officer_reads_passes_on_and_answers(client_for: ClientFor, adviser: User) -> None:
    made = make_sighting()
    client = client_for(adviser)
    queue = soup(client.get(reverse("advisories:sightings_queue")))
    assert queue.select_one(f"a[href='{reverse('advisories:sighting', args=[made.pk])}']") is not None
    assert "SECRET" not in queue.get_text()

    def act(action: str, **fields: str) -> int:
        return client.post(reverse("advisories:sighting_act", args=[made.pk, action]), fields).status_code

    assert act("dance") == 404
    assert act("see") == 302
    assert act("close", outcome="", reply="KEPT") == 422
    assert act("pass_on", reply="") == 302
    assert act("close", outcome="action", reply="SECRET-REPLY") == 302
    assert act("close", outcome="action", reply="Again") == 422
    shown = client_for(made.reporter).get(reverse("advisories:sighting", args=[made.pk])).content.decode()
    assert "SECRET-REPLY" in shown
    assert "Action was taken" in shown


def test_an_auditor_finds_the_trail_and_no_words(client_for: ClientFor, adviser: User) -> None:
    made = make_sighting()
    sightings.see(actor=adviser, sighting_id=made.pk)
    sightings.close(actor=adviser, sighting_id=made.pk, outcome="explained", reply="SECRET-REPLY")
    client = client_for(make_auditor())
    page = soup(client.get(reverse("advisories:sighting", args=[made.pk])))
    assert "SECRET" not in str(page)
    assert made.reporter.email not in str(page)
    assert [item.get_text() for item in page.select(".wm-timeline__title")] == [
        "Reported",
        "Read by the police",
        "Closed",
    ]
    assert client.get(reverse("advisories:sightings_queue") + "?state=closed").status_code == 200


def test_words_stand_in_no_address_and_no_search(reporter: Client, client_for: ClientFor, adviser: User) -> None:
    reporter.post(reverse("advisories:sighting_new"), FORM)
    client = client_for(adviser)
    for address in (
        "/lessons/?words=SECRET-SEEN",
        "/register/?words=SECRET-SEEN",
        "/sightings/queue/?words=SECRET-SEEN",
    ):
        page = soup(client.get(address))
        for box in page.select("input"):
            box.decompose()
        assert "SECRET-SEEN" not in page.get_text()


@pytest.mark.parametrize("count", [1, 3])
def test_what_the_pages_cost(
    count: int,
    client_for: ClientFor,
    adviser: User,
    organisation: Organisation,
    owner: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(count):
        make_venue(organisation)
        made = make_sighting(owner)
        sightings.see(actor=adviser, sighting_id=made.pk)
    mine, officer = client_for(owner), client_for(adviser)
    with django_assert_num_queries(REPORT):
        assert mine.get(reverse("advisories:sighting_new")).status_code == 200
    with django_assert_num_queries(OWN):
        assert mine.get(reverse("advisories:sightings")).status_code == 200
    with django_assert_num_queries(QUEUE):
        assert officer.get(reverse("advisories:sightings_queue")).status_code == 200
    with django_assert_num_queries(ONE):
        assert officer.get(reverse("advisories:sighting", args=[made.pk])).status_code == 200
