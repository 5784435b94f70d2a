from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Organisation, User
from certification.models import Answer, Certificate, Plan, StandardVersion
from certification.services import answers
from certification.services.answers import AnswerInput
from tests.api_client import Api
from tests.factories.certificates import decided_certificate, put_in
from tests.factories.certification import answered_plan, draft_plan, make_evidence, submitted_plan
from tests.factories.events import make_venue
from tests.factories.reviews import judged_plan, recommended_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(owner: User) -> Api:
    return Api(owner)


def test_two_colleagues_lose_no_answer(
    standard: StandardVersion, api: Api, organisation: Organisation, colleague: User
) -> None:
    plan = draft_plan(organisation)
    answers.save(
        actor=colleague, plan_id=plan.pk, code="GOV-01", answer=AnswerInput(2, account="Theirs."), expected_version=0
    )
    response = api.put(f"/plans/{plan.pk}/answers/GOV-01/", {"level": 3, "account": "Mine.", "version": 0})
    assert (response.status_code, response.json()["code"]) == (409, "conflict")
    current = response.json()["current"]
    assert (current["account"], current["version"]) == ("Theirs.", 1)
    again = api.put(f"/plans/{plan.pk}/answers/GOV-01/", {"level": 3, "account": "Both.", "version": 1})
    assert again.json()["version"] == 2
    assert Answer.objects.get(plan=plan).account == "Both."


def test_a_second_plan_is_told_of_the_first(standard: StandardVersion, api: Api, organisation: Organisation) -> None:
    plan = draft_plan(organisation)
    response = api.post("/plans/", {"subject": {"kind": "venue", "id": str(plan.venue_id)}})
    assert (response.status_code, response.json()["plan_id"]) == (409, str(plan.pk))


def test_a_plan_for_somebody_else_s_place_is_not_begun(
    standard: StandardVersion, organisation: Organisation, stranger: User
) -> None:
    venue = make_venue(organisation)
    response = Api(stranger).post("/plans/", {"subject": {"kind": "venue", "id": str(venue.pk)}})
    assert response.status_code == 404
    assert not Plan.objects.exists()


def test_what_is_missing_is_told_in_page_order(standard: StandardVersion, api: Api, organisation: Organisation) -> None:
    plan = draft_plan(organisation)
    declaration = {"name": "O", "position": "P", "agreed": True}
    response = api.post(f"/plans/{plan.pk}/submissions/", {"declaration": declaration})
    assert (response.status_code, response.json()["code"]) == (422, "incomplete")
    assert "GOV-01" in response.json()["missing"][0]


def test_nobody_submits_without_agreeing(standard: StandardVersion, api: Api, organisation: Organisation) -> None:
    plan = answered_plan(organisation)
    declaration = {"name": "O", "position": "P", "agreed": False}
    response = api.post(f"/plans/{plan.pk}/submissions/", {"declaration": declaration})
    assert [row["field"] for row in response.json()["errors"]] == ["agreed"]


def test_what_was_submitted_cannot_be_written(standard: StandardVersion, api: Api, organisation: Organisation) -> None:
    plan = submitted_plan(organisation)
    response = api.put(f"/plans/{plan.pk}/answers/GOV-01/", {"level": 4, "version": 1})
    assert (response.status_code, response.json()["code"]) == (409, "illegal-move")


def test_a_criterion_that_is_not_asked(standard: StandardVersion, api: Api, organisation: Organisation) -> None:
    plan = draft_plan(organisation)
    assert api.get(f"/plans/{plan.pk}/answers/PHY-03/").status_code == 404
    assert api.put(f"/plans/{plan.pk}/answers/PHY-03/", {"level": 4, "version": 0}).status_code == 422


