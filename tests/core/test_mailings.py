"""Messages by the thousand: promised by their keys, worded when they are sent, each once."""

from __future__ import annotations

import smtplib
from collections.abc import Mapping, Sequence

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from core import mailings, notify, outbox
from core.models import OutboxJob, OutgoingMail
from core.outbox import Rank
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db
KIND = "test.many"


def compose(mails: Sequence[OutgoingMail]) -> Mapping[int, notify.Message]:
    return {one.pk: notify.Message(KIND, f"To {one.to}", f"Words of {one.key}") for one in mails}


@pytest.fixture(autouse=True)
def _composed(settings: Settings) -> None:
    settings.MAIL_COMPOSERS = {KIND: "tests.core.test_mailings.compose"}


def promise(count: int = 3) -> int:
    for number in range(count):
        make_user(email=f"many{number}@example.org")
    rows = User.objects.filter(email__startswith="many").annotate(
        mail_key=Concat(Value("many:"), mailings.hexed("pk")), mail_person=F("pk"), mail_address=F("email")
    )
    with transaction.atomic():
        return mailings.promise(rows, kind=KIND, subject="Soon", at=timezone.now())


def run_all() -> None:
    for job in OutboxJob.objects.filter(done_at__isnull=True).order_by("pk"):
        outbox.run(job.pk)


def test_one_job_sends_them_all_once() -> None:
    assert promise() == 3
    [job] = OutboxJob.objects.all()
    assert set(OutgoingMail.objects.values_list("subject", "sealed_body")) == {("Soon", "")}
    run_all()
    mailings.deliver(job.payload)
    assert sorted((m.to[0], m.subject) for m in mail.outbox) == [
        (f"many{n}@example.org", f"To many{n}@example.org") for n in range(3)
    ]
    assert len({m.extra_headers["Message-ID"] for m in mail.outbox}) == 3
    assert not OutgoingMail.objects.filter(sent_at__isnull=True).exists()
    # What has reached its reader is kept nowhere.
    assert set(OutgoingMail.objects.values_list("sealed_body", flat=True)) == {""}


def test_promised_again_they_are_the_same_messages() -> None:
    promise()
    people = User.objects.filter(email__startswith="many")
    rows = people.annotate(
        mail_key=Concat(Value("many:"), mailings.hexed("pk")), mail_person=F("pk"), mail_address=F("email")
    )
    with transaction.atomic():
        assert mailings.promise(rows, kind=KIND, subject="Soon", at=timezone.now()) == 0
    assert (OutgoingMail.objects.count(), OutboxJob.objects.count()) == (3, 1)


def test_many_make_jobs_of_a_thousand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notify, "TOGETHER", 2)
    promise(5)
    assert sorted(job.payload["mails"].count(",") + 1 for job in OutboxJob.objects.all()) == [1, 2, 2]


def test_when_time_runs_out_the_rest_is_another_job(monkeypatch: pytest.MonkeyPatch) -> None:
    promise()
    monkeypatch.setattr(mailings, "SECONDS", -1.0)
    [first] = OutboxJob.objects.all()
    outbox.run(first.pk)
    assert len(mail.outbox) == 1
    for sent in (2, 3):
        run_all()
        assert len(mail.outbox) == sent
    run_all()
    assert [job.done_at is not None for job in OutboxJob.objects.all()] == [True] * 3


class Refusing(locmem.EmailBackend):
    """A mail server that will not take one address."""

    def send_messages(self, messages: Sequence[mail.EmailMessage]) -> int:
        for message in messages:
            if "many1@example.org" in message.to:
                raise smtplib.SMTPRecipientsRefused({})
        return super().send_messages(messages)


