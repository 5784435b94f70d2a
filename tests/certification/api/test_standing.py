"""Programs see what stands beside what is drafted and decided, and where a condition goes on."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import Organisation, User
from certification.models import Certificate
from tests.api_client import Api
from tests.certification.changes.test_standing_conditions import judged, render, varied
from tests.factories import certificates as make
from tests.factories import conditions as things
from tests.factories.reviews import recommend_as_scored, sign_as_recommended

pytestmark = pytest.mark.django_db


@pytest.fixture
def certified(organisation: Organisation, adviser: User, authoriser: User) -> Certificate:
    decided = make.decided_certificate(organisation, reviewer=adviser, signer=authoriser, levels={"GOV-02": 2})
    return make.put_in("in_force", decided)


def test_what_stands_is_told_apart(
    certified: Certificate, owner: User, organiser: User, second_adviser: User, authoriser: User
) -> None:
    condition = certified.conditions.get()
    plan = judged(certified, owner, second_adviser, levels={"PHY-01": 2})
    review = Api(second_adviser).get(f"/plans/{plan.pk}/review/").json()
    stands = [
        {
            "certificate_number": certified.number,
            "code": "GOV-02",
            "text": "Put GOV-02 in place.",
            "due_on": condition.due_on.isoformat(),
            "discharged_at": None,
        }
    ]
    assert review["standing_conditions"] == stands
    assert [item["code"] for item in review["drafted_conditions"]] == ["PHY-01"]
    said = {"outcome": "certify_with_conditions", "summary": "Nearly.", "conditions": review["drafted_conditions"]}
    wrong = [*review["drafted_conditions"], {"code": "GOV-02", "text": "Other words.", "days": 5}]
    refused = Api(second_adviser).post(f"/plans/{plan.pk}/recommendation/", {**said, "conditions": wrong})
    assert (refused.status_code, [row["field"] for row in refused.json()["errors"]]) == (422, ["conditions"])
    recommend_as_scored(plan, reviewer=second_adviser)
    sign_as_recommended(plan, by=authoriser)
    decision = Api(organiser).get(f"/plans/{plan.pk}/decision/").json()
    assert decision["standing_conditions"] == stands
    assert [item["code"] for item in decision["conditions"]] == ["PHY-01"]
    made = Certificate.objects.get(plan=plan)
    shown = Api(organiser).get(f"/certificates/{made.pk}/").json()["conditions"]
    assert {row["code"]: row["stands_from_id"] for row in shown} == {"GOV-02": condition.pk, "PHY-01": None}


def test_what_went_along_is_answered_where_it_is(
    certified: Certificate, organiser: User, adviser: User, second_adviser: User, authoriser: User
) -> None:
    condition = certified.conditions.get()
    sent, wish = things.submitted(condition, organiser), things.asked(condition, organiser)
    made = render(varied(certified, adviser, authoriser, scope="Other words."))
    row = made.conditions.get()
    api = Api(second_adviser)
    old, new = (f"/certificates/{one.certificate_id}/conditions/{one.pk}" for one in (condition, row))
    for path in (f"discharges/{sent.pk}/accept", f"more-time/{wish.pk}/grant"):
        answer = api.post(f"{old}/{path}/", {})
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal-move")
        assert f"Certificate {made.number} has taken the place of this one" in answer.json()["detail"]
    shown = api.get(f"{new}/").json()
    assert [item["id"] for item in shown["discharges"]] == [sent.pk]
    assert api.post(f"{new}/discharges/{sent.pk}/accept/", {}).status_code == 200
    row.refresh_from_db()
    assert timezone.localdate(row.discharged_at) == timezone.localdate()


def test_what_is_over_without_a_decision_is_said(
    certified: Certificate, organiser: User, adviser: User, authoriser: User
) -> None:
    condition = certified.conditions.get()
    things.submitted(condition, organiser)
    render(varied(certified, adviser, authoriser, conditions=[]))
    shown = Api(organiser).get(f"/certificates/{certified.pk}/conditions/{condition.pk}/").json()
    assert [item["state"] for item in shown["discharges"]] == ["lapsed"]
