"""What mail about people and teams says: that something happened, and where to read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import ApiToken, Appointment, Invitation, User
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


def second_factor_reset() -> Message:
    return Message(
        kind="second_factor.reset",
        subject=_("Your two-step verification was reset"),
        body=_(
            "A national administrator has removed the second step from your account, and ended your sessions.\n\n"
            "Sign in with your password to set it up again:\n%(link)s\n\n"
            "If you did not ask for this, tell your national administrator at once."
        )
        % {"link": _link("account_login")},
    )


def administrator_link(link: str) -> Message:
    return Message(
        kind="administrator.link",
        subject=_("Set your password"),
        body=_(
            "You have been made national administrator. Set your password:\n%(link)s\n\n"
            "The link works once, for 3 days. When you sign in you will be asked to set up two-step verification.\n\n"
            "If you did not expect this, tell whoever runs this service."
        )
        % {"link": link},
    )


def administrator_made(made: User) -> Message:
    return Message(
        kind="administrator.made",
        subject=_("There is a new national administrator"),
        body=_(
            "%(name)s was made national administrator from the command line of the service:\n%(link)s\n\n"
            "If you do not know of this, tell whoever runs this service at once."
        )
        % {"name": made.name, "link": f"{settings.SITE_URL}{reverse('accounts:person', args=[made.pk])}"},
    )


def token_created(token: ApiToken) -> Message:
    return Message(
        kind="token.created",
        subject=_("An API token was made for your account"),
        body=_(
            "The token “%(label)s” was made. It works until %(when)s.\n\n"
            "If it was not you, revoke it and change your password:\n%(link)s"
        )
        % {"label": token.label, "when": _moment(token.expires_at), "link": _link("accounts:tokens")},
    )


_NOT_YOU: Final = gettext_lazy(
    "If this was not you, reset your password and tell whoever runs this service:\n%(reset)s"
)

# What allauth calls the message → subject and text. `%(…)s` are the addresses that it supplies.
_IDENTITY: Final = {
    "account/email/email_confirmation_signup": (
        gettext_lazy("Confirm your email address"),
        gettext_lazy(
            "Somebody, we hope you, made an account with this email address.\n\n"
            "Confirm that the address is yours:\n%(activate_url)s\n\n"
            "The link works for 3 days. If it was not you, ignore this message."
        ),
    ),
    "account/email/email_confirmation": (
        gettext_lazy("Confirm your email address"),
        gettext_lazy(
            "Confirm that this email address is yours:\n%(activate_url)s\n\n"
            "The link works for 3 days. If you did not ask for it, ignore this message."
        ),
    ),
    "account/email/password_reset_key": (
        gettext_lazy("Reset your password"),
        gettext_lazy(
            "Choose a new password:\n%(password_reset_url)s\n\n"
            "The link works once. If you did not ask for it, ignore this message: your password stays as it is."
        ),
    ),
    "account/email/unknown_account": (
        gettext_lazy("There is no account with this email address"),
        gettext_lazy(
            "Somebody asked to reset the password of an account with this email address, but there is none.\n\n"
            "If it was you, you may have used another address. To make an account:\n%(signup_url)s"
        ),
    ),
    "account/email/account_already_exists": (
        gettext_lazy("You already have an account"),
        gettext_lazy(
            "Somebody tried to make an account with this email address, which has one already.\n\n"
            "If it was you and you forgot the password, reset it:\n%(password_reset_url)s\n\n"
            "If it was not you, ignore this message."
        ),
    ),
    "account/email/password_changed": (gettext_lazy("Your password was changed"), _NOT_YOU),
    "account/email/password_set": (gettext_lazy("A password was set for your account"), _NOT_YOU),
    "account/email/password_reset": (gettext_lazy("Your password was reset"), _NOT_YOU),
    "account/email/email_changed": (gettext_lazy("Your email address was changed"), _NOT_YOU),
    "account/email/email_deleted": (gettext_lazy("An email address was removed from your account"), _NOT_YOU),
    "account/email/email_confirm": (gettext_lazy("Your email address was confirmed"), _NOT_YOU),
    "mfa/email/totp_activated": (gettext_lazy("An authenticator app was added to your account"), _NOT_YOU),
    "mfa/email/totp_deactivated": (gettext_lazy("The authenticator app was removed from your account"), _NOT_YOU),
    "mfa/email/webauthn_added": (gettext_lazy("A passkey was added to your account"), _NOT_YOU),
    "mfa/email/webauthn_removed": (gettext_lazy("A passkey was removed from your account"), _NOT_YOU),
    "mfa/email/recovery_codes_generated": (gettext_lazy("New recovery codes were made for your account"), _NOT_YOU),
}


def identity(kind: str, links: Mapping[str, str]) -> Message:
    """A message that allauth sends. `kind` is its template prefix; one that is not listed is a KeyError, not silence."""
    subject, body = _IDENTITY[kind]
    words = {"reset": _link("account_reset_password"), **links}
    return Message(kind=f"identity.{kind.rsplit('/', 1)[-1]}", subject=str(subject), body=str(body) % words)


def _link(name: str) -> str:
    return f"{settings.SITE_URL}{reverse(name)}"


def _moment(at: datetime) -> str:
    local = localtime(at)
    return f"{local.day} {local:%B %Y}"
