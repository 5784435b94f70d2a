"""The temporary criterion beside a plan, and what the first page says."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from accounts.models import Organisation, User
from advisories.models import Bulletin
from advisories.selectors.home import notes_for
from advisories.services import bulletins, receipts
from certification.models import Plan
from certification.selectors import cases
from tests.conftest import ClientFor
from tests.factories import accounts as people
from tests.factories import advisories as make
from tests.factories.certification import small_standard, submitted_plan

pytestmark = pytest.mark.django_db
QUESTION = "SECRET-QUESTION: is there a second gate?"
ACCOUNT = "SECRET-ACCOUNT of the gate."


@pytest.fixture
def plan(organisation: Organisation) -> Plan:
    small_standard()
    return submitted_plan(organisation)


@pytest.fixture
def asked(plan: Plan, organiser: User, adviser: User) -> Bulletin:
    published = make.make_published(adviser, question=QUESTION)
    receipts.answer_question(
        actor=organiser, place_id=published.places.get().pk, level=2, account=ACCOUNT, expected_version=0
    )
    return published


def pages(plan: Plan, client_for: ClientFor, organiser: User, adviser: User) -> tuple[str, str]:
    """The organiser's plan and the adviser's review."""
    own = client_for(organiser).get(f"/plans/{plan.pk}/")
    review = client_for(adviser).get(f"/plans/{plan.pk}/review/")
    assert (own.status_code, review.status_code) == (200, 200)
    return own.content.decode(), review.content.decode()


def test_author_and_reviewer_read_question_and_answer_beside_the_plan(
    plan: Plan, asked: Bulletin, client_for: ClientFor, organiser: User, adviser: User
) -> None:
    place = asked.places.get()
    for page in pages(plan, client_for, organiser, adviser):
        soup = BeautifulSoup(page, "html.parser")
        section = soup.select_one("#extras")
        assert section is not None
        assert QUESTION in page
        assert ACCOUNT in page
        assert "They do not enter the score." in page
        assert f"/advisories/{asked.pk}/places/{place.pk}/" in page
        assert "TLP:AMBER" in page


def test_it_changes_neither_score_nor_what_is_asked(plan: Plan, adviser: User, organiser: User) -> None:
    before = cases.score(cases.load(plan)), cases.load(plan).codes
    published = make.make_published(adviser, question=QUESTION)
    receipts.answer_question(
        actor=organiser, place_id=published.places.get().pk, level=0, account=ACCOUNT, expected_version=0
    )
    assert (cases.score(cases.load(plan)), cases.load(plan).codes) == before


@pytest.mark.parametrize("end", ["retracted", "none asked", "another place"])
def test_what_is_over_or_asks_nothing_is_not_shown(
    plan: Plan, client_for: ClientFor, organiser: User, adviser: User, end: str
) -> None:
    if end == "another place":
        from advisories.domain.audience import Audience

        make.make_published(adviser, question=QUESTION, audience=Audience(sectors=("hotels",)))
    else:
        published = make.make_published(adviser, question="" if end == "none asked" else QUESTION)
        if end == "retracted":
            bulletins.retract(actor=adviser, bulletin_id=published.pk, reason="Wrong.")
    for page in pages(plan, client_for, organiser, adviser):
        assert "Temporary criteria" not in page


def test_a_reviewer_who_may_not_read_the_advisory_is_not_shown_its_question(
    plan: Plan, client_for: ClientFor, organiser: User, adviser: User, national_admin: User
) -> None:
    make.make_published(national_admin, approver=people.make_administrator(), area="", tlp="red", question=QUESTION)
    own, review = pages(plan, client_for, organiser, adviser)
    assert (QUESTION in own, QUESTION in review) == (True, False)


# The first page ---------------------------------------------------------------------------------------------------------


def figures(user: User) -> dict[str, int]:
    fresh = User.objects.get(pk=user.pk)
    return {note.label: note.figure for note in notes_for(fresh)}


def test_the_first_page_counts_what_waits_for_each(
    plan: Plan, organiser: User, colleague: User, viewer: User, stranger: User, adviser: User, authoriser: User
) -> None:
    published = make.make_published(adviser)
    make.make_published(adviser)
    make.make_retracted(adviser)
    make.make_awaiting(adviser)
    make.make_awaiting(authoriser)
    assert figures(organiser) == {"advisories to acknowledge": 2, "advisories not read yet": 2}
    assert figures(viewer) == {}
    assert figures(stranger) == {}
    assert figures(adviser) == {}
    assert figures(authoriser) == {"advisory awaiting approval": 1}

    receipts.read(actor=colleague, bulletin_id=published.pk)
    receipts.acknowledge(actor=colleague, bulletin_id=published.pk)

    assert figures(organiser) == {"advisory to acknowledge": 1, "advisories not read yet": 2}
    assert figures(colleague) == {"advisory to acknowledge": 1, "advisory not read yet": 1}


def test_the_figures_stand_on_the_page_and_lead_on(
    plan: Plan, organiser: User, adviser: User, client_for: ClientFor
) -> None:
    make.make_published(adviser)
    client = client_for(organiser)
    soup = BeautifulSoup(client.get("/").content, "html.parser")
    links = [str(a["href"]) for a in soup.select(".wm-stats a") if "/advisories/" in str(a["href"])]
    assert links == ["/advisories/?show=to_acknowledge", "/advisories/?show=unread"]
    for link in links:
        assert make.words().title in client.get(link).content.decode()
