"""The pages of asking and answering."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from advisories.models import NetworkAdmission
from advisories.services import admissions
from tests.conftest import ClientFor
from tests.factories import networks as make
from tests.factories.accounts import make_organisation
from tests.factories.events import make_venue

pytestmark = pytest.mark.django_db

WORDS = "We run a hall for 400 people, and its manager will read."
LIST = 8
ONE = 10
OWN = 12


@pytest.fixture
def hall(organisation: Organisation) -> Organisation:
    make_venue(organisation, use="hall")
    return organisation


def network(name: str, *more: object) -> str:
    return reverse(f"advisories:{name}", args=[make.SECTOR, *more])


def main(content: bytes) -> str:
    found = BeautifulSoup(content, "html.parser").select_one("main")
    assert found is not None
    return " ".join(found.get_text(" ").split())


def test_from_asking_to_joining(hall: Organisation, owner: User, viewer: User, client_for: ClientFor) -> None:
    officer = make.police_member()
    asking, answering = client_for(owner), client_for(officer)
    assert "Your organisation can ask to join" in main(asking.get(network("network")).content)
    assert "An owner or editor of your organisation can ask" in main(client_for(viewer).get(network("network")).content)
    given = {"organisation": str(hall.pk), "words": WORDS}
    assert asking.post(network("network_ask"), given).status_code == 302
    one = NetworkAdmission.objects.get()
    assert (one.words, one.asked_by) == (WORDS, owner)
    waits = main(asking.get(network("network")).content)
    assert "has asked to join" in waits
    assert "Join this network" not in waits

    assert "1 organisation asks to join" in main(answering.get(network("network")).content)
    assert str(hall) in main(answering.get(network("network_admissions")).content)
    assert WORDS in main(answering.get(network("network_admission", one.pk)).content)
    refused = answering.post(network("network_admission", one.pk), {"decision": "admit"})
    assert refused.status_code == 422
    assert "Give the reason" in main(refused.content)
    decided = answering.post(network("network_admission", one.pk), {"decision": "admit", "reason": "Visited."})
    assert decided.status_code == 302
    assert "You can join this network" in main(client_for(viewer).get(network("network")).content)
    assert client_for(viewer).post(network("network_join")).status_code == 302
    assert make.member_row(viewer).organisation == hall


def test_what_was_written_is_there_after_a_slip(hall: Organisation, owner: User, client_for: ClientFor) -> None:
    second = make_organisation(owner, name="Second")
    make_venue(second, use="hall", by=owner)
    answer = client_for(owner).post(network("network_ask"), {"words": WORDS})
    assert answer.status_code == 422
    assert "Select the organisation that asks to join" in main(answer.content)
    box = BeautifulSoup(answer.content, "html.parser").select_one("textarea[name=words]")
    assert box is not None
    assert box.get_text().strip() == WORDS
    assert not NetworkAdmission.objects.exists()


def test_a_no_is_read_with_its_reason_and_the_day_from_which_to_ask(
    hall: Organisation, owner: User, client_for: ClientFor
) -> None:
    asked = make.asked_admission(hall)
    admissions.refuse(actor=make.police_member(), admission_id=asked.pk, reason="Your place closed last year.")
    page = main(client_for(owner).get(network("network")).content)
    assert "was not admitted" in page
    assert "Your place closed last year." in page
    assert "can ask again from" in page
    assert "Ask to join" not in page
    assert "can ask again from" in main(client_for(owner).get(network("network_ask")).content)


def test_taking_it_back_and_ending(hall: Organisation, owner: User, client_for: ClientFor) -> None:
    officer = make.police_member()
    asked = make.asked_admission(hall)
    assert client_for(owner).post(network("network_withdraw", asked.pk)).status_code == 302
    asked.refresh_from_db()
    assert asked.state == "withdrawn"
    admitted = make.admitted(hall)
    answer = client_for(officer).post(network("network_admission", admitted.pk), {"reason": "It closed."})
    assert answer.status_code == 302
    admitted.refresh_from_db()
    assert (admitted.state, admitted.reason) == ("ended", "It closed.")
    assert "is no longer in this network" in main(client_for(owner).get(network("network")).content)


def test_of_a_past_request_nothing_is_asked_any_more(hall: Organisation, client_for: ClientFor) -> None:
    officer, asked = make.police_member(), make.asked_admission(hall)
    admissions.refuse(actor=officer, admission_id=asked.pk, reason="No.")
    page = client_for(officer).get(network("network_admission", asked.pk))
    assert b"<textarea" not in page.content
    late = client_for(officer).post(network("network_admission", asked.pk), {"decision": "admit", "reason": "Yes."})
    assert late.status_code in {409, 422}
    asked.refresh_from_db()
    assert asked.state == "refused"


@pytest.mark.parametrize("count", [1, 3])
def test_what_the_pages_cost(
    count: int,
    owner: User,
    hall: Organisation,
    client_for: ClientFor,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    officer = make.police_member()
    asked = make.asked_admission(hall)
    for _ in range(count):
        make.insider()
        other = make_organisation()
        make_venue(other, use="hall")
        make.asked_admission(other)
        make_venue(hall, use="hall")
    answering, asking = client_for(officer), client_for(owner)
    with django_assert_num_queries(LIST):
        assert answering.get(network("network_admissions")).status_code == 200
    with django_assert_num_queries(ONE):
        assert answering.get(network("network_admission", asked.pk)).status_code == 200
    with django_assert_num_queries(OWN):
        assert asking.get(network("network")).status_code == 200
