"""`make check`: everything that can be said about the code without running it. --write-schema writes docs/openapi.yaml."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from config import env as environment
from scripts import stages

SCHEMA: Final = stages.ROOT / "docs" / "openapi.yaml"
Act = Callable[[], tuple[bool, str]]


def command(*arguments: str, env: dict[str, str] | None = None) -> Act:
    return lambda: (stages.stream(arguments, env={**os.environ, **(env or {})}).code == 0, "")


def python(*arguments: str, env: dict[str, str] | None = None) -> Act:
    return command(sys.executable, *arguments, env=env)


def production(data_dir: Path) -> dict[str, str]:
    """A complete production environment of invented values; nothing in it is reachable or secret."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.prod",
        "DATA_DIR": str(data_dir),
        "SECRET_KEY": secrets.token_urlsafe(60),
        "FILE_KEYS": environment.new_key_ring(),
        "CREDENTIAL_KEYS": environment.new_key_ring(),
        "SIGNING_PKCS12": "/run/secrets/issuing-authority.p12",
        "SITE_URL": "https://certificates.police.example",
        "DATABASE_URL": "postgres://wardmark:unused@database.example:5432/wardmark",
        "REDIS_URL": "redis://queue.example:6379/0",
        "EMAIL_URL": "smtp+tls://wardmark:unused@mail.example:587",
        "CLAMD_URL": "clamd://scanner.example:3310",
        "HSTS_PRELOAD": "yes",
    }


def development(data_dir: Path) -> dict[str, str]:
    return {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "DATA_DIR": str(data_dir), "DATABASE_URL": ""}


def write_schema(target: Path, data_dir: Path) -> bool:
    act = python(
        *("manage.py", "spectacular", "--validate", "--fail-on-warn", "--file", str(target)), env=development(data_dir)
    )
    return act()[0]


def schema_is_current(data_dir: Path) -> Act:
    def act() -> tuple[bool, str]:
        fresh = data_dir / "openapi.yaml"
        if not write_schema(fresh, data_dir):
            return False, "the schema has warnings"
        if not SCHEMA.exists() or SCHEMA.read_bytes() != fresh.read_bytes():
            return False, "docs/openapi.yaml is not what the code says: make schema"
        return True, ""

    return act


def compose_is_sound() -> Act:
    """Docker's own reading, where its compose plugin is installed; tests/config/test_containers.py reads it anywhere."""
    if shutil.which("docker") is None or not has_compose():
        return lambda: (True, "no docker compose here: left to tests/config/test_containers.py")
    values = {
        "SECRET_KEY": "x",
        "FILE_KEYS": "x",
        "CREDENTIAL_KEYS": "x",
        "SITE_URL": "https://certificates.police.example",
        "EMAIL_URL": "smtp://mail.example",
        "DEFAULT_FROM_EMAIL": "no-reply@police.example",
        "POSTGRES_PASSWORD": "x",
        "VALKEY_PASSWORD": "x",
    }
    return command("docker", "compose", "config", "--quiet", env=values)


def has_compose() -> bool:
    return subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0


def checks(data_dir: Path) -> dict[str, Act]:
    manage = "manage.py"
    live, local = production(data_dir), development(data_dir)
    return {
        "ruff check": python("-m", "ruff", "check", "."),
        "ruff format": python("-m", "ruff", "format", "--check", "."),
        "mypy --strict": python("-m", "mypy"),
        "import walls": command(str(Path(sys.executable).with_name("lint-imports")), "--no-logo"),
        "templates": python("-m", "djlint", "templates", "--lint", "--quiet"),
        "migrations": python(manage, "makemigrations", "--check", "--dry-run", env=local),
        "system checks": python(manage, "check", "--fail-level", "WARNING", env=local),
        "production settings": python(manage, "check", "--deploy", "--fail-level", "WARNING", env=live),
        # Without the documentation page's own files, which take a minute to compress and are compressed with the image.
        "production static files": python(
            *(manage, "collectstatic", "--no-input", "--verbosity", "0"),
            env={**live, "DJANGO_SETTINGS_MODULE": "config.settings.build"},
        ),
        "schema of the interface": schema_is_current(data_dir),
        "docker compose": compose_is_sound(),
    }


def main(argv: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="wardmark-check-") as directory:
        data_dir = Path(directory)
        if argv == ["--write-schema"]:
            return 0 if write_schema(SCHEMA, data_dir) else 1
        return stages.sum_up([stages.run(name, act) for name, act in checks(data_dir).items()])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
