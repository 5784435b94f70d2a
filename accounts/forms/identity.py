"""allauth's forms in our words. What they check and do stays theirs."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.govuk.forms import GovukFormMixin
from core.govuk.options import FieldOptions

_PASSWORD_HINT = _("At least 12 characters. Three random words are easy to remember and hard to guess.")
_CODE_HINT = _("6 digits from your authenticator app, or one of your recovery codes")


class _PlainWords(GovukFormMixin):
    """Labels and hints replace placeholders, which vanish as soon as somebody types."""

    words: ClassVar[dict[str, tuple[str | Promise, str | Promise]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # whatever allauth's views give its forms
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]  # the form beside which this is mixed in
        for name, field in fields.items():
            field.widget.attrs.pop("placeholder", None)
            label, hint = self.words.get(name, (field.label or "", ""))
            field.label, field.help_text = label, hint  # type: ignore[assignment]  # a lazy string is drawn as one


class LoginForm(_PlainWords, account.LoginForm):  # type: ignore[misc]  # allauth publishes no types
    words = {"login": (_("Email address"), ""), "password": (_("Password"), "")}
    govuk = {"login": FieldOptions(width="two-thirds"), "password": FieldOptions(width="two-thirds")}


class SignupForm(_PlainWords, account.SignupForm):  # type: ignore[misc]
    name = forms.CharField(max_length=User._meta.get_field("name").max_length)

    field_order = ["name", "email", "password1", "password2"]
    words = {
        "name": (_("Full name"), _("It appears on what you submit or decide")),
        "email": (_("Email address"), _("We will send a link to confirm it")),
        "password1": (_("Password"), _PASSWORD_HINT),
        "password2": (_("Password again"), ""),
    }
    govuk = {
        "name": FieldOptions(width="two-thirds", autocomplete="name", spellcheck=False),
        "email": FieldOptions(width="two-thirds"),
        "password1": FieldOptions(width="two-thirds"),
        "password2": FieldOptions(width="two-thirds"),
    }

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())


class ChangePasswordForm(_PlainWords, account.ChangePasswordForm):  # type: ignore[misc]
    words = {
        "oldpassword": (_("Current password"), ""),
        "password1": (_("New password"), _PASSWORD_HINT),
        "password2": (_("New password again"), ""),
    }


class SetPasswordForm(_PlainWords, account.SetPasswordForm):  # type: ignore[misc]
    words = {"password1": (_("New password"), _PASSWORD_HINT), "password2": (_("New password again"), "")}


class ResetPasswordForm(_PlainWords, account.ResetPasswordForm):  # type: ignore[misc]
    words = {"email": (_("Email address"), _("The one that you sign in with"))}
    govuk = {"email": FieldOptions(width="two-thirds")}


class ResetPasswordKeyForm(_PlainWords, account.ResetPasswordKeyForm):  # type: ignore[misc]
    words = SetPasswordForm.words


class ReauthenticateForm(_PlainWords, account.ReauthenticateForm):  # type: ignore[misc]
    words = {"password": (_("Password"), "")}


class ChangeEmailForm(_PlainWords, account.AddEmailForm):  # type: ignore[misc]
    words = {"email": (_("New email address"), _("We will send a link to it. Until you follow that, nothing changes"))}
    govuk = {"email": FieldOptions(width="two-thirds")}


class AuthenticateForm(_PlainWords, mfa.AuthenticateForm):  # type: ignore[misc]
    words = {"code": (_("Security code"), _CODE_HINT)}
    govuk = {"code": FieldOptions(width="10", spellcheck=False)}


class MFAReauthenticateForm(_PlainWords, mfa.ReauthenticateForm):  # type: ignore[misc]
    words = AuthenticateForm.words
    govuk = AuthenticateForm.govuk


class ActivateTOTPForm(_PlainWords, totp.ActivateTOTPForm):  # type: ignore[misc]
    words = {"code": (_("Security code"), _("6 digits that the app shows now"))}
    govuk = {"code": FieldOptions(width="10", inputmode="numeric", spellcheck=False)}


class AddWebAuthnForm(_PlainWords, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    words = {
        "name": (_("Name of the passkey"), _("To tell it from others, for example “work phone”")),
        "passwordless": (_("Sign in with this passkey alone"), _("It will ask for your fingerprint, face or PIN")),
    }
    govuk = {"name": FieldOptions(width="20")}


class EditWebAuthnForm(_PlainWords, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    words = {"name": (_("Name of the passkey"), "")}
    govuk = {"name": FieldOptions(width="20")}
