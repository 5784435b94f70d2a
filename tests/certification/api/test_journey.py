"""From registration to verification by programs alone, each with the scopes of its office."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Organisation, User
from certification.models import StandardVersion
from core.models import AuditEvent
from events.serializers.subjects import NewVenueSerializer
from tests.api_client import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser_api(owner: User) -> Api:
    return Api(owner, "subjects:read", "subjects:write", "plans:read", "plans:write", "certificates:read")


@pytest.fixture
def adviser_api(adviser: User) -> Api:
    return Api(adviser, "plans:read", "reviews:read", "reviews:write")


@pytest.fixture
def authoriser_api(authoriser: User) -> Api:
    return Api(authoriser, "plans:read", "reviews:read", "decisions:write", "certificates:read")


def answer_everything(api: Api, plan: str, level: int = 3) -> list[str]:
    codes = []
    for row in api.get(f"/plans/{plan}/answers/").json()["results"]:
        codes.append(row["code"])
        said = {"level": level, "account": f"Account of {row['code']}.", "version": 0}
        assert api.put(f"/plans/{plan}/answers/{row['code']}/", said).status_code == 200
    return codes


def judge_everything(api: Api, plan: str) -> None:
    for item in api.get(f"/plans/{plan}/review/").json()["criteria"]:
        if item["status"] == "judged":
            continue
        version = item["judgement"]["version"] if item["judgement"] else 0
        said = {"level": item["claimed"]["level"], "comment": "Seen.", "version": version}
        assert api.put(f"/plans/{plan}/review/criteria/{item['code']}/", said).status_code == 200


def submit(api: Api, plan: str) -> Any:
    declaration = {"name": "Olive Organiser", "position": "Trust manager", "agreed": True}
    return api.post(f"/plans/{plan}/submissions/", {"declaration": declaration})


def test_the_whole_journey(
    standard: StandardVersion,
    organisation: Organisation,
    organiser_api: Api,
    adviser_api: Api,
    authoriser_api: Api,
    run_outbox: Callable[[], int],
    settings: Any,
) -> None:
    settings.DEMO = True  # the demonstration scanner stands in for clamd
    venue = organiser_api.post("/venues/", {**NewVenueSerializer.example, "organisation_id": str(organisation.pk)})
    assert (venue.status_code, venue.json()["tier"]) == (201, "standard")
    begun = organiser_api.post("/plans/", {"subject": {"kind": "venue", "id": venue.json()["id"]}})
    plan = begun.json()["id"]
    assert (begun.status_code, begun.json()["state"]) == (201, "draft")
    assert adviser_api.get(f"/plans/{plan}/").status_code == 404

    answer_everything(organiser_api, plan)
    early = submit(organiser_api, plan)
    assert (early.status_code, early.json()["code"]) == (422, "incomplete")
    content = b"Minutes of the committee, October."
    sent = organiser_api.upload(
        f"/plans/{plan}/evidence/", code="GOV-02", file=SimpleUploadedFile("minutes.txt", content), note="October"
    )
    assert (sent.status_code, sent.json()["scan"]) == (201, "pending")
    run_outbox()
    evidence = sent.json()["id"]
    assert organiser_api.get(f"/plans/{plan}/evidence/{evidence}/").json()["scan"] == "clean"
    assert organiser_api.get(f"/plans/{plan}/score/").json()["outcome"] == "certify"
    first = submit(organiser_api, plan)
    assert (first.status_code, first.json()["number"]) == (201, 1)

    assert adviser_api.get("/plans/", state="submitted").json()["results"][0]["id"] == plan
    assert adviser_api.post(f"/plans/{plan}/claim/").json()["state"] == "under_review"
    opened = adviser_api.get(f"/plans/{plan}/evidence/{evidence}/file/")
    assert b"".join(opened.streaming_content) == content
    asked = adviser_api.post(f"/plans/{plan}/change-requests/", {"code": "GOV-01", "message": "Name the deputy."})
    assert (asked.status_code, asked.json()["state"]) == (201, "draft")
    assert organiser_api.get(f"/plans/{plan}/requested-changes/").json()["results"] == []
    assert adviser_api.post(f"/plans/{plan}/change-requests/send/").status_code == 200
    assert organiser_api.get(f"/plans/{plan}/requested-changes/").json()["results"][0]["message"] == "Name the deputy."
    better = {"level": 4, "account": "The deputy is Cass Colleague.", "version": 1}
    assert organiser_api.put(f"/plans/{plan}/answers/GOV-01/", better).json()["version"] == 2
    assert submit(organiser_api, plan).json()["number"] == 2

    judge_everything(adviser_api, plan)
    recommended = adviser_api.post(
        f"/plans/{plan}/recommendation/", {"outcome": "certify", "summary": "In good order.", "conditions": []}
    )
    assert recommended.status_code == 201
    read = authoriser_api.get(f"/plans/{plan}/recommendation/").json()
    assert read["summary"] == "In good order."
    signed = authoriser_api.post(
        f"/plans/{plan}/decision/", {"outcome": "certify", "recommendation_id": read["id"], "note": "Well done."}
    )
    assert signed.status_code == 201
    certificate = signed.json()["certificate_id"]

    assert organiser_api.get(f"/certificates/{certificate}/pdf/").json()["code"] == "illegal-move"
    run_outbox()
    issued = organiser_api.get(f"/certificates/{certificate}/").json()
    assert issued["state"] == "in_force"
    document = organiser_api.get(f"/certificates/{certificate}/pdf/")
    assert hashlib.sha256(document.content).hexdigest() == issued["pdf_sha256"]
    for entry in (issued["number"], issued["verification_token"]):
        checked = Api().get(f"/verify/{entry}/").json()
        assert (checked["status"], checked["certificate"]["subject"]) == ("in_force", "Mill Lane Hall")
    assert [row["number"] for row in Api().get("/register/").json()["results"]] == [issued["number"]]
    trail = AuditEvent.objects.filter(chain__key=f"plan:{plan}").values_list("action", flat=True)
    assert {"plan.submitted", "plan.recommended", "plan.decided", "certificate.issued"} <= set(trail)
