"""The pages of the moves of a certificate, through the real middleware."""

from __future__ import annotations

import html
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership, User
from certification.models import Certificate, Proposal
from certification.services import proposals, suspensions
from certification.services.proposals import Wanted
from tests.conftest import ClientFor
from tests.factories import accounts as people
from tests.factories import certificates as make
from tests.factories.transfers import accepted_offer


def text(response: object) -> str:
    return " ".join(html.unescape(response.content.decode()).split())  # type: ignore[attr-defined]


def url(certificate: Certificate, tail: str = "") -> str:
    return f"{reverse('certification:certificate', args=[certificate.pk])}{tail}"


def wanted(kind: str, **more: object) -> Wanted:
    return Wanted(kind, "SECRET-REASON", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("being_issued", {"revoke"}),
        ("in_force", {"suspend", "revoke", "vary"}),
        ("suspended", {"reinstate", "revoke"}),
        ("expired", set()),
        ("revoked", set()),
        ("superseded", set()),
        ("surrendered", set()),
    ],
)
def test_the_police_are_offered_what_is_possible_now(
    decided: Certificate, client_for: ClientFor, adviser: User, owner: User, state: str, shown: set[str]
) -> None:
    make.put_in(state, decided)
    page = text(client_for(adviser).get(url(decided)))
    kinds = ("suspend", "reinstate", "revoke", "vary", "transfer")
    assert {kind for kind in kinds if f"/propose/{kind}/" in page} == shown
    assert "/propose/" not in text(client_for(owner).get(url(decided)))


@pytest.mark.parametrize(
    ("role", "state", "surrender", "transfer"),
    [
        ("owner", "in_force", True, True),
        ("owner", "suspended", True, False),
        ("owner", "being_issued", True, False),
        ("owner", "expired", False, False),
        ("owner", "surrendered", False, False),
        ("colleague", "in_force", False, False),
        ("viewer", "in_force", False, False),
        ("adviser", "in_force", False, False),
        ("auditor", "in_force", False, False),
    ],
)
def test_an_owner_is_offered_to_give_it_up_or_hand_it_over(
    decided: Certificate,
    client_for: ClientFor,
    request: pytest.FixtureRequest,
    role: str,
    state: str,
    surrender: bool,
    transfer: bool,
) -> None:
    make.put_in(state, decided)
    page = text(client_for(request.getfixturevalue(role)).get(url(decided)))
    assert (url(decided, "surrender/") in page, url(decided, "transfer/") in page) == (surrender, transfer)


def test_a_transfer_is_offered_to_the_police_once_it_was_accepted(
    issued: Certificate, client_for: ClientFor, adviser: User
) -> None:
    client = client_for(adviser)
    assert "/propose/transfer/" not in text(client.get(url(issued)))
    page = text(client.get(url(issued, "propose/transfer/")))
    assert "nobody has accepted yet" in page
    assert 'name="reason"' not in page
    accepted_offer(issued)
    assert "/propose/transfer/" in text(client.get(url(issued)))


def test_a_kind_that_does_not_exist_has_no_page(issued: Certificate, client_for: ClientFor, adviser: User) -> None:
    for kind in ("surrender", "nonsense"):
        assert client_for(adviser).get(url(issued, f"propose/{kind}/")).status_code == 404


def test_what_is_not_possible_now_is_said_instead_of_asked(
    decided: Certificate, client_for: ClientFor, adviser: User
) -> None:
    make.put_in("revoked", decided)
    page = text(client_for(adviser).get(url(decided, "propose/suspend/")))
    assert "This is not possible now: the certificate is revoked." in page
    assert 'name="reason"' not in page
    posted = client_for(adviser).post(url(decided, "propose/suspend/"), {"reason": "x"})
    assert posted.status_code == 422
    assert not Proposal.objects.exists()


