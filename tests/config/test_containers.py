"""The image and the compose file, read as Docker reads them; the image's own command with real gunicorn."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from scripts.check import production
from scripts.stages import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "beat")
SECRET_NAMES = re.compile(r"SECRET|PASSWORD|KEYS|TOKEN")


def instructions(name: str) -> list[str]:
    joined = DOCKERFILE.replace("\\\n", " ")
    return [line.split(maxsplit=1)[1] for line in joined.splitlines() if line.startswith(f"{name} ")]


def command() -> list[str]:
    found: list[str] = json.loads(instructions("CMD")[-1])
    return found


def test_no_secret_has_a_default() -> None:
    # ${NAME:?message} stops; ${NAME:-value} and ${NAME} go on without.
    uses = re.findall(r"\$\{([A-Z_]+)(:[-?])?([^{}]*)", COMPOSE_TEXT)
    secret = {(name, operator) for name, operator, _ in uses if SECRET_NAMES.search(name)}

    assert secret == {
        (name, ":?") for name in ("SECRET_KEY", "FILE_KEYS", "CREDENTIAL_KEYS", "POSTGRES_PASSWORD", "VALKEY_PASSWORD")
    }
    assert [entry for entry in instructions("ENV") + instructions("ARG") if SECRET_NAMES.search(entry)] == []


def test_the_example_names_every_value_that_must_be_set_and_sets_none() -> None:
    required = set(re.findall(r"\$\{([A-Z_]+):\?", COMPOSE_TEXT))
    example = dict(re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))

    assert required <= example.keys()
    assert [name for name, value in example.items() if value] == []


def test_the_services_of_the_production_shape() -> None:
    assert set(SERVICES) == {*OURS, "postgres", "valkey"}
    assert {SERVICES[name]["image"] for name in OURS} == {"wardmark"}


@pytest.mark.parametrize("name", OURS)
def test_our_containers_can_do_no_more_than_they_must(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "DEBUG" not in service["environment"]
    assert "DEMO" not in service["environment"]


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "migrate"])
def test_everything_that_stays_up_is_watched(name: str) -> None:
    # The web's check is the image's own.
    assert "HEALTHCHECK" in DOCKERFILE if name == "web" else "test" in SERVICES[name]["healthcheck"]


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_nothing_starts_before_the_schema_is_there(name: str) -> None:
    assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_workers_can_be_multiplied_and_nothing_but_web_can_be_reached() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"web"}
    assert SERVICES["web"]["ports"][0].startswith("127.0.0.1:")
    assert [name for name, service in SERVICES.items() if "container_name" in service] == []
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert [SERVICES[name]["networks"] for name in ("postgres", "valkey")] == [["inside"], ["inside"]]


def test_the_image_runs_as_nobody_in_particular_and_names_no_address() -> None:
    assert instructions("USER") == ["wardmark"]
    assert "://" not in DOCKERFILE


def test_the_image_holds_every_app_and_copies_only_what_is_here() -> None:
    sources = [word for entry in instructions("COPY") if "--from" not in entry for word in shlex.split(entry)[:-1]]
    apps = {name for name in settings.INSTALLED_APPS if (ROOT / name).is_dir()}

    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert apps <= set(sources)


def test_what_the_image_copies_is_not_ignored() -> None:
    allowed = {
        line[1:].rstrip("/") for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    }
    sources = [word for entry in instructions("COPY") if "--from" not in entry for word in shlex.split(entry)[:-1]]

    assert [
        source for source in sources if not any(source == name or source.startswith(f"{name}/") for name in allowed)
    ] == []


# --- The image's command for real ------------------------------------------------------------------------------------


@dataclass
class Web:
    port: int
    environment: dict[str, str]

    def get(self, path: str, *, host: str = "certificates.police.example", **headers: str) -> http.client.HTTPResponse:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET", path, headers={"Host": host, "Connection": "close", **named})
            response = connection.getresponse()
            response.read()
            return response


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """What the Dockerfile does, on SQLite: collect the static files, migrate, start its command, wait for its check."""
    data_dir = tmp_path_factory.mktemp("data")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        **production(data_dir),
        "DATABASE_URL": "",
        "ALLOW_SQLITE": "yes",
        "REDIS_URL": f"unix://{data_dir}/nobody.sock",
        "BEHIND_TLS_PROXY": "yes",
        "PORT": str(port),
    }
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"]
    built = {**environment, "DJANGO_SETTINGS_MODULE": "config.settings.build"}
    subprocess.run(collect, cwd=ROOT, env=built, check=True)
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
    arguments = [word.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for word in command()]
    with subprocess.Popen(arguments, cwd=ROOT, env=environment) as process:
        try:
            deadline = time.monotonic() + 60
            while not healthy(environment):
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.2)
            yield Web(port, environment)
        finally:
            process.terminate()


def healthy(environment: dict[str, str]) -> bool:
    check = json.loads(DOCKERFILE.split("HEALTHCHECK")[1].split("CMD", 1)[1].splitlines()[0])
    return subprocess.run(check, cwd=ROOT, env=environment, check=False).returncode == 0


@pytest.mark.integration
@pytest.mark.sqlite
def test_the_images_command_serves_and_is_found_healthy(web: Web) -> None:
    plain = web.get("/accounts/login/")
    assert plain.status == 301
    assert plain.headers["Location"] == "https://certificates.police.example/accounts/login/"

    # The broker is an address where nobody listens: signing in does not need it.
    page = web.get("/accounts/login/", X_Forwarded_Proto="https")
    assert page.status == 200
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert "upgrade-insecure-requests" in page.headers["Content-Security-Policy"]
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-csrf=")
    assert "Secure" in cookie

    stranger = web.get("/accounts/login/", host="evil.example", X_Forwarded_Proto="https")
    assert stranger.status == 400
