"""What mails about certificates say: that something happened, and where to read it. Nothing of the plan, no reasons."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

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
