"""Two people at the same instant: one change, one plan, the other is told; and nobody waits in a circle for the other's
lock (`certification.services._locks`), which PostgreSQL would end by failing one of them. On both databases.
"""

from __future__ import annotations

import pytest

from accounts.models import Organisation, User
from certification.models import Certificate, MaterialChange, Plan
from certification.services import changes, documents, listing, plans, proposals, reviews
from certification.services.changes import Report
from certification.services.proposals import Wanted
from core import audit
from core.errors import Conflict, DomainError
from tests.certification.changes.test_changes import submitted
from tests.certification.organiser.test_races import at_once
from tests.factories import accounts as people
from tests.factories import reviews as police

pytestmark = pytest.mark.django_db(transaction=True)

LAYOUT = Report(declared=frozenset({"layout"}), description="A gate.")


@pytest.fixture
def renewal(certified: Certificate, organisation: Organisation, second_adviser: User) -> Plan:
    """It waits for its signature."""
    return police.recommended_plan(organisation, reviewer=second_adviser, subject=certified.venue)


def told(certificate: Certificate, by: User) -> MaterialChange:
    return changes.report(actor=by, certificate_id=certificate.pk, given=LAYOUT)


def draft_of(change: MaterialChange) -> Plan:
    assert change.plan is not None
    return change.plan


def answered(results: list[object]) -> bool:
    """Each came through or was told why not; None would be an error of the database."""
    return all(isinstance(result, DomainError) or result is not None for result in results)


def test_two_colleagues_tell_at_once(certified: Certificate, organiser: User, colleague: User) -> None:
    results = at_once(lambda: told(certified, organiser), lambda: told(certified, colleague))
    assert sorted(type(result).__name__ for result in results) == [Conflict.__name__, MaterialChange.__name__]
    assert MaterialChange.objects.get().plan == Plan.objects.get(state="draft")


def test_told_while_the_renewal_is_signed(
    certified: Certificate, renewal: Plan, organiser: User, authoriser: User
) -> None:
    results = at_once(lambda: told(certified, organiser), lambda: police.sign_as_recommended(renewal, by=authoriser))
    assert answered(results), results
    renewal.refresh_from_db()
    assert renewal.state == "approved"
    assert audit.verify_all().problem == ""


def test_varied_while_the_renewal_is_signed(
    certified: Certificate, renewal: Plan, adviser: User, authoriser: User
) -> None:
    wanted = Wanted("vary", "Because.", changes={"scope": "Other words."})
    other = people.make_officer("authoriser", name="Ott Other")
    made = proposals.propose(actor=adviser, certificate_id=certified.pk, wanted=wanted)
    results = at_once(
        lambda: proposals.confirm(actor=other, proposal_id=made.pk),
        lambda: police.sign_as_recommended(renewal, by=authoriser),
    )
    assert answered(results), results
    renewal.refresh_from_db()
    assert renewal.state == "approved"
    assert audit.verify_all().problem == ""


def test_made_minor_while_its_plan_is_signed(
    certified: Certificate, owner: User, adviser: User, second_adviser: User, authoriser: User
) -> None:
    change = told(certified, owner)
    plan = submitted(change, owner)
    reviews.claim(actor=second_adviser, plan_id=plan.pk)
    police.judge_all(plan, reviewer=second_adviser)
    police.recommend_as_scored(plan, reviewer=second_adviser)
    results = at_once(
        lambda: changes.lower(actor=adviser, change_id=change.pk, reason="Only the bar moved."),
        lambda: police.sign_as_recommended(plan, by=authoriser),
    )
    assert answered(results), results
    change.refresh_from_db()
    plan.refresh_from_db()
    assert (change.state, plan.state) == ("accepted", "approved")


def test_made_minor_while_its_plan_is_withdrawn(certified: Certificate, owner: User, adviser: User) -> None:
    change = told(certified, owner)
    results = at_once(
        lambda: changes.lower(actor=adviser, change_id=change.pk, reason="Only the bar moved."),
        lambda: plans.withdraw(actor=owner, plan_id=draft_of(change).pk),
    )
    assert answered(results), results
    change.refresh_from_db()
    assert (change.state, draft_of(change).state) in {("recorded", "withdrawn"), ("withdrawn", "withdrawn")}


def test_its_plan_is_signed_while_the_varied_document_comes_into_force(
    certified: Certificate, owner: User, adviser: User, second_adviser: User, authoriser: User
) -> None:
    """Either way the change is accepted once, of one certificate, and one of the two holds."""
    change = told(certified, owner)
    plan = submitted(change, owner)
    reviews.claim(actor=second_adviser, plan_id=plan.pk)
    police.judge_all(plan, reviewer=second_adviser)
    police.recommend_as_scored(plan, reviewer=second_adviser)
    other = people.make_officer("authoriser", name="Ott Other")
    wanted = Wanted("vary", "Because.", changes={"scope": "Other words."})
    made = proposals.propose(actor=adviser, certificate_id=certified.pk, wanted=wanted)
    proposals.confirm(actor=other, proposal_id=made.pk)
    varied = Certificate.objects.get(supersedes=certified)

    def issue() -> bool:
        documents.render({"certificate": str(varied.pk)})
        return True

    results = at_once(issue, lambda: police.sign_as_recommended(plan, by=authoriser))
    assert answered(results), results
    change.refresh_from_db()
    varied.refresh_from_db()
    assert change.state == "accepted"
    assert change.certificate in {certified, varied}
    assert varied.state in {"in_force", "being_issued", "superseded"}
    assert audit.verify_all().problem == ""


def test_kept_off_the_register_while_the_renewal_is_signed(
    certified: Certificate, renewal: Plan, owner: User, national_admin: User, authoriser: User
) -> None:
    assert certified.venue is not None
    asked = listing.ask(actor=owner, subject=certified.venue, reason="A shelter.")
    results = at_once(
        lambda: listing.consent(actor=national_admin, request_id=asked.pk),
        lambda: police.sign_as_recommended(renewal, by=authoriser),
    )
    assert answered(results), results
    assert not Certificate.objects.get(pk=certified.pk).listed
