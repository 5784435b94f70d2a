from __future__ import annotations

import pytest

from accounts.models import Organisation, User
from certification.models import Certificate
from tests.factories import certificates as make


@pytest.fixture
def certified(organisation: Organisation, adviser: User, authoriser: User) -> Certificate:
    """A hall's, in force; its document is a row and no file."""
    return make.put_in("in_force", make.decided_certificate(organisation, reviewer=adviser, signer=authoriser))
