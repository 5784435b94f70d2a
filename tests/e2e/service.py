"""The whole service as `make run` starts it: gunicorn, worker, beat and Valkey, on a data directory of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from scripts.stages import ROOT

SECONDS: Final = 90.0


@dataclass(frozen=True, slots=True)
class Service:
    """`plans`: the addresses of the plans that the cast has begun, by the names of cast.py. `env`: what it runs with."""

    address: str
    plans: dict[str, str]
    env: dict[str, str] = field(default_factory=dict)


@contextmanager
def serving(data_dir: Path) -> Iterator[Service]:
    """By name and not by number: a browser gives passkeys to names alone."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    address = f"http://localhost:{port}"
    env = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "DATA_DIR": str(data_dir),
        "PORT": str(port),
        "SITE_URL": address,
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DEMO": "yes",
        "LOG_LEVEL": "WARNING",
    }
    filled = subprocess.run(
        [sys.executable, "-m", "tests.e2e.cast"], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE
    )
    said = data_dir / "service.log"
    with said.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "scripts.serve"], cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait(process, address, said)
            yield Service(address, plans=json.loads(filled.stdout), env=env)
        finally:
            process.terminate()
            process.wait(timeout=SECONDS)


def _wait(process: subprocess.Popen[bytes], address: str, said: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5) as response:  # noqa: S310 - our own address
                if json.load(response)["checks"]["worker"] == "ok":
                    return
        except (OSError, urllib.error.URLError):
            pass
        time.sleep(0.2)
    pytest.fail(f"the service did not start:\n{said.read_text(encoding='utf-8', errors='replace')[-4000:]}")
