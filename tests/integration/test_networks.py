"""Telling the members of a network of a post with a real worker that is killed half-way: each is told once all the same."""

from __future__ import annotations

from collections import Counter

import pytest
from django.utils import timezone

from accounts.models import Organisation, User
from advisories.models import NetworkMember
from core import audit
from core.models import OutboxJob, OutgoingMail
from tests.factories import networks as make
from tests.factories.accounts import make_member
from tests.integration import gates
from tests.integration.stack import Stack, kill

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
MEMBERS = 150


def members(organisation: Organisation) -> list[str]:
    """Of one organisation, all of whom want mail for each post; their addresses."""
    now = timezone.now()
    people: list[User] = [make_member(organisation, "viewer") for _ in range(MEMBERS)]
    NetworkMember.objects.bulk_create(
        NetworkMember(
            sector=make.SECTOR,
            user=one,
            kind="member",
            organisation=organisation,
            mail="each",
            joined_at=now,
            digested_at=now,
        )
        for one in people
    )
    return [one.email for one in people]


def all_done() -> bool:
    return not OutboxJob.objects.filter(done_at__isnull=True).exists()


def mails(sent: bool) -> Counter[str]:
    found = OutgoingMail.objects.filter(kind="network.posted", sent_at__isnull=not sent)
    return Counter(found.values_list("to", flat=True))


def test_a_worker_killed_half_way_tells_each_member_once(stack: Stack, organisation: Organisation) -> None:
    author = make.insider(organisation)
    addresses = members(organisation)
    OutboxJob.objects.all().delete()
    make.make_post(author, title="Once")
    # Two chunks are committed, the third is written and not committed.
    gates.close(stack.gates, "reminding", 3)
    worker = stack.start_worker()
    stack.send_task("core.outbox.run", job_id=OutboxJob.objects.get(kind="network.announce").pk)
    stack.wait_at("reminding", 3)
    kill(worker)
    stack.kill_broker()
    assert sum((mails(sent=True) + mails(sent=False)).values()) == 2 * gates.REMINDERS_CHUNK
    gates.open_all(stack.gates)

    # And again, while the messages go out.
    stack.start_broker()
    processes = [stack.start_worker(), stack.start_beat()]
    stack.eventually(lambda: sum(mails(sent=True).values()) > MEMBERS // 3)
    for process in processes:
        kill(process)
    stack.kill_broker()
    assert not all_done()

    stack.start_broker()
    stack.start_worker()
    stack.start_beat()
    stack.eventually(all_done)
    assert mails(sent=False) == {}
    assert mails(sent=True) == dict.fromkeys(addresses, 1)
    handed_over = stack.message_ids()
    assert len(set(handed_over)) == OutgoingMail.objects.filter(sent_at__isnull=False).count()
    # What each of two processes had handed over but not yet marked goes out again under its old identifier.
    assert len(handed_over) - len(set(handed_over)) <= 2
    assert audit.verify_all().problem == ""
