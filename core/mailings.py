"""Many messages at once: rows that are quick to write, texts that are worded when they are sent, few tasks.

A sweep over all certificates would spend most of its time on wording and sealing texts. Here a message is promised by
its key alone; the worker asks the kind's composer (`settings.MAIL_COMPOSERS`) for its words and sends it, a thousand
to a job. Each message still goes out once: its own row says whether it has.
"""

from __future__ import annotations

import smtplib
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Self

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.db.models import CharField, DateTimeField, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Replace

from core import crypto, notify
from core.inserting import insert_from
from core.models import OutgoingMail
from core.outbox import Rank

__all__ = ["deliver", "hexed", "promise"]

# Well under the task's time limit (core.tasks.run_job); what is left is another job.
SECONDS: Final = 60.0
_CLOSING: Final = 421
_COLUMNS: Final = ("key", "recipient", "to", "kind", "subject", "sealed_body", "created_at")


def promise(people: QuerySet[Any], *, kind: str, subject: str, at: datetime) -> int:
    """How many messages, in the caller's transaction; a key that is there already is a message already.

    `people` is a queryset of whatever knows them, annotated with `mail_key` (as in `notify.send`: it says all that the
    composer needs to know), `mail_person` and `mail_address`. `subject` stands until the message is worded.
    """
    if kind not in settings.MAIL_COMPOSERS:
        msg = f"no composer for mail of the kind {kind}"
        raise LookupError(msg)
    written = {
        "mail_kind": Value(kind),
        "mail_subject": Value(subject),
        "mail_body": Value(""),
        "mail_at": Value(at, output_field=DateTimeField()),
    }
    rows = people.annotate(**written).order_by().values_list("mail_key", "mail_person", "mail_address", *written)
    ids = insert_from(OutgoingMail, _COLUMNS, rows)
    notify.promise_together(ids, rank=Rank.MANY)
    return len(ids)


def hexed(uuid_column: str) -> Combinable:
    """An id as the 32 digits that `UUID` reads, on both databases: for keys."""
    return Replace(Cast(uuid_column, CharField()), Value("-"), Value(""))


def deliver(payload: Mapping[str, str]) -> None:
    """Outbox handler of `mail.deliver_many`. One that cannot be worded, or that a mail server will not take, holds up
    nobody: it is tried again by itself.
    """
    begun = time.monotonic()
    rank = Rank(int(payload.get("rank", Rank.ORDINARY)))
    unsent = OutgoingMail.objects.filter(pk__in=notify.ids_of(payload), sent_at__isnull=True, bounced_at__isnull=True)
    waiting = list(unsent.order_by("pk"))
    composed = notify.worded([mail for mail in waiting if not mail.sealed_body])
    with _Line() as line:
        for place, mail in enumerate(waiting):
            # At least one: the rest is then another promise than this one.
            if place and time.monotonic() - begun > SECONDS:
                with transaction.atomic():
                    notify.promise_together([rest.pk for rest in waiting[place:]], rank=rank)
                return
            try:
                line.hand(mail, composed.get(mail.pk) or notify.worded([mail])[mail.pk])
            except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, crypto.SealBroken, ValueError):
                with transaction.atomic():
                    notify.promise_alone(mail.pk, rank=rank)


class _Line:
    """One connection to the mail server for many messages; none where nothing leaves the machine.

    Many servers take a certain number of messages and then hang up. If they took any, they are called again.
    """

    def __init__(self) -> None:
        self._connection = get_connection() if settings.MAIL_DELIVERY == "send" else None
        self._taken = 0

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def hand(self, mail: OutgoingMail, message: notify.Message) -> None:
        try:
            notify.hand(mail, message, connection=self._connection)
        except smtplib.SMTPException as error:
            if not self._taken or not _hung_up(error):
                raise
            self._close()
            self._open()
            notify.hand(mail, message, connection=self._connection)
        self._taken += 1

    def _open(self) -> None:
        self._taken = 0
        if self._connection is not None:
            self._connection.open()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()


def _hung_up(error: smtplib.SMTPException) -> bool:
    """RFC 5321, 4.2.2: the server says 421 and closes the channel; some close it without a word."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return any(code == _CLOSING for code, _text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code == _CLOSING
    return isinstance(error, smtplib.SMTPServerDisconnected)
