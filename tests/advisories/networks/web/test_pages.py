from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from advisories.models import NetworkMember, NetworkPost
from advisories.services import network_posts, networks
from tests.conftest import ClientFor
from tests.factories import networks as make
from tests.factories.accounts import make_administrator, make_officer, make_organisation
from tests.factories.events import make_venue

pytestmark = pytest.mark.django_db

HUB = 8
NETWORK = 10
NETWORK_OUTSIDE = 11
THREAD = 8
MEMBERS = 8


def page_of(client: Client, name: str, *args: object) -> BeautifulSoup:
    response = client.get(reverse(f"advisories:{name}", args=args))
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def network(name: str, *more: object) -> str:
    return reverse(f"advisories:{name}", args=[make.SECTOR, *more])


def test_the_hub_shows_one_s_networks_first(organisation: Organisation, owner: User, client_for: ClientFor) -> None:
    make_venue(organisation, use="hall")
    make_venue(organisation, use="food_drink")
    make.admitted(organisation)
    make.admitted(organisation, sector="hotels")
    networks.join(actor=owner, sector="commercial")
    page = page_of(client_for(owner), "sectors")
    first = page.select("main ul.wm-rows")[0]
    rows = [" ".join(row.get_text(" ").split()) for row in first.select("li")]
    assert rows == [
        "Bars, pubs and nightclubs 0 members You can ask to join",
        "Hotels and restaurants 0 members You can join",
        "Commercial centres 1 member You are in it",
    ]
    assert len(page.select("main ul.wm-rows li")) == 12


def test_joining_choosing_mail_and_leaving(organisation: Organisation, owner: User, client_for: ClientFor) -> None:
    make_venue(organisation, use="hall")
    make.admitted(organisation)
    client = client_for(owner)
    assert client.post(network("network_join"), follow=True).redirect_chain == [(network("network"), 302)]
    assert client.post(network("network_mail"), {"mail": "each"}).status_code == 302
    assert make.member_row(owner).mail == "each"
    page = page_of(client, "network", make.SECTOR)
    assert page.select_one("input[name=mail][checked]")["value"] == "each"  # type: ignore[index]
    assert client.post(network("network_leave")).status_code == 302
    assert not NetworkMember.objects.filter(user=owner, left_at=None).exists()


def test_with_two_organisations_the_page_asks_for_which(
    organisation: Organisation, owner: User, client_for: ClientFor
) -> None:
    second = make_organisation(owner, name="Second Trust")
    for one in (organisation, second):
        make_venue(one, use="hall", by=owner)
        make.admitted(one)
    client = client_for(owner)
    page = page_of(client, "network", make.SECTOR)
    assert {box["value"] for box in page.select("input[name=organisation]")} == {str(organisation.pk), str(second.pk)}
    refused = client.post(network("network_join"), follow=True)
    assert "Select the organisation for which you join" in refused.content.decode()
    client.post(network("network_join"), {"organisation": str(second.pk)})
    assert make.member_row(owner).organisation == second


def test_an_outsider_sees_that_there_is_a_network_and_none_of_its_words(client_for: ClientFor) -> None:
    author, lead = make.insider(), make.police_lead()
    industry = make.insider()
    make.industry_lead(lead, industry)
    make.make_post(author, title="SECRET-TITLE")
    shown = client_for(make_organisation().created_by).get(network("network")).content.decode()
    assert "SECRET" not in shown
    assert str(lead) in shown
    assert str(industry) not in shown
    assert str(author.memberships.get().organisation) not in shown


def test_a_post_a_reply_and_the_answer(client_for: ClientFor) -> None:
    asker, helper = make.insider(), make.insider()
    mine, theirs = client_for(asker), client_for(helper)
    sent = mine.post(
        network("network_new"), {"kind": "question", "title": "Queues", "text": "How?", "marking": "amber"}
    )
    question = NetworkPost.objects.get()
    assert sent.headers["Location"] == network("network_post", question.pk)
    replied = theirs.post(network("network_post", question.pk), {"text": "Move them indoors."})
    reply = NetworkPost.objects.get(kind="reply")
    assert replied.headers["Location"] == f"{network('network_post', question.pk)}#reply-{reply.pk}"
    mine.post(network("network_answer", question.pk), {"reply": str(reply.pk)})
    page = page_of(theirs, "network_post", make.SECTOR, question.pk)
    assert "Answer" in page.select_one(f"#reply-{reply.pk}").get_text()  # type: ignore[union-attr]
    assert page.select_one(".wm-tlp strong").get_text() == "TLP:AMBER"  # type: ignore[union-attr]


def test_what_cannot_be_taken_comes_back_with_every_word(client_for: ClientFor) -> None:
    client = client_for(make.insider())
    response = client.post(network("network_new"), {"kind": "note", "title": "", "text": "KEPT", "marking": "red"})
    assert response.status_code == 422
    page = BeautifulSoup(response.content, "html.parser")
    assert page.select_one("textarea[name=text]").get_text(strip=True) == "KEPT"  # type: ignore[union-attr]
    assert len(page.select(".govuk-error-summary li")) == 2
    thread = make.make_post(make.insider())
    assert client.post(network("network_post", thread.pk), {"text": ""}).status_code == 422


