"""A transfer that comes to nothing, what holds a place where it is, and the pages of a transfer."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Organisation, User
from certification.models import Certificate, Proposal, TransferOffer
from certification.selectors.holds import hold_on_handover
from certification.services import documents, expiry, proposals, surrenders, transfers
from certification.services.proposals import Wanted
from core.errors import IllegalMove, NotPermitted
from core.models import OutgoingMail
from events.models import Venue
from events.services import handover
from tests.conftest import ClientFor
from tests.factories import accounts as people
from tests.factories import certificates as make
from tests.factories.transfers import ANSWER, accept, accepted_offer, made_offer, receiver

ACTIONS = {
    "withdraw": transfers.withdraw,
    "decline": transfers.decline,
}


@pytest.fixture
def new_holder(db: None) -> Organisation:
    return receiver()


def told(kind: str) -> list[str]:
    return sorted(OutgoingMail.objects.filter(kind=kind).values_list("to", flat=True))


def propose(actor: User, certificate: Certificate) -> Proposal:
    return proposals.propose(actor=actor, certificate_id=certificate.pk, wanted=Wanted("transfer", "SECRET-FINDING"))


# How it ends otherwise ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("accepted", [False, True])
@pytest.mark.parametrize("action", ["withdraw", "decline"])
def test_either_side_steps_back_until_the_police_have_confirmed(
    issued: Certificate,
    new_holder: Organisation,
    owner: User,
    adviser: User,
    authoriser: User,
    action: str,
    accepted: bool,
) -> None:
    offer = accepted_offer(issued, new_holder) if accepted else made_offer(issued, new_holder.created_by)
    made = propose(adviser, issued) if accepted else None
    actor = owner if action == "withdraw" else new_holder.created_by
    ended = ACTIONS[action](actor=actor, offer_id=offer.pk)
    state = {"withdraw": "withdrawn", "decline": "declined"}[action]
    assert (ended.state, ended.ended_at is not None) == (state, True)
    assert {owner.email, new_holder.created_by.email} <= set(told(f"transfer.{state}"))
    assert (authoriser.email in told(f"transfer.{state}")) is accepted
    if made is not None:
        made.refresh_from_db()
        assert made.dropped_at is not None
        with pytest.raises(IllegalMove):
            proposals.confirm(actor=authoriser, proposal_id=made.pk)
    with pytest.raises(IllegalMove):
        ACTIONS[action](actor=actor, offer_id=offer.pk)
    issued.refresh_from_db()
    assert (issued.state, Venue.objects.get().organisation) == ("in_force", issued.organisation)


def test_the_police_refuse_with_a_reason_that_both_sides_read(
    issued: Certificate, new_holder: Organisation, authoriser: User, owner: User, client_for: ClientFor
) -> None:
    offer = accepted_offer(issued, new_holder)
    transfers.refuse(actor=authoriser, offer_id=offer.pk, reason="SECRET-REFUSAL")
    assert {owner.email, new_holder.created_by.email} <= set(told("transfer.refused"))
    assert not [m for m in OutgoingMail.objects.all() if "SECRET-" in m.subject + m.body]
    for side in (owner, new_holder.created_by):
        assert "SECRET-REFUSAL" in client_for(side).get(f"/transfers/{offer.pk}/").content.decode()


def test_it_runs_out_after_30_days_to_the_second(issued: Certificate, new_holder: Organisation, owner: User) -> None:
    offer = made_offer(issued, new_holder.created_by)
    assert transfers.expire_due(now=offer.expires_at - timedelta(seconds=1)) == 0
    # Before the sweep has come, the time decides.
    with time_machine.travel(offer.expires_at, tick=False), pytest.raises(IllegalMove):
        accept(offer, new_holder)
    assert transfers.expire_due(now=offer.expires_at) == 1
    assert transfers.expire_due(now=offer.expires_at) == 0
    offer.refresh_from_db()
    assert offer.state == "expired"
    assert sorted({owner.email, new_holder.created_by.email}) == told("transfer.expired")


def test_an_accepted_one_waits_for_the_police_without_end(issued: Certificate, new_holder: Organisation) -> None:
    offer = accepted_offer(issued, new_holder)
    assert transfers.expire_due(now=offer.expires_at + timedelta(days=300)) == 0


@pytest.mark.parametrize("how", ["surrendered", "expired", "revoked"])
def test_it_falls_with_the_certificate(
    issued: Certificate, new_holder: Organisation, owner: User, adviser: User, authoriser: User, how: str
) -> None:
    offer = accepted_offer(issued, new_holder)
    made = propose(adviser, issued)
    if how == "surrendered":
        surrenders.surrender(actor=owner, certificate_id=issued.pk, reason="x")
    elif how == "revoked":
        make.revoked_certificate(issued, proposer=adviser, confirmer=authoriser)
    else:
        make.running_until(issued, timezone.localdate() - timedelta(days=1))
        expiry.expire(today=timezone.localdate())
    offer.refresh_from_db()
    made.refresh_from_db()
    assert (offer.state, made.dropped_at is not None) == ("expired", True)
    assert {owner.email, new_holder.created_by.email} <= set(told("transfer.expired"))


def test_an_offer_goes_along_with_a_variation(
    issued: Certificate, new_holder: Organisation, adviser: User, authoriser: User
) -> None:
    offer = accepted_offer(issued, new_holder)
    wanted = Wanted("vary", "x", changes={"scope": "Other words."})
    vary = proposals.propose(actor=adviser, certificate_id=issued.pk, wanted=wanted)
    proposals.confirm(actor=authoriser, proposal_id=vary.pk)
    new = Certificate.objects.get(supersedes=issued)
    documents.render({"certificate": str(new.pk)})
    offer.refresh_from_db()
    assert (offer.certificate, offer.state) == (new, "accepted")
    made = propose(adviser, new)
    proposals.confirm(actor=authoriser, proposal_id=made.pk)
    assert Certificate.objects.filter(basis="transfer", supersedes=new).exists()


def test_the_old_holder_cannot_give_up_what_has_been_transferred(
    issued: Certificate, new_holder: Organisation, owner: User, adviser: User, authoriser: User
) -> None:
    accepted_offer(issued, new_holder)
    proposals.confirm(actor=authoriser, proposal_id=propose(adviser, issued).pk)
    with pytest.raises(IllegalMove):
        surrenders.surrender(actor=owner, certificate_id=issued.pk, reason="x")


# The place alone ------------------------------------------------------------------------------------------------------


def test_a_certificate_holds_its_place_unless_it_goes_along(
    issued: Certificate, new_holder: Organisation, authoriser: User, owner: User
) -> None:
    venue = Venue.objects.get()
    who = handover.Responsible(responsible_kind="organisation", responsible_name="x", responsible_ground="y")
    assert hold_on_handover(venue, new_holder.pk) != ""
    with pytest.raises(IllegalMove):
        handover.hand_over(actor=authoriser, subject=venue, organisation_id=new_holder.pk, responsible=who)
    surrenders.surrender(actor=owner, certificate_id=issued.pk, reason="x")
    assert hold_on_handover(venue, new_holder.pk) == ""
    for actor in (owner, people.make_officer("adviser"), people.make_officer("authoriser", area=people.OTHER_AREA)):
        with pytest.raises(NotPermitted):
            handover.hand_over(actor=actor, subject=venue, organisation_id=new_holder.pk, responsible=who)
    moved = handover.hand_over(actor=authoriser, subject=venue, organisation_id=new_holder.pk, responsible=who)
    assert moved.organisation == new_holder
    with pytest.raises(IllegalMove):
        handover.hand_over(actor=authoriser, subject=venue, organisation_id=new_holder.pk, responsible=who)


# Pages ----------------------------------------------------------------------------------------------------------------


def test_through_the_pages(
    issued: Certificate,
    new_holder: Organisation,
    owner: User,
    adviser: User,
    authoriser: User,
    client_for: ClientFor,
) -> None:
    holder, taker = client_for(owner), client_for(new_holder.created_by)
    first, second = client_for(adviser), client_for(authoriser)
    sent = holder.post(
        f"/certificates/{issued.pk}/transfer/", {"email": new_holder.created_by.email, "plan_goes_along": "on"}
    )
    offer = TransferOffer.objects.get()
    assert sent["Location"] == f"/transfers/{offer.pk}/"
    assert first.get(f"/transfers/{offer.pk}/").status_code == 404
    assert issued.subject_name in taker.get("/").content.decode()
    assert "Account of" not in taker.get(f"/transfers/{offer.pk}/").content.decode()
    form = {
        "organisation_id": str(new_holder.pk),
        "responsible_kind": "organisation",
        "responsible_name": "Lantern Houses",
        "responsible_ground": "Leaseholder",
        "capability": ANSWER,
        "declared_position": "Director",
    }
    wrong = taker.post(f"/transfers/{offer.pk}/accept/", form)
    assert (wrong.status_code, "Confirm the declaration" in wrong.content.decode()) == (422, True)
    assert taker.post(f"/transfers/{offer.pk}/accept/", {**form, "declared": "on"}).status_code == 302
    assert ANSWER not in holder.get(f"/transfers/{offer.pk}/").content.decode()
    assert ANSWER in first.get(f"/certificates/{issued.pk}/propose/transfer/").content.decode()
    assert issued.subject_name in second.get("/proposals/").content.decode()
    assert first.post(f"/certificates/{issued.pk}/propose/transfer/", {"reason": "Sound."}).status_code == 302
    made = Proposal.objects.get()
    assert ANSWER in second.get(f"/certificates/{issued.pk}/proposals/{made.pk}/").content.decode()
    done = second.post(f"/certificates/{issued.pk}/proposals/{made.pk}/confirm/")
    assert done["Location"] == f"/certificates/{issued.pk}/"
    offer.refresh_from_db()
    assert (offer.state, Venue.objects.get().organisation) == ("completed", new_holder)


def test_whoever_owns_no_organisation_is_told_what_to_do(
    issued: Certificate, owner: User, client_for: ClientFor
) -> None:
    alone = people.make_user("Lou Lonely")
    offer = made_offer(issued, alone)
    client: Client = client_for(alone)
    page = client.get(f"/transfers/{offer.pk}/accept/").content.decode()
    assert "Register the one that is to hold the certificate" in page