def test_an_urgent_suspension_from_the_page_to_its_lapse(
    issued: Certificate, client_for: ClientFor, adviser: User, authoriser: User, owner: User, client: Client
) -> None:
    # Within the life of one session.
    with time_machine.travel(datetime.fromisoformat("2026-12-01T10:00:00+00:00"), tick=False):
        posted = client_for(adviser).post(
            url(issued, "propose/suspend/"), {"reason": "SECRET-REASON", "urgent": "on"}, follow=True
        )
        assert "before 3 December 2026 at 10:00am" in text(posted)
        page = text(client_for(owner).get(url(issued)))
        assert "SECRET-REASON" in page
        assert "One officer has suspended it at once. That ends by itself on 3 December 2026 at 10:00am" in page
        assert "Suspended at once, by one officer" in page
        assert adviser.name not in page
        assert "Police adviser, West Yorkshire" in page
        assert "Waiting for a second officer" not in page
        assert "SECRET-REASON" not in text(client.get(f"/check/{issued.token}/"))
        answer = text(client_for(authoriser).get(url(issued, f"proposals/{Proposal.objects.get().pk}/")))
        assert "Confirm: suspend this certificate" in answer
        assert "Dropping it ends the suspension" in answer
    with time_machine.travel(datetime.fromisoformat("2026-12-03T10:00:00+00:00"), tick=False):
        # No sweep has come yet.
        page = text(client_for(owner).get(url(issued)))
        assert "Suspension lapsed: nobody confirmed it in time" in page
        assert "In force until" in page
        late = text(client_for(authoriser).get(url(issued, f"proposals/{Proposal.objects.get().pk}/")))
        assert "Confirm: suspend" not in late
        assert "This suspension is over" in late
        assert suspensions.lapse_due(now=timezone.now()) == 1
        assert "Suspension lapsed: nobody confirmed it in time" in text(client_for(owner).get(url(issued)))


def test_whoever_proposed_is_told_that_another_one_confirms(
    issued: Certificate, client_for: ClientFor, authoriser: User, adviser: User, auditor: User
) -> None:
    made = proposals.propose(actor=authoriser, certificate_id=issued.pk, wanted=wanted("suspend"))
    address = url(issued, f"proposals/{made.pk}/")
    assert "You proposed this: another officer has to confirm it." in text(client_for(authoriser).get(address))
    assert "Only an authorising officer" in text(client_for(adviser).get(address))
    page = text(client_for(auditor).get(address))
    assert "Drop the proposal" not in page
    assert "SECRET-REASON" in page


def test_an_officer_who_belongs_to_the_holder_reads_no_proposals(
    issued: Certificate, client_for: ClientFor, adviser: User
) -> None:
    officer = people.make_officer("authoriser")
    Membership.objects.create(organisation=issued.organisation, user=officer, role="viewer", joined_at=timezone.now())
    made = proposals.propose(actor=adviser, certificate_id=issued.pk, wanted=wanted("revoke"))
    client = client_for(officer)
    assert client.get(url(issued, f"proposals/{made.pk}/")).status_code == 403
    for address in (url(issued), reverse("certification:proposals"), reverse("certification:queue")):
        assert url(issued, f"proposals/{made.pk}/") not in text(client.get(address))
    assert "(0)" in text(client.get(reverse("certification:queue")))


def test_the_police_find_what_was_proposed_before(
    issued: Certificate, client_for: ClientFor, adviser: User, owner: User
) -> None:
    made = proposals.propose(actor=adviser, certificate_id=issued.pk, wanted=wanted("revoke"))
    proposals.drop(actor=adviser, proposal_id=made.pk)
    link = url(issued, f"proposals/{made.pk}/")
    assert link in text(client_for(adviser).get(url(issued)))
    assert "Nobody can confirm this any more" in text(client_for(adviser).get(link))
    assert "Earlier proposals" not in text(client_for(owner).get(url(issued)))


