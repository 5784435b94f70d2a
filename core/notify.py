"""Mail goes through the outbox: the row commits with the change, the worker sends it once.

A message is a frozen dataclass built by an app's `notifications.py`; its body says that something happened and where
to read it, never what a plan holds (house.md, law 12).
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.module_loading import import_string

from core import bounces, crypto, outbox
from core.models import OutgoingMail
from core.outbox import Rank

if TYPE_CHECKING:
    from django.core.mail.backends.base import BaseEmailBackend

    from accounts.models import User

# Rows to a statement, and messages to a job of many.
_BATCH: Final = 500
TOGETHER: Final = 1000


@dataclass(frozen=True, slots=True)
class Message:
    """`kind` is stable (`certificate.reminder`), `subject` one line, `body` plain text with full links.

    `unsubscribe` is an address that ends this kind of mail for its reader; mail about duties has none. It is not kept
    with the row, so only a composer (core.mailings) may give one.
    """

    kind: str
    subject: str
    body: str
    unsubscribe: str = ""


# Words for rows that were promised without any (core.mailings), by the row's id.
Composer = Callable[[Sequence[OutgoingMail]], Mapping[int, Message]]


def send(*, to: User, message: Message, key: str, rank: Rank = Rank.ORDINARY) -> OutgoingMail:
    """Promise a message to a person in the caller's transaction. The same key twice is one message."""
    return _promise(to.email, message, key, recipient=to, rank=rank)


def send_to_address(*, to: str, message: Message, key: str, rank: Rank = Rank.ORDINARY) -> OutgoingMail:
    """For people without an account yet: an invitation, a verification of an address."""
    return _promise(to, message, key, recipient=None, rank=rank)


def _promise(address: str, message: Message, key: str, *, recipient: User | None, rank: Rank) -> OutgoingMail:
    mail, made = OutgoingMail.objects.get_or_create(
        key=key,
        defaults={
            "kind": message.kind,
            "recipient": recipient,
            "to": address,
            "subject": _one_line(message.subject),
            "sealed_body": _sealed(message, key),
            "created_at": timezone.now(),
        },
    )
    if made:
        promise_alone(mail.pk, rank=rank)
    return mail


def promise_alone(mail_id: int, *, rank: Rank) -> None:
    outbox.enqueue(kind="mail.deliver", key=f"mail:{mail_id}", payload={"mail": str(mail_id)}, rank=rank)


def _sealed(message: Message, key: str) -> str:
    return crypto.encrypt_text(message.body, about=f"mail:{key}")


def deliver(payload: Mapping[str, str]) -> None:
    """Outbox handler. In the demonstration the row itself is the delivery.

    With a real mail server a crash between sending and marking sends again, under the same Message-ID, by which
    receiving systems drop the second copy; nothing on our side can do better.
    """
    mail = OutgoingMail.objects.get(pk=int(payload["mail"]))
    if mail.sent_at is None and mail.bounced_at is None:
        hand(mail, worded([mail])[mail.pk])


def ids_of(payload: Mapping[str, str]) -> list[int]:
    """Of the rows that a job of either kind hands over."""
    return [int(pk) for pk in (payload.get("mails") or payload["mail"]).split(",")]


def worded(mails: Sequence[OutgoingMail]) -> dict[int, Message]:
    """The words of each, by its row: opened where they were sealed with it, else asked of the kind's composer."""
    found = {mail.pk: Message(mail.kind, mail.subject, mail.body) for mail in mails if mail.sealed_body}
    for kind in {mail.kind for mail in mails if not mail.sealed_body}:
        compose: Composer = import_string(settings.MAIL_COMPOSERS[kind])
        found |= compose([mail for mail in mails if mail.kind == kind and not mail.sealed_body])
    return found


def hand(mail: OutgoingMail, message: Message, *, connection: BaseEmailBackend | None = None) -> None:
    """To the mail server, and note that it was. The demonstration keeps the text for the page of sent mail.

    What the server refuses for good is noted as returned and not tried again; any other refusal is raised.
    """
    code = _hand_over(mail, message, connection) if settings.MAIL_DELIVERY == "send" else ""
    # A link that has reached its reader is nobody else's business.
    kept = settings.DEMO or settings.MAIL_DELIVERY != "send"
    unsent = OutgoingMail.objects.filter(pk=mail.pk, sent_at__isnull=True, bounced_at__isnull=True)
    now = timezone.now()
    unsent.update(
        sent_at=None if code else now,
        bounced_at=now if code else None,
        bounce_code=code,
        subject=_one_line(message.subject),
        sealed_body=(mail.sealed_body or _sealed(message, mail.key)) if kept else "",
    )


def _hand_over(mail: OutgoingMail, message: Message, connection: BaseEmailBackend | None) -> str:
    """The code of a refusal for good, else empty."""
    headers = {"Message-ID": bounces.message_id(mail.pk), "Auto-Submitted": "auto-generated"}
    envelope = bounces.envelope_of(mail.pk)
    if envelope:
        # `from_email` is then the envelope's alone.
        headers["From"] = settings.DEFAULT_FROM_EMAIL
    if message.unsubscribe:
        # RFC 8058: the reader's mail program ends it with one click, without a sign-in.
        headers |= {
            "List-Unsubscribe": f"<{message.unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    letter = EmailMessage(
        subject=_one_line(message.subject),
        body=message.body,
        from_email=envelope or settings.DEFAULT_FROM_EMAIL,
        to=[mail.to],
        headers=headers,
        connection=connection,
    )
    try:
        letter.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
        code = bounces.refusal(error)
        if not code:
            raise
        return code
    return ""


def _one_line(subject: str) -> str:
    return " ".join(subject.split())[:200]


@dataclass(frozen=True, slots=True)
class Addressed:
    """A message with its address; `key` as in `send`."""

    to: User
    message: Message
    key: str


def send_all(messages: Sequence[Addressed], *, rank: Rank = Rank.ORDINARY) -> int:
    """`send` for many in the caller's transaction, in a handful of statements whatever their number; how many are new."""
    ids = [pk for start in range(0, len(messages), _BATCH) for pk in _write_all(messages[start : start + _BATCH])]
    promise_together(ids, rank=rank)
    return len(ids)


def promise_together(ids: Sequence[int], *, rank: Rank) -> None:
    """In the caller's transaction, jobs that hand rows over one after another (`core.mailings.deliver`): a job for each
    would cost the broker and the workers more than the mail.
    """
    parts = [ids[start : start + TOGETHER] for start in range(0, len(ids), TOGETHER)]
    jobs = {
        f"mails:{part[0]}:{len(part)}": {"mails": ",".join(map(str, part)), "rank": str(int(rank))} for part in parts
    }
    outbox.enqueue_all(kind="mail.deliver_many", jobs=jobs, rank=rank)


def _write_all(messages: Sequence[Addressed]) -> list[int]:
    # A key twice is one message; one that another transaction writes meanwhile is its message.
    known = set(OutgoingMail.objects.filter(key__in=[item.key for item in messages]).values_list("key", flat=True))
    fresh = {item.key: item for item in messages if item.key not in known}
    now = timezone.now()
    OutgoingMail.objects.bulk_create(
        [
            OutgoingMail(
                key=item.key,
                kind=item.message.kind,
                recipient=item.to,
                to=item.to.email,
                subject=_one_line(item.message.subject),
                sealed_body=_sealed(item.message, item.key),
                created_at=now,
            )
            for item in fresh.values()
        ],
        ignore_conflicts=True,
    )
    return list(OutgoingMail.objects.filter(key__in=list(fresh)).order_by("pk").values_list("pk", flat=True))
