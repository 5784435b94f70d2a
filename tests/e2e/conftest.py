from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browsing import Inspector, chromium
from tests.e2e.service import Service, serving


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("service")) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=40_000)
    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def shared_inspector(service: Service, browser: Browser) -> Inspector:
    """One for the run: a kind of page that another journey came to is not looked at again."""
    return Inspector(browser, service.address)


@pytest.fixture
def inspector(shared_inspector: Inspector) -> Iterator[Inspector]:
    """Nothing that it finds in a test's pages goes unsaid."""
    shared_inspector.faults.clear()
    yield shared_inspector
    assert not shared_inspector.faults, "\n".join(shared_inspector.faults)
