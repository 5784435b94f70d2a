"""What mails about conditions say: that something happened, and where to read it. No condition's words, no reasons."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certification.models import Certificate, CertificateCondition
from core.govuk.formats import uk_date
from core.notify import Message


def submitted(condition: CertificateCondition) -> Message:
    return _message(
        "condition.submitted",
        condition,
        _("A condition of certificate %(number)s is said to be met"),
        _("The holder has sent in what shows it. An officer who did not sign the certificate has to look at it:"),
    )


def accepted(condition: CertificateCondition, *, outstanding: int) -> Message:
    left = (
        ngettext("%d condition is still outstanding.", "%d conditions are still outstanding.", outstanding)
        % outstanding
        if outstanding
        else _("No condition is outstanding any more, and everybody who checks the certificate sees it.")
    )
    words = _("The police have accepted that a condition is met.")
    return _message(
        "condition.accepted", condition, _("A condition of certificate %(number)s is met"), f"{words} {left}"
    )


def sent_back(condition: CertificateCondition) -> Message:
    return _message(
        "condition.sent_back",
        condition,
        _("More is needed for a condition of certificate %(number)s"),
        _(
            "The police have looked at what you sent in and need something more. Read what is missing, and answer, here:"
        ),
    )


def assigned(condition: CertificateCondition) -> Message:
    return _message(
        "condition.assigned",
        condition,
        _("You are asked to look after a condition of certificate %(number)s"),
        _("Your organisation has named you for it. It is due on %(due)s. Read it here:")
        % {"due": uk_date(condition.due_on)},
    )


def more_time_asked(condition: CertificateCondition) -> Message:
    return _message(
        "condition.more_time_asked",
        condition,
        _("More time is asked for a condition of certificate %(number)s"),
        _("Read why, and answer, here:"),
    )


def date_decided(condition: CertificateCondition) -> Message:
    return _message(
        "condition.date_decided",
        condition,
        _("The police have decided on the date of a condition of certificate %(number)s"),
        _("It is due on %(due)s. Read what they decided, and why, here:") % {"due": uk_date(condition.due_on)},
    )


def reminder(condition: CertificateCondition, *, today: date) -> Message:
    days = (condition.due_on - today).days
    if days < 0:
        subject = _("A condition of certificate %(number)s is overdue")
        words = _(
            "It was due on %(due)s. Send in what shows that it is met, or ask for more time and say why. The police decide "
            "what follows."
        )
    else:
        left = _("today") if days == 0 else ngettext("in %d day", "in %d days", days) % days
        subject = _("A condition of certificate %(number)s is due %(left)s").replace("%(left)s", left)
        words = _(
            "It is due on %(due)s. When it is met, send in what shows it. If you need longer, ask before that day."
        )
    return _message("condition.reminder", condition, subject, words % {"due": uk_date(condition.due_on)})


def over_with_transfer(stood: Certificate, *, count: int) -> Message:
    """To those who held it before. What they wrote and their files stay with them and the police."""
    return _over(
        stood,
        count,
        _(
            "It has passed to another holder before the police had decided, so this ends without a decision and nothing more "
            "is asked of you. The new holder has to show that the condition is met. They are not shown what you wrote or "
            "your files; you and the police can still read them."
        ),
    )


def over_with_condition(stood: Certificate, made: Certificate, *, count: int) -> Message:
    return _over(
        stood,
        count,
        _(
            "Certificate %(made)s has taken its place and no longer asks for this, so nothing more is needed. What you sent "
            "in can still be read."
        )
        % {"made": made.number},
    )


def over_with_decision(stood: Certificate, made: Certificate, *, count: int) -> Message:
    return _over(
        stood,
        count,
        _(
            "After a new decision certificate %(made)s has taken its place, and this condition does not stand on it: the "
            "criterion was looked at anew. Read the conditions of the new certificate. Where one still asks for the same, "
            "send it in again there; what you sent before can still be read."
        )
        % {"made": made.number},
    )


def _over(stood: Certificate, count: int, words: str) -> Message:
    number = {"number": stood.number}
    about = _("Certificate %(number)s for %(subject)s.") % {**number, "subject": stood.subject_name}
    begun = (
        ngettext(
            "What you had begun or sent in about %d condition of it is over without a decision.",
            "What you had begun or sent in about %d conditions of it is over without a decision.",
            count,
        )
        % count
    )
    page = settings.SITE_URL + reverse("certification:certificate", args=[stood.pk]) + "#conditions"
    return Message(
        kind="condition.over",
        subject=_("Something about conditions of certificate %(number)s ended without a decision") % number,
        body=f"{about}\n\n{begun} {words}\n{page}\n",
    )


def file_refused(condition: CertificateCondition) -> Message:
    return _message(
        "evidence.refused",
        condition,
        _("A file that you uploaded was refused"),
        _(
            "A file for a condition was refused because the scanner found malware in it. It has been deleted and nobody can "
            "open it. Check the device that it came from."
        ),
    )


def _message(kind: str, condition: CertificateCondition, subject: str, words: str) -> Message:
    certificate: Certificate = condition.certificate
    number = {"number": certificate.number}
    page = settings.SITE_URL + reverse("certification:condition", args=[certificate.pk, condition.pk])
    about = _("Certificate %(number)s for %(subject)s.") % {**number, "subject": certificate.subject_name}
    return Message(kind=kind, subject=subject % number, body=f"{about}\n\n{words}\n{page}\n")
