from __future__ import annotations

import pytest

from accounts.models import Organisation, User
from advisories.models import ThreatConfirmation
from certification.models import Certificate
from tests.factories import accounts as people
from tests.factories import certificates as make
from tests.factories import threat as given


@pytest.fixture
def second_admin(national_admin: User) -> User:
    return people.make_administrator()


@pytest.fixture
def held(organisation: Organisation, adviser: User, authoriser: User) -> Certificate:
    """The organisation's, in force at the enhanced tier."""
    return given.enhanced(make.decided_certificate(organisation, reviewer=adviser, signer=authoriser))


@pytest.fixture
def confirmation(held: Certificate) -> ThreatConfirmation:
    """The response level rose from normal to heightened, and the holder was asked a moment ago."""
    return given.asked().confirmations.get()
