from __future__ import annotations

import pytest

from accounts.models import Organisation, User
from certification.models import Certificate, StandardVersion
from tests.factories.certificates import decided_certificate, issued_certificate
from tests.factories.certification import small_standard


@pytest.fixture(autouse=True)
def standard(request: pytest.FixtureRequest) -> StandardVersion | None:
    """The small standard is in force wherever a test has a database."""
    if not {"db", "transactional_db"} & set(request.fixturenames):
        return None
    request.getfixturevalue("transactional_db" if "transactional_db" in request.fixturenames else "db")
    return small_standard()


@pytest.fixture
def decided(organisation: Organisation, adviser: User, authoriser: User) -> Certificate:
    """Signed with one condition; the document is not made yet."""
    return decided_certificate(organisation, reviewer=adviser, signer=authoriser, levels={"GOV-02": 2})


@pytest.fixture
def issued(organisation: Organisation, adviser: User, authoriser: User) -> Certificate:
    """In force with one condition and its PDF."""
    return issued_certificate(organisation, reviewer=adviser, signer=authoriser, levels={"GOV-02": 2})
