"""What mail about people and teams says: that something happened, and where to read it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import Appointment, Invitation
from core.notify import Message


def appointed(appointment: Appointment) -> Message:
    return Message(
        kind="appointment.made",
        subject=_("You have been appointed: %(role)s, %(area)s")
        % {"role": appointment.get_role_display(), "area": appointment.area.name},
        body=_(
            "You have been appointed as %(role)s for %(area)s.\n\n"
            "This work needs two-step verification. If you have not set it up, you will be asked to when you sign in:\n"
            "%(link)s\n\n"
            "If you did not expect this, tell your national administrator."
        )
        % {"role": appointment.get_role_display(), "area": appointment.area.name, "link": _link("account_login")},
    )


def invited(invitation: Invitation, *, token: str, inviter: str) -> Message:
    """The token is in the mail alone; the database keeps its hash."""
    return Message(
        kind="invitation.sent",
        subject=_("Join %(organisation)s") % {"organisation": invitation.organisation.name},
        body=_(
            "%(inviter)s has invited you to join %(organisation)s as %(role)s.\n\n"
            "To accept, follow this link by %(when)s:\n%(link)s\n\n"
            "The link works once, for this email address alone. If you did not expect it, ignore this message."
        )
        % {
            "inviter": inviter,
            "organisation": invitation.organisation.name,
            "role": invitation.get_role_display(),
            "when": _moment(invitation.expires_at),
            "link": f"{settings.SITE_URL}{reverse('accounts:invitation_accept', args=[token])}",
        },
    )


def _link(name: str) -> str:
    return f"{settings.SITE_URL}{reverse(name)}"


def _moment(at: datetime) -> str:
    local = localtime(at)
    return f"{local.day} {local:%B %Y}"
