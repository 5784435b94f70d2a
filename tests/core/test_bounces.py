"""Mail that comes back: refused at once, or reported later by a mail that anybody could have written."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from core import bounces, mailings, notify, outbox
from core.management.commands import mail_returned
from core.models import OutboxJob, OutgoingMail
from tests.core.returned_mail import report
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


def promise(person: User, key: str = "k") -> OutgoingMail:
    message = notify.Message(kind="test.hello", subject="Hello", body="Read it here.")
    with transaction.atomic():
        return notify.send(to=person, message=message, key=key)


def run_all() -> None:
    for job in OutboxJob.objects.filter(done_at__isnull=True, failed_at__isnull=True).order_by("pk"):
        outbox.run(job.pk)


def sent(person: User, key: str = "k") -> OutgoingMail:
    row = promise(person, key)
    run_all()
    row.refresh_from_db()
    assert row.sent_at is not None
    return row


def state(row: OutgoingMail) -> tuple[bool, bool, str]:
    row.refresh_from_db()
    return row.sent_at is not None, row.bounced_at is not None, row.bounce_code


# Refused when it is handed over ----------------------------------------------------------------------------------------


class Server(locmem.EmailBackend):
    """A mail server that answers as the test says."""

    error: smtplib.SMTPException

    def send_messages(self, messages: Sequence[mail.EmailMessage]) -> int:
        for message in messages:
            if "gone@example.org" in message.to:
                raise self.error
        return super().send_messages(messages)


@pytest.fixture
def server(settings: Settings) -> type[Server]:
    settings.EMAIL_BACKEND = "tests.core.test_bounces.Server"
    return Server


def recipients(code: int, text: bytes) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({"gone@example.org": (code, text)})


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (recipients(550, b"5.1.1 no such user"), "5.1.1"),
        (recipients(550, b"no such user"), "550"),
        (recipients(552, b"5.2.2 mailbox full"), "5.2.2"),
        (smtplib.SMTPDataError(554, b"5.6.0 no"), "5.6.0"),
        (smtplib.SMTPDataError(554, "5.6.0 no"), "5.6.0"),
    ],
)
def test_a_refusal_for_good_is_noted_and_not_tried_again(
    error: smtplib.SMTPException, code: str, server: type[Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "error", error, raising=False)
    row = promise(make_user(email="gone@example.org"))
    run_all()
    assert state(row) == (False, True, code)
    assert row.sealed_body == ""
    assert OutboxJob.objects.filter(done_at__isnull=True).count() == 0
    monkeypatch.setattr(server, "error", AssertionError("tried again"))
    notify.deliver({"mail": str(row.pk)})
    assert state(row) == (False, True, code)


@pytest.mark.parametrize(
    "error",
    [
        recipients(450, b"4.2.1 later"),
        recipients(451, b"greylisted 5.1.1"),
        # Our own relay knows us no more: that says nothing about the address.
        recipients(554, b"5.7.1 relay access denied"),
        smtplib.SMTPDataError(451, b"4.3.0 later"),
        smtplib.SMTPSenderRefused(550, b"5.1.8 bad sender", "no-reply@example.org"),
        smtplib.SMTPServerDisconnected("gone"),
    ],
)
def test_any_other_refusal_is_tried_again(
    error: smtplib.SMTPException, server: type[Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "error", error, raising=False)
    row = promise(make_user(email="gone@example.org"))
    run_all()
    assert state(row) == (False, False, "")
    assert OutboxJob.objects.get().done_at is None


def test_of_many_one_that_is_refused_for_good_holds_up_nobody(
    server: type[Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "error", recipients(550, b"5.1.1 no such user"), raising=False)
    rows = [promise(make_user(email=address), address) for address in ("gone@example.org", "here@example.org")]
    OutboxJob.objects.all().delete()
    mailings.deliver({"mails": ",".join(str(row.pk) for row in rows)})
    assert [state(row) for row in rows] == [(False, True, "5.1.1"), (True, False, "")]
    assert OutboxJob.objects.count() == 0


# Reported later ---------------------------------------------------------------------------------------------------------


def test_a_report_marks_the_message_that_it_names_once() -> None:
    row, other = sent(make_user(email="a@example.org"), "a"), sent(make_user(email="b@example.org"), "b")
    content = report(message_id=bounces.message_id(row.pk))
    assert [bounces.record(content) for _ in range(2)] == [1, 0]
    assert (state(row), state(other)) == ((True, True, "5.1.1"), (True, False, ""))
    first = row.bounced_at
    bounces.record(report(message_id=bounces.message_id(row.pk), status="5.2.2"))
    assert state(row) == (True, True, "5.1.1")
    assert row.bounced_at == first


def test_where_reports_go_is_in_the_envelope_and_the_reader_sees_the_sender(settings: Settings) -> None:
    settings.BOUNCE_ADDRESS = "bounces@example.org"
    row = sent(make_user(email="a@example.org"))
    [letter] = mail.outbox
    assert letter.from_email == bounces.envelope_of(row.pk) == f"bounces+{bounces.name_of(row.pk)}@example.org"
    assert letter.message()["From"] == settings.DEFAULT_FROM_EMAIL
    # Whatever case it has on the way back.
    assert bounces.record(report(to=letter.from_email.upper())) == 1
    assert state(row) == (True, True, "5.1.1")


def test_a_name_cannot_be_guessed_and_no_other_part_of_a_report_counts() -> None:
    row = sent(make_user(email="pat@example.org"))
    name = bounces.name_of(row.pk)
    number, _dash, mark = name.partition("-")
    wrong = [
        f"<outgoing-{row.pk}@testserver>",
        f"<outgoing-{number}-{'0' * 32}@testserver>",
        f"<outgoing-{row.pk + 1}-{mark}@testserver>",
        f"<outgoing-{name[:-1]}@testserver>",
    ]
    assert [bounces.record(report(message_id=text, about=row.to)) for text in wrong] == [0] * 4
    assert state(row) == (True, False, "")
    assert bounces.name_of(row.pk) != bounces.name_of(row.pk + 1)


def test_a_change_of_the_secret_leaves_names_good_while_the_old_one_is_known(settings: Settings) -> None:
    row = sent(make_user())
    content = report(message_id=bounces.message_id(row.pk))
    settings.SECRET_KEY, old = "another secret of fifty letters, or nearly so, for now", settings.SECRET_KEY
    assert bounces.record(content) == 0
    settings.SECRET_KEY_FALLBACKS = [old]
    assert bounces.record(content) == 1


def test_what_was_not_sent_does_not_come_back() -> None:
    row = promise(make_user())
    assert bounces.record(report(message_id=bounces.message_id(row.pk))) == 0
    assert state(row) == (False, False, "")


def test_the_command_takes_files_or_a_pipe_and_says_nothing_of_the_mail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [sent(make_user(email=f"{name}@example.org"), name) for name in "ab"]
    file = tmp_path / "report.eml"
    file.write_bytes(report(message_id=bounces.message_id(rows[0].pk)))
    out = StringIO()
    call_command("mail_returned", str(file), stdout=out)
    piped: Any = SimpleNamespace(buffer=BytesIO(report(message_id=bounces.message_id(rows[1].pk))))
    monkeypatch.setattr(mail_returned.sys, "stdin", piped)
    call_command("mail_returned", stdout=out)
    assert out.getvalue() == "1 messages noted as returned\n" * 2
    assert [state(row)[1] for row in rows] == [True, True]
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("mail_returned", str(tmp_path / "none.eml"))


# Whom mail does not reach -----------------------------------------------------------------------------------------------


def returned(row: OutgoingMail, *, code: str = "5.1.1", days: int = 0) -> None:
    OutgoingMail.objects.filter(pk=row.pk).update(
        bounced_at=timezone.now() - timedelta(days=days),
        bounce_code=code,
        sent_at=timezone.now() - timedelta(days=days),
    )


def test_whoever_s_mail_came_back_is_not_reached() -> None:
    person, other = make_user(), make_user()
    returned(sent(person, "a"))
    sent(other, "b")
    assert bounces.unreachable([person.pk, other.pk]) == {person.pk}


@pytest.mark.parametrize(("code", "days", "dead"), [("5.2.2", 89, True), ("5.1.1", 91, False), ("4.4.7", 1, False)])
def test_a_delay_and_what_is_long_past_do_not_count(code: str, days: int, dead: bool) -> None:
    person = make_user()
    returned(sent(person), code=code, days=days)
    assert (person.pk in bounces.unreachable([person.pk])) is dead


@pytest.mark.parametrize(("days", "dead"), [(6, False), (4, True)])
def test_a_later_message_that_stayed_away_for_days_heals_it(days: int, dead: bool) -> None:
    person = make_user()
    returned(sent(person, "a"), days=20)
    OutgoingMail.objects.filter(pk=sent(person, "b").pk).update(sent_at=timezone.now() - timedelta(days=days))
    assert (person.pk in bounces.unreachable([person.pk])) is dead


def test_another_address_is_another_matter() -> None:
    person = make_user(email="old@example.org")
    returned(sent(person))
    User.objects.filter(pk=person.pk).update(email="new@example.org")
    assert bounces.unreachable([person.pk]) == frozenset()


@pytest.mark.parametrize("code", ["5.1.1", "5.2.2", "5.2.1", "5.7.1", "4.4.7", "550", "5.0.0"])
def test_every_code_has_words(code: str) -> None:
    said = bounces.words(code)
    assert said.endswith(".")
    assert code not in said
