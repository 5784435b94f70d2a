"""What an author or a stranger could write to get more than their due: into headers, into XML, into what leaves the service."""

from __future__ import annotations

import email
import json
from datetime import timedelta
from email import policy
from typing import Final

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from lxml import etree

from accounts.models import Organisation, User
from advisories.domain import tlp
from advisories.services import bulletins, chasing, delivery, preferences
from core import outbox
from core.models import OutboxJob, OutgoingMail
from tests.advisories.bulletins.test_feeds import ATOM, message, text
from tests.factories import advisories as make
from tests.factories.events import make_venue

pytestmark = pytest.mark.django_db

BREAKS: Final = "Vans\r\nBcc: thief@example.org\nX-Evil:\u20281\x0b2\x853"
MARKUP: Final = "</headline><scope>Public</scope>&xxe; ]]> <!-- \"quoted\" 'too'"


def posted() -> list[email.message.Message]:
    """What a mail server would be given, read anew."""
    for job in OutboxJob.objects.filter(kind="mail.deliver_many", done_at__isnull=True).order_by("pk"):
        outbox.run(job.pk)
    return [email.message_from_bytes(m.message().as_bytes(), policy=policy.default) for m in mail.outbox]


def test_a_title_with_line_breaks_adds_no_header(organisation: Organisation, organiser: User, adviser: User) -> None:
    make_venue(organisation)
    published = make.make_published(adviser, title=BREAKS)
    bulletins.retract(actor=adviser, bulletin_id=published.pk, reason=BREAKS)
    make.run_delivery()
    letters = posted()
    assert {letter["To"] for letter in letters} == {organiser.email}
    assert len(letters) == 2
    for letter in letters:
        assert set(letter) == {
            *("Content-Type", "MIME-Version", "Content-Transfer-Encoding"),
            *("Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted"),
        }
        assert len(str(letter["Subject"]).splitlines()) == 1
        assert str(letter["Subject"]).startswith("TLP:AMBER ")


@pytest.mark.parametrize("marking", [tlp.RED, tlp.AMBER_STRICT])
def test_no_mail_of_its_whole_life_says_a_word_of_a_strict_one(
    marking: str, organisation: Organisation, organiser: User, adviser: User, authoriser: User
) -> None:
    make_venue(organisation)
    now = timezone.now()
    published = make.make_published(
        adviser, approver=authoriser, tlp=marking, title="SECRET-TITLE", due_at=now + timedelta(hours=1)
    )
    chasing.sweep(now=now + timedelta(days=1, hours=12))
    chasing.sweep(now=now + timedelta(days=2))
    bulletins.retract(actor=adviser, bulletin_id=published.pk, reason="SECRET-REASON")
    make.run_delivery()
    delivery.release_waiting(now=now + timedelta(days=2))
    kinds = set(OutgoingMail.objects.values_list("kind", flat=True))
    assert kinds == {
        *("bulletin.awaiting_approval", "bulletin.approved", "bulletin.published", "bulletin.retracted"),
        *("bulletin.chased", "bulletin.owners", "bulletin.escalated"),
    }
    for letter in posted():
        assert "SECRET" not in letter.as_string()
        assert str(letter["Subject"]).startswith(f"{tlp.LABELS[marking]} ")


def test_markup_stays_words_in_every_form_for_programs(
    organisation: Organisation, organiser: User, adviser: User
) -> None:
    make_venue(organisation)
    published = make.make_published(
        adviser, tlp="amber", title=MARKUP, body=f"{MARKUP}\x00\x08\ufffe", instruction=MARKUP
    )
    base = f"/feeds/own/{preferences.make_feed_token(actor=organiser)}/"
    root = message(published, f"{base}cap/")
    assert (text(root, "headline"), text(root, "instruction")) == (MARKUP, MARKUP)
    assert text(root, "description") == MARKUP
    assert [scope.text for scope in root.iter("{*}scope")] == ["Restricted"]
    feed = etree.fromstring(Client().get(f"{base}advisories.atom").content)
    assert [title.text for title in feed.iter(f"{ATOM}title")][1:] == [f"TLP:AMBER {MARKUP}"]
    twin = Client().get(f"{base}cap/{published.pk}.json").content
    assert set(json.loads(twin)) == {"payload", "protected", "signature"}


@pytest.mark.parametrize("place", ["cap", "feed"])
def test_another_s_address_of_a_feed_opens_what_they_may_read_and_no_more(
    place: str, organisation: Organisation, organiser: User, adviser: User
) -> None:
    """A key put before another bulletin's number, or cut, or of a closed account, is no key."""
    make_venue(organisation)
    published = make.make_published(adviser)
    stranger = preferences.make_feed_token(actor=make.people.make_user())
    own = preferences.make_feed_token(actor=organiser)
    prefix, secret = own[:14], own[14:]
    other_prefix, other_secret = stranger[:14], stranger[14:]
    tail = f"cap/{published.pk}.xml" if place == "cap" else "advisories.atom"
    answers = {
        "own": Client().get(f"/feeds/own/{own}/{tail}"),
        "stranger": Client().get(f"/feeds/own/{stranger}/{tail}"),
        "mixed": Client().get(f"/feeds/own/{prefix}{other_secret}/{tail}"),
        "mixed too": Client().get(f"/feeds/own/{other_prefix}{secret}/{tail}"),
        "changed case": Client().get(f"/feeds/own/{own.swapcase()}/{tail}"),
    }
    found = {who: str(published.pk) in answer.content.decode() for who, answer in answers.items()}
    assert found == {who: who == "own" for who in answers}
