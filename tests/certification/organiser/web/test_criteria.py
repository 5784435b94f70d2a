"""Answering through the pages: without JavaScript, with autosave, two at once, with a file beside the answer."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation, User
from certification.models import Answer, Evidence, Plan
from certification.services import answers
from certification.services.answers import AnswerInput
from tests.conftest import ClientFor
from tests.factories import certification as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(organisation: Organisation) -> Plan:
    return make.draft_plan(organisation)


@pytest.fixture
def client(client_for: ClientFor, organiser: User) -> Client:
    return client_for(organiser)


def url(plan: Plan, code: str = "GOV-01", name: str = "criterion") -> str:
    return reverse(f"certification:{name}", args=[plan.pk, code])


def soup(response: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def field(response: HttpResponse, name: str) -> str:
    """What the form would send for a field if it were sent as it stands."""
    page = soup(response)
    found = page.select_one(f'textarea[name="{name}"]')
    if found is not None:
        return found.get_text().removeprefix("\n").strip()
    chosen = page.select_one(f'input[name="{name}"][checked], input[name="{name}"][type=hidden]')
    return str(chosen["value"]) if chosen is not None else ""


@pytest.mark.parametrize(
    ("action", "code", "goes_to"),
    [("next", "GOV-01", "GOV-02"), ("back", "GOV-01", ""), ("stay", "GOV-01", "GOV-01"), ("next", "PHY-02", "")],
)
def test_an_answer_is_saved_by_a_plain_form(client: Client, plan: Plan, action: str, code: str, goes_to: str) -> None:
    response = client.post(url(plan, code), {"version": 0, "level": "3", "account": "It is done.", "action": action})
    target = url(plan, goes_to) if goes_to else reverse("certification:plan", args=[plan.pk])
    assert (response.status_code, response["Location"]) == (302, target)
    saved = Answer.objects.get()
    assert (saved.criterion_code, saved.level, saved.account) == (code, 3, "It is done.")


def test_the_page_shows_what_was_saved(client: Client, plan: Plan) -> None:
    client.post(url(plan), {"version": 0, "level": "2", "account": "Partly <b>done</b>."})
    page = client.get(url(plan))
    assert (field(page, "version"), field(page, "level"), field(page, "account")) == ("1", "2", "Partly <b>done</b>.")


def test_a_note_without_a_level_is_kept(client: Client, plan: Plan) -> None:
    client.post(url(plan), {"version": 0, "account": "To be asked."})
    assert (Answer.objects.get().level, Answer.objects.get().account) == (None, "To be asked.")


@pytest.mark.parametrize(
    ("code", "data", "words"),
    [
        ("GOV-01", {"level": "9"}, "level"),
        ("GOV-01", {"level": "na"}, "level"),
        ("GOV-03", {"level": "na", "reason": ""}, "Say why this does not apply"),
        ("GOV-01", {}, "Choose a level"),
        ("GOV-01", {"level": "3", "version": "x"}, ""),
    ],
)
def test_a_refused_answer_keeps_every_word(
    client: Client, plan: Plan, code: str, data: dict[str, str], words: str
) -> None:
    response = client.post(url(plan, code), {"version": "0", "account": "", **data})
    page = soup(response)
    assert response.status_code == 422
    assert page.title is not None
    assert page.title.get_text().startswith("Error:")
    summary = page.select_one(".govuk-error-summary")
    assert summary is not None
    assert words.lower() in summary.get_text().lower()
    assert not Answer.objects.exists()


def test_does_not_apply_with_a_reason(client: Client, plan: Plan) -> None:
    client.post(url(plan, "GOV-03"), {"version": 0, "level": "na", "reason": "We have no yard."})
    saved = Answer.objects.get()
    assert (saved.level, saved.not_applicable, saved.reason) == (None, True, "We have no yard.")


# Two at once ------------------------------------------------------------------------------------------------------------


def test_a_conflict_shows_both_and_loses_neither(client: Client, plan: Plan, colleague: User) -> None:
    theirs = AnswerInput(level=2, account="What the colleague wrote.")
    answers.save(actor=colleague, plan_id=plan.pk, code="GOV-01", answer=theirs, expected_version=0)
    mine = {"version": "0", "level": "4", "account": "What I wrote."}
    response = client.post(url(plan), mine)
    text = soup(response).get_text()
    assert response.status_code == 409
    assert "What the colleague wrote." in text
    assert (field(response, "account"), field(response, "level")) == ("What I wrote.", "4")
    assert Answer.objects.get().account == "What the colleague wrote."
    # the choice: saving again, now against the version that was shown
    again = client.post(url(plan), {**mine, "version": field(response, "version")})
    assert again.status_code == 302
    assert Answer.objects.get().account == "What I wrote."


def test_a_third_save_in_between_is_a_conflict_again(client: Client, plan: Plan, colleague: User) -> None:
    for number in range(2):
        given = AnswerInput(level=2, account=f"Version {number}.")
        answers.save(actor=colleague, plan_id=plan.pk, code="GOV-01", answer=given, expected_version=number)
    response = client.post(url(plan), {"version": "1", "level": "4", "account": "Mine."})
    assert response.status_code == 409
    assert Answer.objects.get().account == "Version 1."


# Autosave ---------------------------------------------------------------------------------------------------------------


def test_autosave_answers_with_the_new_version(client: Client, plan: Plan) -> None:
    address = url(plan, name="criterion_autosave")
    first = client.post(address, {"version": 0, "level": "3", "account": "One."})
    assert (first.status_code, first.json()["version"]) == (200, 1)
    second = client.post(address, {"version": 1, "level": "3", "account": "Two."})
    assert (second.status_code, second.json()["version"]) == (200, 2)
    assert set(second.json()) == {"version", "saved_at"}


def test_autosave_says_when_somebody_else_was_first(client: Client, plan: Plan, colleague: User) -> None:
    given = AnswerInput(level=2, account="Theirs.")
    answers.save(actor=colleague, plan_id=plan.pk, code="GOV-01", answer=given, expected_version=0)
    response = client.post(url(plan, name="criterion_autosave"), {"version": 0, "level": "3", "account": "Mine."})
    assert response.status_code == 409
    assert set(response.json()) == {"message"}
    assert Answer.objects.get().account == "Theirs."


@pytest.mark.parametrize(
    ("code", "data", "name"), [("GOV-01", {"level": "9"}, "level"), ("GOV-03", {"level": "na"}, "reason")]
)
def test_autosave_says_what_cannot_be_taken(
    client: Client, plan: Plan, code: str, data: dict[str, str], name: str
) -> None:
    response = client.post(url(plan, code, "criterion_autosave"), {"version": "0", **data})
    assert response.status_code == 422
    words = response.json()["errors"][name]
    assert words
    assert all(isinstance(word, str) for word in words)


# Files ------------------------------------------------------------------------------------------------------------------


def upload(name: str = "drill.txt", content: bytes = b"The drill was in May.") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_file_goes_with_the_answer(client: Client, plan: Plan) -> None:
    data = {"version": 0, "level": "3", "account": "Done.", "file": upload(), "note": "The minutes", "action": "stay"}
    response = client.post(url(plan), data)
    assert response["Location"] == url(plan)
    kept = Evidence.objects.get()
    assert (kept.name, kept.note, kept.scan, Answer.objects.get().level) == ("drill.txt", "The minutes", "pending", 3)
    assert "Being scanned" in soup(client.get(url(plan))).get_text()


def test_a_file_alone_needs_no_answer(client: Client, plan: Plan) -> None:
    assert client.post(url(plan), {"version": 0, "file": upload(), "action": "stay"}).status_code == 302
    assert Evidence.objects.count() == 1
    assert not Answer.objects.exists()


def test_a_refused_file_does_not_cost_the_answer(client: Client, plan: Plan) -> None:
    response = client.post(url(plan), {"version": 0, "level": "3", "account": "Done.", "file": upload("run.exe")})
    assert response.status_code == 422
    assert Answer.objects.get().account == "Done."
    assert (field(response, "version"), field(response, "account")) == ("1", "Done.")
    again = client.post(url(plan), {"version": field(response, "version"), "level": "3", "account": "Done, really."})
    assert again.status_code == 302


def test_a_file_is_removed(client: Client, plan: Plan) -> None:
    kept = make.make_evidence(plan, "GOV-01")
    response = client.post(reverse("certification:evidence_remove", args=[plan.pk, kept.pk]))
    assert response["Location"] == url(plan)
    assert "gov-01.txt" not in soup(client.get(url(plan))).select_one("main").get_text().split("removed")[1]  # type: ignore[union-attr]


def test_a_download_cannot_run(client: Client, plan: Plan) -> None:
    kept = make.make_evidence(plan, "GOV-01", name="cynllun ŵ.txt")
    response = client.get(reverse("certification:evidence_file", args=[plan.pk, kept.pk]))
    assert b"".join(response.streaming_content).startswith(b"Evidence for GOV-01")  # type: ignore[attr-defined]
    assert response["Content-Disposition"] == "attachment; filename*=UTF-8''cynllun%20%C5%B5.txt"
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_file_of_another_plan_is_not_here(client: Client, plan: Plan, other_organisation: Organisation) -> None:
    other = make.make_evidence(make.draft_plan(other_organisation), "GOV-01")
    for name in ("evidence_file", "evidence_remove"):
        address = reverse(f"certification:{name}", args=[plan.pk, other.pk])
        response = client.get(address) if name == "evidence_file" else client.post(address)
        assert response.status_code == 404


# Copied and closed ------------------------------------------------------------------------------------------------------


def test_a_copied_answer_is_confirmed(client: Client, organisation: Organisation) -> None:
    plan = make.answered_plan(organisation)
    Answer.objects.filter(plan=plan).update(confirm_needed=True)
    response = client.post(url(plan, name="criterion_confirm"), {"action": "next"})
    assert response["Location"] == url(plan, "GOV-02")
    assert Answer.objects.get(plan=plan, criterion_code="GOV-01").confirm_needed is False


def test_what_was_not_asked_about_is_read_only(client: Client, organisation: Organisation, adviser: User) -> None:
    plan = make.changes_requested_plan(organisation, reviewer=adviser)
    asked, closed = soup(client.get(url(plan))), soup(client.get(url(plan, "PHY-01")))
    assert asked.select_one("form[data-autosave]") is not None
    assert "Say more about GOV-01." in asked.get_text()
    assert closed.select_one("form[data-autosave]") is None
    assert client.post(url(plan, "PHY-01"), {"version": 1, "level": "4"}).status_code == 422
    assert Answer.objects.get(plan=plan, criterion_code="PHY-01").level == 3
