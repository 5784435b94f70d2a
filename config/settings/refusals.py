"""What production refuses, as a pure function of what it was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from config import env

SECRET_LENGTH: Final = 50
SECRET_VARIETY: Final = 10
_PLACEHOLDERS: Final = ("change-me", "changeme", "django-insecure", "example", "placeholder", "secret-key")


@dataclass(frozen=True, slots=True)
class Signing:
    """Having no key is no fault: what is decided meanwhile is issued when there is one."""

    sources: tuple[str, ...] = ()
    certificates: str = ""
    needs_certificates: bool = False
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """The values as the environment gave them, before anything is made of them."""

    secret_key: str
    file_keys: str
    debug: bool
    demo: bool
    site_url: str
    allowed_hosts: tuple[str, ...]
    database_engine: str
    sqlite_allowed: bool
    redis_url: str
    email_url: str
    credential_keys: str = ""
    signing: Signing = Signing()


def faults(given: Candidate) -> list[str]:
    """Every fault, in the order in which somebody would mend them. No value is quoted: most are secrets."""
    site = urlsplit(given.site_url)
    open_hosts = [host for host in given.allowed_hosts if host == "*" or host.startswith(".")]
    checks = (
        (_weak_secret(given.secret_key), "SECRET_KEY must be at least 50 random characters of your own"),
        (_bad_ring(given.file_keys), "FILE_KEYS must name at least one key, as id:base64 of 32 random bytes"),
        (given.debug, "DEBUG must be off: its error pages show settings and data"),
        (given.demo, "DEMO must be off: it prints sign-ins and shows everybody's mail"),
        (site.scheme != "https" or not site.hostname, "SITE_URL must be the service's https:// address"),
        (bool(site.path or site.query), "SITE_URL must end at the host name or port"),
        (not given.allowed_hosts, "ALLOWED_HOSTS is empty, and SITE_URL gives no host name either"),
        (bool(open_hosts), "ALLOWED_HOSTS must list whole host names: neither * nor a leading dot"),
        (
            given.database_engine.endswith("sqlite3") and not given.sqlite_allowed,
            "DATABASE_URL must name a PostgreSQL database; ALLOW_SQLITE=yes accepts a file on one machine",
        ),
        (not given.redis_url, "REDIS_URL must name a Redis or Valkey server"),
        (not given.email_url, "EMAIL_URL must name the mail server, as smtp+tls://user:password@host:587"),
        (
            bool(given.credential_keys) and _bad_ring(given.credential_keys),
            "CREDENTIAL_KEYS must be id:base64 of 32 random bytes, each id once",
        ),
        *_signing(given.signing),
    )
    return [message for failed, message in checks if failed]


def _signing(given: Signing) -> tuple[tuple[bool, str], ...]:
    return (
        (
            len(given.sources) > 1,
            "SIGNING_PKCS12, SIGNING_PKCS11_MODULE and SIGNING_REMOTE_URL are three ways to one key: set one of them",
        ),
        (
            given.needs_certificates and not given.certificates,
            "SIGNING_CERTIFICATES must name the PEM file of the key's certificate and those above it",
        ),
        (
            any(urlsplit(address).scheme != "https" for address in given.addresses),
            "SIGNING_REMOTE_URL must be an https:// address, as must SIGNING_TSA_URL without SIGNING_TSA_CERTIFICATES",
        ),
    )


def message(found: Sequence[str]) -> str:
    return "\n".join(
        ["This configuration is not safe to serve. Mend all of these:", *(f"  - {fault}" for fault in found)]
    )


def _weak_secret(key: str) -> bool:
    lowered = key.lower()
    return (
        len(key) < SECRET_LENGTH
        or len(set(key)) < SECRET_VARIETY
        or any(placeholder in lowered for placeholder in _PLACEHOLDERS)
    )


def _bad_ring(value: str) -> bool:
    try:
        return not env.key_ring(value)
    except ImproperlyConfigured:
        return True
