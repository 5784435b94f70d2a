"""Mail goes through the outbox: the row commits with the change, the worker sends it once.

A message is a frozen dataclass built by an app's `notifications.py`; its body says that something happened and where
to read it, never what a plan holds (house.md, law 12).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from core import crypto, outbox
from core.models import OutgoingMail

if TYPE_CHECKING:
    from accounts.models import User

_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Message:
    """`kind` is stable (`certificate.reminder`), `subject` one line, `body` plain text with full links."""

    kind: str
    subject: str
    body: str


def send(*, to: User, message: Message, key: str) -> OutgoingMail:
    """Promise a message to a person in the caller's transaction. The same key twice is one message."""
    return _promise(to.email, message, key, recipient=to)


def send_to_address(*, to: str, message: Message, key: str) -> OutgoingMail:
    """For people without an account yet: an invitation, a verification of an address."""
    return _promise(to, message, key, recipient=None)


def _promise(address: str, message: Message, key: str, *, recipient: User | None) -> OutgoingMail:
    mail, made = OutgoingMail.objects.get_or_create(
        key=key,
        defaults={
            "kind": message.kind,
            "recipient": recipient,
            "to": address,
            "subject": " ".join(message.subject.split())[:200],
            "sealed_body": _sealed(message, key),
            "created_at": timezone.now(),
        },
    )
    if made:
        outbox.enqueue(kind="mail.deliver", key=f"mail:{mail.pk}", payload={"mail": str(mail.pk)})
    return mail


def _sealed(message: Message, key: str) -> str:
    return crypto.encrypt_text(message.body, about=f"mail:{key}")


def deliver(payload: Mapping[str, str]) -> None:
    """Outbox handler. In the demo the row itself is the delivery: it keeps its text for the page of sent mail.

    With a real mail server a crash between sending and marking sends again, under the same Message-ID, by which
    receiving systems drop the second copy; nothing on our side can do better.
    """
    mail = OutgoingMail.objects.get(pk=int(payload["mail"]))
    if mail.sent_at is not None:
        return
    if settings.MAIL_DELIVERY == "send":
        _hand_over(mail)
        # A link that has reached its reader is nobody else's business; the demonstration shows what it sent.
        mail.sealed_body = mail.sealed_body if settings.DEMO else ""
    unsent = OutgoingMail.objects.filter(pk=mail.pk, sent_at__isnull=True)
    unsent.update(sent_at=timezone.now(), sealed_body=mail.sealed_body)


def _hand_over(mail: OutgoingMail) -> None:
    host = settings.SITE_URL.split("//", 1)[-1].split("/", 1)[0].split(":", 1)[0]
    EmailMessage(
        subject=mail.subject,
        body=mail.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.to],
        headers={"Message-ID": f"<outgoing-{mail.pk}@{host}>", "Auto-Submitted": "auto-generated"},
    ).send()


@dataclass(frozen=True, slots=True)
class Addressed:
    """A message with its address; `key` as in `send`."""

    to: User
    message: Message
    key: str


def send_all(messages: Sequence[Addressed]) -> None:
    """`send` for many in the caller's transaction, in a handful of statements whatever their number."""
    now = timezone.now()
    for start in range(0, len(messages), _BATCH):
        batch = messages[start : start + _BATCH]
        keys = [item.key for item in batch]
        known = set(OutgoingMail.objects.filter(key__in=keys).values_list("key", flat=True))
        # A key twice in one batch is one message; one that another transaction writes meanwhile is its message.
        fresh = {item.key: item for item in batch if item.key not in known}
        OutgoingMail.objects.bulk_create(
            [
                OutgoingMail(
                    key=item.key,
                    kind=item.message.kind,
                    recipient=item.to,
                    to=item.to.email,
                    subject=" ".join(item.message.subject.split())[:200],
                    sealed_body=_sealed(item.message, item.key),
                    created_at=now,
                )
                for item in fresh.values()
            ],
            ignore_conflicts=True,
        )
        ids = OutgoingMail.objects.filter(key__in=list(fresh)).values_list("pk", flat=True)
        outbox.enqueue_all(kind="mail.deliver", jobs={f"mail:{pk}": {"mail": str(pk)} for pk in ids})
