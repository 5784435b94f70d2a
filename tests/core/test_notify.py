from __future__ import annotations

import pytest
from django.core import mail
from django.db import transaction
from pytest_django import Settings

from core import notify, outbox
from core.models import OutboxJob, OutgoingMail
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db

MESSAGE = notify.Message(kind="test.hello", subject="Hello\nBcc: all@example.org", body="Read it here.")


def promise(key: str = "k") -> OutgoingMail:
    with transaction.atomic():
        return notify.send(to=make_user(email="pat@example.org"), message=MESSAGE, key=key)


def run_all() -> None:
    for job in OutboxJob.objects.order_by("pk"):
        outbox.run(job.pk)


def test_a_message_is_sent_once_under_a_message_id_that_never_changes() -> None:
    row = promise()
    run_all()
    notify.deliver({"mail": str(row.pk)})

    assert [(m.to, m.extra_headers["Message-ID"]) for m in mail.outbox] == [
        (["pat@example.org"], f"<outgoing-{row.pk}@testserver>")
    ]


def test_a_subject_is_one_line() -> None:
    assert promise().subject == "Hello Bcc: all@example.org"


def test_the_same_key_is_one_message() -> None:
    promise()
    with transaction.atomic():
        notify.send_to_address(to="other@example.org", message=MESSAGE, key="k")

    assert OutgoingMail.objects.count() == 1


def test_the_demonstration_keeps_the_message_and_hands_nothing_over(settings: Settings) -> None:
    settings.MAIL_DELIVERY = "record"
    row = promise()
    run_all()

    row.refresh_from_db()
    assert row.sent_at is not None
    assert mail.outbox == []
