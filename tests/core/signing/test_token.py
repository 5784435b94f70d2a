"""A real token behind the real library: collected where TEST_PKCS11_MODULE names one (CONTRIBUTING.md)."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from core.signing import keys, pkcs11
from core.signing.errors import KeyUnavailable
from tests.core.signing.authorities import Authority, authority

MODULE: Final = os.environ["TEST_PKCS11_MODULE"]
PIN: Final = "1234"
TOKEN: Final = "wardmark"
WORDS: Final = b"Words to sign"


@pytest.fixture(scope="module", params=["ec", "rsa"])
def made(request: pytest.FixtureRequest, slot: Path) -> Authority:
    """Its key is in the token, under the name of its kind."""
    found = authority(request.param)
    key = slot / f"{request.param}.pem"
    key.write_bytes(
        found.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    number = {"ec": "a1", "rsa": "b2"}[request.param]
    _softhsm("--import", str(key), "--token", TOKEN, "--label", request.param, "--id", number, "--pin", PIN)
    return found


@pytest.fixture(scope="module")
def slot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    where = tmp_path_factory.mktemp("softhsm")
    (where / "tokens").mkdir()
    settings = where / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {where / 'tokens'}\nobjectstore.backend = file\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(settings))
        _softhsm("--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", "5678")
        yield where


def _softhsm(*options: str) -> None:
    subprocess.run(["softhsm2-util", *options], check=True, capture_output=True)


def opened(made: Authority, **changes: str) -> pkcs11.TokenKey:
    kind = "ec" if isinstance(made.private, ec.EllipticCurvePrivateKey) else "rsa"
    given = {"module": MODULE, "token": TOKEN, "pin": PIN, "label": kind} | changes
    return pkcs11.open_token(**given, chain=made.chain)


def test_it_signs_what_its_certificate_verifies_however_often_it_is_opened(made: Authority) -> None:
    first, second = opened(made), opened(made)
    assert keys.sign_checked(first, WORDS)
    assert keys.sign_checked(second, WORDS)


@pytest.mark.parametrize("wrong", [{"token": "another"}, {"label": "another"}, {"module": "/no/such/library.so"}])
def test_what_is_not_there_is_said(made: Authority, wrong: dict[str, str]) -> None:
    with pytest.raises(KeyUnavailable) as caught:
        opened(made, **wrong)
    assert PIN not in str(caught.value)
    assert keys.sign_checked(opened(made), WORDS)
