"""Members are told that something is there, once each, and nothing of what it says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from advisories.models import NetworkMember
from advisories.services import network_mail, network_posts, networks
from core import outbox
from core.models import OutboxJob, OutgoingMail
from tests.factories import networks as make
from tests.factories.accounts import end_appointments

pytestmark = pytest.mark.django_db


def told(kind: str) -> list[str]:
    return sorted(OutgoingMail.objects.filter(kind=kind).values_list("to", flat=True))


def test_each_post_is_told_to_those_who_asked_for_it(run_outbox: Callable[[], int]) -> None:
    author, keen, quiet, left = make.insider(), make.insider(), make.insider(), make.insider()
    retired = make.police_member()
    for user, mail in ((author, "each"), (keen, "each"), (quiet, "none"), (left, "each"), (retired, "each")):
        networks.set_mail(actor=user, sector=make.SECTOR, mail=mail)
    networks.leave(actor=left, sector=make.SECTOR)
    end_appointments(retired)
    post = make.make_post(author, title="SECRET-TITLE")
    run_outbox()
    assert told("network.posted") == [keen.email]
    [mail] = OutgoingMail.objects.filter(kind="network.posted")
    assert "SECRET" not in mail.subject + mail.key
    assert mail.subject == "New post in the network Commercial centres"
    network_mail.announce({"post": str(post.pk)})
    assert told("network.posted") == [keen.email]


def test_a_post_that_was_hidden_meanwhile_is_told_to_nobody() -> None:
    author, keen = make.insider(), make.insider()
    networks.set_mail(actor=keen, sector=make.SECTOR, mail="each")
    post = make.make_post(author)
    network_posts.hide(actor=author, post_id=post.pk, reason="Wrong network.")
    outbox.run(OutboxJob.objects.get(kind="network.announce").pk)
    assert told("network.posted") == []


def test_many_members_are_told_chunk_by_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_mail, "CHUNK", 2)
    keen = [make.police_member() for _ in range(5)]
    NetworkMember.objects.update(mail="each")
    post = make.make_post(keen[0])
    network_mail.announce({"post": str(post.pk)})
    assert told("network.posted") == sorted(user.email for user in keen[1:])


def test_the_digest_says_how_many_once_a_day() -> None:
    author, reader, other = make.insider(), make.insider(), make.insider(sector="stadia")
    NetworkMember.objects.update(digested_at=timezone.now() - timedelta(days=1))
    make.make_post(author, text="SECRET-ONE")
    make.make_post(author, text="SECRET-TWO")
    hidden = make.make_post(author)
    network_posts.hide(actor=author, post_id=hidden.pk, reason="No.")
    now = timezone.now() + timedelta(seconds=1)
    assert network_mail.send_digests(now=now) == 1
    assert network_mail.send_digests(now=now) == 0
    [mail] = OutgoingMail.objects.filter(kind="network.digest")
    assert (mail.to, "2 new posts" in mail.body, "SECRET" in mail.body) == (reader.email, True, False)
    assert other.email not in told("network.digest")


def test_one_s_own_posts_and_an_empty_day_are_no_digest() -> None:
    author = make.insider()
    NetworkMember.objects.update(digested_at=timezone.now() - timedelta(days=1))
    make.make_post(author)
    assert network_mail.send_digests(now=timezone.now() + timedelta(seconds=1)) == 0
    assert network_mail.send_digests(now=timezone.now() + timedelta(days=1)) == 0
    assert told("network.digest") == []


def test_a_digest_that_is_cut_off_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second chunk fails; what the first did stands, and the next run does the rest."""
    monkeypatch.setattr(network_mail, "CHUNK", 1)
    author, first, second = make.insider(), make.insider(), make.insider()
    NetworkMember.objects.update(digested_at=timezone.now() - timedelta(days=1))
    make.make_post(author)
    now, send, calls = timezone.now() + timedelta(seconds=1), network_mail.notify.send_all, []

    def stumble(messages: Any, **options: Any) -> None:
        calls.append(messages)
        if len(calls) == 3:
            raise ConnectionError
        send(messages, **options)

    monkeypatch.setattr(network_mail.notify, "send_all", stumble)
    with pytest.raises(ConnectionError):
        network_mail.send_digests(now=now)
    assert told("network.digest") == [first.email]
    assert network_mail.send_digests(now=now) == 1
    assert told("network.digest") == sorted([first.email, second.email])
