"""Where the issuing authority's key may come from, and what is refused in words for operators."""

from __future__ import annotations

import base64
import sys
import types
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from pytest_django.fixtures import Settings

from core.signing import authority as held_authority
from core.signing import chains, demonstration, keys, pkcs11
from core.signing.errors import KeyUnavailable
from tests.core.signing.authorities import Authority, authority

WORDS = b"what is signed"


@pytest.fixture(autouse=True)
def _nothing_held() -> Any:
    held_authority.forget()
    yield
    held_authority.forget()


@pytest.mark.parametrize("kind", ["ec", "rsa"])
@pytest.mark.parametrize("password", ["", "a pass phrase"])
def test_a_pkcs12_file_signs(kind: str, password: str) -> None:
    made = authority(kind)
    key = keys.from_pkcs12(made.pkcs12(password), password)
    assert keys.sign_checked(key, WORDS)
    assert key.chain.certificates == (made.own, made.root)
    assert key.chain.is_complete


def test_a_wrong_password_is_said_without_the_password() -> None:
    with pytest.raises(KeyUnavailable, match="its password is another") as caught:
        keys.from_pkcs12(authority().pkcs12("right"), "wrong-secret")
    assert "wrong-secret" not in str(caught.value)


def test_a_file_that_is_none_is_refused() -> None:
    with pytest.raises(KeyUnavailable, match="damaged"):
        keys.from_pkcs12(b"nothing of the kind", "")


def test_a_file_without_a_private_key_is_refused() -> None:
    made = authority()
    content = pkcs12.serialize_key_and_certificates(None, None, None, [made.root], NoEncryption())
    with pytest.raises(KeyUnavailable, match="private key with its certificate"):
        keys.from_pkcs12(content, "")


def test_a_key_that_pdf_readers_do_not_know_is_refused() -> None:
    made = authority(private=ed25519.Ed25519PrivateKey.generate())
    with pytest.raises(KeyUnavailable, match="elliptic curve"):
        keys.from_pkcs12(made.pkcs12(), "")


def test_a_short_rsa_key_is_refused() -> None:
    made = authority(private=rsa.generate_private_key(65537, 1024))  # noqa: S505 - what is to be refused
    with pytest.raises(KeyUnavailable, match="2048 bits"):
        keys.from_pkcs12(made.pkcs12(), "")


def test_a_signature_of_another_key_is_not_taken() -> None:
    """A remote signer that was set to another key would have us issue documents that nobody can verify."""
    stray = keys.LocalKey(authority().chain, authority().private)
    with pytest.raises(KeyUnavailable, match="does not fit"):
        keys.sign_checked(stray, WORDS)


def test_the_chain_is_put_in_order_and_strangers_are_left_out() -> None:
    made, stranger = authority(), authority(name="Another")
    assert chains.Chain.of(made.own, [stranger.root, made.root]).certificates == (made.own, made.root)


@pytest.mark.parametrize(
    ("begins", "days", "words"),
    [(timedelta(days=2), 10, "valid from"), (-timedelta(days=20), 10, "ran out")],
)
def test_a_certificate_outside_its_days_signs_nothing(
    settings: Settings, tmp_path: Path, begins: timedelta, days: int, words: str
) -> None:
    use(settings, tmp_path, authority(begins=datetime.now(UTC) + begins, days=days))
    with pytest.raises(KeyUnavailable, match=words):
        held_authority.held()


def use(settings: Settings, tmp_path: Path, made: Authority) -> None:
    path = tmp_path / f"{made.chain.kid}.p12"
    path.write_bytes(made.pkcs12("p"))
    settings.SIGNING_PKCS12, settings.SIGNING_PKCS12_PASSWORD = str(path), "p"


def test_the_key_is_held_and_not_opened_for_each_document(settings: Settings, tmp_path: Path) -> None:
    use(settings, tmp_path, authority())
    first = held_authority.held()
    Path(settings.SIGNING_PKCS12).unlink()
    assert held_authority.held() is first
    held_authority.forget()
    with pytest.raises(KeyUnavailable, match="SIGNING_PKCS12"):
        held_authority.held()


def test_settings_that_name_a_real_key_leave_the_demonstration_aside(settings: Settings, tmp_path: Path) -> None:
    assert held_authority.held().chain.name == demonstration.ISSUER
    use(settings, tmp_path, authority())
    assert held_authority.held().chain.name == "Issuing authority of Harbourshire"
    assert held_authority.Sources.configured().kind == "pkcs12"


def test_no_key_is_said_with_what_to_set(settings: Settings) -> None:
    settings.DEMONSTRATION_AUTHORITY = ""
    with pytest.raises(KeyUnavailable, match="SIGNING_PKCS12, SIGNING_PKCS11_MODULE or SIGNING_REMOTE_URL"):
        held_authority.held()


def test_the_demonstration_is_a_root_that_can_issue_nothing_more() -> None:
    key = keys.from_pkcs12(base64.b64decode(demonstration.new_authority()), "")
    own, root = key.chain.certificates
    own.verify_directly_issued_by(root)
    assert "no effect" in own.subject.rfc4514_string()
    assert keys.sign_checked(key, WORDS)


