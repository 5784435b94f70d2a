"""`make run`'s supervisor with real processes: they start together, stop together, and survive being killed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts.stages import ROOT

pytestmark = [pytest.mark.integration, pytest.mark.sqlite]

SECONDS = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(what: Callable[[], object], *, seconds: float = SECONDS) -> object:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, urllib.error.URLError):
            if found := what():
                return found
        time.sleep(0.1)
    pytest.fail(f"did not happen within {seconds} seconds")


@dataclass
class Service:
    process: subprocess.Popen[str]
    port: int

    def states(self) -> dict[str, str]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as response:
            found: dict[str, str] = json.load(response)["checks"]
            return found

    def wait_until_ready(self) -> None:
        eventually(lambda: self.process.poll() is None and self.states()["worker"] == "ok")

    def children(self) -> dict[str, int]:
        """Our processes by what they run, found under the supervisor."""
        listing = subprocess.run(
            ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        found: dict[str, int] = {}
        for line in listing.splitlines():
            pid, _, args = line.strip().partition(" ")
            for name, sign in (("web", "gunicorn"), ("worker", " worker "), ("beat", " beat "), ("valkey", "valkey")):
                if sign in args:
                    found[name] = int(pid)
        return found

    def stop(self) -> str:
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.communicate(timeout=SECONDS)[0]


def launch(data_dir: Path, port: int) -> Service:
    env = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", str(data_dir)),
        "DATA_DIR": str(data_dir),
        "PORT": str(port),
        "DEMO": "no",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts.serve"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Service(process, port)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # A blank, and too long for a socket: what a home directory on a desktop may look like.
    return tmp_path_factory.mktemp("my files") / ("a-rather-long-name-" * 4)


@pytest.fixture
def service(data_dir: Path) -> Iterator[Service]:
    running = launch(data_dir, free_port())
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.stop()


def alive(pid: int) -> bool:
    # A zombie that nobody has waited for yet is dead enough.
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_starts_and_stops_everything_together_and_keeps_others_off_its_data(service: Service, data_dir: Path) -> None:
    children = service.children()
    assert sorted(children) == ["beat", "valkey", "web", "worker"]
    assert data_dir.stat().st_mode & 0o777 == 0o700

    second = launch(data_dir, free_port())
    refusal = second.process.communicate(timeout=SECONDS)[0]
    assert second.process.returncode == 1
    assert f"already running on {data_dir} (process {service.process.pid})" in refusal

    service.stop()

    assert service.process.returncode == 0
    assert [name for name, pid in children.items() if alive(pid)] == []


@pytest.mark.parametrize("victim", ["worker", "valkey"])
def test_one_that_dies_takes_the_others_down_and_says_so(service: Service, victim: str) -> None:
    children = service.children()
    os.kill(children[victim], signal.SIGKILL)

    output = service.process.communicate(timeout=SECONDS)[0]

    assert service.process.returncode == 128 + signal.SIGKILL
    assert f"{victim} ended" in output
    assert [name for name, pid in children.items() if alive(pid)] == []


def test_a_taken_port_is_said_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        output = launch(tmp_path, port).process.communicate(timeout=SECONDS)[0]

    assert output == (
        f"make run: Port {port} on 127.0.0.1 cannot be used (Address already in use). "
        f"Choose another: PORT={port + 1} make run\n"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help for orphans is Linux's")
def test_a_killed_supervisor_leaves_nothing_in_the_way_of_the_next(service: Service, data_dir: Path) -> None:
    children = service.children()
    service.process.kill()
    service.process.wait()
    eventually(lambda: not any(alive(children[name]) for name in ("web", "worker", "beat")))

    following = launch(data_dir, service.port)
    try:
        following.wait_until_ready()
        assert not alive(children["valkey"])
    finally:
        following.stop()
    assert following.process.returncode == 0