def test_lists_are_narrowed(standard: StandardVersion, api: Api, organisation: Organisation) -> None:
    draft, sent = draft_plan(organisation), submitted_plan(organisation)

    def ids(**query: str) -> set[str]:
        return {row["id"] for row in api.get("/plans/", **query).json()["results"]}

    assert ids() == {str(draft.pk), str(sent.pk)}
    assert ids(state="draft") == {str(draft.pk)}
    assert ids(subject=str(sent.venue_id)) == {str(sent.pk)}
    assert ids(area_code="kent") == set()


def test_pages_follow_each_other(standard: StandardVersion, api: Api, organisation: Organisation) -> None:
    plans = [draft_plan(organisation) for _ in range(3)]
    first = api.get("/plans/", size="2").json()
    second = api.get("/plans/", size="2", after=first["next"]).json()
    found = [row["id"] for row in first["results"] + second["results"]]
    assert found == [str(plan.pk) for plan in reversed(plans)]
    assert (first["previous"], second["next"]) == (None, None)
    assert api.get("/plans/", size="2", after=second["previous"]).json()["results"] == first["results"]


def test_lists_say_nothing_of_what_a_plan_says(standard: StandardVersion, api: Api, organisation: Organisation) -> None:
    submitted_plan(organisation)
    assert b"Account of" not in api.get("/plans/").content


def test_the_police_read_no_draft_between_submissions(
    standard: StandardVersion, organisation: Organisation, adviser: User
) -> None:
    plan = submitted_plan(organisation)
    shown = Api(adviser).get(f"/plans/{plan.pk}/").json()
    assert (shown["state"], shown["score"]) == ("submitted", None)


def test_files_are_looked_at(standard: StandardVersion, api: Api, organisation: Organisation) -> None:
    plan = draft_plan(organisation)
    for name, content in (("run.exe", b"MZ"), ("plan.pdf", b"no pdf"), ("empty.txt", b"")):
        sent = SimpleUploadedFile(name, content)
        response = api.upload(f"/plans/{plan.pk}/evidence/", code="GOV-02", file=sent)
        assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "file")


def test_no_file_is_opened_before_its_scan(standard: StandardVersion, api: Api, organisation: Organisation) -> None:
    plan = draft_plan(organisation)
    for scan in ("pending", "held", "infected"):
        file = make_evidence(plan, "GOV-01", scan=scan, content=scan.encode())
        assert api.get(f"/plans/{plan.pk}/evidence/{file.pk}/file/").status_code == 403


def test_a_file_of_another_plan_is_not_found(standard: StandardVersion, api: Api, organisation: Organisation) -> None:
    plan, other = draft_plan(organisation), draft_plan(organisation)
    file = make_evidence(other, "GOV-01")
    assert api.get(f"/plans/{plan.pk}/evidence/{file.pk}/").status_code == 404
    assert api.delete(f"/plans/{plan.pk}/evidence/{file.pk}/").status_code == 404


def test_a_judgement_from_another_window_is_told(
    standard: StandardVersion, organisation: Organisation, adviser: User
) -> None:
    plan = judged_plan(organisation, reviewer=adviser)
    path = f"/plans/{plan.pk}/review/criteria/GOV-01/"
    response = Api(adviser).put(path, {"level": 3, "version": 0})
    assert (response.status_code, response.json()["current"]["version"]) == (409, 1)


def test_a_lower_level_says_why(standard: StandardVersion, organisation: Organisation, adviser: User) -> None:
    plan = judged_plan(organisation, reviewer=adviser)
    path = f"/plans/{plan.pk}/review/criteria/GOV-01/"
    response = Api(adviser).put(path, {"level": 1, "version": 1})
    assert [row["field"] for row in response.json()["errors"]] == ["comment"]


