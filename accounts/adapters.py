"""How allauth is fitted into the house: mail through the outbox, seeds under our own keys."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter

from core.crypto import decrypt_text, encrypt_text

_SEED = "mfa.authenticator.secret"


class AccountAdapter(DefaultAccountAdapter):
    pass


class MFAAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return encrypt_text(text, about=_SEED)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt_text(encrypted_text, about=_SEED)
