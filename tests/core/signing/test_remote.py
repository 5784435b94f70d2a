"""Keys and time-stamps that are asked for over a connection: what goes out, and every way in which the answer is bad."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from core.signing import authority as held_authority
from core.signing import https, keys, remote, timestamps
from core.signing.errors import KeyUnavailable
from tests.core.signing.authorities import Asked, Authority, authority, server, stamp

WORDS = b"what is signed"
Answer = tuple[int, dict[str, str], bytes]


def signing(made: Authority) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        (digest,) = json.loads(asked.body)["hashes"]
        signature = made.key.sign(base64.b64decode(digest))
        return 200, {}, json.dumps({"signatures": [base64.b64encode(signature).decode()]}).encode()

    return answer


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_remote_signer_is_sent_the_digest_alone_and_signs(kind: str) -> None:
    made = authority(kind)
    with server(signing(made)) as (address, seen):
        key = remote.RemoteKey(
            made.chain, url=f"{address}/csc/v2/signatures/signHash?x=1", token="t0k", credential="c1"
        )
        assert keys.sign_checked(key, WORDS)
    (asked,) = seen
    sent = json.loads(asked.body)
    assert (asked.path, asked.headers["Authorization"]) == ("/csc/v2/signatures/signHash?x=1", "Bearer t0k")
    assert (sent["credentialID"], sent["hashAlgorithmOID"]) == ("c1", "2.16.840.1.101.3.4.2.1")
    assert sent["signAlgo"] == ("1.2.840.10045.4.3.2" if kind == "ec" else "1.2.840.113549.1.1.11")
    assert len(base64.b64decode(sent["hashes"][0])) == 32


@pytest.mark.parametrize(
    "answer",
    [
        (500, {}, b""),
        (401, {}, b"{}"),
        (302, {"Location": "http://127.0.0.1:9/"}, b""),
        (200, {}, b"not JSON"),
        (200, {}, b"[]"),
        (200, {}, b'{"signatures": []}'),
        (200, {}, b'{"signatures": ["a", "b"]}'),
        (200, {}, b'{"signatures": ["!!"]}'),
        (200, {}, b'{"signatures": [7]}'),
        (200, {}, b'{"signatures": ["AAAA"]}'),
        (200, {}, b" " * (300 * 1024)),
    ],
)
def test_a_bad_answer_is_no_signature(answer: Answer) -> None:
    with server(lambda _: answer) as (address, seen):
        key = remote.RemoteKey(authority().chain, url=address, token="", credential="")
        with pytest.raises(KeyUnavailable) as caught:
            keys.sign_checked(key, WORDS)
    assert len(seen) == 1
    assert address not in str(caught.value)


def test_a_signer_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(https, "TIMEOUT_SECONDS", 0.2)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        key = remote.RemoteKey(
            authority().chain, url=f"http://127.0.0.1:{deaf.getsockname()[1]}/", token="", credential=""
        )
        with pytest.raises(KeyUnavailable, match="does not answer"):
            key.sign(b"x" * 32)


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://signer.example/sign", True),
        ("http://127.0.0.1:8080/sign", True),
        ("http://[::1]/sign", True),
        ("http://signer.example/sign", False),
        ("http://127.0.0.1.signer.example/", False),
        ("ftp://signer.example/", False),
        ("https://", False),
        ("", False),
    ],
)
def test_nothing_is_sent_in_clear_to_another_machine(url: str, fine: bool) -> None:
    assert https.acceptable(url) is fine
    if not fine:
        with pytest.raises(KeyUnavailable, match="https"):
            https.post(url, b"", headers={}, who="The signer")


def test_the_settings_lead_to_the_remote_signer(settings: Settings, tmp_path: Path) -> None:
    made = authority()
    path = tmp_path / "chain.pem"
    path.write_text(made.chain.pem)
    held_authority.forget()
    with server(signing(made)) as (address, _):
        settings.SIGNING_REMOTE_URL, settings.SIGNING_CERTIFICATES = address, str(path)
        key = held_authority.held()
        assert keys.sign_checked(key, WORDS)
        assert key.chain.kid == made.chain.kid
    held_authority.forget()


# Time-stamps -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [b"", b"nonsense", b"\x30\x03\x02\x01\x00", b"\x30\x05\x30\x03\x02\x01\x02"],
    ids=lambda b: b.hex() or "empty",
)
def test_a_bad_time_stamp_is_none(body: bytes) -> None:
    import asyncio

    with server(lambda _: (200, {}, body)) as (address, _), pytest.raises((KeyUnavailable, OSError)):
        asyncio.run(timestamps.HttpTimeStamper(address).async_timestamp(b"d" * 32, "sha256"))


def test_a_time_stamp_over_something_else_is_refused() -> None:
    import asyncio

    tsa = authority("rsa", stamps=True)
    other: dict[str, bytes] = {}

    def answer(asked: Asked) -> Answer:
        # The answer to the first question, whatever is asked.
        other.setdefault("first", stamp(tsa, asked.body))
        return 200, {}, other["first"]

    with server(answer) as (address, _):
        stamper = timestamps.HttpTimeStamper(address)
        stamper.include_nonce = False
        asyncio.run(stamper.async_timestamp(b"d" * 32, "sha256"))
        with pytest.raises(KeyUnavailable, match="something else"):
            asyncio.run(stamper.async_timestamp(b"e" * 32, "sha256"))
