"""The suite: real middleware, real databases, cheap passwords.

Each process has its own data directory, so that suites can run side by side; a process started by a test is given its
parent's through DATA_DIR.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from config import env

if not env.text("DATA_DIR"):
    _own = tempfile.mkdtemp(prefix="wardmark-test-")
    _owner = os.getpid()
    env.set_default("DATA_DIR", _own)

    @atexit.register
    def _remove_own_data() -> None:
        # A forked worker runs this too; the directory is its parent's.
        if os.getpid() == _owner:
            shutil.rmtree(_own, ignore_errors=True)


from config.settings.base import *  # noqa: F403 - after DATA_DIR is settled, which base.py reads
from config.settings.base import CACHES, DATA_DIR, DATABASES, STATIC_ROOT
from core.signing import demonstration

SECRET_KEY = env.text("SECRET_KEY") or env.kept_secret(DATA_DIR / "keys" / "secret-key", env.new_secret)
FILE_KEYS = env.key_ring(env.text("FILE_KEYS") or env.kept_secret(DATA_DIR / "keys" / "file-keys", env.new_key_ring))
CREDENTIAL_KEYS = env.key_ring(env.kept_secret(DATA_DIR / "keys" / "credential-keys", env.new_key_ring))
DEMONSTRATION_AUTHORITY = env.kept_secret(DATA_DIR / "keys" / "demonstration-authority", demonstration.new_authority)
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
DEMO = env.flag("DEMO", default=False)
SITE_URL = "http://testserver"

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, because tests race threads against each other: an in-memory database locks differently.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(DATA_DIR) / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF;PRAGMA temp_store=MEMORY;"
    )

# Nobody listens on a memory queue: a test runs the outbox itself, or starts a real worker and gives REDIS_URL.
if not env.text("REDIS_URL"):
    CELERY_BROKER_URL = "memory://"
    CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_USE_FINDERS = True
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_AUTOREFRESH = False
