"""Authorities of every kind, a time-stamp authority, and servers on loopback that stand for other machines."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

from core import pdf
from core.signing.chains import Chain
from core.signing.keys import LocalKey

Private = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def new_key(kind: str = "ec") -> Private:
    return ec.generate_private_key(ec.SECP256R1()) if kind == "ec" else rsa.generate_private_key(65537, 2048)


@dataclass(frozen=True)
class Authority:
    """An issuing key under a root."""

    root: x509.Certificate
    own: x509.Certificate
    private: Any

    @property
    def chain(self) -> Chain:
        return Chain.of(self.own, [self.root])

    @property
    def key(self) -> LocalKey:
        return LocalKey(self.chain, self.private)

    def pkcs12(self, password: str = "") -> bytes:
        how = BestAvailableEncryption(password.encode()) if password else NoEncryption()
        return pkcs12.serialize_key_and_certificates(b"x", self.private, self.own, [self.root], how)


def authority(
    kind: str = "ec",
    *,
    name: str = "Issuing authority of Harbourshire",
    begins: datetime | None = None,
    days: int = 365,
    stamps: bool = False,
    private: Any = None,
) -> Authority:
    root_key, key = new_key(kind), private or new_key(kind)
    begins = begins or datetime.now(UTC) - timedelta(hours=1)
    root_name = f"Root of {name}"
    root = _certificate(root_name, root_key.public_key(), root_name, root_key, begins, 3650, ca=True)
    own = _certificate(name, key.public_key(), root_name, root_key, begins, days, ca=False, stamps=stamps)
    return Authority(root, own, key)


def _certificate(
    name: str,
    public: Any,
    issuer: str,
    issuer_key: Any,
    begins: datetime,
    days: int,
    *,
    ca: bool,
    stamps: bool = False,
) -> x509.Certificate:
    def named(common: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])

    usage = x509.KeyUsage(not ca, not ca, False, False, False, ca, ca, False, False)
    builder = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(issuer))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if stamps:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


def stamper(tsa: Authority) -> DummyTimeStamper:
    der = tsa.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return DummyTimeStamper(
        asn1.Certificate.load(tsa.own.public_bytes(Encoding.DER)),
        asn1_keys.PrivateKeyInfo.load(der),
        certs_to_embed=[asn1.Certificate.load(tsa.root.public_bytes(Encoding.DER))],
    )


def stamp(tsa: Authority, body: bytes) -> bytes:
    """What a time-stamp authority answers to a request."""
    answer: bytes = stamper(tsa).request_tsa_response(tsp.TimeStampReq.load(body)).dump()
    return answer


@dataclass
class Asked:
    path: str
    headers: dict[str, str]
    body: bytes


@contextmanager
def server(answer: Callable[[Asked], tuple[int, dict[str, str], bytes]]) -> Iterator[tuple[str, list[Asked]]]:
    """On loopback; its address, and what it was asked."""
    seen: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = Asked(self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"])))
            seen.append(asked)
            status, headers, body = answer(asked)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_port}", seen
    finally:
        running.shutdown()
        running.server_close()
        thread.join()


def small_pdf(text: str = "Words of a document") -> bytes:
    """Archival and tagged, with a file inside, as our documents are."""
    html = f"<html lang='en'><title>A title</title><h1>Heading</h1><p>{text}</p></html>"
    inside = pdf.Attachment("certificate.json", b'{"credential": "a.b.c"}', "application/json", "A claim")
    return pdf.render(pdf.Source(html, "", "x", (inside,)))
