"""A certificate is replaced, or ends, while something is told of it that nobody has decided on yet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from certification.models import Certificate, MaterialChange, Plan
from certification.selectors import changes as selectors
from certification.services import changes, documents, plans, proposals, reviews
from certification.services.changes import Report
from certification.services.proposals import Wanted
from core import audit
from core.errors import Conflict, IllegalMove
from core.models import AuditEvent
from tests.certification.changes.test_changes import LAYOUT, more_people, submitted, told
from tests.factories import certificates as make
from tests.factories import transfers as offers
from tests.factories.events import make_venue
from tests.factories.reviews import judge_all, recommend_as_scored, recommended_plan, sign_as_recommended

pytestmark = pytest.mark.django_db


def varied(certificate: Certificate, adviser: User, authoriser: User) -> Certificate:
    """Confirmed by two; its document is not made yet."""
    wanted = Wanted("vary", "Because.", changes={"scope": "The hall without its cellar."})
    proposal = proposals.propose(actor=adviser, certificate_id=certificate.pk, wanted=wanted)
    proposals.confirm(actor=authoriser, proposal_id=proposal.pk)
    return Certificate.objects.get(supersedes=certificate)


def render(certificate: Certificate) -> Certificate:
    documents.render({"certificate": str(certificate.pk)})
    certificate.refresh_from_db()
    return certificate


def small(certificate: Certificate, owner: User) -> MaterialChange:
    assert certificate.venue is not None
    certificate.venue.refresh_from_db()
    more_people(certificate, certificate.venue.expected_attendance + 1)
    return told(certificate, owner, Report(description="One more."))


def recommended(change: MaterialChange, owner: User, reviewer: User) -> Plan:
    plan = submitted(change, owner)
    reviews.claim(actor=reviewer, plan_id=plan.pk)
    judge_all(plan, reviewer=reviewer)
    recommend_as_scored(plan, reviewer=reviewer)
    return plan


# Replaced ---------------------------------------------------------------------------------------------------------------


def test_what_counts_still_goes_along_with_a_variation(
    certified: Certificate, owner: User, adviser: User, authoriser: User
) -> None:
    over = told(certified, owner)
    assert over.plan is not None
    plans.withdraw(actor=owner, plan_id=over.plan.pk)
    minor, major = small(certified, owner), told(certified, owner)
    made = varied(certified, adviser, authoriser)
    assert selectors.of_certificate(made) == ()
    render(made)
    assert selectors.of_certificate(made) == (major, minor)
    certified.refresh_from_db()
    assert selectors.of_certificate(certified) == (over,)
    went = AuditEvent.objects.filter(action="change.went_along").order_by("pk")
    assert {event.target_id for event in went} == {str(major.pk), str(minor.pk)}
    assert [event.facts for event in went] == [{"certificate": made.number, "before": certified.number}] * 2
    assert audit.verify_all().problem == ""


def test_made_twice_it_goes_along_once(certified: Certificate, owner: User, adviser: User, authoriser: User) -> None:
    told(certified, owner)
    made = varied(certified, adviser, authoriser)
    render(made)
    render(made)
    assert AuditEvent.objects.filter(action="change.went_along").count() == 1


def test_the_police_can_class_anew_what_went_along(
    certified: Certificate, owner: User, adviser: User, authoriser: User
) -> None:
    change = told(certified, owner)
    render(varied(certified, adviser, authoriser))
    assert changes.lower(actor=adviser, change_id=change.pk, reason="A garden gate.").state == "recorded"
    assert changes.raise_(actor=adviser, change_id=change.pk, reason="It is not.").state == "open"


def test_it_is_decided_for_what_holds_now(
    certified: Certificate, owner: User, adviser: User, second_adviser: User, authoriser: User
) -> None:
    change = told(certified, owner)
    standing = render(varied(certified, adviser, authoriser))
    plan = recommended(change, owner, second_adviser)
    sign_as_recommended(plan, by=authoriser)
    made = render(Certificate.objects.get(plan=plan))
    standing.refresh_from_db()
    change.refresh_from_db()
    assert (made.supersedes, made.valid_until) == (standing, standing.valid_until)
    assert [one.state for one in (standing, made)] == ["superseded", "in_force"]
    # Decided: a fact about the certificate for which it was.
    assert (change.state, change.certificate) == ("accepted", standing)


def test_a_renewal_has_seen_what_was_recorded(
    certified: Certificate, owner: User, second_adviser: User, authoriser: User
) -> None:
    minor = small(certified, owner)
    renewal = recommended_plan(certified.organisation, reviewer=second_adviser, subject=certified.venue)
    sign_as_recommended(renewal, by=authoriser)
    made = render(Certificate.objects.get(plan=renewal))
    minor.refresh_from_db()
    assert (made.state, minor.certificate) == ("in_force", certified)


@pytest.mark.parametrize("given", [LAYOUT, Report(description="One more.")])
def test_nothing_is_told_of_what_is_about_to_be_replaced(
    certified: Certificate, owner: User, adviser: User, authoriser: User, given: Report
) -> None:
    made = varied(certified, adviser, authoriser)
    assert certified.venue is not None
    more_people(certified, certified.venue.expected_attendance + 1)
    with pytest.raises(IllegalMove, match="A newer certificate is being made"):
        told(certified, owner, given)
    assert not MaterialChange.objects.exists()
    assert told(render(made), owner, given).certificate == made


def test_nothing_is_made_major_while_the_renewal_is_on_its_way(
    certified: Certificate, owner: User, adviser: User, second_adviser: User, authoriser: User
) -> None:
    """Its answers would be older than those that have just been decided on."""
    minor = small(certified, owner)
    renewal = recommended_plan(certified.organisation, reviewer=second_adviser, subject=certified.venue)
    sign_as_recommended(renewal, by=authoriser)
    with pytest.raises(IllegalMove, match="A newer certificate is being made"):
        changes.raise_(actor=adviser, change_id=minor.pk, reason="The last one counts.")
    assert not Plan.objects.filter(state="draft").exists()


# Transferred ------------------------------------------------------------------------------------------------------------


def test_a_place_does_not_pass_on_while_a_change_is_open(certified: Certificate, owner: User) -> None:
    told(certified, owner)
    with pytest.raises(IllegalMove, match="A plan is open for this place"):
        offers.made_offer(certified, offers.receiver().created_by)


def test_the_new_holder_is_told_nothing_and_the_old_one_tells_no_more(
    certified: Certificate, owner: User, adviser: User, authoriser: User
) -> None:
    minor = small(certified, owner)
    offer = offers.accepted_offer(certified)
    proposal = proposals.propose(actor=adviser, certificate_id=certified.pk, wanted=Wanted("transfer", "Because."))
    proposals.confirm(actor=authoriser, proposal_id=proposal.pk)
    with pytest.raises(IllegalMove, match="A newer certificate is being made"):
        told(certified, owner)
    render(Certificate.objects.get(supersedes=certified))
    minor.refresh_from_db()
    assert offer.to_organisation is not None
    assert minor.certificate == certified
    assert not MaterialChange.objects.visible_to(offer.to_organisation.created_by).exists()


# Over -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["revoked", "surrendered", "expired", "last_day"])
def test_without_a_certificate_a_change_can_only_be_refused_or_withdrawn(
    certified: Certificate, owner: User, second_adviser: User, authoriser: User, end: str
) -> None:
    """Else two answers that were reviewed would bring a whole new term."""
    plan = recommended(told(certified, owner), owner, second_adviser)
    if end == "last_day":
        make.running_until(certified, timezone.localdate() - timedelta(days=1))
    else:
        make.put_in(end, certified)
    with pytest.raises(IllegalMove, match="has ended"):
        sign_as_recommended(plan, by=authoriser)
    assert not Certificate.objects.filter(plan=plan).exists()
    change = MaterialChange.objects.get(plan=plan)
    plan.refresh_from_db()
    assert (change.state, plan.state) == ("open", "recommended")
    plans.withdraw(actor=owner, plan_id=plan.pk)
    change.refresh_from_db()
    assert change.state == "withdrawn"


def test_on_its_last_day_it_can_still_be_accepted(
    certified: Certificate, owner: User, second_adviser: User, authoriser: User
) -> None:
    plan = recommended(told(certified, owner), owner, second_adviser)
    make.running_until(certified, timezone.localdate())
    sign_as_recommended(plan, by=authoriser)
    assert Certificate.objects.get(plan=plan).valid_until == timezone.localdate()


def test_one_change_at_a_time_of_one_place(
    certified: Certificate, owner: User, adviser: User, authoriser: User
) -> None:
    told(certified, owner)
    with pytest.raises(Conflict):
        told(render(varied(certified, adviser, authoriser)), owner)
    other = make_venue(certified.organisation, name="Another hall")
    assert told(make.certificate_in("in_force", certified.organisation, subject=other), owner).state == "open"