def test_conditions_are_taken_as_the_review_drafts_them(
    standard: StandardVersion, organisation: Organisation, adviser: User, authoriser: User
) -> None:
    plan = judged_plan(organisation, reviewer=adviser, levels={"GOV-01": 2})
    api = Api(adviser)
    drafted = api.get(f"/plans/{plan.pk}/review/").json()["drafted_conditions"]
    said = {"outcome": "certify_with_conditions", "summary": "Nearly.", "conditions": drafted}
    recommended = api.post(f"/plans/{plan.pk}/recommendation/", said)
    assert recommended.json()["conditions"] == [
        {"code": "GOV-01", "text": "Put GOV-01 in place.", "days": 30, "before_event": False}
    ]
    decision = {
        "outcome": "certify_with_conditions",
        "recommendation_id": recommended.json()["id"],
        "conditions": drafted,
    }
    signed = Api(authoriser).post(f"/plans/{plan.pk}/decision/", decision)
    assert signed.status_code == 201
    shown = Api(authoriser).get(f"/certificates/{signed.json()['certificate_id']}/").json()
    assert [row["code"] for row in shown["conditions"]] == ["GOV-01"]


def test_a_decision_on_another_recommendation_than_was_read_is_refused(
    standard: StandardVersion, organisation: Organisation, adviser: User, authoriser: User
) -> None:
    plan = recommended_plan(organisation, reviewer=adviser)
    said = {"outcome": "certify", "recommendation_id": plan.recommendations.get().pk + 1}
    response = Api(authoriser).post(f"/plans/{plan.pk}/decision/", said)
    assert (response.status_code, response.json()["code"]) == (409, "conflict")


def test_the_organisation_never_reads_the_summary(
    standard: StandardVersion, api: Api, organisation: Organisation, adviser: User
) -> None:
    plan = recommended_plan(organisation, reviewer=adviser)
    for tail in ("", "recommendation/", "review/", "decision/", "submissions/1/", "answers/"):
        assert b"SECRET-SUMMARY" not in api.get(f"/plans/{plan.pk}/{tail}").content


def test_a_proposal_to_revoke_is_the_police_s_own(
    api: Api, organisation: Organisation, adviser: User, authoriser: User
) -> None:
    certificate = put_in("in_force", decided_certificate(organisation, reviewer=adviser, signer=authoriser))
    path = f"/certificates/{certificate.pk}/"
    police, signer = Api(adviser), Api(authoriser)
    asked = {"kind": "revoke", "reason": "The hall burnt down."}
    made = police.post(f"{path}proposals/", asked)
    assert (made.status_code, len(made.json()["proposals"])) == (201, 1)
    proposal = f"{path}proposals/{made.json()['proposals'][0]['id']}/"
    assert police.post(f"{path}proposals/", asked).json()["code"] == "conflict"
    assert api.get(path).json()["proposals"] == []
    assert police.post(f"{proposal}confirm/").status_code == 403
    assert signer.post(f"{proposal}confirm/").json()["state"] == "revoked"
    assert api.get(path).json()["proposals"][0]["reason"] == "The hall burnt down."
    assert Api().get(f"/verify/{certificate.number}/").json()["status"] == "revoked"
    assert Certificate.objects.get().state == "revoked"


def test_the_check_answers_alike_whatever_it_finds(organisation: Organisation) -> None:
    certificate = put_in("in_force", decided_certificate(organisation))
    known = Api().get(f"/verify/{certificate.token}/").json()
    unknown = Api().get(f"/verify/{'x' * 43}/").json()
    assert (known["status"], unknown["status"]) == ("in_force", "unknown")
    assert known.keys() == unknown.keys()
    assert known["certificate"].keys() == unknown["certificate"].keys()
    assert set(unknown["certificate"].values()) == {None}


def test_drafts_of_a_standard_are_nobody_s_to_read(standard: StandardVersion) -> None:
    StandardVersion.objects.create(
        code="SMALL",
        version="2099.1",
        title="t",
        effective_from="2099-01-01",
        document={},
        sha256="0",
        loaded_at=standard.loaded_at,
    )
    assert [row["version"] for row in Api().get("/standards/").json()["results"]] == ["2025.1"]
    assert Api().get("/standards/SMALL/2099.1/").status_code == 404
    assert Api().get("/standards/SMALL/2025.1/").json()["document"]["code"] == "SMALL"