def test_the_plan_s_history_tells_what_took_effect_alone(
    issued: Certificate, client_for: ClientFor, adviser: User, owner: User
) -> None:
    holder = client_for(owner)
    address = reverse("certification:plan", args=[issued.plan_id])
    made = proposals.propose(actor=adviser, certificate_id=issued.pk, wanted=wanted("suspend"))
    assert "suspended" not in text(holder.get(address))
    proposals.drop(actor=adviser, proposal_id=made.pk)
    proposals.propose(actor=adviser, certificate_id=issued.pk, wanted=wanted("suspend", urgent=True))
    assert "Certificate suspended at once" in text(holder.get(address))


def test_a_proposal_of_another_certificate_is_not_found(
    issued: Certificate, client_for: ClientFor, authoriser: User, adviser: User
) -> None:
    [other] = make.copies(issued, 1)
    made = proposals.propose(actor=adviser, certificate_id=other.pk, wanted=wanted("revoke"))
    client = client_for(authoriser)
    for tail in (f"proposals/{made.pk}/", "proposals/999999/"):
        assert client.get(url(issued, tail)).status_code == 404
    for tail in ("confirm/", "drop/"):
        assert client.post(url(issued, f"proposals/{made.pk}/{tail}")).status_code == 404
    made.refresh_from_db()
    assert made.is_open


# Varying --------------------------------------------------------------------------------------------------------------


def variation(certificate: Certificate, **changed: str) -> dict[str, str]:
    """The form as it is drawn, with some of it written over."""
    row = certificate.conditions.get()
    end = certificate.valid_until
    return {
        "scope": certificate.scope,
        "holder_name": certificate.holder_name,
        "subject_name": certificate.subject_name,
        "valid_until_day": str(end.day),
        "valid_until_month": str(end.month),
        "valid_until_year": str(end.year),
        "reason": "SECRET-REASON",
        f"condition-{row.criterion_code}-include": "on",
        f"condition-{row.criterion_code}-text": row.text,
        f"condition-{row.criterion_code}-due_on_day": str(row.due_on.day),
        f"condition-{row.criterion_code}-due_on_month": str(row.due_on.month),
        f"condition-{row.criterion_code}-due_on_year": str(row.due_on.year),
        **changed,
    }


def test_varying_through_the_pages(
    issued: Certificate, client_for: ClientFor, adviser: User, authoriser: User, owner: User
) -> None:
    police = client_for(adviser)
    address = url(issued, "propose/vary/")
    drawn = text(police.get(address))
    assert issued.scope in drawn
    assert "Change the words or the day for GOV-02" in drawn
    unchanged = police.post(address, variation(issued))
    assert (unchanged.status_code, "Change something" in text(unchanged)) == (422, True)
    later = police.post(address, variation(issued, valid_until_year="2099"))
    assert (later.status_code, "brought forward, not put off" in text(later)) == (422, True)
    # Whatever was typed is kept.
    assert 'value="2099"' in text(later)
    incomplete = police.post(address, variation(issued, **{"spare-0-code": "GOV-01"}))
    assert (incomplete.status_code, "Write the condition" in text(incomplete)) == (422, True)
    assert not Proposal.objects.exists()
    day = timezone.localdate() + timedelta(days=30)
    sent = variation(
        issued,
        scope="The hall\r\nalone.",
        **{
            "spare-0-code": "GOV-01",
            "spare-0-text": "Name somebody.",
            "spare-0-due_on_day": str(day.day),
            "spare-0-due_on_month": str(day.month),
            "spare-0-due_on_year": str(day.year),
        },
    )
    del sent["condition-GOV-02-include"]
    assert police.post(address, sent).status_code == 302
    made = Proposal.objects.get()
    assert made.changes == {
        "scope": "The hall alone.",
        "conditions": [{"code": "GOV-01", "text": "Name somebody.", "due_on": day.isoformat()}],
    }
    page = text(client_for(authoriser).get(url(issued, f"proposals/{made.pk}/")))
    for words in ("The hall alone.", "Condition on GOV-02", "Nothing: it is taken away", "Nothing: it is new"):
        assert words in page
    assert "The hall alone." not in text(client_for(owner).get(url(issued)))
    assert client_for(authoriser).post(url(issued, f"proposals/{made.pk}/confirm/")).status_code == 302
    page = text(client_for(owner).get(url(issued)))
    for words in (
        "A newer certificate is being made:",
        "What the variation changes",
        "The hall alone.",
        "SECRET-REASON",
    ):
        assert words in page


