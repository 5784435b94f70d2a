"""Role by marking by audience: who reads what, on page, API, feed and in the mail, and that all four say the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from accounts.models import Membership, Organisation, User
from advisories.domain import bulletins as rules
from advisories.domain import tlp
from advisories.models import Bulletin, BulletinPlace
from advisories.policies import bulletins as policies
from advisories.services import preferences, receipts
from core.models import OutgoingMail
from tests.api_client import Api
from tests.conftest import ClientFor
from tests.factories import accounts as people
from tests.factories import advisories as make
from tests.factories.events import make_venue

pytestmark = pytest.mark.django_db
TITLE: Final = "SECRET-TITLE"

# Who reads a bulletin of the area that was sent to the organisation, when it is marked … R red, S amber+strict, A amber,
# G green, C clear. `newcomer` joined the organisation after it was sent; `leaver` left since; `member_elsewhere` belongs to
# an organisation of the same area that it was not sent to; `nowhere` has an account and no organisation.
AREA_READERS: Final = {
    "nobody": "C",
    "nowhere": "C",
    "owner": "RSAGC",
    "editor": "RSAGC",
    "viewer": "SAGC",
    "newcomer": "SAGC",
    "leaver": "C",
    "member_elsewhere": "GC",
    "adviser": "RSAGC",
    "authoriser": "RSAGC",
    "other_area": "GC",
    "administrator": "GC",
    "auditor": "RSAGC",
}
# Of a national one, sent to the same organisation: the police of its area read up to TLP:AMBER.
NATIONAL_READERS: Final = {
    **AREA_READERS,
    "adviser": "AGC",
    "authoriser": "AGC",
    "administrator": "RSAGC",
}
# Who is told by mail, whatever the marking: owners and editors of the day on which it was sent.
MAILED: Final = {"owner", "editor", "leaver"}
LETTERS: Final = {"R": tlp.RED, "S": tlp.AMBER_STRICT, "A": tlp.AMBER, "G": tlp.GREEN, "C": tlp.CLEAR}


@dataclass
class Cast:
    people: dict[str, User | None]
    area: dict[str, Bulletin] = field(default_factory=dict)
    national: dict[str, Bulletin] = field(default_factory=dict)


def build(organisation: Organisation) -> Cast:
    """Bulletins of each marking, of the area and of the nation, to the one hall of the organisation."""
    make_venue(organisation, use="sports_ground")
    elsewhere = people.make_organisation()
    make_venue(elsewhere, use="hotel")
    adviser, authoriser = people.make_officer("adviser"), people.make_officer("authoriser")
    administrator, second = people.make_administrator(), people.make_administrator()
    cast = Cast(
        {
            "nobody": None,
            "nowhere": people.make_user(),
            "owner": organisation.created_by,
            "editor": people.make_member(organisation, "editor"),
            "viewer": people.make_member(organisation, "viewer"),
            "leaver": people.make_member(organisation, "editor"),
            "member_elsewhere": elsewhere.created_by,
            "adviser": adviser,
            "authoriser": authoriser,
            "other_area": people.make_officer("adviser", area=people.OTHER_AREA),
            "administrator": administrator,
            "auditor": people.make_auditor(),
        }
    )
    from advisories.domain.audience import Audience

    stadia = Audience(sectors=("stadia",))
    for letter, marking in LETTERS.items():
        words: dict[str, Any] = {"tlp": marking, "title": f"{TITLE} {letter}", "audience": stadia}
        cast.area[letter] = make.make_published(adviser, approver=authoriser, **words)
        cast.national[letter] = make.make_published(administrator, approver=second, area="", **words)
    leaver = cast.people["leaver"]
    Membership.objects.filter(user=leaver).delete()
    cast.people["newcomer"] = people.make_member(organisation, "editor")
    return cast


@pytest.fixture
def cast(organisation: Organisation) -> Cast:
    return build(organisation)


def table() -> list[tuple[str, str, str]]:
    return [("area", role, letters) for role, letters in AREA_READERS.items()] + [
        ("national", role, letters) for role, letters in NATIONAL_READERS.items()
    ]


@pytest.mark.parametrize(("side", "role", "letters"), table())
def test_page_and_print_and_list(side: str, role: str, letters: str, cast: Cast, client_for: ClientFor) -> None:
    person = cast.people[role]
    client = client_for(person) if person else Client()
    bulletins: dict[str, Bulletin] = getattr(cast, side)
    listed = client.get("/advisories/").content.decode()
    for letter, bulletin in bulletins.items():
        allowed = letter in letters
        for tail in ("", "print/"):
            response = client.get(f"/advisories/{bulletin.pk}/{tail}")
            refused = 302 if person is None else 404
            assert response.status_code == (200 if allowed else refused), (letter, tail)
            shown = response.content.decode()
            assert (make.BODY.partition(":")[0] in shown, TITLE in shown) == (allowed, allowed), (letter, tail)
            assert (f">{bulletin.tlp_label}<" in shown) is allowed
        if person is not None:
            assert (str(bulletin.pk) in listed) is allowed, letter


@pytest.mark.parametrize(("side", "role", "letters"), table())
def test_the_interface_for_programs(side: str, role: str, letters: str, cast: Cast) -> None:
    """A token is no sign-in: of what is read only signed in it gets the marking and a link."""
    person = cast.people[role]
    if person is None:
        assert Api().get("/advisories/").status_code == 401
        return
    api = Api(person)
    bulletins: dict[str, Bulletin] = getattr(cast, side)
    rows = {row["id"]: row for row in api.get("/advisories/").json()["results"]}
    for letter, bulletin in bulletins.items():
        allowed, strict = letter in letters, letter in "RS"
        response = api.get(f"/advisories/{bulletin.pk}/")
        assert response.status_code == (200 if allowed else 404), letter
        assert (str(bulletin.pk) in rows) is allowed
        assert ("SECRET" in response.content.decode()) is (allowed and not strict), letter
        assert api.get(f"/advisories/{bulletin.pk}/cap/").status_code == (
            404 if not allowed else 403 if strict else 200
        )
        if allowed:
            row = rows[str(bulletin.pk)]
            assert (row["tlp"], row["withheld"], row["title"]) == (
                bulletin.tlp_label,
                strict,
                "" if strict else bulletin.title,
            )


@pytest.mark.parametrize(("side", "role", "letters"), table())
def test_the_feed(side: str, role: str, letters: str, cast: Cast) -> None:
    person = cast.people[role]
    base = "/feeds/" if person is None else f"/feeds/own/{preferences.make_feed_token(actor=person)}/"
    shown = Client().get(f"{base}advisories.atom").content.decode()
    for letter, bulletin in getattr(cast, side).items():
        allowed, strict = letter in letters, letter in "RS"
        assert (f"urn:uuid:{bulletin.pk}" in shown) is allowed, letter
        readable = allowed and not strict
        assert Client().get(f"{base}cap/{bulletin.pk}.xml").status_code == (200 if readable else 404), letter
    for letter in "RS":
        assert f"{TITLE} {letter}" not in shown


@pytest.mark.parametrize("letter", LETTERS)
def test_the_mail(letter: str, cast: Cast) -> None:
    """To owners and editors; its words as far as the marking lets them travel; the marking first and last."""
    for bulletin in (cast.area[letter], cast.national[letter]):
        sent = OutgoingMail.objects.filter(key__startswith=f"bulletin:{bulletin.pk}:sent:")
        to = {role for role, person in cast.people.items() if person and sent.filter(recipient=person).exists()}
        assert to == MAILED
        assert sent.count() == len(MAILED)
        for mail in sent:
            strict = letter in "RS"
            assert mail.subject.startswith(f"{bulletin.tlp_label} ")
            assert (mail.body.splitlines()[0], mail.body.splitlines()[-1]) == (bulletin.tlp_label,) * 2
            assert ("SECRET" in mail.subject + mail.body) is (not strict)
            assert (make.BODY in mail.body, make.INSTRUCTION in mail.body) == (not strict, not strict)
            assert f"http://testserver/advisories/{bulletin.pk}/" in mail.body


@pytest.mark.parametrize("role", AREA_READERS)
def test_the_policy_and_the_query_say_the_same(role: str, cast: Cast) -> None:
    """In every state: drafts and what is over included."""
    person: Any = cast.people[role] or AnonymousUser()
    adviser, administrator = cast.people["adviser"], cast.people["administrator"]
    assert adviser is not None
    assert administrator is not None
    for author, area in ((adviser, people.AREA), (administrator, "")):
        for marking in tlp.ORDER:
            make.make_draft(author, area=area, tlp=marking)
            make.make_awaiting(author, area=area, tlp=marking)
            make.make_retracted(author, area=area, tlp=marking) if marking in {"green", "clear"} else None
    visible = set(Bulletin.objects.visible_to(person).values_list("pk", flat=True))
    for bulletin in Bulletin.objects.all():
        assert bool(policies.can_view(person, bulletin)) is (bulletin.pk in visible), (bulletin.state, bulletin.tlp)
    assert {b.state for b in Bulletin.objects.all()} >= {rules.DRAFT, rules.AWAITING, rules.PUBLISHED, rules.RETRACTED}


@pytest.mark.parametrize(
    ("side", "role", "seen"),
    [
        ("area", "adviser", 1),
        ("area", "auditor", 1),
        ("national", "administrator", 1),
        ("national", "adviser", 1),
        ("national", "other_area", None),
        ("area", "administrator", None),
        ("area", "owner", None),
        ("national", "owner", None),
    ],
)
def test_who_sees_how_it_was_received(
    side: str, role: str, seen: int | None, cast: Cast, client_for: ClientFor
) -> None:
    person = cast.people[role]
    assert person is not None
    bulletin: Bulletin = getattr(cast, side)["G"]
    response = client_for(person).get(f"/advisories/{bulletin.pk}/reach/")
    assert response.status_code == (403 if seen is None else 200)
    if seen is not None:
        assert len(response.context["page"].rows) == seen


def test_the_police_of_an_area_see_the_places_of_their_area_alone(
    organisation: Organisation, adviser: User, other_area_adviser: User, national_admin: User, client_for: ClientFor
) -> None:
    make_venue(organisation, name="Hall of Leeds")
    make_venue(organisation, name="Hall of Dover", area=people.OTHER_AREA)
    bulletin = make.make_published(national_admin, area="")
    shown = {
        who: client_for(who).get(f"/advisories/{bulletin.pk}/reach/").content.decode()
        for who in (adviser, other_area_adviser, national_admin)
    }
    assert {who: ("Hall of Leeds" in page, "Hall of Dover" in page) for who, page in shown.items()} == {
        adviser: (True, False),
        other_area_adviser: (False, True),
        national_admin: (True, True),
    }


def test_an_administrator_reads_no_account_of_a_place(
    organisation: Organisation, organiser: User, national_admin: User, client_for: ClientFor
) -> None:
    """Which places, and how many; what they say is kin to a plan."""
    make_venue(organisation, name="Hall of Leeds")
    bulletin = make.make_published(national_admin, area="", question="Is there a gate?")
    place = bulletin.places.get()
    receipts.answer_question(actor=organiser, place_id=place.pk, level=1, account="SECRET-GATE", expected_version=0)
    receipts.complete(actor=organiser, place_id=place.pk, note="SECRET-NOTE")
    file = make.make_file(place, by=organiser)
    client, base = client_for(national_admin), f"/advisories/{bulletin.pk}"
    page = client.get(f"{base}/reach/").content.decode()
    assert ("Hall of Leeds" in page, "SECRET" in page, f"{base}/places/" in page) == (True, False, False)
    assert client.get(f"{base}/places/{place.pk}/").status_code == 404
    assert client.get(f"/advisories/files/{file.pk}/").status_code == 404
    assert Api(national_admin).get(f"{base}/places/").json()["results"] == []


def test_the_places_of_another_organisation_are_nobody_s_business(
    cast: Cast, organisation: Organisation, client_for: ClientFor
) -> None:
    bulletin = cast.area["G"]
    place = BulletinPlace.objects.get(bulletin=bulletin)
    other = cast.people["member_elsewhere"]
    assert other is not None
    client = client_for(other)
    assert client.get(f"/advisories/{bulletin.pk}/").status_code == 200
    assert organisation.name not in client.get(f"/advisories/{bulletin.pk}/").content.decode()
    assert client.get(f"/advisories/{bulletin.pk}/places/{place.pk}/").status_code == 404
    assert Api(other).get(f"/advisories/{bulletin.pk}/places/").json()["results"] == []


def test_a_token_does_not_answer_what_it_may_not_read(cast: Cast) -> None:
    owner, red = cast.people["owner"], cast.area["R"]
    assert owner is not None
    place = BulletinPlace.objects.get(bulletin=red)
    api = Api(owner)
    answers = [
        api.post(f"/advisories/{red.pk}/read/"),
        api.post(f"/advisories/{red.pk}/acknowledge/", {}),
        api.post(f"/advisories/{red.pk}/places/{place.pk}/not-applicable/", {"reason": "No."}),
    ]
    assert {response.status_code for response in answers} == {403}
    place.refresh_from_db()
    assert (place.state, place.read_at) == ("open", None)
