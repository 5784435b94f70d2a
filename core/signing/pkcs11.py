"""A key in a hardware token, by python-pkcs11, which is installed only where it is used."""

from __future__ import annotations

import contextlib
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from core.signing.chains import Chain
from core.signing.errors import KeyUnavailable

# DigestInfo of SHA-256 (RFC 8017, 9.2): the token's plain RSA mechanism signs what it is given.
_SHA256_PREFIX: Final = bytes.fromhex("3031300d060960864801650304020105000420")


class TokenKey:
    """The session stays open. A token that was pulled out fails the next signature; the caller then opens it anew."""

    def __init__(self, chain: Chain, session: Any, private: Any, library: Any) -> None:
        self.chain = chain
        self._session = session
        self._private = private
        self._library = library

    def sign(self, digest: bytes) -> bytes:
        mechanisms = self._library.Mechanism
        curve = isinstance(self.chain.public_key, EllipticCurvePublicKey)
        try:
            if not curve:
                return bytes(self._private.sign(_SHA256_PREFIX + digest, mechanism=mechanisms.RSA_PKCS))
            return _in_der(bytes(self._private.sign(digest, mechanism=mechanisms.ECDSA)))
        except self._library.exceptions.PKCS11Error as error:
            _close(self._session, self._library)
            raise KeyUnavailable(f"The token does not sign ({type(error).__name__}).") from error


def open_token(*, module: str, token: str, pin: str, label: str, chain: Chain) -> TokenKey:
    """`token` and `label` are the names of the token and of the private key in it. Raises KeyUnavailable."""
    try:
        import pkcs11  # noqa: PLC0415 - an extra, and a library of the token's maker behind it
    except ImportError as error:
        raise KeyUnavailable("SIGNING_PKCS11_MODULE is set, and the package python-pkcs11 is not installed.") from error
    try:
        session = _session(pkcs11, module, token, pin)
        private = _private(pkcs11, session, label)
    except pkcs11.exceptions.PKCS11Error as error:
        raise KeyUnavailable(f"The token or its key cannot be opened ({type(error).__name__}).") from error
    except (OSError, RuntimeError) as error:
        raise KeyUnavailable("The library that SIGNING_PKCS11_MODULE names cannot be loaded.") from error
    return TokenKey(chain, session, private, pkcs11)


def _session(pkcs11: Any, module: str, token: str, pin: str) -> Any:
    slot = pkcs11.lib(module).get_token(token_label=token)
    try:
        return slot.open(user_pin=pin)
    except pkcs11.exceptions.UserAlreadyLoggedIn:
        # A sign-in is the whole process's and lasts as long as any session of it (PKCS #11, 5.6).
        return slot.open()


def _private(pkcs11: Any, session: Any, label: str) -> Any:
    try:
        return session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=label)
    except pkcs11.exceptions.PKCS11Error:
        _close(session, pkcs11)
        raise


def _close(session: Any, pkcs11: Any) -> None:
    with contextlib.suppress(pkcs11.exceptions.PKCS11Error):
        session.close()


def _in_der(pair: bytes) -> bytes:
    """Tokens give r and s side by side."""
    half = len(pair) // 2
    return encode_dss_signature(int.from_bytes(pair[:half], "big"), int.from_bytes(pair[half:], "big"))
