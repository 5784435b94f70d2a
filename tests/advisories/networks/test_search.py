from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils.http import urlencode
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from advisories.domain import tlp
from advisories.domain.sectors import SECTORS
from advisories.models import NetworkPost
from advisories.selectors import network_search
from advisories.services import network_posts
from tests.conftest import ClientFor
from tests.factories import networks as make
from tests.factories.accounts import make_auditor, make_officer, make_user

pytestmark = pytest.mark.django_db
PAGE = 5


def titles(user: User, words: str, *, sector: str = make.SECTOR) -> list[str]:
    return [hit.title for hit in network_search.search(SECTORS[sector], user, words).hits]


def address(words: str) -> str:
    return f"{reverse('advisories:network_search', args=[make.SECTOR])}?{urlencode({'words': words})}"


def test_it_finds_titles_texts_and_replies_each_thread_once_and_the_newest_first() -> None:
    author = make.insider()
    first = make.make_post(author, title="Who has bollards?", text="We look for some.")
    make.make_post(author, title="Doors", text="Ours have BOLLARDS before them.")
    make.make_post(author, title="Cameras", text="Nothing of the kind.")
    reply = network_posts.reply(actor=make.insider(), thread_id=first.pk, text="The bollards by the gate are good.")

    found = network_search.search(SECTORS[make.SECTOR], author, " Bollard ")

    assert [(hit.title, hit.is_reply) for hit in found.hits] == [("Who has bollards?", True), ("Doors", False)]
    assert (found.hits[0].thread, found.hits[0].posted_at) == (first.pk, reply.posted_at)
    assert found.hits[0].excerpt == "The bollards by the gate are good."
    assert (found.more, found.since) == (False, None)
    # One word in the title, the other in the reply; and one that stands nowhere.
    assert titles(author, "who gate") == ["Who has bollards?"]
    assert titles(author, "bollards hatch") == []
    assert titles(author, "  ") == []


def test_nobody_finds_what_they_may_not_read() -> None:
    author = make.insider()
    for marking in (tlp.AMBER, tlp.GREEN):
        make.make_post(author, title=f"SECRET {marking}", marking=marking)
    strict = make.make_post(make.police_member(), title="SECRET strict", marking=tlp.AMBER_STRICT)
    network_posts.reply(actor=author, thread_id=strict.pk, text="SECRET reply")
    elsewhere = make.insider(sector="stadia")

    assert sorted(titles(author, "secret")) == ["SECRET amber", "SECRET green", "SECRET strict"]
    assert titles(elsewhere, "secret") == ["SECRET green"]
    assert titles(make_officer("adviser", name="Not In It"), "secret") == ["SECRET green"]
    assert titles(make_user(), "secret") == []
    assert len(titles(make_auditor(), "secret")) == 3
    assert titles(author, "secret", sector="stadia") == []


def test_what_was_hidden_is_not_found_by_anybody_nor_what_was_said_below_it() -> None:
    author, other, lead = make.insider(), make.insider(), make.police_lead()
    post, kept = make.make_post(author, text="SECRET"), make.make_post(author, text="Kept")
    network_posts.reply(actor=other, thread_id=post.pk, text="SECRET reply")
    below = network_posts.reply(actor=other, thread_id=kept.pk, text="SECRET too")
    assert len(titles(lead, "secret")) == 2
    network_posts.hide(actor=lead, post_id=post.pk, reason="Names people.")
    network_posts.hide(actor=lead, post_id=below.pk, reason="Names people.")
    for reader in (author, other, lead):
        assert titles(reader, "secret") == []


def test_it_says_what_it_did_not_look_at(monkeypatch: pytest.MonkeyPatch) -> None:
    author = make.insider()
    posts = [make.make_post(author, text="Bollards") for _ in range(4)]
    monkeypatch.setattr(network_search, "LOOKED_AT", 3)
    monkeypatch.setattr(network_search, "SHOWN", 2)
    found = network_search.search(SECTORS[make.SECTOR], author, "bollards")
    assert [hit.thread for hit in found.hits] == [posts[3].pk, posts[2].pk]
    assert (found.more, found.since) == (True, posts[1].posted_at)


def test_one_query_however_many_there_are(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    author = make.insider()
    for count in (1, 4):
        for _ in range(count):
            thread = make.make_post(author, text="Bollards")
            network_posts.reply(actor=author, thread_id=thread.pk, text="Bollards again")
        # Who is asking: three.
        with django_assert_num_queries(4):
            found = network_search.search(SECTORS[make.SECTOR], User.objects.get(pk=author.pk), "bollards")
            assert all(hit.author for hit in found.hits)


def test_the_page_shows_them_with_their_marking(
    client_for: ClientFor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    author = make.insider()
    post = make.make_post(author, title="Doors", text="Ours have <b>bollards</b>.", marking=tlp.GREEN)
    client = client_for(author)
    with django_assert_num_queries(PAGE):
        page = BeautifulSoup(client.get(address("BOLLARDS")).content, "html.parser")
    row = page.select_one("main ul.wm-rows li")
    assert row is not None
    link = row.select_one("a")
    assert link is not None
    assert (link["href"], link.get_text()) == (reverse("advisories:network_post", args=[make.SECTOR, post.pk]), "Doors")
    assert "Ours have <b>bollards</b>." in row.get_text()
    assert page.select_one("input[name=words]")["value"] == "BOLLARDS"  # type: ignore[index]
    assert "TLP:GREEN" in page.select_one(".wm-tlp").get_text()  # type: ignore[union-attr]
    make.make_post(author, title="Narrower", text="bollards")
    narrower = BeautifulSoup(client.get(address("bollards")).content, "html.parser")
    assert "TLP:AMBER" in narrower.select_one(".wm-tlp").get_text()  # type: ignore[union-attr]


def test_nothing_found_says_what_to_do(client_for: ClientFor) -> None:
    client = client_for(make.insider())
    assert "Try fewer words." in client.get(address("nowhere")).content.decode()
    blank = client.get(address("")).content.decode()
    assert "Nothing found" not in blank
    refused = client.get(address("x" * 200)).content.decode()
    assert "govuk-error-summary" in refused


def test_the_network_s_page_leads_to_it_once_there_is_something(client_for: ClientFor) -> None:
    author = make.insider()
    client, page = client_for(author), reverse("advisories:network", args=[make.SECTOR])
    search = f'action="{reverse("advisories:network_search", args=[make.SECTOR])}"'
    assert search not in client.get(page).content.decode()
    make.make_post(author)
    assert search in client.get(page).content.decode()


def test_who_asks_too_often_is_told_to_wait(client_for: ClientFor) -> None:
    client = client_for(make.insider())
    codes = [client.get(address("x")).status_code for _ in range(31)]
    assert (codes[:30], codes[30]) == ([200] * 30, 429)
    assert not NetworkPost.objects.exists()
