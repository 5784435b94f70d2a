"""Asking the holders of a zone with a real worker that is killed half-way: each is asked once all the same."""

from __future__ import annotations

from collections import Counter

import pytest

from accounts.models import Organisation, User
from advisories.models import ThreatConfirmation, ThreatNotice, ThreatResponse
from certification.models import Certificate
from core import audit
from core.models import OutboxJob, OutgoingMail
from tests import flush
from tests.factories import accounts as people
from tests.factories import certificates as make
from tests.factories import threat as given
from tests.integration import gates
from tests.integration.stack import Stack, kill

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
HOLDERS = 150


def holders(first: Certificate) -> list[str]:
    """As many certificates, each of another organisation; their owners\u2019 addresses."""
    addresses = [first.organisation.created_by.email]
    with flush.lifted("certification_certificate"):
        for certificate in make.copies(first, HOLDERS - 1):
            organisation = people.make_organisation()
            addresses.append(organisation.created_by.email)
            Certificate.objects.filter(pk=certificate.pk).update(organisation=organisation)
    return addresses


def all_done() -> bool:
    return not OutboxJob.objects.filter(done_at__isnull=True).exists()


def mails(sent: bool) -> Counter[str]:
    found = OutgoingMail.objects.filter(kind="threat.asked", sent_at__isnull=not sent)
    return Counter(found.values_list("to", flat=True))


def test_a_worker_killed_half_way_asks_each_holder_once(
    stack: Stack, organisation: Organisation, adviser: User, authoriser: User
) -> None:
    first = given.enhanced(make.decided_certificate(organisation, reviewer=adviser, signer=authoriser))
    OutboxJob.objects.all().delete()
    addresses = holders(first)
    response = given.respond()
    # Two chunks are committed, the third is written and not committed.
    gates.close(stack.gates, "reminding", 3)
    worker = stack.start_worker()
    job = OutboxJob.objects.get(kind="threat.address", payload__response=str(response.pk))
    stack.send_task("core.outbox.run", job_id=job.pk)
    stack.wait_at("reminding", 3)
    kill(worker)
    stack.kill_broker()
    assert ThreatConfirmation.objects.count() == 2 * gates.REMINDERS_CHUNK
    gates.open_all(stack.gates)

    # And again, while the messages go out.
    stack.start_broker()
    processes = [stack.start_worker(), stack.start_beat()]
    stack.eventually(lambda: sum(mails(sent=True).values()) > HOLDERS // 3)
    for process in processes:
        kill(process)
    stack.kill_broker()
    assert not all_done()

    stack.start_broker()
    stack.start_worker()
    stack.start_beat()
    stack.eventually(lambda: ThreatResponse.objects.get(pk=response.pk).addressed_at is not None)
    stack.eventually(all_done)
    asked = Counter(ThreatConfirmation.objects.values_list("certificate_id", flat=True))
    assert set(asked.values()) == {1}
    assert len(asked) == HOLDERS == ThreatNotice.objects.filter(kind="asked").count()
    assert mails(sent=True) == dict.fromkeys(addresses, 1)
    handed_over = stack.message_ids()
    assert len(set(handed_over)) == OutgoingMail.objects.filter(sent_at__isnull=False).count()
    # What each of two processes had handed over but not yet marked goes out again under its old identifier.
    assert len(handed_over) - len(set(handed_over)) <= 2
    assert audit.verify_all().problem == ""
