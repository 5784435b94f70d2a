"""What `bench/signing.py` measures, once Django is set up."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import process_time
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from core import pdf
from core.signing import demonstration, pades, reading
from core.signing.chains import Chain
from core.signing.keys import DocumentKey, LocalKey, from_pkcs12

ROUNDS: Final = 5
REPEATS: Final = 10
BUDGET: Final = 0.5


def seconds_each(work: Callable[[], object]) -> float:
    """The best of some rounds in CPU time, so that the neighbours on the machine count little."""
    best = float("inf")
    for _ in range(ROUNDS):
        begun = process_time()
        for _ in range(REPEATS):
            work()
        best = min(best, (process_time() - begun) / REPEATS)
    return best


def rsa_key() -> DocumentKey:
    private = rsa.generate_private_key(65537, 3072)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Bench")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
    own = builder.not_valid_before(now).not_valid_after(now + timedelta(days=1)).sign(private, hashes.SHA256())
    return LocalKey(Chain.of(own, []), private)


def source() -> pdf.Source:
    """About what a certificate's page holds: a heading, paragraphs, a table, the fonts."""
    faces = "".join(
        f"@font-face {{ font-family: '{f.family}'; font-weight: {f.weight}; src: url('{f.address}') }}"
        for f in pdf.faces()
    )
    row = "<tr><th scope='col'>Condition</th><td>Fit and test the gate at the north entrance.</td></tr>"
    body = "<p>The plan for protecting people at the venue has been reviewed and certified.</p>" * 12
    html = f"<html lang='en'><title>Bench</title><h1>Certificate</h1>{body}<table>{row * 12}</table></html>"
    claim = pdf.Attachment("certificate.json", b'{"credential": "x"}' * 40, "application/json", "What it says")
    style = faces + "body { font-family: 'source-sans-3-latin' }"
    return pdf.Source(html, style, "bench", (claim,))


def main() -> int:
    held = from_pkcs12(base64.b64decode(demonstration.new_authority()), "")
    document = source()
    content = pdf.render(document)
    signed = pades.sign(content, held).content
    chain = [held.chain]
    render = seconds_each(lambda: pdf.render(document))
    curve = seconds_each(lambda: pades.sign(content, held))
    wide = rsa_key()
    slow = seconds_each(lambda: pades.sign(content, wide))
    check = seconds_each(lambda: reading.read(signed, chain))
    ratio = curve / render
    print(f"layout {render * 1e3:.1f} ms; signature P-256 {curve * 1e3:.1f} ms, RSA-3072 {slow * 1e3:.1f} ms")
    print(f"reading a signature {check * 1e3:.2f} ms; the signed file is {len(signed) - len(content):,} bytes longer")
    print(f"floor {render * 1e3:.1f} ms, figure {curve * 1e3:.1f} ms, ratio {ratio:.2f} (budget {BUDGET})")
    return 0 if ratio <= BUDGET else 1