# Surrender ------------------------------------------------------------------------------------------------------------


def test_giving_up_through_the_page(
    issued: Certificate, client_for: ClientFor, owner: User, adviser: User, client: Client
) -> None:
    holder = client_for(owner)
    address = url(issued, "surrender/")
    assert "cannot be taken back" in text(holder.get(address))
    unread = holder.post(address, {"reason": "We have moved."})
    assert (unread.status_code, "Confirm that you understand" in text(unread)) == (422, True)
    issued.refresh_from_db()
    assert issued.state == "in_force"
    assert holder.post(address, {"reason": "We have moved.", "understood": "on"}).status_code == 302
    assert client.get(f"/check/{issued.token}/", {"format": "json"}).json()["status"] == "surrendered"
    for person in (owner, adviser):
        page = text(client_for(person).get(url(issued)))
        assert "We have moved." in page
        assert f"Owner, {issued.holder_name}" in page
    assert "there is nothing to give up" in text(holder.get(address))
    assert holder.post(address, {"reason": "Again.", "understood": "on"}).status_code == 422


# Waiting for a second officer ---------------------------------------------------------------------------------------


def test_the_list_shows_what_waits_in_the_officer_s_areas(
    issued: Certificate,
    client_for: ClientFor,
    adviser: User,
    authoriser: User,
    other_area_adviser: User,
    auditor: User,
) -> None:
    made = proposals.propose(actor=adviser, certificate_id=issued.pk, wanted=wanted("revoke"))
    address = reverse("certification:proposals")
    link = url(issued, f"proposals/{made.pk}/")
    for person, sees in ((authoriser, True), (adviser, True), (auditor, True), (other_area_adviser, False)):
        page = text(client_for(person).get(address))
        assert (link in page) is sees
        assert ("Nothing is waiting" in page) is not sees
        assert "SECRET-REASON" not in page
    assert "(1)" in text(client_for(authoriser).get(reverse("certification:queue")))
    home = text(client_for(authoriser).get("/"))
    assert "waiting for a second officer" in home
    # Overtaken by an end that no sweep has closed yet.
    make.put_in("expired", issued)
    assert link not in text(client_for(authoriser).get(address))


# Session, person, memberships, appointments; offers, proposals.
LIST_QUERIES = 6


def test_the_list_takes_the_same_queries_at_one_row_and_at_three_hundred(
    issued: Certificate,
    client_for: ClientFor,
    adviser: User,
    authoriser: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_for(authoriser)
    address = reverse("certification:proposals")
    proposals.propose(actor=adviser, certificate_id=issued.pk, wanted=wanted("revoke"))
    with django_assert_num_queries(LIST_QUERIES):
        assert client.get(address).status_code == 200
    Proposal.objects.bulk_create(
        Proposal(
            certificate=one,
            kind="revoke",
            reason="x",
            proposed_by=adviser,
            proposed_as="adviser",
            proposed_at=timezone.now(),
        )
        for one in make.copies(issued, 299)
    )
    with django_assert_num_queries(LIST_QUERIES):
        page = client.get(address)
    assert text(page).count('data-label="What"') == 50
    assert "after=" in text(page)


def test_a_certificate_s_page_costs_the_same_with_a_long_history(
    issued: Certificate, client_for: ClientFor, adviser: User, authoriser: User
) -> None:
    client = client_for(authoriser)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(issued)).status_code == 200
        return len(queries)

    first = cost()
    for _ in range(3):
        for kind in ("suspend", "reinstate"):
            made = proposals.propose(actor=adviser, certificate_id=issued.pk, wanted=wanted(kind))
            proposals.confirm(actor=authoriser, proposal_id=made.pk)
    proposals.propose(actor=adviser, certificate_id=issued.pk, wanted=wanted("revoke"))
    assert cost() == first <= 12
