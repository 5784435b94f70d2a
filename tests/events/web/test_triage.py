"""Find out what applies: page by page, as somebody without an account and without JavaScript."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation, User
from events.domain import triage
from tests.conftest import ClientFor

pytestmark = pytest.mark.django_db

QUESTIONS = "/find-out-what-applies/questions/"
RESULT = "/find-out-what-applies/result/"

HALL = {
    "kind": "premises",
    "use": "hall",
    "has_building": "yes",
    "open_air_type": "indoors",
    "wholly_or_mainly": "yes",
    "public_access": "yes",
    "expected_attendance": "250",
    "recurring": "yes",
    "excluded_kind": "none",
}
CONCERT = {
    "kind": "event",
    "host_use": "none",
    "public_access": "yes",
    "entry_check": "ticket_or_pass",
    "entry_check_scope": "general",
    "expected_attendance": "1,200",
    "excluded_kind": "none",
}


def _answer(client: Client, answers: dict[str, str]) -> tuple[list[str], str]:
    """Fill in and send one page after the other; the questions asked and the address of the result."""
    asked: list[str] = []
    address = QUESTIONS
    query: dict[str, str] = {}
    for _ in range(20):
        response = client.get(address, query)
        if response.status_code == 302:
            return asked, response["Location"]
        page = BeautifulSoup(response.content, "html.parser")
        form = page.select_one("main form")
        assert isinstance(form, Tag)
        query = {str(box["name"]): str(box["value"]) for box in form.select("input[type=hidden]")}
        name = query["asked"]
        asked.append(name)
        assert form.select_one(f"[name={name}]") is not None
        query[name] = answers[name]
    raise AssertionError(asked)


def _heading(client: Client, answers: dict[str, str]) -> str:
    page = BeautifulSoup(client.get(RESULT, answers).content, "html.parser")
    heading = page.h1
    assert heading is not None
    return " ".join(heading.get_text().split())


def test_a_hall_is_asked_what_matters_and_told_why(client: Client) -> None:
    asked, address = _answer(client, HALL)

    assert asked == list(HALL)
    assert urlsplit(address).path == RESULT
    page = BeautifulSoup(client.get(address).content, "html.parser")
    text = " ".join(page.get_text().split())
    assert page.h1 is not None
    assert page.h1.get_text(strip=True) == "Standard tier"
    assert "Security Industry Authority" in text
    assert "expected, not in force" in text
    assert "s. 2(3)(b)" in text
    assert "complian" not in text


def test_a_concert_is_asked_other_questions_and_its_number_may_have_a_comma(client: Client) -> None:
    asked, address = _answer(client, CONCERT)

    assert asked == list(CONCERT)
    assert parse_qs(urlsplit(address).query)["expected_attendance"] == ["1200"]
    assert _heading(client, CONCERT) == "Enhanced tier"


def test_a_project_is_a_prediction(client: Client) -> None:
    answers = {**HALL, "kind": "project", "use": "transport_station", "expected_attendance": "5000"}
    del answers["public_access"]

    asked, _ = _answer(client, answers)

    assert asked == list(answers)
    assert _heading(client, answers) == "Enhanced tier Predicted for the day of opening"


@pytest.mark.parametrize(
    ("answers", "changes", "heading"),
    [
        (HALL, {"expected_attendance": "199"}, "Outside the Act"),
        (HALL, {"expected_attendance": "200"}, "Standard tier"),
        (HALL, {"expected_attendance": "799"}, "Standard tier"),
        (HALL, {"expected_attendance": "800"}, "Enhanced tier"),
        (HALL, {"use": "worship", "expected_attendance": "5000"}, "Standard tier"),
        (HALL, {"use": "none"}, "Outside the Act"),
        (HALL, {"public_access": "no"}, "Outside the Act"),
        (HALL, {"has_building": "no"}, "Outside the Act"),
        (HALL, {"wholly_or_mainly": "no"}, "Outside the Act"),
        (HALL, {"recurring": "no"}, "Outside the Act"),
        (HALL, {"excluded_kind": "uk_parliament"}, "Excluded from the Act"),
        (HALL, {"open_air_type": "park", "entry_check": "none"}, "Excluded from the Act"),
        (HALL, {"open_air_type": "park", "entry_check": "payment", "entry_check_scope": "general"}, "Standard tier"),
        (
            HALL,
            {
                "open_air_type": "sports_ground",
                "designated_sports_ground": "yes",
                "entry_check": "none",
                "use": "sports_ground",
            },
            "Standard tier",
        ),
        (
            HALL,
            {
                "open_air_type": "sports_ground",
                "designated_sports_ground": "no",
                "entry_check": "payment",
                "entry_check_scope": "particular_events_only",
            },
            "Excluded from the Act",
        ),
        (CONCERT, {"expected_attendance": "799"}, "Outside the Act"),
        (CONCERT, {"expected_attendance": "800"}, "Enhanced tier"),
        (CONCERT, {"entry_check": "none"}, "Outside the Act"),
        (CONCERT, {"public_access": "no"}, "Outside the Act"),
        (CONCERT, {"host_use": "hall", "host_tier": "yes"}, "Outside the Act"),
        (CONCERT, {"host_use": "hall", "host_tier": "unknown"}, "Enhanced tier"),
        (CONCERT, {"host_use": "worship", "host_tier": "no"}, "Excluded from the Act"),
        (CONCERT, {"entry_check_scope": "part_of_site", "part_attendance": "799"}, "Outside the Act"),
        (CONCERT, {"entry_check_scope": "part_of_site", "part_attendance": "800"}, "Enhanced tier"),
    ],
)
def test_what_the_answers_lead_to(
    client: Client, answers: dict[str, str], changes: dict[str, str], heading: str
) -> None:
    given = {**answers, **changes}
    _, address = _answer(client, given)

    query = {name: words[0] for name, words in parse_qs(urlsplit(address).query).items()}

    assert _heading(client, query) == heading


def test_an_empty_answer_is_asked_again_with_an_error_and_nothing_is_lost(client: Client) -> None:
    response = client.get(QUESTIONS, {"kind": "premises", "asked": "use"})
    page = BeautifulSoup(response.content, "html.parser")

    assert page.title is not None
    assert page.title.get_text().startswith("Error:")
    link = page.select_one(".govuk-error-summary a")
    assert isinstance(link, Tag)
    assert page.find(id=str(link["href"])[1:]) is not None
    kept = page.select_one("input[name=kind]")
    assert isinstance(kept, Tag)
    assert kept["value"] == "premises"


@pytest.mark.parametrize("figure", ["0", "-5", "1000001", "many", "2.5", "", "9" * 400])
def test_a_figure_that_cannot_be_is_asked_again(client: Client, figure: str) -> None:
    answers = {**HALL, "expected_attendance": figure}

    response = client.get(QUESTIONS, {**answers, "asked": "expected_attendance"})

    assert response.status_code == 200
    assert response.context["asking"] == "expected_attendance"
    assert response.context["form"].errors
    assert client.get(RESULT, answers).status_code == 302


def test_changing_one_answer_keeps_the_others(client: Client) -> None:
    response = client.get(QUESTIONS, {**HALL, "change": "use"})
    page = BeautifulSoup(response.content, "html.parser")

    chosen = page.select_one("select option[selected]")
    assert isinstance(chosen, Tag)
    assert chosen["value"] == "hall"
    hidden = {str(box["name"]): str(box["value"]) for box in page.select("main form input[type=hidden]")}
    assert hidden == {**{k: v for k, v in HALL.items() if k != "use"}, "asked": "use"}
    done = client.get(QUESTIONS, {**hidden, "use": "shop"})
    assert urlsplit(done["Location"]).path == RESULT


def test_an_answer_left_over_from_another_kind_is_asked_anew(client: Client) -> None:
    left_over = {**CONCERT, "entry_check_scope": "particular_events_only", "asked": "entry_check"}

    response = client.get(QUESTIONS, left_over)

    assert response.context["asking"] == "entry_check_scope"
    assert not response.context["form"].errors


def test_going_back_shows_the_answer_before(client: Client) -> None:
    response = client.get(QUESTIONS, {"kind": "premises", "use": "hall"})
    back = client.get(response.context["back_url"])

    assert (response.context["asking"], back.context["asking"]) == ("has_building", "use")
    assert back.context["form"].initial == {"use": "hall"}


def test_nothing_is_asked_of_the_database_but_the_session(client: Client) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get("/find-out-what-applies/")
        client.get(QUESTIONS, HALL)
        client.get(RESULT, HALL)

    assert [query["sql"] for query in queries] == []


def test_too_many_questions_are_refused_for_a_while(client: Client) -> None:
    statuses = {client.get(RESULT, {"kind": "premises"}).status_code for _ in range(125)}

    assert statuses == {302, 429}


def test_the_answers_are_carried_through_signing_in_into_the_form(
    client: Client, organisation: Organisation, owner: User
) -> None:
    response = client.post("/find-out-what-applies/register/", HALL)
    assert response["Location"] == "/venues/new/"
    assert client.get("/venues/new/").status_code == 302
    client.force_login(owner)

    form = client.get("/venues/new/").context["form"]

    shown = {name: form[name].value() for name in ("use", "has_building", "expected_attendance", "recurring")}
    assert shown == {"use": "hall", "has_building": "yes", "expected_attendance": 250, "recurring": "yes"}
    assert form["responsible_name"].value() == organisation.name


def test_answers_about_an_event_do_not_fill_in_a_venue(
    organisation: Organisation, owner: User, client_for: ClientFor
) -> None:
    client = client_for(owner)
    client.post("/find-out-what-applies/register/", CONCERT)

    assert client.get("/venues/new/").context["form"]["expected_attendance"].value() is None
    assert client.get("/events/new/?venue=elsewhere").context["form"]["expected_attendance"].value() == 1200


def test_unfinished_answers_are_not_carried(client: Client) -> None:
    response = client.post("/find-out-what-applies/register/", {"kind": "premises"})

    assert response["Location"] == "/find-out-what-applies/"
    assert "triage_answers" not in client.session


def test_every_question_is_known_to_the_list() -> None:
    reached = {
        name
        for kind in ("premises", "event")
        for name in triage.path(
            {
                "kind": kind,
                "open_air_type": "sports_ground",
                "use": "shop",
                "entry_check": "payment",
                "entry_check_scope": "part_of_site",
            }
        )
    }

    assert reached == set(triage.ALL_QUESTIONS)
