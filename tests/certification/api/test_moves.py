"""Moves of a certificate through the API: both officers, the holder, and the two sides of a transfer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Organisation, User
from certification.models import Certificate, TransferOffer
from certification.services import documents
from events.models import Venue
from tests.api_client import Api
from tests.factories.certificates import decided_certificate, put_in
from tests.factories.certification import small_standard
from tests.factories.transfers import ANSWER, receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(organisation: Organisation, adviser: User, authoriser: User) -> Certificate:
    small_standard()
    made = decided_certificate(organisation, reviewer=adviser, signer=authoriser, levels={"GOV-02": 2})
    return put_in("in_force", made)


@pytest.fixture
def path(certificate: Certificate) -> str:
    return f"/certificates/{certificate.pk}/"


def propose(api: Api, path: str, kind: str, **more: object) -> str:
    said = api.post(f"{path}proposals/", {"kind": kind, "reason": "Because.", **more})
    assert said.status_code == 201, said.content
    return f"{path}proposals/{said.json()['proposals'][0]['id']}/"


def test_suspended_at_once_confirmed_and_reinstated(
    path: str, owner: User, adviser: User, authoriser: User, certificate: Certificate
) -> None:
    police, signer, holder = Api(adviser), Api(authoriser), Api(owner)
    urgent = propose(police, path, "suspend", urgent=True)
    seen = holder.get(path).json()
    assert (seen["state"], seen["proposals"][0]["urgent"], seen["proposals"][0]["reason"]) == (
        "suspended",
        True,
        "Because.",
    )
    assert Api().get(f"/verify/{certificate.token}/").json()["status"] == "suspended"
    [waiting] = signer.get("/proposals/").json()["results"]
    assert (waiting["kind"], waiting["certificate_id"]) == ("suspend", str(certificate.pk))
    assert police.post(f"{urgent}confirm/").status_code == 403
    assert signer.post(f"{urgent}confirm/").json()["state"] == "suspended"
    assert signer.get("/proposals/").json()["results"] == []
    back = propose(police, path, "reinstate")
    assert signer.post(f"{back}confirm/").json()["state"] == "in_force"
    assert signer.post(f"{back}confirm/").json()["code"] == "conflict"


def test_a_proposal_is_dropped(path: str, adviser: User, owner: User) -> None:
    police = Api(adviser)
    asked = propose(police, path, "suspend")
    assert police.delete(asked).status_code == 204
    assert police.get(path).json()["proposals"][0]["dropped_at"] is not None
    assert Api(owner).get(path).json()["proposals"] == []
    assert police.delete(asked).json()["code"] == "illegal-move"


def test_varied(path: str, adviser: User, authoriser: User, certificate: Certificate) -> None:
    day = (timezone.localdate() + timedelta(days=20)).isoformat()
    changes = {"scope": "The hall alone.", "conditions": [{"code": "GOV-01", "text": "Do it.", "due_on": day}]}
    asked = propose(Api(adviser), path, "vary", changes=changes)
    assert Api(authoriser).get(path).json()["proposals"][0]["changes"] == changes
    assert Api(authoriser).post(f"{asked}confirm/").json()["state"] == "in_force"
    new = Certificate.objects.get(supersedes=certificate)
    documents.render({"certificate": str(new.pk)})
    shown = Api(adviser).get(f"/certificates/{new.pk}/").json()
    assert (shown["basis"], shown["supersedes"], shown["scope"]) == (
        "variation",
        str(certificate.pk),
        "The hall alone.",
    )
    assert [(c["code"], c["due_on"]) for c in shown["conditions"]] == [("GOV-01", day)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"scope": "x" * 400}, "scope"),
        ({"valid_until": "2099-01-01"}, "valid_until"),
        ({"surprise": 1}, "changes.surprise"),
        ({"conditions": [{"code": "GOV-01"}]}, "changes.conditions.0.text"),
    ],
)
def test_what_cannot_be_varied_is_said_with_its_field(
    path: str, adviser: User, changes: dict[str, object], field: str
) -> None:
    said = Api(adviser).post(f"{path}proposals/", {"kind": "vary", "reason": "x", "changes": changes})
    assert said.status_code == 422
    assert field in [fault["field"] for fault in said.json()["errors"]]


def test_a_variation_that_changes_nothing_is_refused(path: str, adviser: User) -> None:
    said = Api(adviser).post(f"{path}proposals/", {"kind": "vary", "reason": "x"})
    assert (said.status_code, said.json()["code"]) == (422, "invalid-input")


def test_given_up(path: str, owner: User, certificate: Certificate) -> None:
    holder = Api(owner)
    assert holder.post(f"{path}surrender/", {"reason": ""}).status_code == 422
    assert holder.post(f"{path}surrender/", {"reason": "Closed."}).json()["state"] == "surrendered"
    assert holder.post(f"{path}surrender/", {"reason": "Closed."}).json()["code"] == "illegal-move"
    assert Api().get(f"/verify/{certificate.number}/").json()["status"] == "surrendered"


def test_transferred(
    path: str, owner: User, adviser: User, authoriser: User, certificate: Certificate, stranger: User
) -> None:
    organisation = receiver()
    holder, taker, police, signer = Api(owner), Api(organisation.created_by), Api(adviser), Api(authoriser)
    said = holder.post(f"{path}transfer/", {"email": organisation.created_by.email, "plan_goes_along": True})
    assert (said.status_code, said.json()["state"], said.json()["answers"]) == (201, "offered", None)
    offer = f"/transfers/{said.json()['id']}/"
    assert [Api(stranger).get(offer).status_code, police.get(offer).status_code] == [404, 404]
    answers = {
        "responsible_kind": "organisation",
        "responsible_name": "Lantern Houses",
        "responsible_ground": "Leaseholder",
        "capability": ANSWER,
        "declared_position": "Director",
    }
    given = {"organisation_id": str(organisation.pk), **answers}
    refused = taker.post(f"{offer}accept/", {**given, "declared": False})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "declared")
    accepted = taker.post(f"{offer}accept/", {**given, "declared": True}).json()
    assert (accepted["state"], accepted["answers"]["capability"]) == ("accepted", ANSWER)
    assert holder.get(offer).json()["answers"] is None
    asked = propose(police, path, "transfer")
    assert signer.post(f"{asked}confirm/").status_code == 200
    assert taker.get(offer).json()["state"] == "completed"
    new = Certificate.objects.get(supersedes=certificate)
    assert taker.get(f"/certificates/{new.pk}/").json()["basis"] == "transfer"
    assert taker.get(f"/plans/{certificate.plan_id}/").status_code == 200
    assert holder.get(f"/plans/{certificate.plan_id}/").json()["score"] is None
    assert Venue.objects.get().organisation == organisation


@pytest.mark.parametrize(
    ("who", "tail", "state"),
    [("taker", "decline", "declined"), ("holder", "withdraw", "withdrawn"), ("signer", "refuse", "refused")],
)
def test_a_transfer_that_comes_to_nothing(
    path: str, owner: User, authoriser: User, certificate: Certificate, who: str, tail: str, state: str
) -> None:
    from tests.factories.transfers import accepted_offer

    offer = accepted_offer(certificate)
    assert offer.accepted_by is not None
    api = {"taker": Api(offer.accepted_by), "holder": Api(owner), "signer": Api(authoriser)}[who]
    body = {"reason": "They have no lease."} if tail == "refuse" else {}
    assert api.post(f"/transfers/{offer.pk}/{tail}/", body).json()["state"] == state
    assert api.post(f"/transfers/{offer.pk}/{tail}/", body).json()["code"] == "illegal-move"
    assert TransferOffer.objects.get().state == state
