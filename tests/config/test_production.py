"""Production settings in a process of their own, as they are met."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from config import env
from config.settings import refusals
from scripts.check import production
from scripts.stages import ROOT

SOUND = refusals.Candidate(
    secret_key="kV8r2tQ0zYw5nB7mC1xL9pD4sG6hJ3fAeUiOqTzRbNvMcXyWkP",
    file_keys=env.new_key_ring(),
    debug=False,
    demo=False,
    site_url="https://certificates.police.example",
    allowed_hosts=("certificates.police.example",),
    database_engine="django.db.backends.postgresql",
    sqlite_allowed=False,
    redis_url="redis://queue.example:6379/0",
    email_url="smtp://mail.example",
)
SQLITE = "django.db.backends.sqlite3"


def start(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    probe = (
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.SECURE_SSL_REDIRECT,"
        " s.ALLOWED_HOSTS, s.EMAIL_HOST, s.DEBUG, s.SECURE_PROXY_SSL_HEADER)"
    )
    return subprocess.run(
        [sys.executable, "-c", probe],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_sound_configuration_has_no_fault() -> None:
    assert refusals.faults(SOUND) == []


@pytest.mark.parametrize(
    ("unsound", "named"),
    [
        (replace(SOUND, secret_key=""), "SECRET_KEY"),
        (replace(SOUND, secret_key="short"), "SECRET_KEY"),
        (replace(SOUND, secret_key="ab" * 40), "SECRET_KEY"),
        (replace(SOUND, secret_key=f"django-insecure-{SOUND.secret_key}"), "SECRET_KEY"),
        (replace(SOUND, file_keys=""), "FILE_KEYS"),
        (replace(SOUND, file_keys="k1:c2hvcnQ="), "FILE_KEYS"),
        (replace(SOUND, debug=True), "DEBUG"),
        (replace(SOUND, demo=True), "DEMO"),
        (replace(SOUND, site_url=""), "SITE_URL"),
        (replace(SOUND, site_url="http://certificates.police.example"), "SITE_URL"),
        (replace(SOUND, site_url="https://certificates.police.example/path"), "SITE_URL"),
        (replace(SOUND, allowed_hosts=()), "ALLOWED_HOSTS"),
        (replace(SOUND, allowed_hosts=("certificates.police.example", "*")), "ALLOWED_HOSTS"),
        (replace(SOUND, allowed_hosts=(".police.example",)), "ALLOWED_HOSTS"),
        (replace(SOUND, database_engine=SQLITE), "DATABASE_URL"),
        (replace(SOUND, redis_url=""), "REDIS_URL"),
        (replace(SOUND, email_url=""), "EMAIL_URL"),
        (replace(SOUND, credential_keys="k1:c2hvcnQ="), "CREDENTIAL_KEYS"),
        (replace(SOUND, signing=refusals.Signing(sources=("a.p12", "https://signer.example"))), "SIGNING_PKCS12,"),
        (replace(SOUND, signing=refusals.Signing(needs_certificates=True)), "SIGNING_CERTIFICATES"),
        (replace(SOUND, signing=refusals.Signing(addresses=("http://signer.example",))), "SIGNING_REMOTE_URL"),
    ],
)
def test_each_unsafe_value_is_refused_by_name(unsound: refusals.Candidate, named: str) -> None:
    found = refusals.faults(unsound)

    assert [fault.split()[0] for fault in found] == [named]


def test_sqlite_is_taken_when_somebody_says_so() -> None:
    assert refusals.faults(replace(SOUND, database_engine=SQLITE, sqlite_allowed=True)) == []


def test_production_does_not_start_from_nothing_and_names_everything_at_once(tmp_path: Path) -> None:
    done = start({"DJANGO_SETTINGS_MODULE": "config.settings.prod", "DATA_DIR": str(tmp_path)})

    assert done.returncode == 1
    named = [line.split()[1] for line in done.stderr.splitlines() if line.startswith("  - ")]
    assert named == ["SECRET_KEY", "FILE_KEYS", "SITE_URL", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"]


def test_no_refused_value_is_repeated(tmp_path: Path) -> None:
    done = start({**production(tmp_path), "SECRET_KEY": "too-short-but-mine", "FILE_KEYS": "k1:dG9vLXNob3J0"})

    assert done.returncode == 1
    assert "too-short-but-mine" not in done.stderr
    assert "dG9vLXNob3J0" not in done.stderr


def test_production_starts_hardened(tmp_path: Path) -> None:
    done = start(production(tmp_path))

    assert done.stderr == ""
    assert done.stdout == "True True 31536000 True ['certificates.police.example'] mail.example False None\n"


@pytest.mark.parametrize("flag", ["DEBUG", "DEMO"])
def test_production_refuses_what_only_a_demonstration_may_do(tmp_path: Path, flag: str) -> None:
    done = start({**production(tmp_path), flag: "yes"})

    assert done.returncode == 1
    assert f"  - {flag} must be off" in done.stderr


def test_production_starts_without_a_key_and_says_so_when_asked(tmp_path: Path) -> None:
    """What is decided meanwhile waits; `check --deploy` is where operators read of it before that."""
    environment = {**production(tmp_path), "SIGNING_PKCS12": "", "CREDENTIAL_KEYS": ""}

    assert start(environment).returncode == 0
    asked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert {code for code in ("core.W004", "core.W005") if code in asked.stderr} == {"core.W004", "core.W005"}


def test_production_makes_no_authority_of_its_own(tmp_path: Path) -> None:
    done = start(production(tmp_path))

    assert done.returncode == 0
    assert not (tmp_path / "keys").exists()


def test_processes_that_start_together_agree_on_the_demonstration_s_authority(tmp_path: Path) -> None:
    probe = "from django.conf import settings as s; print(s.DEMONSTRATION_AUTHORITY, s.CREDENTIAL_KEYS)"
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DATA_DIR": str(tmp_path),
    }
    started = [
        subprocess.Popen([sys.executable, "-c", probe], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = {process.communicate()[0] for process in started}

    assert len(said) == 1
    assert [path.stat().st_mode & 0o077 for path in (tmp_path / "keys").iterdir()] == [0] * 4


def test_a_real_key_leaves_the_demonstration_s_unmade(tmp_path: Path) -> None:
    probe = "from django.conf import settings as s; print(repr(s.DEMONSTRATION_AUTHORITY))"
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DATA_DIR": str(tmp_path),
        "SIGNING_PKCS12": "/run/secrets/authority.p12",
    }
    done = subprocess.run(
        [sys.executable, "-c", probe], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )

    assert done.stdout == "''\n"
    assert not (tmp_path / "keys" / "demonstration-authority").exists()
