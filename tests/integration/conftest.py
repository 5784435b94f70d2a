from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from certification.models import StandardVersion
from tests.factories.certification import small_standard
from tests.integration.stack import Stack


@pytest.fixture
def standard(transactional_db: None) -> StandardVersion:
    return small_standard()


@pytest.fixture
def stack(standard: StandardVersion) -> Iterator[Stack]:
    """Nothing runs yet; everything that a test starts is killed before the database is emptied."""
    directory = Path(tempfile.mkdtemp(prefix="wm-it-"))
    made = Stack(directory)
    try:
        made.start_broker()
        yield made
    finally:
        made.close()
        shutil.rmtree(directory, ignore_errors=True)
