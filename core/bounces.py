"""Mail that came back: refused when it was handed over, or reported later by a mail of its own.

What is sent carries a name that only we can write, in the address that reports come to (`BOUNCE_ADDRESS`) and in the
Message-ID. A report that names no message of ours changes nothing, whatever it says.
"""

from __future__ import annotations

import hmac
import smtplib
from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from core.domain import delivery_reports
from core.models import OutgoingMail

__all__ = ["envelope_of", "message_id", "name_of", "record", "refusal", "unreachable", "words"]

_PURPOSE: Final = "core.bounces"
_LENGTH: Final = 32
# An address is thought dead for so long, unless a later message has not come back within the days that reports take.
_REMEMBERED: Final = timedelta(days=90)
_REPORTED_WITHIN: Final = timedelta(days=5)
_PERMANENT: Final = range(500, 600)
# By policy: it may be our own relay that takes no mail from us, which says nothing about the address.
_POLICY: Final = "5.7."


def name_of(mail_id: int) -> str:
    """The same at each attempt: the Message-ID is what receiving systems drop a second copy by."""
    return f"{mail_id}-{_mark(mail_id, settings.SECRET_KEY)}"


def message_id(mail_id: int) -> str:
    host = settings.SITE_URL.split("//", 1)[-1].split("/", 1)[0].split(":", 1)[0]
    return f"<outgoing-{name_of(mail_id)}@{host}>"


def envelope_of(mail_id: int) -> str:
    """Where reports about this message go; empty where no address for them is configured."""
    local, _at, host = settings.BOUNCE_ADDRESS.partition("@")
    return f"{local}+{name_of(mail_id)}@{host}" if host else ""


def refusal(error: smtplib.SMTPException) -> str:
    """The code of a refusal that trying again will not change; empty where it may."""
    found = _answer(error)
    if found is None or found[0] not in _PERMANENT:
        return ""
    said = delivery_reports.code_in(found[1].decode("ascii", "replace"))
    if said.startswith(_POLICY):
        return ""
    return str(found[0]) if said == delivery_reports.UNKNOWN else said


def record(content: bytes) -> int:
    """A mail that came to `BOUNCE_ADDRESS`; how many messages it marked. The same report twice marks none."""
    report = delivery_reports.read(content)
    if report is None:
        return 0
    ours = [mail_id for mail_id, mark in report.names if _is_ours(mail_id, mark)]
    found = OutgoingMail.objects.filter(pk__in=ours, sent_at__isnull=False, bounced_at__isnull=True)
    return found.update(bounced_at=timezone.now(), bounce_code=report.code)


def unreachable(people: Iterable[UUID]) -> frozenset[UUID]:
    """Of these people, whom mail to their present address does not reach. One query."""
    now = timezone.now()
    arrived = OutgoingMail.objects.filter(
        recipient=OuterRef("recipient"),
        to=OuterRef("to"),
        bounced_at__isnull=True,
        sent_at__gt=OuterRef("bounced_at"),
        sent_at__lt=now - _REPORTED_WITHIN,
    )
    came_back = Q(bounced_at__gt=now - _REMEMBERED, bounce_code__startswith="5", to=F("recipient__email"))
    found = OutgoingMail.objects.filter(came_back, ~Exists(arrived), recipient_id__in=list(people))
    return frozenset(found.values_list("recipient_id", flat=True).order_by())


def words(code: str) -> str:
    """What a code means for whoever has to do something about it."""
    if code.startswith("5.1."):
        return _("There is no such address.")
    if code == "5.2.2":
        return _("The mailbox is full.")
    if code.startswith("5.2."):
        return _("The mailbox takes no mail.")
    if code.startswith("5.7."):
        return _("The receiving mail system does not accept it.")
    if code.startswith("4."):
        return _("The receiving mail system could not be reached for days.")
    return _("The receiving mail system refused it: most often there is no such address.")


def _answer(error: smtplib.SMTPException) -> tuple[int, bytes] | None:
    """Of the server, about the one address that each of our messages has."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()), None)
    if isinstance(error, smtplib.SMTPDataError):
        said = error.smtp_error
        return error.smtp_code, said if isinstance(said, bytes) else said.encode()
    return None


def _is_ours(mail_id: int, mark: str) -> bool:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(hmac.compare_digest(_mark(mail_id, key), mark) for key in keys)


def _mark(mail_id: int, key: str | bytes) -> str:
    return salted_hmac(_PURPOSE, str(mail_id), secret=key, algorithm="sha256").hexdigest()[:_LENGTH]
