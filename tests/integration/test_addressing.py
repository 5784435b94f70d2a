"""An advisory to many, with a real worker that is killed half-way: each place is addressed and each message sent once."""

from __future__ import annotations

from collections import Counter

import pytest

from accounts.models import User
from advisories.models import BulletinPlace, BulletinRecipient
from advisories.services import bulletins
from core import audit
from core.models import AuditEvent, OutboxJob, OutgoingMail
from tests.factories import advisories as make
from tests.integration import gates
from tests.integration.stack import SECONDS as A_LITTLE
from tests.integration.stack import Process, Stack, kill

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
PLACES = gates.PLACES
# All of them, addressed and sent by two processes.
SECONDS = A_LITTLE + PLACES / 10


def all_done() -> bool:
    return not OutboxJob.objects.filter(done_at__isnull=True).exists()


def sent(kind: str) -> int:
    return OutgoingMail.objects.filter(kind=kind, sent_at__isnull=False).count()


def told(kind: str) -> Counter[str]:
    return Counter(OutgoingMail.objects.filter(kind=kind).values_list("to", flat=True))


def everything(stack: Stack) -> list[Process]:
    stack.start_broker()
    return [stack.start_worker(), stack.start_beat()]


def test_everything_killed_in_the_middle_of_addressing(stack: Stack, adviser: User) -> None:
    make.many(PLACES - 1)
    published = make.make_published(adviser, deliver=False)
    # Two chunks are committed, the third is written and not committed.
    gates.close(stack.gates, "addressing", 3 * gates.ADDRESSING_CHUNK)
    worker, beat = stack.start_worker(), stack.start_beat()
    stack.wait_at("addressing", 3 * gates.ADDRESSING_CHUNK)
    kill(worker)
    kill(beat)
    stack.kill_broker()
    assert BulletinPlace.objects.count() == 2 * gates.ADDRESSING_CHUNK
    assert BulletinRecipient.objects.count() == 2 * gates.ADDRESSING_CHUNK
    gates.open_all(stack.gates)

    # And again, while the messages go out.
    processes = everything(stack)
    stack.eventually(lambda: sent("bulletin.published") > PLACES // 2, seconds=SECONDS)
    for process in processes:
        kill(process)
    stack.kill_broker()
    assert not all_done()

    everything(stack)
    stack.eventually(all_done, seconds=SECONDS)
    assert BulletinPlace.objects.filter(bulletin=published).count() == PLACES
    reached = told("bulletin.published")
    assert (len(reached), set(reached.values())) == (PLACES, {1})
    assert AuditEvent.objects.filter(action="bulletin.addressed").count() == 1

    bulletins.retract(actor=adviser, bulletin_id=published.pk, reason="It was a laundry.")
    stack.eventually(lambda: sent("bulletin.retracted") == PLACES, seconds=SECONDS)
    assert told("bulletin.retracted") == reached
    messages = stack.message_ids()
    assert len(set(messages)) == OutgoingMail.objects.count()
    # What each of two processes had handed over but not yet marked goes out again under its old identifier.
    assert len(messages) - len(set(messages)) <= 2
    assert audit.verify_all().problem == ""