def test_hiding_asks_for_a_reason_and_is_offered_to_those_who_may(client_for: ClientFor) -> None:
    author, reader, lead = make.insider(), make.insider(), make.police_lead()
    post = make.make_post(author)
    reply = network_posts.reply(actor=reader, thread_id=post.pk, text="Words")
    links = {
        name: [
            link["href"]
            for link in page_of(client_for(user), "network_post", make.SECTOR, post.pk).select("a[href$='/hide/']")
        ]
        for name, user in {"author": author, "reader": reader, "lead": lead}.items()
    }
    both = [network("network_hide", pk) for pk in (post.pk, reply.pk)]
    assert links == {"author": both[:1], "reader": both[1:], "lead": both}
    client = client_for(lead)
    assert client.post(both[1], {"reason": ""}).status_code == 422
    assert client.post(both[1], {"reason": "Names people."}).headers["Location"] == network("network_post", post.pk)
    shown = client_for(author).get(network("network_post", post.pk)).content.decode()
    assert "A moderator has hidden this reply." in shown
    assert "Names people." not in shown


def test_moderators_appoint_end_remove_and_readmit(client_for: ClientFor) -> None:
    lead, member = make.police_lead(), make.insider()
    client = client_for(lead)
    assert client.post(network("network_appoint", "industry"), {"user": ""}).status_code == 422
    client.post(network("network_appoint", "industry"), {"user": str(member.pk)})
    page = page_of(client, "network_members", make.SECTOR)
    [form] = page.select(f"form[action*='/leads/'][action$='/end/']:-soup-contains('{member}')")
    assert client.post(str(form["action"])).status_code == 302
    row = make.member_row(member)
    assert client.post(network("network_remove", row.pk), {"reason": " "}).status_code == 422
    client.post(network("network_remove", row.pk), {"reason": "Sold things."})
    assert "Sold things." in client.get(network("network_members")).content.decode()
    client.post(network("network_readmit", row.pk))
    row.refresh_from_db()
    assert row.readmitted_at is not None


def test_whoever_appoints_the_police_lead_sees_no_member(client_for: ClientFor) -> None:
    member, officer = make.insider(), make.police_member()
    for user in (make_administrator(), make_officer("authoriser")):
        shown = client_for(user).get(network("network_members")).content.decode()
        assert str(member) not in shown
        page = page_of(client_for(user), "network_appoint", make.SECTOR, "police")
        assert [option["value"] for option in page.select("option")] == ["", str(officer.pk)]


def test_an_unknown_sector_or_lead_is_not_there(client_for: ClientFor) -> None:
    client = client_for(make.insider())
    for address in (
        "/networks/space/",
        "/networks/space/new/",
        "/networks/space/members/",
        "/networks/commercial/leads/chief/appoint/",
    ):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_what_the_pages_cost(
    count: int, client_for: ClientFor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lead, reader, outsider = make.police_lead(), make.insider(), make.insider(sector="stadia")
    posts = [make.make_post(make.insider(), marking="green") for _ in range(count)]
    for post in posts:
        network_posts.pin(actor=lead, post_id=post.pk, pinned=True)
    for _ in range(count):
        network_posts.reply(actor=make.insider(), thread_id=posts[0].pk, text="Words")
    client = client_for(reader)
    with django_assert_num_queries(HUB):
        assert client.get(reverse("advisories:sectors")).status_code == 200
    with django_assert_num_queries(NETWORK):
        assert client.get(network("network")).status_code == 200
    with django_assert_num_queries(THREAD):
        assert client.get(network("network_post", posts[0].pk)).status_code == 200
    with django_assert_num_queries(MEMBERS):
        assert client.get(network("network_members")).status_code == 200
    outside = client_for(outsider)
    with django_assert_num_queries(NETWORK_OUTSIDE):
        assert outside.get(network("network")).status_code == 200


def test_a_long_list_is_turned_page_by_page(client_for: ClientFor) -> None:
    author = make.police_member()
    first = make.make_post(author)
    copies = [
        NetworkPost(
            sector=first.sector,
            kind="note",
            tlp=first.tlp,
            author=author,
            by_police=True,
            sealed_title="",
            sealed_text=first.sealed_text,
            posted_at=first.posted_at,
        )
        for _ in range(30)
    ]
    NetworkPost.objects.bulk_create(copies)
    client = client_for(author)
    page = page_of(client, "network", make.SECTOR)
    older = page.select_one("a[rel=next]")
    assert older is not None
    second = BeautifulSoup(client.get(network("network") + str(older["href"])).content, "html.parser")
    shown = [link["href"] for found in (page, second) for link in found.select(".wm-rows a[href*='/posts/']")]
    assert (len(shown), len(set(shown))) == (31, 31)
