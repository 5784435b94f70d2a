"""What presses overtakes what is long, with a real broker and worker."""

from __future__ import annotations

import pytest
from django.db import transaction

from accounts.models import User
from core import notify
from core.models import OutboxJob, OutgoingMail
from core.outbox import Rank
from tests.integration.stack import Stack

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
EACH = 6


def test_a_worker_takes_the_most_pressing_first_whatever_was_promised_before(stack: Stack, organiser: User) -> None:
    promised: list[tuple[Rank, int]] = []
    for number in range(EACH):
        for rank in reversed(Rank):
            key = f"{rank.name}:{number}"
            with transaction.atomic():
                mail = notify.send(to=organiser, message=notify.Message("test", key, "Text"), key=key, rank=rank)
            promised.append((rank, OutboxJob.objects.get(key=f"mail:{mail.pk}").pk))
    # As the services' own nudges would, had this process been given the broker.
    for rank, job_id in promised:
        stack.send_task("core.outbox.run", priority=rank, job_id=job_id)

    stack.start_worker(concurrency=1)

    stack.eventually(lambda: not OutgoingMail.objects.filter(sent_at__isnull=True).exists())
    sent = OutgoingMail.objects.order_by("sent_at").values_list("key", flat=True)
    assert list(sent) == [f"{rank.name}:{number}" for rank in Rank for number in range(EACH)]
