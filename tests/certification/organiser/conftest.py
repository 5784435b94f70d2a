from __future__ import annotations

import pytest

from certification.models import StandardVersion
from tests.factories import certification as make


@pytest.fixture(autouse=True)
def standard(db: None) -> StandardVersion:
    """The small standard, in force."""
    return make.small_standard()
