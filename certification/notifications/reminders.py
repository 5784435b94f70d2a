"""What holders are told of certificates that run out: public facts and where to renew, nothing of the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certification.domain import lifecycle
from certification.models import Certificate
from core.govuk.formats import uk_date
from core.models import OutgoingMail
from core.notify import Message

KIND: Final = "certificate.reminder"
LIST_KIND: Final = "certificate.reminders"
_LISTED_AT_MOST: Final = 100


def compose(mails: Sequence[OutgoingMail]) -> Mapping[int, Message]:
    """The words of messages that the sweep promised by their keys (`reminder:certificate:milestone:person`), as of the day
    on which it did.
    """
    wanted = {mail.pk: UUID(mail.key.split(":")[1]) for mail in mails}
    certificates = Certificate.objects.in_bulk(list(set(wanted.values())))
    return {
        mail.pk: reminder(certificates[wanted[mail.pk]], today=timezone.localdate(mail.created_at)) for mail in mails
    }


def reminder(certificate: Certificate, *, today: date) -> Message:
    left = _left(certificate.valid_until, today)
    return Message(
        kind=KIND,
        subject=_("Certificate %(number)s runs out %(left)s") % {"number": certificate.number, "left": left},
        body=_(
            "Certificate %(number)s for %(subject)s is valid until %(until)s.%(suspended)s\n\n"
            "To renew it, start from its page. Your last answers are copied, so that you only go over what has changed. "
            "Renewed in time, no day of the present certificate is lost.\n%(link)s\n\n"
            "If you have already sent in the renewal, there is nothing to do.\n"
        )
        % {
            "number": certificate.number,
            "subject": certificate.subject_name,
            "until": uk_date(certificate.valid_until),
            "suspended": _(" It is suspended at the moment.") if certificate.state == lifecycle.SUSPENDED else "",
            "link": settings.SITE_URL + reverse("certification:certificate", args=[certificate.pk]),
        },
    )


@dataclass(frozen=True, slots=True)
class ListedLine:
    certificate_id: UUID
    number: str
    subject: str
    valid_until: date


def listed(lines: Sequence[ListedLine], *, today: date) -> Message:
    """One message for an organisation of which many run out in the same sweep, the soonest first."""
    shown = sorted(lines, key=lambda line: (line.valid_until, line.number))[:_LISTED_AT_MOST]
    count = len(lines)
    first = _left(shown[0].valid_until, today)
    return Message(
        kind=LIST_KIND,
        subject=_("%(count)s of your certificates run out, the first %(left)s") % {"count": count, "left": first},
        body=_(
            "These %(count)s certificates run out, the soonest first. To renew one, start from its page.\n\n%(lines)s%(more)s\n"
            "All your certificates:\n%(link)s\n\n"
            "For those whose renewal you have already sent in there is nothing to do.\n"
        )
        % {
            "count": count,
            "lines": "".join(_line(line) for line in shown),
            "more": _more(count - len(shown)),
            "link": f"{settings.SITE_URL}{reverse('certification:certificates')}?state=expiring",
        },
    )


def _line(line: ListedLine) -> str:
    address = settings.SITE_URL + reverse("certification:certificate", args=[line.certificate_id])
    return _("%(until)s: %(number)s, %(subject)s\n%(link)s\n\n") % {
        "until": uk_date(line.valid_until),
        "number": line.number,
        "subject": line.subject,
        "link": address,
    }


def _more(count: int) -> str:
    return (ngettext("And %d more.\n\n", "And %d more.\n\n", count) % count) if count else ""


def _left(until: date, today: date) -> str:
    days = (until - today).days
    return _("today") if days == 0 else ngettext("in %d day", "in %d days", days) % days
