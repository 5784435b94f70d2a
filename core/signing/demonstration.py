"""An authority for trying the service out: a root, and an issuing key beneath it. Nobody else is to trust it.

The root's own key is thrown away once it has signed, so that nothing else can ever be issued beneath it.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from cryptography.x509.oid import NameOID

ORGANISATION: Final = "Demonstration authority - of no effect"
ISSUER: Final = "Demonstration issuing authority"
_ROOT: Final = "Demonstration root"
_TERM: Final = timedelta(days=3652)


def new_authority() -> str:
    """A PKCS #12 file without a password, as base64: for `env.kept_secret`, which keeps it from other accounts."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate(_ROOT, root_key.public_key(), _ROOT, root_key, authority=True)
    own = _certificate(ISSUER, key.public_key(), _ROOT, root_key, authority=False)
    sealed = pkcs12.serialize_key_and_certificates(b"demonstration", key, own, [root], NoEncryption())
    return base64.b64encode(sealed).decode()


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _certificate(
    name: str,
    public: ec.EllipticCurvePublicKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    authority: bool,
) -> x509.Certificate:
    # A clock of another machine may be a little behind.
    begins = datetime.now(UTC) - timedelta(hours=1)
    usage = x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + _TERM)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    return builder.sign(issuer_key, hashes.SHA256())
