"""Words outlive the session in which they were written, for whoever wrote them alone. Told on a network's pages."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.models import User
from advisories.models import NetworkPost, Sighting
from core.http import drafts
from tests.conftest import ClientFor
from tests.factories import networks as make

pytestmark = pytest.mark.django_db

WORDS = "Words that took half an hour to find."
NEW = f"/networks/{make.SECTOR}/new/"


def mark_on(client: Client, address: str) -> str:
    found = re.search(rf'name="{drafts.FIELD}" value="([^"]+)"', client.get(address).content.decode())
    assert found is not None
    return found[1]


def sign_in(client: Client, user: User) -> None:
    """Into the session that is there, as the page does: `force_login` would do no less, and `Client` keeps its cookie."""
    client.force_login(user)


def text_on(client: Client, address: str, name: str) -> str:
    box = BeautifulSoup(client.get(address).content, "html.parser").select_one(f"textarea[name={name}]")
    assert box is not None
    return box.get_text().strip()


def post_without_a_session(client: Client, address: str, given: dict[str, str]) -> None:
    client.session.flush()
    answer = client.post(address, given)
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('account_login')}?next={address}")


def test_a_post_is_there_after_signing_in_again(client_for: ClientFor) -> None:
    author = make.insider()
    client = client_for(author)
    given = {"kind": "question", "title": "Who?", "text": WORDS, "marking": "green", "draft_of": mark_on(client, NEW)}
    post_without_a_session(client, NEW, given)
    assert not NetworkPost.objects.exists()
    assert not [row for row in Session.objects.all() if WORDS in str(row.get_decoded())]
    sign_in(client, author)
    page = BeautifulSoup(client.get(NEW).content, "html.parser")
    assert "You had been signed out" in page.get_text()
    assert page.select_one("input[name=title]")["value"] == "Who?"  # type: ignore[index]
    assert page.select_one("input[name=marking][checked]")["value"] == "green"  # type: ignore[index]
    assert text_on(client, NEW, "text") == WORDS
    assert client.post(NEW, given).status_code == 302
    assert NetworkPost.objects.get().text == WORDS
    assert text_on(client, NEW, "text") == ""


def test_a_reply_is_too(client_for: ClientFor) -> None:
    author = make.insider()
    client = client_for(author)
    address = reverse("advisories:network_post", args=[make.SECTOR, make.make_post(author).pk])
    post_without_a_session(client, address, {"text": WORDS, "draft_of": mark_on(client, address)})
    sign_in(client, author)
    assert text_on(client, address, "text") == WORDS


def test_a_report_is_too(owner: User, client_for: ClientFor) -> None:
    client, address = client_for(owner), reverse("advisories:sighting_new")
    given = {"category": "drone", "description": WORDS, "where": "The yard", "draft_of": mark_on(client, address)}
    post_without_a_session(client, address, given)
    sign_in(client, owner)
    assert text_on(client, address, "description") == WORDS
    assert not Sighting.objects.exists()


def test_nobody_else_finds_it(client_for: ClientFor) -> None:
    author, other = make.insider(), make.insider()
    client = client_for(author)
    given = {"kind": "note", "title": "T", "text": WORDS, "marking": "green", "draft_of": mark_on(client, NEW)}
    post_without_a_session(client, NEW, given)
    sign_in(client, other)
    assert text_on(client, NEW, "text") == ""
    sign_in(client, author)
    assert text_on(client, NEW, "text") == ""


@pytest.mark.parametrize("mark", ["", "nobody", "abc:def:ghi"])
def test_a_stranger_s_words_are_not_kept(mark: str) -> None:
    client = Client()
    client.post(NEW, {"text": WORDS, "draft_of": mark})
    assert "draft" not in client.session


def test_it_is_not_kept_without_end(client_for: ClientFor) -> None:
    author = make.insider()
    client = client_for(author)
    mark = mark_on(client, NEW)
    post_without_a_session(client, NEW, {"text": "x" * 70_000, "draft_of": mark})
    assert "draft" not in client.session


def test_after_a_slip_everything_is_still_there(client_for: ClientFor) -> None:
    client = client_for(make.insider())
    given = {"kind": "question", "title": "", "text": WORDS, "marking": "green"}
    answer = client.post(NEW, given)
    page = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 422
    assert page.select_one("textarea[name=text]").get_text().strip() == WORDS  # type: ignore[union-attr]
    assert page.select_one("input[name=kind][checked]")["value"] == "question"  # type: ignore[index]
