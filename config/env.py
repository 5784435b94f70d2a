"""The environment, read in this one module.

Any value may come from a file instead: `NAME_FILE` names it, which is how container secrets are mounted.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import environ
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES: Final = 32

_env = environ.FileAwareEnv()


def default_settings_module() -> None:
    """Development unless said otherwise; the container image says production."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")


def text(name: str, default: str = "") -> str:
    """The default also stands for an empty value, which is how a compose file passes on what nobody set."""
    # A mounted secret ends in a newline more often than not.
    return str(_env.str(name, default="")).strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    """True for 1, true, yes, on; any other word than their opposites is refused rather than read as no."""
    word = text(name).lower()
    if word in {"", "0", "false", "no", "off"}:
        return default if not word else False
    if word in {"1", "true", "yes", "on"}:
        return True
    msg = f"{name} must be yes or no, not {word!r}"
    raise ImproperlyConfigured(msg)


def number(name: str, default: int) -> int:
    word = text(name)
    if not word:
        return default
    if not word.isdecimal():
        msg = f"{name} must be a whole number, not {word!r}"
        raise ImproperlyConfigured(msg)
    return int(word)


def words(name: str) -> list[str]:
    """A comma-separated list, blanks left out."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def private_directory(path: Path) -> Path:
    """The directory, made if need be, closed to everybody but its owner."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    # `mkdir` leaves an existing directory as it was.
    if path.stat().st_uid == os.getuid() and path.stat().st_mode & 0o077:
        path.chmod(0o700)
    return path


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """What the file says, made once. For development only: production is given its secrets from outside.

    Web, worker and beat may all start on a fresh directory; the hard link lets exactly one of them decide.
    """
    if not path.exists():
        private_directory(path.parent)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(f"{make()}\n", encoding="ascii")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()


def new_secret() -> str:
    return secrets.token_urlsafe(48)


def new_key_ring() -> str:
    """A ring of one fresh key, in the form that FILE_KEYS and CREDENTIAL_KEYS take."""
    return f"k1:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


def key_ring(value: str, *, name: str = "FILE_KEYS") -> dict[str, bytes]:
    """`id:base64,id:base64` in order: the first key encrypts or signs, all decrypt or verify. Each is 32 bytes."""
    ring: dict[str, bytes] = {}
    for entry in filter(None, (part.strip() for part in value.split(","))):
        key_id, _, encoded = entry.partition(":")
        try:
            key = base64.b64decode(encoded, altchars=b"-_" if "-" in encoded or "_" in encoded else None, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        # The entry itself is never quoted: it is a secret.
        if not key_id.isalnum() or key_id in ring or len(key) != KEY_BYTES:
            msg = (
                f"{name}: key number {len(ring) + 1} is not a new letters-and-digits id, a colon and 32 bytes as base64"
            )
            raise ImproperlyConfigured(msg)
        ring[key_id] = key
    return ring


def database(url: str, *, data_dir: Path) -> dict[str, Any]:
    """SQLite in the data directory unless a URL says otherwise."""
    config: dict[str, Any] = (
        dict(environ.Env.db_url_config(url))
        if url
        else {"ENGINE": "django.db.backends.sqlite3", "NAME": str(data_dir / "wardmark.sqlite3")}
    )
    if config["ENGINE"].endswith("sqlite3"):
        # IMMEDIATE takes the write lock when a transaction starts: two read-then-write transactions then queue,
        # where DEFERRED fails one of them with "database is locked" however long it is willing to wait.
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-16000;PRAGMA temp_store=MEMORY;"
            ),
        }
        return config
    config.setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
    config["CONN_MAX_AGE"] = number("DATABASE_MAX_AGE", 60)
    config["CONN_HEALTH_CHECKS"] = True
    # A pooler in transaction mode hands each statement to another session: no server-side cursor outlives that.
    config["DISABLE_SERVER_SIDE_CURSORS"] = flag("DATABASE_POOLED")
    return config


def mail(url: str) -> dict[str, Any]:
    """The EMAIL_* settings that an SMTP URL stands for."""
    return dict(environ.Env.email_url_config(url))


def set_default(name: str, value: str) -> None:
    """For the test settings, which choose a directory that the processes they start must share."""
    os.environ.setdefault(name, value)
