"""Production. Whatever would make it unsafe is said at once, all of it, and the process does not start."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from config import env, logs
from config.settings import refusals
from config.settings.base import *  # noqa: F403 - a settings module is read as one flat list of names
from config.settings.base import (
    CONTENT_SECURITY_POLICY,
    DATABASES,
    LOG_LEVEL,
    SIGNING_CERTIFICATES,
    SIGNING_PKCS11_MODULE,
    SIGNING_PKCS12,
    SIGNING_REMOTE_URL,
    SIGNING_TSA_CERTIFICATES,
    SIGNING_TSA_URL,
    STORAGES,
)

DEMO = env.flag("DEMO")
DEBUG = env.flag("DEBUG")
SECRET_KEY = env.text("SECRET_KEY")
# The base's fallback is an address of this machine, which no certificate may carry.
SITE_URL = env.text("SITE_URL").rstrip("/")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or [host for host in [urlsplit(SITE_URL).hostname] if host]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
EMAIL_URL = env.text("EMAIL_URL")

_faults = refusals.faults(
    refusals.Candidate(
        secret_key=SECRET_KEY,
        file_keys=env.text("FILE_KEYS"),
        debug=DEBUG,
        demo=DEMO,
        site_url=SITE_URL,
        allowed_hosts=tuple(ALLOWED_HOSTS),
        database_engine=DATABASES["default"]["ENGINE"],
        sqlite_allowed=env.flag("ALLOW_SQLITE"),
        redis_url=env.text("REDIS_URL"),
        email_url=EMAIL_URL,
        credential_keys=env.text("CREDENTIAL_KEYS"),
        signing=refusals.Signing(
            sources=tuple(filter(None, (SIGNING_PKCS12, SIGNING_PKCS11_MODULE, SIGNING_REMOTE_URL))),
            certificates=SIGNING_CERTIFICATES,
            needs_certificates=bool(SIGNING_PKCS11_MODULE or SIGNING_REMOTE_URL),
            addresses=tuple(
                filter(None, (SIGNING_REMOTE_URL, SIGNING_TSA_URL if not SIGNING_TSA_CERTIFICATES else ""))
            ),
        ),
    )
)
if _faults:
    raise ImproperlyConfigured(refusals.message(_faults))

FILE_KEYS = env.key_ring(env.text("FILE_KEYS"))
# Without these, or without a key for documents, the service runs and decides; certificates wait and operators are told.
CREDENTIAL_KEYS = env.key_ring(env.text("CREDENTIAL_KEYS"), name="CREDENTIAL_KEYS")
globals().update(env.mail(EMAIL_URL))

SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# The prefix makes the browser refuse the cookie from a sub-domain or over plain http.
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_INCLUDE_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = env.flag("HSTS_PRELOAD", default=False)
SECURE_SSL_REDIRECT = env.flag("SSL_REDIRECT", default=True)
# The container's own health check speaks plain http.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if env.flag("BEHIND_TLS_PROXY"):
    # Opt-in: without a proxy that overwrites this header, any client could claim https with it.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
CONTENT_SECURITY_POLICY["DIRECTIVES"]["upgrade-insecure-requests"] = True

STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
LOGGING = logs.json_lines(level=LOG_LEVEL)
