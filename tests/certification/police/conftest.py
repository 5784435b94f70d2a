from __future__ import annotations

import pytest

from certification.models import StandardVersion
from tests.factories.certification import small_standard


@pytest.fixture(autouse=True)
def standard(request: pytest.FixtureRequest) -> StandardVersion | None:
    """The small standard is in force wherever a test has a database."""
    if not {"db", "transactional_db"} & set(request.fixturenames):
        return None
    request.getfixturevalue("transactional_db" if "transactional_db" in request.fixturenames else "db")
    return small_standard()
