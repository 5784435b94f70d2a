"""Claims, lists of states, and the verifier that others are to copy."""

from __future__ import annotations

import base64
import json
import os
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import OctKey
from pytest_django.fixtures import Settings

from core.signing import claims, offline, status_list
from core.signing.errors import KeyUnavailable

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
SHORT = {"n": "PSC-2026-000123-X", "s": "Mill Lane Hall", "p": "Otley", "f": "2026-06-02", "u": "2028-06-01", "i": 7}


@pytest.fixture(autouse=True)
def _ring(settings: Settings) -> None:
    settings.CREDENTIAL_KEYS = {"k2": os.urandom(32), "k1": os.urandom(32)}


def token(states: dict[int, int], *, at: datetime = NOW, number: int = 0, **changes: Any) -> str:
    payload = {
        "sub": f"https://certificates.example/status/{number}",
        "iat": int(at.timestamp()),
        "exp": int((at + timedelta(hours=24)).timestamp()),
        "status_list": {
            "bits": 2,
            "lst": status_list.pack(states.items(), size=status_list.SIZE, default=status_list.INVALID),
        },
    } | changes
    return claims.sign(payload, kind=status_list.TYPE)


def verify(claim: str, listed: str = "", now: datetime = NOW) -> str:
    return offline.verify(claim, claims.key_set(), token=listed, now=now).answer


def test_a_claim_says_what_was_signed_by_the_first_key_of_the_ring() -> None:
    text = claims.sign(SHORT)
    assert (claims.verify(text, claims.key_set()).payload, claims.verify(text, claims.key_set()).header) == (
        SHORT,
        {"alg": "Ed25519", "kid": "k2"},
    )
    assert claims.sign(SHORT) == text


def test_a_change_of_keys_leaves_old_claims_good(settings: Settings) -> None:
    ring = dict(settings.CREDENTIAL_KEYS)
    settings.CREDENTIAL_KEYS = {"k1": ring["k1"]}
    claims.register()
    old = claims.sign(SHORT)
    # The next is made known before it signs, and the one before it leaves the ring at last.
    settings.CREDENTIAL_KEYS = {"k1": ring["k1"], "k2": ring["k2"]}
    assert {key["kid"] for key in claims.key_set()} == {"k1", "k2"}
    settings.CREDENTIAL_KEYS = {"k2": ring["k2"]}
    claims.register()
    assert claims.verify(claims.sign(SHORT), claims.key_set()).header["kid"] == "k2"
    assert claims.verify(old, claims.key_set()).header["kid"] == "k1"


def test_published_keys_are_public_halves_alone() -> None:
    for key in claims.key_set():
        assert set(key) == {"kty", "crv", "x", "kid", "alg", "use"}
        assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("OKP", "Ed25519", "Ed25519", "sig")


def test_an_id_is_never_another_key_s(settings: Settings) -> None:
    claims.register()
    settings.CREDENTIAL_KEYS = {"k2": os.urandom(32)}
    with pytest.raises(KeyUnavailable, match="id k2 has been used with another key"):
        claims.register()


def test_without_a_ring_nothing_is_signed(settings: Settings) -> None:
    settings.CREDENTIAL_KEYS = {}
    with pytest.raises(KeyUnavailable, match="CREDENTIAL_KEYS"):
        claims.sign(SHORT)


def test_forgeries_are_refused(settings: Settings) -> None:
    good = claims.sign(SHORT)
    head, body, tail = good.split(".")
    keys = claims.key_set()
    other = base64.urlsafe_b64encode(claims.compact({**SHORT, "u": "2099-01-01"})).rstrip(b"=").decode()
    nothing = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    # The public half taken for the secret of an HMAC: the oldest trick of all.
    public = OctKey.import_key(keys[0]["x"])
    shared = jws.serialize_compact({"alg": "HS256", "kid": "k2"}, claims.compact(SHORT), public, algorithms=["HS256"])
    settings.CREDENTIAL_KEYS = {"k2": os.urandom(32)}
    stranger = claims.sign(SHORT)
    for bad in [
        f"{head}.{other}.{tail}",
        f"{nothing}.{body}.",
        f"{head}.{body}.{'A' * len(tail)}",
        f"{head}.{body}",
        "",
        "a.b.c",
        "{}",
        shared,
        stranger,
        good[:-1],
        good + ".",
        "é.ü.ß",
    ]:
        with pytest.raises(claims.ClaimRefused):
            claims.verify(bad, keys)
        assert offline.verify(bad, keys, now=NOW).answer == "forged"


