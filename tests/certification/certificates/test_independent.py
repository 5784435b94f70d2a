"""What somebody who does not trust this software would do: pyHanko's command line, with the root that our page gives."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from certification.models import Certificate
from scripts.test import strict_about_skips
from tests.conftest import ClientFor
from tests.core.signing.authorities import authority

ACCEPTED = "The signature is judged VALID."


@pytest.fixture(scope="module")
def pyhanko() -> str:
    found = shutil.which("pyhanko", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is not None:
        return found
    missing = "pyHanko's command line is not installed; run: make setup"
    if strict_about_skips():
        pytest.fail(missing)
    pytest.skip(missing)  # on somebody's own machine alone: under CI=true it has failed above


@pytest.fixture
def document(issued: Certificate, owner: User, client_for: ClientFor, tmp_path: Path) -> Path:
    """As its holder downloads it."""
    file = tmp_path / "certificate.pdf"
    address = reverse("certification:certificate_download", args=[issued.pk])
    file.write_bytes(client_for(owner).get(address).content)
    return file


@pytest.fixture
def root(document: Path, client: Client) -> Path:
    """As anybody downloads it from the page about the issuing authority."""
    page = client.get(reverse("certification:issuing_authority")).content.decode()
    [address] = set(re.findall(r'href="(/check/authority/[^"]+\.pem)"', page))
    file = document.with_name("root.pem")
    file.write_bytes(client.get(address).content)
    return file


def judged(pyhanko: str, document: Path, root: Path) -> tuple[bool, str]:
    """Whether it accepts, by its exit code; and all that it says. Without a network and without a configuration."""
    command = [pyhanko, "sign", "validate", "--pretty-print", "--trust", root.name, document.name]
    env = {"PATH": os.environ["PATH"], "HOME": str(document.parent), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, cwd=document.parent, env=env, capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stdout + done.stderr


def test_it_accepts_what_was_issued(pyhanko: str, document: Path, root: Path) -> None:
    accepted, said = judged(pyhanko, document, root)
    assert accepted, said
    assert ACCEPTED in said


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_it_refuses_a_changed_byte(pyhanko: str, document: Path, root: Path, share: float) -> None:
    content = bytearray(document.read_bytes())
    begin = content.index(b"/Contents <")
    covered = [*range(begin), *range(content.index(b">", begin) + 1, len(content))]
    content[covered[int(len(covered) * share)]] ^= 1
    document.write_bytes(content)
    accepted, said = judged(pyhanko, document, root)
    assert not accepted
    assert ACCEPTED not in said


def test_it_refuses_another_root(pyhanko: str, document: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    other.write_text(authority().chain.pem.split("-----END CERTIFICATE-----\n", 1)[1])
    accepted, said = judged(pyhanko, document, other)
    assert not accepted
    assert ACCEPTED not in said
