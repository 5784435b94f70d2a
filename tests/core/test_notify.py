from __future__ import annotations

import pytest
from django.core import mail
from django.db import transaction
from pytest_django import Settings

from core import bounces, crypto, notify, outbox
from core.models import OutboxJob, OutgoingMail
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db

MESSAGE = notify.Message(kind="test.hello", subject="Hello\nBcc: all@example.org", body="Read it here.")


def promise(key: str = "k") -> OutgoingMail:
    with transaction.atomic():
        return notify.send(to=make_user(email="pat@example.org"), message=MESSAGE, key=key)


def promise_to(address: str, *, key: str) -> OutgoingMail:
    with transaction.atomic():
        return notify.send_to_address(to=address, message=MESSAGE, key=key)


def run_all() -> None:
    for job in OutboxJob.objects.order_by("pk"):
        outbox.run(job.pk)


def test_a_message_is_sent_once_under_a_message_id_that_never_changes() -> None:
    row = promise()
    run_all()
    notify.deliver({"mail": str(row.pk)})

    assert [(m.to, m.extra_headers["Message-ID"]) for m in mail.outbox] == [
        (["pat@example.org"], bounces.message_id(row.pk))
    ]


def test_a_subject_is_one_line() -> None:
    assert promise().subject == "Hello Bcc: all@example.org"


def test_the_same_key_is_one_message() -> None:
    promise()
    promise_to("other@example.org", key="k")

    assert OutgoingMail.objects.count() == 1


def test_the_text_lies_sealed_and_is_gone_once_it_was_sent() -> None:
    row = promise()
    stored = str(OutgoingMail.objects.values().get(pk=row.pk))
    assert (row.body, MESSAGE.body in stored) == (MESSAGE.body, False)

    run_all()

    row.refresh_from_db()
    assert (row.sealed_body, row.body) == ("", "")
    assert [str(m.body) for m in mail.outbox] == [MESSAGE.body]


def test_a_text_copied_to_another_message_does_not_open() -> None:
    mine, others = promise("mine"), promise_to("other@example.org", key="others")
    mine.sealed_body = others.sealed_body

    with pytest.raises(crypto.SealBroken):
        _ = mine.body


@pytest.mark.parametrize("number", [1, 3])
def test_many_are_sealed_each_with_its_own_key(number: int) -> None:
    person = make_user()
    messages = [
        notify.Addressed(person, notify.Message("test.many", "Hello", f"Text {index}"), key=f"many:{index}")
        for index in range(number)
    ]
    with transaction.atomic():
        notify.send_all(messages)

    assert [row.body for row in OutgoingMail.objects.order_by("key")] == [f"Text {index}" for index in range(number)]


def test_a_demonstration_with_a_mail_server_shows_what_it_sent(settings: Settings) -> None:
    settings.DEMO = True
    row = promise()
    run_all()

    row.refresh_from_db()
    assert (row.body, len(mail.outbox)) == (MESSAGE.body, 1)


def test_the_demonstration_keeps_the_message_and_hands_nothing_over(settings: Settings) -> None:
    settings.MAIL_DELIVERY = "record"
    row = promise()
    run_all()

    row.refresh_from_db()
    assert (row.sent_at is not None, row.body) == (True, MESSAGE.body)
    assert mail.outbox == []