def test_what_is_signed_and_no_claim_is_forged_all_the_same() -> None:
    for payload in [
        {},
        {**SHORT, "f": 7},
        {**SHORT, "u": "soon"},
        {"n": "x"},
        {**SHORT, "i": "7"},
        {**SHORT, "i": None},
    ]:
        assert verify(claims.sign(payload)) == "forged", payload


def test_what_the_same_keys_sign_as_something_else_is_no_claim() -> None:
    assert verify(claims.sign(SHORT)) == "valid_as_signed"
    assert verify(claims.sign(SHORT, kind="cap+json")) == "forged"


@pytest.mark.parametrize(("state", "answer"), [(0, "valid"), (1, "not_valid"), (2, "suspended"), (3, "being_issued")])
def test_the_list_decides_within_the_days(state: int, answer: str) -> None:
    assert verify(claims.sign(SHORT), token({7: state})) == answer


@pytest.mark.parametrize(
    ("moment", "answer"),
    [
        ("2026-06-01T22:59:59+00:00", "not_yet"),  # still the first of June in the United Kingdom
        ("2026-06-01T23:00:00+00:00", "valid_as_signed"),
        ("2028-06-01T22:59:59+00:00", "valid_as_signed"),
        ("2028-06-01T23:00:00+00:00", "expired"),
    ],
)
def test_days_are_those_of_the_united_kingdom(moment: str, answer: str) -> None:
    assert verify(claims.sign(SHORT), now=datetime.fromisoformat(moment)) == answer


def test_the_whole_claim_names_its_list_and_place() -> None:
    whole = {
        "number": "PSC-2026-000123-X",
        "valid_from": "2026-06-02",
        "valid_until": "2028-06-01",
        "status": {"status_list": {"idx": 9, "uri": "https://certificates.example/status/3"}},
    }
    assert verify(claims.sign(whole), token({9: 0}, number=3)) == "valid"
    assert verify(claims.sign(whole), token({9: 0}, number=4)) == "list_unusable"


def test_a_printed_index_beyond_the_first_list_leads_to_the_next() -> None:
    text = claims.sign({**SHORT, "i": status_list.SIZE + 5})
    assert verify(text, token({5: 0}, number=1)) == "valid"
    assert verify(text, token({5: 0}, number=0)) == "list_unusable"


def test_a_list_that_cannot_be_relied_on_lets_nothing_through(settings: Settings) -> None:
    claim = claims.sign(SHORT)
    good = token({7: 0})
    for bad in [
        "nonsense",
        good[:-4] + "AAAA",
        token({7: 0}, at=NOW - timedelta(hours=25)),
        token({7: 0}, exp="tomorrow"),
        token({7: 0}, status_list={"bits": 1, "lst": "eNo"}),
        token({7: 0}, status_list={"bits": 2, "lst": "!!"}),
        token({7: 0}, status_list={"bits": 2, "lst": status_list.pack([], size=4, default=0)}),
        # Anything else that the same key has signed.
        claims.sign({**SHORT, "sub": "/status/0", "status_list": json.loads(_payload(good))["status_list"]}),
        claim,
    ]:
        assert verify(claim, bad) == "list_unusable", bad[:60]
    assert offline.verify(claim, claims.key_set(), token=good, now=NOW + timedelta(minutes=9)).age == 540


def _payload(text: str) -> bytes:
    part = text.split(".")[1]
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


# The list --------------------------------------------------------------------------------------------------------------


def test_the_example_of_the_specification() -> None:
    """Twelve states of two bits: C9 44 F9, deflated."""
    states = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]
    content = status_list.unpack({"bits": 2, "lst": "eNo76fITAAPfAgc"})
    assert content.hex() == "c944f9"
    assert [status_list.state_at(content, n) for n in range(12)] == states
    assert status_list.unpack({"bits": 2, "lst": status_list.pack(enumerate(states), size=12, default=0)}) == content


@pytest.mark.parametrize("default", range(4))
def test_what_is_not_given_is_the_default(default: int) -> None:
    content = status_list.unpack({"bits": 2, "lst": status_list.pack([(5, 0), (6, 3)], size=9, default=default)})
    found = [status_list.state_at(content, n) for n in range(9)]
    assert found == [default] * 5 + [0, 3] + [default] * 2
    assert (status_list.state_at(content, 12), status_list.state_at(content, -1)) == (None, None)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"bits": 2},
        {"bits": 2, "lst": 7},
        {"bits": 2, "lst": base64.urlsafe_b64encode(zlib.compress(b"x" * 2_000_000)).decode()},
        {"bits": 2, "lst": base64.urlsafe_b64encode(zlib.compress(b"xyz")[:-3]).decode()},
    ],
)
def test_a_list_that_is_none_or_too_large_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(status_list.ListUnreadable):
        status_list.unpack(given)