def test_one_address_that_is_refused_holds_up_nobody(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "tests.core.test_mailings.Refusing"
    promise()
    run_all()
    assert sorted(m.to[0] for m in mail.outbox) == ["many0@example.org", "many2@example.org"]
    waiting = OutgoingMail.objects.get(sent_at__isnull=True)
    alone = OutboxJob.objects.get(kind="mail.deliver")
    assert alone.payload == {"mail": str(waiting.pk)}
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    outbox.run(alone.pk)
    assert sorted(m.to[0] for m in mail.outbox) == [f"many{n}@example.org" for n in range(3)]


class HangingUp(locmem.EmailBackend):
    """A mail server that takes two messages on a line; the third hears `refusal`."""

    refusal: smtplib.SMTPException
    lines = 0

    def open(self) -> bool:
        type(self).lines += 1
        self.taken = 0
        return True

    def send_messages(self, messages: Sequence[mail.EmailMessage]) -> int:
        if self.taken == 2:
            raise self.refusal
        self.taken += 1
        return super().send_messages(messages)


@pytest.mark.parametrize(
    "refusal",
    [
        smtplib.SMTPServerDisconnected("gone"),
        smtplib.SMTPSenderRefused(421, b"4.7.0 too many", "x@example.org"),
        smtplib.SMTPRecipientsRefused({"many2@example.org": (421, b"too many")}),
        smtplib.SMTPDataError(421, b"too many"),
    ],
    ids=lambda refusal: type(refusal).__name__,
)
def test_a_server_that_takes_a_few_on_a_line_is_called_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, refusal: smtplib.SMTPException
) -> None:
    settings.EMAIL_BACKEND = "tests.core.test_mailings.HangingUp"
    monkeypatch.setattr(HangingUp, "refusal", refusal, raising=False)
    monkeypatch.setattr(HangingUp, "lines", 0)
    promise(5)
    [job] = OutboxJob.objects.all()
    assert outbox.run(job.pk)
    assert [m.to[0] for m in mail.outbox] == [f"many{n}@example.org" for n in range(5)]
    assert (HangingUp.lines, OutboxJob.objects.count()) == (3, 1)


def test_one_that_takes_nothing_is_left_alone_for_a_while(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EMAIL_BACKEND = "tests.core.test_mailings.HangingUp"
    monkeypatch.setattr(HangingUp, "refusal", smtplib.SMTPServerDisconnected("gone"), raising=False)
    monkeypatch.setattr(HangingUp, "open", lambda self: setattr(self, "taken", 2))
    promise()
    [job] = OutboxJob.objects.all()
    assert not outbox.run(job.pk)
    job.refresh_from_db()
    assert (mail.outbox, job.last_error, job.available_at > timezone.now()) == ([], "SMTPServerDisconnected", True)


def test_one_that_does_not_open_holds_up_nobody() -> None:
    person = make_user()
    texts = [notify.Addressed(person, notify.Message(KIND, "Hello", f"Text {n}"), key=f"sealed:{n}") for n in range(3)]
    with transaction.atomic():
        assert notify.send_all(texts) == 3
    OutgoingMail.objects.filter(key="sealed:1").update(sealed_body="nonsense")
    run_all()
    assert [str(m.body) for m in mail.outbox] == ["Text 0", "Text 2"]
    broken = OutgoingMail.objects.get(key="sealed:1")
    alone = OutboxJob.objects.get(kind="mail.deliver")
    assert (alone.payload, broken.sent_at) == ({"mail": str(broken.pk)}, None)


def test_the_demonstration_keeps_the_words_and_opens_no_connection(settings: Settings) -> None:
    settings.MAIL_DELIVERY, settings.EMAIL_BACKEND = "record", "nowhere.to.be.Found"
    promise(1)
    run_all()
    row = OutgoingMail.objects.get()
    assert (row.subject, row.body) == ("To many0@example.org", f"Words of {row.key}")
    assert row.sent_at is not None


def test_a_kind_without_a_composer_is_refused() -> None:
    with pytest.raises(LookupError):
        mailings.promise(User.objects.none(), kind="test.other", subject="x", at=timezone.now())


@pytest.mark.parametrize("rank", list(Rank))
def test_what_is_left_over_is_promised_with_the_rank_of_the_rest(monkeypatch: pytest.MonkeyPatch, rank: Rank) -> None:
    person = make_user()
    texts = [notify.Addressed(person, notify.Message(KIND, "Hello", "Text"), key=f"ranked:{n}") for n in range(3)]
    with transaction.atomic():
        notify.send_all(texts, rank=rank)
    OutgoingMail.objects.filter(key="ranked:0").update(sealed_body="nonsense")
    monkeypatch.setattr(mailings, "SECONDS", -1.0)
    [first] = OutboxJob.objects.all()
    outbox.run(first.pk)
    left = OutboxJob.objects.exclude(pk=first.pk).order_by("pk")
    assert [(job.kind, job.rank) for job in left] == [("mail.deliver", rank), ("mail.deliver_many", rank)]
