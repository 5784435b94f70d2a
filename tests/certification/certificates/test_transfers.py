"""A certified place passes to another organisation: who may do what, what each side is told and sees, how it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Membership, Organisation, User
from certification.domain import transfer as rules
from certification.models import Certificate, Evidence, Plan, Proposal, TransferOffer
from certification.policies import certificates as holding
from certification.policies import plans as planning
from certification.policies import transfers as policies
from certification.services import documents, plans, proposals, transfers
from certification.services.proposals import Wanted
from certification.services.transfers import Acceptance
from core.errors import Conflict, IllegalMove, InvalidInput, NotPermitted
from core.models import AuditEvent, OutgoingMail
from events.models import Venue
from tests.conftest import ClientFor
from tests.factories import accounts as people
from tests.factories import certificates as make
from tests.factories.certification import draft_plan
from tests.factories.events import make_event
from tests.factories.transfers import accept, accepted_offer, holder_answers, made_offer, receiver


@pytest.fixture
def new_holder(db: None) -> Organisation:
    return receiver()


def told(kind: str) -> list[str]:
    return sorted(OutgoingMail.objects.filter(kind=kind).values_list("to", flat=True))


def propose(actor: User, certificate: Certificate) -> Proposal:
    return proposals.propose(actor=actor, certificate_id=certificate.pk, wanted=Wanted("transfer", "SECRET-FINDING"))


def transferred(certificate: Certificate, to: Organisation, adviser: User, authoriser: User) -> Certificate:
    accepted_offer(certificate, to)
    made = propose(adviser, certificate)
    proposals.confirm(actor=authoriser, proposal_id=made.pk)
    new = Certificate.objects.get(supersedes=certificate)
    documents.render({"certificate": str(new.pk)})
    new.refresh_from_db()
    certificate.refresh_from_db()
    return new


# The grid of an offer --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "action"), [(s, a) for s in rules.STATES for a in rules.ACTIONS])
def test_each_move_of_an_offer(state: str, action: str) -> None:
    legal = {
        ("offered", "accept"): "accepted",
        ("offered", "decline"): "declined",
        ("offered", "withdraw"): "withdrawn",
        ("offered", "expire"): "expired",
        ("accepted", "decline"): "declined",
        ("accepted", "withdraw"): "withdrawn",
        ("accepted", "refuse"): "refused",
        ("accepted", "complete"): "completed",
        ("accepted", "expire"): "expired",
    }
    assert rules.after(state, action) == legal.get((state, action))


# The way through ------------------------------------------------------------------------------------------------------


def test_from_offer_to_the_new_holder_s_certificate(
    issued: Certificate, new_holder: Organisation, owner: User, colleague: User, adviser: User, authoriser: User
) -> None:
    taker = new_holder.created_by
    offer = made_offer(issued, taker)
    assert (offer.state, offer.expires_at - offer.offered_at) == ("offered", timedelta(days=30))
    assert told("transfer.offered") == [taker.email]
    accept(offer, new_holder)
    assert told("transfer.accepted") == sorted([owner.email, colleague.email])
    assert told("transfer.with_police") == [authoriser.email]
    made = propose(adviser, issued)
    assert made.changes == {"offer": str(offer.pk)}
    assert (issued.state, Venue.objects.get().organisation) == ("in_force", issued.organisation)
    proposals.confirm(actor=authoriser, proposal_id=made.pk)
    new = Certificate.objects.get(supersedes=issued)
    assert told("transfer.completed") == sorted([owner.email, colleague.email, taker.email])
    documents.render({"certificate": str(new.pk)})
    new.refresh_from_db()
    issued.refresh_from_db()
    assert (issued.state, issued.organisation, new.state) == (
        "superseded",
        owner.memberships.get().organisation,
        "in_force",
    )
    assert (new.organisation, new.holder_name, new.basis, new.valid_until) == (
        new_holder,
        "Lantern Houses",
        "transfer",
        issued.valid_until,
    )
    assert [c.text for c in new.conditions.all()] == [c.text for c in issued.conditions.all()]
    assert taker.email in told("certificate.issued")
    assert not [m for m in OutgoingMail.objects.all() if "SECRET-" in m.subject + m.body]
    assert not [e for e in AuditEvent.objects.all() if "SECRET-" in str(e.facts) or taker.email in str(e.facts)]


def test_the_place_goes_along_with_whoever_answers_for_it_there(
    issued: Certificate, new_holder: Organisation, adviser: User, authoriser: User
) -> None:
    before = Venue.objects.get()
    transferred(issued, new_holder, adviser, authoriser)
    venue = Venue.objects.get()
    assert (venue.organisation, venue.responsible_name, venue.responsible_ground, venue.version) == (
        new_holder,
        "Lantern Houses",
        "Leaseholder from the spring",
        before.version + 1,
    )
    assert (venue.area_id, venue.tier, venue.name) == (before.area_id, before.tier, before.name)
    event = AuditEvent.objects.get(action="venue.handed_over")
    assert (event.actor, event.facts["to"]) == (authoriser, str(new_holder.pk))


ROLES = ["owner", "viewer", "new_owner", "new_viewer", "stranger", "adviser", "other_area_adviser", "auditor"]


def person(role: str, new_holder: Organisation, request: pytest.FixtureRequest) -> User:
    if role == "new_owner":
        return new_holder.created_by
    if role == "new_viewer":
        return people.make_member(new_holder, "viewer")
    found: User = request.getfixturevalue(role)
    return found


@pytest.mark.parametrize("role", ROLES)
def test_who_sees_what_afterwards_and_lists_agree(
    issued: Certificate,
    new_holder: Organisation,
    adviser: User,
    authoriser: User,
    request: pytest.FixtureRequest,
    role: str,
) -> None:
    new = transferred(issued, new_holder, adviser, authoriser)
    user = person(role, new_holder, request)
    plan = Plan.objects.get()
    offer = TransferOffer.objects.get()
    old_side, new_side = role in {"owner", "viewer"}, role in {"new_owner", "new_viewer"}
    official = role in {"adviser", "auditor"}
    sees_plan = Plan.objects.visible_to(user).filter(pk=plan.pk).exists()
    assert sees_plan is bool(planning.can_view(user, plan)) is (old_side or new_side or official)
    assert Plan.objects.visible_to(user).filter(pk=plan.pk).count() <= 1
    assert bool(planning.can_read_answers(user, plan)) is (new_side or role == "auditor")
    for certificate, may in ((issued, old_side or official), (new, new_side or official)):
        visible = Certificate.objects.visible_to(user).filter(pk=certificate.pk).exists()
        assert visible is bool(holding.can_view(user, certificate)) is may
    visible = TransferOffer.objects.visible_to(user).filter(pk=offer.pk).exists()
    assert visible is bool(policies.can_view(user, offer)) is (old_side or new_side or official)
    assert bool(policies.can_read_answers(user, offer)) is (new_side or official)


def test_submitted_evidence_opens_for_the_new_holder(
    issued: Certificate, new_holder: Organisation, adviser: User, authoriser: User, stranger: User
) -> None:
    from tests.factories.certification import make_evidence

    file = make_evidence(issued.plan, "GOV-01")
    Evidence.objects.filter(pk=file.pk).update(scan="clean")
    file.refresh_from_db()
    taker = new_holder.created_by
    assert not planning.can_open_evidence(taker, file, submitted=True)
    transferred(issued, new_holder, adviser, authoriser)
    assert planning.can_open_evidence(taker, file, submitted=True)
    assert not planning.can_open_evidence(taker, file, submitted=False)
    assert not planning.can_open_evidence(stranger, file, submitted=True)


def test_the_new_holder_renews_from_the_plan_and_the_old_one_cannot(
    issued: Certificate, new_holder: Organisation, adviser: User, authoriser: User, owner: User
) -> None:
    new = transferred(issued, new_holder, adviser, authoriser)
    make.running_until(new, timezone.localdate() + timedelta(days=20))
    with pytest.raises(NotPermitted):
        plans.begin_renewal(actor=owner, certificate_id=new.pk)
    plan = plans.begin_renewal(actor=new_holder.created_by, certificate_id=new.pk)
    assert (plan.organisation, plan.renews) == (new_holder, new)
    assert plan.answers.exists()


def test_pages_after_a_transfer(
    issued: Certificate,
    new_holder: Organisation,
    adviser: User,
    authoriser: User,
    owner: User,
    client_for: ClientFor,
) -> None:
    new = transferred(issued, new_holder, adviser, authoriser)
    finding = issued.proposals.get()
    old, taker = client_for(owner), client_for(new_holder.created_by)
    assert old.get(f"/plans/{issued.plan_id}/")["Location"] == f"/plans/{issued.plan_id}/submissions/1/"
    assert old.get(f"/plans/{issued.plan_id}/submissions/1/").status_code == 200
    page = old.get(f"/certificates/{issued.pk}/").content.decode()
    assert f"Transferred to Lantern Houses: certificate {new.number}." in page
    assert f"/certificates/{new.pk}/" not in page
    assert old.get(f"/certificates/{new.pk}/").status_code == 404
    assert taker.get(f"/plans/{issued.plan_id}/").status_code == 200
    assert "SECRET-FINDING" not in page
    assert "Transfer to another holder confirmed" in page
    assert (
        "SECRET-FINDING"
        in client_for(adviser).get(f"/certificates/{issued.pk}/proposals/{finding.pk}/").content.decode()
    )
    page = taker.get(f"/certificates/{new.pk}/").content.decode()
    assert f"{issued.number}, held by {issued.holder_name}" in page
    assert f"/certificates/{issued.pk}/" not in page
    assert taker.get(f"/certificates/{issued.pk}/").status_code == 404


# Who may --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["colleague", "viewer", "stranger", "adviser", "authoriser", "auditor"])
def test_an_owner_alone_offers(issued: Certificate, request: pytest.FixtureRequest, role: str) -> None:
    with pytest.raises(NotPermitted):
        transfers.offer(
            actor=request.getfixturevalue(role), certificate_id=issued.pk, email="x@example.org", plan_goes_along=True
        )
    assert not TransferOffer.objects.exists()


def test_only_its_address_accepts_and_only_for_an_organisation_that_it_owns(
    issued: Certificate, new_holder: Organisation, owner: User, stranger: User
) -> None:
    taker = new_holder.created_by
    offer = made_offer(issued, taker)
    elsewhere = people.make_organisation(people.make_user("Another"), name="Elsewhere")
    editor = people.make_organisation(people.make_user("Third"), name="Third")
    Membership.objects.create(organisation=editor, user=taker, role="editor", joined_at=timezone.now())
    for actor, organisation in [
        (stranger, stranger.memberships.get().organisation),
        (owner, new_holder),
        (taker, elsewhere),
        (taker, editor),
        (taker, issued.organisation),
    ]:
        with pytest.raises(NotPermitted):
            transfers.accept(
                actor=actor,
                offer_id=offer.pk,
                acceptance=Acceptance(organisation.pk, holder_answers(), declared=True),
            )
    offer.refresh_from_db()
    assert (offer.state, offer.to_organisation) == ("offered", None)


@pytest.mark.parametrize("side", ["old", "new"])
def test_nobody_of_either_side_proposes_confirms_or_refuses(
    issued: Certificate, new_holder: Organisation, adviser: User, side: str
) -> None:
    officer = people.make_officer("authoriser")
    organisation = issued.organisation if side == "old" else new_holder
    Membership.objects.create(organisation=organisation, user=officer, role="viewer", joined_at=timezone.now())
    offer = accepted_offer(issued, new_holder)
    with pytest.raises(NotPermitted):
        propose(officer, issued)
    made = propose(adviser, issued)
    assert officer.email not in told("proposal.waiting")
    with pytest.raises(NotPermitted):
        proposals.confirm(actor=officer, proposal_id=made.pk)
    with pytest.raises(NotPermitted):
        transfers.refuse(actor=officer, offer_id=offer.pk, reason="x")
    offer.refresh_from_db()
    assert offer.state == "accepted"


# Refusals of input ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"responsible_kind": "nobody"}, "responsible_kind"),
        ({"responsible_name": " "}, "responsible_name"),
        ({"responsible_ground": ""}, "responsible_ground"),
        ({"capability": " "}, "capability"),
        ({"capability": "x" * 4001}, "capability"),
        ({"declared_position": ""}, "declared_position"),
    ],
)
def test_what_the_new_holder_must_answer(
    issued: Certificate, new_holder: Organisation, changed: dict[str, str], field: str
) -> None:
    offer = made_offer(issued, new_holder.created_by)
    with pytest.raises(InvalidInput) as raised:
        accept(offer, new_holder, **changed)
    assert raised.value.field == field


@pytest.mark.parametrize(
    ("tier", "changed", "places"),
    [
        ("standard", {}, []),
        ("enhanced", {}, ["senior_name", "senior_position"]),
        ("enhanced", {"responsible_kind": "individual"}, []),
        ("enhanced", {"senior_name": "Ida Roe", "senior_position": "Director"}, []),
    ],
)
def test_a_senior_individual_at_the_enhanced_tier(tier: str, changed: dict[str, str], places: list[str]) -> None:
    found = rules.holder_faults(holder_answers(**changed), judged_tier=tier)
    assert [fault.place for fault in found] == places


def test_without_the_declaration_nothing_is_accepted(issued: Certificate, new_holder: Organisation) -> None:
    offer = made_offer(issued, new_holder.created_by)
    with pytest.raises(InvalidInput) as raised:
        transfers.accept(
            actor=new_holder.created_by,
            offer_id=offer.pk,
            acceptance=Acceptance(new_holder.pk, holder_answers(), declared=False),
        )
    assert raised.value.field == "declared"


@pytest.mark.parametrize(
    ("email", "agreed", "field"),
    [("nonsense", True, "email"), ("colleague", True, "email"), ("x@example.org", False, "plan_goes_along")],
)
def test_what_an_offer_needs(
    issued: Certificate, owner: User, colleague: User, email: str, agreed: bool, field: str
) -> None:
    address = colleague.email if email == "colleague" else email
    with pytest.raises(InvalidInput) as raised:
        transfers.offer(actor=owner, certificate_id=issued.pk, email=address, plan_goes_along=agreed)
    assert raised.value.field == field


def test_whether_an_address_has_an_account_is_not_told(issued: Certificate, owner: User, stranger: User) -> None:
    known = transfers.offer(actor=owner, certificate_id=issued.pk, email=stranger.email.upper(), plan_goes_along=True)
    transfers.withdraw(actor=owner, offer_id=known.pk)
    unknown = transfers.offer(actor=owner, certificate_id=issued.pk, email="x@example.org", plan_goes_along=True)
    assert (known.email, known.state, unknown.state) == (stranger.email, "offered", "offered")
    assert told("transfer.offered") == sorted([stranger.email, "x@example.org"])


def test_an_event_stays_with_its_organiser(organisation: Organisation, owner: User) -> None:
    certificate = make.certificate_in("in_force", organisation, subject=make_event(organisation))
    with pytest.raises(NotPermitted):
        transfers.offer(actor=owner, certificate_id=certificate.pk, email="x@example.org", plan_goes_along=True)


@pytest.mark.parametrize("state", [s for s in Certificate.State.values if s != "in_force"])
def test_only_what_is_in_force_is_offered(decided: Certificate, owner: User, state: str) -> None:
    make.put_in(state, decided)
    with pytest.raises(IllegalMove):
        transfers.offer(actor=owner, certificate_id=decided.pk, email="x@example.org", plan_goes_along=True)


def test_an_open_plan_keeps_the_place_where_it_is(
    issued: Certificate, new_holder: Organisation, owner: User, adviser: User, authoriser: User
) -> None:
    accepted_offer(issued, new_holder)
    made = propose(adviser, issued)
    plan = draft_plan(issued.organisation, subject=issued.venue)
    with pytest.raises(IllegalMove):
        proposals.confirm(actor=authoriser, proposal_id=made.pk)
    plans.withdraw(actor=owner, plan_id=plan.pk)
    proposals.confirm(actor=authoriser, proposal_id=made.pk)
    assert Venue.objects.get().organisation == new_holder


def test_one_offer_at_a_time(issued: Certificate, new_holder: Organisation, stranger: User) -> None:
    first = made_offer(issued, new_holder.created_by)
    with pytest.raises(Conflict) as raised:
        made_offer(issued, stranger)
    assert raised.value.current == first
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        TransferOffer.objects.create(
            certificate=issued, email="x@example.org", offered_by=first.offered_by, offered_at=now, expires_at=now
        )


def test_no_more_than_five_offers_in_thirty_days(issued: Certificate, owner: User) -> None:
    def again() -> TransferOffer:
        return transfers.offer(actor=owner, certificate_id=issued.pk, email="x@example.org", plan_goes_along=True)

    for _ in range(5):
        transfers.withdraw(actor=owner, offer_id=again().pk)
    with pytest.raises(IllegalMove):
        again()
    with time_machine.travel(timezone.now() + rules.VALID_FOR, tick=False):
        assert again().state == "offered"