# PKCS #11 --------------------------------------------------------------------------------------------------------------


class FakeError(Exception):
    pass


class FakeLoggedInError(FakeError):
    pass


class FakeToken:
    """A library and a token as python-pkcs11 presents them, with a real key behind: who has signed in once may not
    again while a session is open (as SoftHSM has it, test_token.py).
    """

    def __init__(self, private: Any) -> None:
        self.private = private
        self.pulled = False
        self.opened = 0
        module = types.ModuleType("pkcs11")
        module.lib = lambda path: self  # type: ignore[attr-defined]
        module.exceptions = types.SimpleNamespace(  # type: ignore[attr-defined]
            PKCS11Error=FakeError, UserAlreadyLoggedIn=FakeLoggedInError
        )
        module.ObjectClass = types.SimpleNamespace(PRIVATE_KEY="private")  # type: ignore[attr-defined]
        module.Mechanism = types.SimpleNamespace(ECDSA="ecdsa", RSA_PKCS="rsa")  # type: ignore[attr-defined]
        self.module = module

    def get_token(self, *, token_label: str) -> FakeToken:
        if token_label != "Harbourshire":
            raise FakeError
        return self

    def open(self, *, user_pin: str = "") -> FakeToken:
        if user_pin and self.opened:
            raise FakeLoggedInError
        if not self.opened and user_pin != "1234":
            raise FakeError
        self.opened += 1
        return self

    def close(self) -> None:
        self.opened -= 1

    def get_key(self, *, object_class: str, label: str) -> FakeToken:
        assert object_class == "private"
        if label != "issuing":
            raise FakeError
        return self

    def sign(self, data: bytes, *, mechanism: str) -> bytes:
        if self.pulled:
            raise FakeError
        if mechanism == "ecdsa":
            r, s = utils.decode_dss_signature(self.private.sign(data, ec.ECDSA(utils.Prehashed(hashes.SHA256()))))
            return r.to_bytes(32, "big") + s.to_bytes(32, "big")
        # The plain mechanism pads what it is given; the prefix must have come with it.
        assert data.startswith(bytes.fromhex("3031300d06"))
        signed: bytes = self.private.sign(data[-32:], padding.PKCS1v15(), utils.Prehashed(hashes.SHA256()))
        return signed


def token(monkeypatch: pytest.MonkeyPatch, made: Authority, **changes: str) -> tuple[FakeToken, Any]:
    fake = FakeToken(made.private)
    monkeypatch.setitem(sys.modules, "pkcs11", fake.module)
    given = {"module": "/usr/lib/token.so", "token": "Harbourshire", "pin": "1234", "label": "issuing"} | changes
    return fake, pkcs11.open_token(**given, chain=made.chain)


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_token_signs(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    _, key = token(monkeypatch, authority(kind))
    assert keys.sign_checked(key, WORDS)


def test_a_token_is_opened_again_in_a_process_that_is_signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    made = authority()
    fake, first = token(monkeypatch, made)
    given = {"module": "/usr/lib/token.so", "token": "Harbourshire", "pin": "1234", "label": "issuing"}
    second = pkcs11.open_token(**given, chain=made.chain)
    assert keys.sign_checked(first, WORDS)
    assert keys.sign_checked(second, WORDS)
    with pytest.raises(KeyUnavailable):
        pkcs11.open_token(**given | {"label": "another"}, chain=made.chain)
    assert fake.opened == 2


def test_a_session_in_which_nothing_could_be_signed_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    fake, key = token(monkeypatch, authority())
    fake.pulled = True
    with pytest.raises(KeyUnavailable):
        keys.sign_checked(key, WORDS)
    assert fake.opened == 0


@pytest.mark.parametrize("wrong", [{"pin": "9999"}, {"token": "another"}])
def test_a_token_that_does_not_open_is_said_without_its_pin(
    monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str]
) -> None:
    with pytest.raises(KeyUnavailable, match="cannot be opened") as caught:
        token(monkeypatch, authority(), **wrong)
    assert "9999" not in str(caught.value)


def test_a_token_that_was_pulled_out_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    fake, key = token(monkeypatch, authority())
    fake.pulled = True
    with pytest.raises(KeyUnavailable, match="does not sign"):
        keys.sign_checked(key, WORDS)


def test_without_the_library_a_token_is_refused_in_words(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "chain.pem"
    path.write_text(authority().chain.pem)
    settings.SIGNING_PKCS11_MODULE, settings.SIGNING_CERTIFICATES = "/usr/lib/token.so", str(path)
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    with pytest.raises(KeyUnavailable, match="python-pkcs11 is not installed"):
        held_authority.held()


@pytest.mark.parametrize("content", [None, "no PEM at all", "\xff"])
def test_a_file_of_certificates_that_cannot_be_read_is_said_by_its_setting(
    settings: Settings, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "chain.pem"
    if content is not None:
        path.write_text(content, encoding="latin-1")
    settings.SIGNING_REMOTE_URL, settings.SIGNING_CERTIFICATES = "https://signer.example/", str(path)
    with pytest.raises(KeyUnavailable, match=r"SIGNING_CERTIFICATES|PEM"):
        held_authority.held()
