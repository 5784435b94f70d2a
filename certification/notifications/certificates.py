"""What mails about certificates say: that something happened, and where to read it. Nothing of the plan, no reasons."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certification.models import Certificate
from core.govuk.formats import uk_date
from core.notify import Message


def _link(certificate: Certificate) -> str:
    return settings.SITE_URL + reverse("certification:certificate", args=[certificate.pk])


def issued(certificate: Certificate) -> Message:
    return Message(
        kind="certificate.issued",
        subject=_("Certificate %(number)s has been issued") % {"number": certificate.number},
        body=_(
            "Certificate %(number)s for %(subject)s is in force. It is valid until %(until)s.\n\n"
            "Download it, and read any conditions and the dates by which they are to be met:\n%(link)s\n"
        )
        % {
            "number": certificate.number,
            "subject": certificate.subject_name,
            "until": uk_date(certificate.valid_until),
            "link": _link(certificate),
        },
    )


def revoked(certificate: Certificate) -> Message:
    """The reason is on the page, behind the sign-in."""
    return Message(
        kind="certificate.revoked",
        subject=_("Certificate %(number)s has been revoked") % {"number": certificate.number},
        body=_(
            "Certificate %(number)s for %(subject)s has been revoked and is no longer valid. Please take down every copy "
            "that is on show.\n\nThe reason, and whom to speak to:\n%(link)s\n"
        )
        % {"number": certificate.number, "subject": certificate.subject_name, "link": _link(certificate)},
    )


def reminder(certificate: Certificate, *, today: date) -> Message:
    days = (certificate.valid_until - today).days
    left = _("today") if days == 0 else ngettext("in %d day", "in %d days", days) % days
    return Message(
        kind="certificate.reminder",
        subject=_("Certificate %(number)s runs out %(left)s") % {"number": certificate.number, "left": left},
        body=_(
            "Certificate %(number)s for %(subject)s is valid until %(until)s.\n\n"
            "To renew it, start from its page. Your last answers are copied, so that you only go over what has changed. "
            "Renewed in time, no day of the present certificate is lost.\n%(link)s\n\n"
            "If you have already sent in the renewal, there is nothing to do.\n"
        )
        % {
            "number": certificate.number,
            "subject": certificate.subject_name,
            "until": uk_date(certificate.valid_until),
            "link": _link(certificate),
        },
    )
