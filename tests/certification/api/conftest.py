from __future__ import annotations

import pytest

from certification.models import StandardVersion
from tests.factories.certification import small_standard


@pytest.fixture
def standard(db: None) -> StandardVersion:
    """The small standard is in force."""
    return small_standard()
