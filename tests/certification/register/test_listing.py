"""Keeping a site off the register: asked, answered, ended; and gone from every public list at once."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Organisation, User
from certification.domain import listing as table
from certification.models import Certificate, ListingRequest, RegisterIndex
from certification.policies import listing as policies
from certification.selectors.listing import subject_of
from certification.services import documents, listing
from core.errors import Conflict, DomainError, IllegalMove, InvalidInput, NotPermitted
from core.models import AuditEvent, OutgoingMail
from events.models import Venue
from tests.conftest import ClientFor
from tests.factories import certificates as make
from tests.factories.events import make_venue

REASON = "SECRET-LISTING people at risk live there"
GRID = [(state, action) for state in table.STATES for action in table.ACTIONS]
LEGAL = {
    ("asked", "consent"): "consented",
    ("asked", "refuse"): "refused",
    ("asked", "withdraw"): "withdrawn",
    ("consented", "end"): "ended",
}


@pytest.fixture
def site(issued: Certificate) -> Venue:
    assert issued.venue is not None
    return issued.venue


@pytest.fixture
def asked(site: Venue, organiser: User, national_admin: User) -> ListingRequest:
    return listing.ask(actor=organiser, subject=site, reason=REASON)


def act(action: str, request: ListingRequest, *, owner: User, administrator: User) -> ListingRequest:
    if action == "consent":
        return listing.consent(actor=administrator, request_id=request.pk)
    if action == "refuse":
        return listing.refuse(actor=administrator, request_id=request.pk, answer="It is on every map.")
    return {"withdraw": listing.withdraw, "end": listing.end}[action](actor=owner, request_id=request.pk)


@pytest.mark.parametrize(("state", "action"), GRID)
def test_each_move_lands_or_changes_nothing(
    asked: ListingRequest, organiser: User, national_admin: User, state: str, action: str
) -> None:
    way = {"asked": [], "consented": ["consent"], "refused": ["refuse"], "withdrawn": ["withdraw"]}.get(
        state, ["consent", "end"]
    )
    for step in way:
        act(step, asked, owner=organiser, administrator=national_admin)
    before = ListingRequest.objects.values().get()
    assert before["state"] == state
    if (state, action) in LEGAL:
        act(action, asked, owner=organiser, administrator=national_admin)
        assert ListingRequest.objects.get().state == LEGAL[state, action]
        return
    with pytest.raises(IllegalMove):
        act(action, asked, owner=organiser, administrator=national_admin)
    assert ListingRequest.objects.values().get() == before


def public(client: Client, certificate: Certificate) -> set[str]:
    """Where the site is named, of all that is public."""
    pages = {
        "register": client.get("/register/"),
        "search": client.get("/register/", {"words": certificate.subject_name}),
        "number": client.get("/register/", {"words": certificate.number}),
        "entry": client.get(f"/register/{certificate.number}/"),
        "csv": client.get("/register/data.csv"),
        "json": client.get("/register/data.json"),
        "api": client.get("/api/v1/register/"),
    }
    found = set()
    for name, response in pages.items():
        content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        # A search says again what was typed.
        rows = content.count(certificate.number.encode()) - (name == "number")
        if rows > 0:
            found.add(name)
    return found


EVERYWHERE = {"register", "search", "number", "entry", "csv", "json", "api"}


def test_asked_it_is_listed_consented_it_is_nowhere_ended_it_is_back(
    issued: Certificate, asked: ListingRequest, organiser: User, national_admin: User, client: Client
) -> None:
    assert public(client, issued) == EVERYWHERE
    listing.consent(actor=national_admin, request_id=asked.pk)
    assert public(client, issued) == set()
    assert client.get(f"/register/{issued.number}/").status_code == 404
    # Whoever has the certificate in front of them can check it, by its code and by its number.
    for entry in (issued.token, issued.number):
        assert client.get(f"/check/{entry}/", {"format": "json"}).json()["valid"] is True
    assert "In force until" in client.get(f"/badge/{issued.token}.svg").content.decode()
    listing.end(actor=organiser, request_id=asked.pk)
    assert public(client, issued) == EVERYWHERE


def test_refused_it_stays_and_the_holder_reads_why(
    issued: Certificate, asked: ListingRequest, organiser: User, national_admin: User, client_for: ClientFor
) -> None:
    listing.refuse(actor=national_admin, request_id=asked.pk, answer="It is on every map.")
    assert public(Client(), issued) == EVERYWHERE
    page = client_for(organiser).get(reverse("certification:listing", args=["venue", issued.venue_id]))
    assert "It is on every map." in page.content.decode()
    assert listing.ask(actor=organiser, subject=subject_of(asked), reason="Again.").state == "asked"


def test_the_next_certificate_of_the_site_stays_off_too(
    site: Venue,
    asked: ListingRequest,
    organisation: Organisation,
    national_admin: User,
    adviser: User,
    authoriser: User,
) -> None:
    listing.consent(actor=national_admin, request_id=asked.pk)
    renewed = make.issued_certificate(organisation, reviewer=adviser, signer=authoriser, subject=site)
    assert (renewed.state, renewed.listed) == ("in_force", False)
    assert not RegisterIndex.objects.exists()
    assert not Certificate.objects.filter(listed=True).exists()


def test_consent_before_the_first_certificate_keeps_it_off_from_the_beginning(
    organisation: Organisation, organiser: User, national_admin: User, adviser: User, authoriser: User
) -> None:
    place = make_venue(organisation, name="Quiet House")
    other = make_venue(organisation, name="Loud House")
    request = listing.ask(actor=organiser, subject=place, reason=REASON)
    listing.consent(actor=national_admin, request_id=request.pk)
    for venue in (place, other):
        decided = make.decided_certificate(organisation, reviewer=adviser, signer=authoriser, subject=venue)
        documents.render({"certificate": str(decided.pk)})
    assert list(RegisterIndex.objects.values_list("sort_name", flat=True)) == ["loud house"]


def test_a_new_holder_finds_it_kept_off_and_may_end_that(
    site: Venue, asked: ListingRequest, stranger: User, other_organisation: Organisation, national_admin: User
) -> None:
    listing.consent(actor=national_admin, request_id=asked.pk)
    Venue.objects.filter(pk=site.pk).update(organisation=other_organisation)
    site.refresh_from_db()
    assert policies.can_close(stranger, asked, site)
    # Why the one before asked is not theirs to read.
    assert not policies.can_view(stranger, asked)
    assert listing.end(actor=stranger, request_id=asked.pk).state == "ended"


@pytest.mark.parametrize(
    "role", ["colleague", "viewer", "stranger", "adviser", "authoriser", "national_admin", "auditor"]
)
def test_only_an_owner_asks(site: Venue, role: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotPermitted):
        listing.ask(actor=request.getfixturevalue(role), subject=site, reason=REASON)
    assert not ListingRequest.objects.exists()


@pytest.mark.parametrize("role", ["organiser", "colleague", "stranger", "adviser", "authoriser", "auditor"])
def test_only_an_administrator_answers(asked: ListingRequest, role: str, request: pytest.FixtureRequest) -> None:
    for answer in (listing.consent, listing.refuse):
        with pytest.raises(NotPermitted):
            answer(actor=request.getfixturevalue(role), request_id=asked.pk, answer="No.")
    assert ListingRequest.objects.get().state == "asked"


def test_never_one_of_the_organisation_that_asks(
    asked: ListingRequest, organisation: Organisation, national_admin: User
) -> None:
    Membership.objects.create(
        organisation=organisation, user=national_admin, role="viewer", joined_at=organisation.created_at
    )
    with pytest.raises(NotPermitted):
        listing.consent(actor=national_admin, request_id=asked.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        ListingRequest.objects.filter(pk=asked.pk).update(
            state="consented", decided_by=asked.asked_by, decided_at=asked.asked_at
        )


def test_one_request_at_a_time(asked: ListingRequest, site: Venue, organiser: User) -> None:
    with pytest.raises(Conflict):
        listing.ask(actor=organiser, subject=site, reason="Once more.")
    with pytest.raises(IntegrityError), transaction.atomic():
        ListingRequest.objects.create(
            venue=site, organisation=asked.organisation, reason="x", asked_by=organiser, asked_at=asked.asked_at
        )


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001])
def test_a_reason_is_needed(site: Venue, organiser: User, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        listing.ask(actor=organiser, subject=site, reason=reason)
    assert refused.value.field == "reason"


def test_a_refusal_says_why(asked: ListingRequest, national_admin: User) -> None:
    with pytest.raises(DomainError) as refused:
        listing.refuse(actor=national_admin, request_id=asked.pk, answer=" ")
    assert isinstance(refused.value, InvalidInput)
    assert refused.value.field == "answer"


def test_mail_and_audit_name_neither_reason_nor_site(
    asked: ListingRequest, site: Venue, organiser: User, national_admin: User
) -> None:
    listing.consent(actor=national_admin, request_id=asked.pk, answer="SECRET-ANSWER")
    mails = OutgoingMail.objects.filter(kind__startswith="listing.")
    assert sorted(mails.values_list("kind", "to")) == [
        ("listing.answered", organiser.email),
        ("listing.asked", national_admin.email),
    ]
    events = AuditEvent.objects.filter(action__startswith="listing.")
    assert list(events.order_by("pk").values_list("action", "chain__key")) == [
        ("listing.asked", f"venue:{site.pk}"),
        ("listing.consented", f"venue:{site.pk}"),
    ]
    for text in [*(f"{m.subject}{m.body}" for m in mails), *(str(event.facts) for event in events)]:
        for secret in ("SECRET", site.name, site.postcode):
            assert secret not in text


@pytest.mark.parametrize(
    "role",
    [
        "organiser",
        "colleague",
        "viewer",
        "stranger",
        "adviser",
        "authoriser",
        "other_area_adviser",
        "national_admin",
        "auditor",
    ],
)
def test_what_the_policy_and_the_list_say_is_the_same(
    asked: ListingRequest, role: str, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(role)
    sees = role in {"organiser", "colleague", "viewer", "national_admin", "auditor"}
    assert bool(policies.can_view(user, asked)) is sees
    assert ListingRequest.objects.visible_to(user).filter(pk=asked.pk).exists() is sees


def test_the_police_of_the_area_see_that_it_is_kept_off_and_not_why(
    asked: ListingRequest, site: Venue, adviser: User, national_admin: User, client_for: ClientFor
) -> None:
    listing.consent(actor=national_admin, request_id=asked.pk)
    page = client_for(adviser).get(reverse("certification:listing", args=["venue", site.pk])).content.decode()
    assert "Kept off the register" in page
    assert "SECRET" not in page


def test_the_way_through_the_pages(
    issued: Certificate, site: Venue, organiser: User, national_admin: User, client_for: ClientFor
) -> None:
    owner, administrator = client_for(organiser), client_for(national_admin)
    here = reverse("certification:listing", args=["venue", site.pk])
    assert here in owner.get(reverse("certification:certificate", args=[issued.pk])).content.decode()
    assert owner.post(here, {"reason": ""}).status_code == 422
    assert owner.post(here, {"reason": REASON}).status_code == 302
    listed = administrator.get("/kept-off-the-register/?state=asked").content.decode()
    assert site.name in listed
    request = ListingRequest.objects.get()
    there = reverse("certification:listing_request", args=[request.pk])
    assert there in listed
    assert REASON in administrator.get(there).content.decode()
    assert "1 waits" in administrator.get("/").content.decode()
    assert administrator.post(there, {"decision": "refuse", "answer": ""}).status_code == 422
    assert administrator.post(there, {"decision": "consent", "answer": ""}).status_code == 302
    assert "Neither the register nor its open data names this site" in owner.get(here).content.decode()
    assert owner.post(f"{here}close/", {"action": "end"}).status_code == 302
    assert ListingRequest.objects.get().state == "ended"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_number_of_queries(
    organisation: Organisation,
    organiser: User,
    national_admin: User,
    client_for: ClientFor,
    rows: int,
    django_assert_num_queries: object,
) -> None:
    for _ in range(rows):
        listing.ask(actor=organiser, subject=make_venue(organisation), reason=REASON)
    client = client_for(national_admin)
    # The session and the person, two for their authority, the list.
    with django_assert_num_queries(5):  # type: ignore[operator]
        assert client.get("/kept-off-the-register/").content.decode().count('data-label="Organisation"') == rows
