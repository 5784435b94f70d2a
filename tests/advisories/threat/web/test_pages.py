"""The pages of the threat level, through their addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.services import appointments
from advisories.models import ResponseMeasures, ThreatChange, ThreatConfirmation
from advisories.services import responses, threat_answers
from certification.models import Certificate
from tests.factories import certificates as make
from tests.factories import threat as given

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
LIST = "/threat-level/confirmations/"


def main(response: Any) -> str:
    page = BeautifulSoup(response.content, "html.parser").select_one("main")
    assert page is not None
    return " ".join(page.get_text(" ", strip=True).split())


def moment(at: Any) -> dict[str, str]:
    local = timezone.localtime(at)
    return {
        "effective_at_day": str(local.day),
        "effective_at_month": str(local.month),
        "effective_at_year": str(local.year),
        "effective_at_time": f"{local:%H:%M}",
    }


# --- Level and history ------------------------------------------------------------------------------------------------


def test_until_a_level_was_set_the_page_says_so(client: Client) -> None:
    assert "No threat level is recorded" in main(client.get("/threat-level/"))


def test_anybody_reads_level_and_source_and_only_who_signs_in_the_reason(
    client: Client, organiser: User, auditor: User, client_for: ClientFor
) -> None:
    change = given.record("severe")
    assert change.confirmed_by is not None
    public, member, national = (
        main(c.get("/threat-level/")) for c in (client, client_for(organiser), client_for(auditor))
    )
    for page in (public, member, national):
        assert "Statement of 23 November" in page
        assert "An attack is highly likely." in page
    assert [given.KNOWN in page for page in (public, member, national)] == [False, True, True]
    who = f"Proposed by {change.proposed_by.name}, confirmed by {change.confirmed_by.name}"
    assert [who in page for page in (public, member, national)] == [False, False, True]


def test_a_proposal_is_on_no_public_page(
    client: Client, organiser: User, national_admin: User, client_for: ClientFor
) -> None:
    given.record("low")
    made = given.propose("critical", by=national_admin)
    assert made.is_open
    for somebody in (client, client_for(organiser)):
        page = BeautifulSoup(somebody.get("/threat-level/").content, "html.parser")
        assert [row.get_text(strip=True) for row in page.select(".wm-level__value")] == ["LOW", "NORMAL"]
        assert f"/threat-level/changes/{made.pk}/" not in str(page)
    assert f"/threat-level/changes/{made.pk}/" in client_for(national_admin).get("/threat-level/").content.decode()


def test_history_is_paged_newest_first(client: Client) -> None:
    start = timezone.now() - timedelta(days=40)
    levels = ["low", "moderate"] * 11
    for number, level in enumerate(levels):
        given.record(level, effective_at=start + timedelta(days=number))
    first = BeautifulSoup(client.get("/threat-level/").content, "html.parser")
    older = first.select_one("a[rel=next]")
    assert older is not None
    second = BeautifulSoup(client.get(f"/threat-level/{older['href']}").content, "html.parser")
    rows = [len(page.select("#history ~ table tbody tr")) for page in (first, second)]
    assert rows == [20, 2]


def test_one_administrator_proposes_and_another_confirms(
    national_admin: User, second_admin: User, client_for: ClientFor
) -> None:
    first, second = client_for(national_admin), client_for(second_admin)
    said = {"scope": "uk", "level": "severe", "source": "A statement", "reason": "Look out", **moment(timezone.now())}
    proposed = first.post("/threat-level/propose/", said, follow=True)
    made = ThreatChange.objects.get()
    assert "another national administrator has to confirm" in main(proposed)
    page = f"/threat-level/changes/{made.pk}/"
    assert "Confirm this change" not in first.get(page).content.decode()
    assert "Confirm this change" in second.get(page).content.decode()

    assert first.post(f"{page}confirm/").status_code == 403
    assert "Every page says it now" in main(second.post(f"{page}confirm/", follow=True))
    made.refresh_from_db()
    assert made.confirmed_by == second_admin
    assert second.post(f"{page}confirm/").status_code == 409


def test_what_is_missing_is_said_in_the_form(national_admin: User, client_for: ClientFor) -> None:
    response = client_for(national_admin).post("/threat-level/propose/", {"source": " "})
    assert response.status_code == 422
    summary = BeautifulSoup(response.content, "html.parser").select(".govuk-error-summary li")
    assert [item.get_text(strip=True) for item in summary] == [
        "Select whose level changes",
        "Select the level",
        "Say where it was announced",
        "Enter from when it holds",
        "Say what people should know",
    ]


def test_the_page_of_a_proposal_says_what_confirming_it_moves(
    national_admin: User, second_admin: User, client_for: ClientFor
) -> None:
    given.record("moderate", effective_at=timezone.now() - timedelta(days=1))
    made = given.propose("critical", by=national_admin)
    page = main(client_for(second_admin).get(f"/threat-level/changes/{made.pk}/"))
    for where in ("Great Britain", "Northern Ireland"):
        assert f"{where}: the response level moves from NORMAL to EXCEPTIONAL." in page
    assert "within 4 hours" in page


# --- Confirmations ----------------------------------------------------------------------------------------------------


def test_a_holder_is_led_from_the_page_to_the_answer(
    confirmation: ThreatConfirmation, organiser: User, adviser: User, client_for: ClientFor
) -> None:
    given.write_measures(confirmation.certificate, by=organiser)
    client = client_for(organiser)
    address = f"{LIST}{confirmation.pk}/"
    assert address in client.get("/threat-level/").content.decode()
    assert given.MEASURES in main(client.get(address))

    done = client.post(address, {"answer": "on", "measures_version": "1"}, follow=True)
    assert "You have confirmed" in main(done)
    confirmation.refresh_from_db()
    assert (confirmation.state, confirmation.measures_version) == ("confirmed", 1)
    assert "Confirmed version 1 of the measures" in main(client_for(adviser).get(address))


def test_not_yet_asks_why_and_until_when(
    confirmation: ThreatConfirmation, organiser: User, client_for: ClientFor
) -> None:
    client, address = client_for(organiser), f"{LIST}{confirmation.pk}/"
    response = client.post(address, {"answer": "not_yet", "measures_version": "0"})
    assert response.status_code == 422
    assert "Say what is not on yet, and why" in main(response)
    assert "Enter when it will be on" in main(response)

    local = timezone.localtime(timezone.now() + timedelta(hours=30))
    when = {f"expected_at_{part}": str(getattr(local, part)) for part in ("day", "month", "year")}
    said = {
        "answer": "not_yet",
        "reason": given.REASON,
        "measures_version": "0",
        **when,
        "expected_at_time": f"{local:%H:%M}",
    }
    assert given.REASON in main(client.post(address, said, follow=True))


def test_what_stands_under_not_yet_does_not_count_with_yes(
    confirmation: ThreatConfirmation, organiser: User, client_for: ClientFor
) -> None:
    """Without scripts it is always on the page."""
    said = {"answer": "on", "measures_version": "0", "reason": "x" * 3000, "expected_at_day": "41"}
    assert client_for(organiser).post(f"{LIST}{confirmation.pk}/", said).status_code == 302


def test_measures_that_changed_meanwhile_are_read_before_they_are_confirmed(
    confirmation: ThreatConfirmation, organiser: User, client_for: ClientFor
) -> None:
    client, address = client_for(organiser), f"{LIST}{confirmation.pk}/"
    given.write_measures(confirmation.certificate, by=organiser)
    response = client.post(address, {"answer": "on", "measures_version": "0"})
    assert response.status_code == 422
    assert given.MEASURES in main(response)
    hidden = BeautifulSoup(response.content, "html.parser").select_one("input[name=measures_version]")
    assert hidden is not None
    assert hidden["value"] == "1"


@pytest.mark.parametrize(
    ("role", "text"),
    [("viewer", True), ("adviser", True), ("authoriser", True), ("auditor", False)],
)
def test_who_reads_along_answers_nothing(
    confirmation: ThreatConfirmation,
    organiser: User,
    role: str,
    text: bool,
    client_for: ClientFor,
    request: pytest.FixtureRequest,
) -> None:
    given.write_measures(confirmation.certificate, by=organiser)
    when = timezone.now() + timedelta(hours=3)
    threat_answers.defer(actor=organiser, confirmation_id=confirmation.pk, reason=given.REASON, expected_at=when)
    client, address = client_for(request.getfixturevalue(role)), f"{LIST}{confirmation.pk}/"
    page = main(client.get(address))
    assert (given.MEASURES in page, given.REASON in page) == (text, text)
    assert "Send this answer" not in page
    assert client.post(address, {"answer": "on", "measures_version": "1"}).status_code == 403


def test_the_adviser_sees_who_has_not_confirmed_the_late_first(
    confirmation: ThreatConfirmation, adviser: User, organiser: User, client_for: ClientFor
) -> None:
    late, answered, waiting = three_more(confirmation)
    given.due(late, timezone.now() - timedelta(hours=1))
    threat_answers.confirm(actor=organiser, confirmation_id=answered.pk, measures_version=0)
    page = BeautifulSoup(client_for(adviser).get(LIST).content, "html.parser")
    names = [link.get_text(strip=True) for link in page.select("tbody a")]
    assert names[0] == late.certificate.subject_name
    assert set(names) == {row.certificate.subject_name for row in (late, confirmation, waiting)}
    key = [" ".join(item.get_text(" ", strip=True).split()) for item in page.select(".wm-shares__key li")]
    assert key == ["Measures on: 1", "No answer yet: 2", "Not yet on: 0", "Overdue: 1"]
    assert len(page.select(".wm-shares__bar rect")) == 3


def test_the_list_is_filtered_by_state(
    confirmation: ThreatConfirmation, adviser: User, organiser: User, client_for: ClientFor
) -> None:
    threat_answers.confirm(actor=organiser, confirmation_id=confirmation.pk, measures_version=0)
    client = client_for(adviser)
    assert "Everybody has confirmed" in main(client.get(LIST))
    assert confirmation.certificate.subject_name in main(client.get(f"{LIST}?state=confirmed"))
    assert confirmation.certificate.subject_name in main(client.get(f"{LIST}?state=all"))
    assert "Nothing matches these filters" in main(client.get(f"{LIST}?state=not_yet"))


def test_each_sees_their_own(
    confirmation: ThreatConfirmation,
    client_for: ClientFor,
    stranger: User,
    other_area_adviser: User,
    national_admin: User,
) -> None:
    for person in (stranger, other_area_adviser, national_admin):
        client = client_for(person)
        assert confirmation.certificate.subject_name not in client.get(LIST).content.decode()
        assert client.get(f"{LIST}{confirmation.pk}/").status_code == 404


def test_an_administrator_reads_figures_and_no_names(
    confirmation: ThreatConfirmation, national_admin: User, client_for: ClientFor
) -> None:
    page = BeautifulSoup(client_for(national_admin).get("/threat-level/").content, "html.parser")
    figures = [figure.get_text(strip=True) for figure in page.select(".wm-stat__figure")]
    assert figures == ["0", "1", "0", "0"]
    assert confirmation.certificate.subject_name not in str(page)
    assert LIST not in str(page.select_one("main"))


def three_more(confirmation: ThreatConfirmation) -> list[ThreatConfirmation]:
    response = confirmation.response
    certificates = make.copies(confirmation.certificate, 3)
    responses.ask(response, certificates, now=timezone.now())
    return list(response.confirmations.exclude(pk=confirmation.pk).order_by("certificate__number"))


# --- Measures ---------------------------------------------------------------------------------------------------------


def test_an_editor_writes_and_the_police_read(
    held: Certificate, colleague: User, adviser: User, client_for: ClientFor
) -> None:
    address = f"/threat-level/measures/{held.pk}/"
    client = client_for(colleague)
    said = {"text": given.MEASURES, "version": "0"}
    assert "Saved" in main(client.post(f"{address}exceptional/", said, follow=True))
    page = main(client_for(adviser).get(address))
    assert given.MEASURES in page
    assert "Nothing is written down yet." in page
    assert "Change the measures" not in page


def test_two_who_write_at_once_both_see_both(
    held: Certificate, organiser: User, colleague: User, client_for: ClientFor
) -> None:
    given.write_measures(held, by=organiser)
    client, address = client_for(colleague), f"/threat-level/measures/{held.pk}/heightened/"
    clash = client.post(address, {"text": "Close the west gate.", "version": "0"})
    assert clash.status_code == 409
    assert given.MEASURES in main(clash)
    assert "Close the west gate." in main(clash)
    again = {"text": "Close both gates.", "version": "1"}
    assert client.post(address, again).status_code == 302
    assert ResponseMeasures.objects.get().text == "Close both gates."


def test_there_are_no_measures_for_every_day(held: Certificate, organiser: User, client_for: ClientFor) -> None:
    assert client_for(organiser).get(f"/threat-level/measures/{held.pk}/normal/").status_code == 404


# --- Queries ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("role", "path", "queries"),
    [
        ("organiser", "/threat-level/", 9),
        ("adviser", "/threat-level/", 6),
        ("national_admin", "/threat-level/", 7),
        ("organiser", LIST, 6),
        ("adviser", LIST, 6),
        ("auditor", LIST, 7),
    ],
)
def test_lists_take_the_same_number_of_queries_whatever_their_length(
    confirmation: ThreatConfirmation,
    role: str,
    path: str,
    queries: int,
    rows: int,
    client_for: ClientFor,
    request: pytest.FixtureRequest,
) -> None:
    if rows == 3:
        three_more(confirmation)
        given.record("severe", scope="ni")
    client = client_for(request.getfixturevalue(role))
    client.get("/account/")
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    assert len(caught) == queries, [query["sql"][:120] for query in caught]


def test_the_public_page_takes_one_query(client: Client, confirmation: ThreatConfirmation) -> None:
    client.get("/threat-level/")
    with CaptureQueriesContext(connection) as caught:
        assert client.get("/threat-level/").status_code == 200
    assert len(caught) == 1


@pytest.mark.parametrize(("role", "queries"), [("organiser", 7), ("adviser", 7), ("auditor", 7)])
def test_one_confirmation_s_page(
    confirmation: ThreatConfirmation,
    role: str,
    queries: int,
    organiser: User,
    client_for: ClientFor,
    request: pytest.FixtureRequest,
) -> None:
    given.write_measures(confirmation.certificate, by=organiser)
    client = client_for(request.getfixturevalue(role))
    client.get("/account/")
    with CaptureQueriesContext(connection) as caught:
        assert client.get(f"{LIST}{confirmation.pk}/").status_code == 200
    assert len(caught) == queries, [query["sql"][:120] for query in caught]


def test_an_officer_of_two_areas_chooses_between_them(
    confirmation: ThreatConfirmation, adviser: User, organisation: Organisation, client_for: ClientFor
) -> None:
    appointments.appoint(actor=None, user_id=adviser.pk, area_code="kent", role="adviser")
    page = BeautifulSoup(client_for(adviser).get(f"{LIST}?area=kent").content, "html.parser")
    assert [option["value"] for option in page.select("select[name=area] option")] == ["", "kent", "west-yorkshire"]
    assert page.select("tbody a") == []
    assert reverse("advisories:confirmations") == LIST
