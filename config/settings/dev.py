"""One machine, nothing to configure: what `make run` serves."""

from __future__ import annotations

from config import env
from config.settings.base import *  # noqa: F403 - a settings module is read as one flat list of names
from config.settings.base import (
    DATA_DIR,
    SIGNING_PKCS11_MODULE,
    SIGNING_PKCS12,
    SIGNING_REMOTE_URL,
    STATIC_ROOT,
    TEMPLATES,
)
from core.signing import demonstration

DEMO = env.flag("DEMO", default=True)
DEBUG = env.flag("DEBUG", default=False)

# Made here on first use and kept: two machines never share one, and none is in the repository.
SECRET_KEY = env.text("SECRET_KEY") or env.kept_secret(DATA_DIR / "keys" / "secret-key", env.new_secret)
FILE_KEYS = env.key_ring(env.text("FILE_KEYS") or env.kept_secret(DATA_DIR / "keys" / "file-keys", env.new_key_ring))

# What signs: keys of our own making, of no effect anywhere else, unless the environment names real ones.
CREDENTIAL_KEYS = env.key_ring(
    env.text("CREDENTIAL_KEYS") or env.kept_secret(DATA_DIR / "keys" / "credential-keys", env.new_key_ring),
    name="CREDENTIAL_KEYS",
)
if not (SIGNING_PKCS12 or SIGNING_PKCS11_MODULE or SIGNING_REMOTE_URL):
    DEMONSTRATION_AUTHORITY = env.kept_secret(
        DATA_DIR / "keys" / "demonstration-authority", demonstration.new_authority
    )

ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *env.words("ALLOWED_HOSTS")]

# Files are served where they lie, so that a page works before anybody has run collectstatic.
WHITENOISE_USE_FINDERS = True
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_AUTOREFRESH = DEBUG

# Browsers take passkeys on http://localhost alone; the library has to be told that plain http is meant.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

if env.text("EMAIL_URL"):
    globals().update(env.mail(env.text("EMAIL_URL")))
else:
    # Nothing leaves the machine: what would be sent is read on the page of sent mail.
    MAIL_DELIVERY = "record"
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(env.private_directory(DATA_DIR / "mail"))

TEMPLATES[0]["OPTIONS"]["debug"] = DEBUG
