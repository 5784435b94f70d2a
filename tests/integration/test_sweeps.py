"""The schedule with a real beat and worker: every sweep happens, and one that is cut short is done once all the same."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Organisation, User
from certification.models import Certificate, Reminder
from core import audit
from core.models import AuditAnchor, AuditChain, AuditEvent, OutboxJob, OutgoingMail
from tests.factories import certificates as make
from tests.integration import gates
from tests.integration.stack import Process, Stack, kill

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
HOLDERS = 200
# Past the first milestone of 90 days alone: one row each.
DAYS = 80


def ending_in(days: int, certificate: Certificate) -> Certificate:
    return make.running_until(make.put_in("in_force", certificate), timezone.localdate() + timedelta(days=days))


def all_done() -> bool:
    return not OutboxJob.objects.filter(done_at__isnull=True).exists()


def reminded() -> Counter[object]:
    return Counter(Reminder.objects.values_list("certificate_id", flat=True))


def test_beat_has_every_task_of_the_schedule_done(
    stack: Stack, organisation: Organisation, adviser: User, authoriser: User
) -> None:
    first = make.decided_certificate(organisation, reviewer=adviser, signer=authoriser)
    OutboxJob.objects.filter(kind="certificate.render").delete()
    [second] = make.copies(first, 1)
    due, over = ending_in(DAYS, first), ending_in(-1, second)
    stack.start_worker()
    stack.start_beat()

    stack.eventually(lambda: Reminder.objects.filter(certificate=due).exists())
    stack.eventually(lambda: Certificate.objects.get(pk=over.pk).state == Certificate.State.EXPIRED)
    stack.eventually(all_done)
    stack.eventually(lambda: not unanchored())

    assert AuditAnchor.objects.exists()
    assert audit.verify_all().problem == ""
    # Each task ran many times by now.
    assert [Reminder.objects.count(), mails("certificate.reminder")] == [1, 1]
    assert AuditEvent.objects.filter(action="certificate.expired").count() == 1


def unanchored() -> list[str]:
    chains = AuditChain.objects.values_list("key", "head_seq", "anchored_seq")
    return [key for key, head, anchored in chains if head != anchored]


def mails(kind: str) -> int:
    return OutgoingMail.objects.filter(kind=kind, sent_at__isnull=False).count()


def everything(stack: Stack) -> list[Process]:
    stack.start_broker()
    return [stack.start_worker(), stack.start_beat()]


def test_everything_killed_in_the_middle_of_reminding(
    stack: Stack, organisation: Organisation, colleague: User, adviser: User, authoriser: User
) -> None:
    first = ending_in(DAYS, make.decided_certificate(organisation, reviewer=adviser, signer=authoriser))
    OutboxJob.objects.filter(kind="certificate.render").delete()
    make.copies(first, HOLDERS - 1, apart=True)
    # Two parts are committed, the third is written and not committed.
    gates.close(stack.gates, "reminding", 3)
    worker = stack.start_worker()
    stack.send_task("certification.reminders")
    stack.wait_at("reminding", 3)
    kill(worker)
    stack.kill_broker()
    committed = Reminder.objects.count()
    assert 0 < committed < HOLDERS
    # Another process of the worker may be sending the first of them already.
    assert OutgoingMail.objects.filter(kind="certificate.reminder").count() == committed * 2
    gates.open_all(stack.gates)

    # And again, while the messages go out.
    processes = everything(stack)
    stack.eventually(lambda: mails("certificate.reminder") > HOLDERS)
    for process in processes:
        kill(process)
    stack.kill_broker()
    assert not all_done()

    everything(stack)
    stack.eventually(lambda: Reminder.objects.count() == HOLDERS)
    stack.eventually(all_done)
    assert set(reminded().values()) == {1}
    people = {organisation.created_by.email, colleague.email}
    told = Counter(OutgoingMail.objects.filter(kind="certificate.reminder").values_list("to", flat=True))
    assert told == dict.fromkeys(people, HOLDERS)
    sent = stack.message_ids()
    assert len(set(sent)) == OutgoingMail.objects.count()
    # What each of two processes had handed over but not yet marked goes out again under its old identifier.
    assert len(sent) - len(set(sent)) <= 2
    assert audit.verify_all().problem == ""
