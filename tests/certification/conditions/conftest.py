from __future__ import annotations

import pytest

from accounts.models import Organisation, User
from certification.models import Certificate, CertificateCondition
from tests.factories.certificates import decided_certificate, put_in


@pytest.fixture
def certificate(organisation: Organisation, adviser: User, authoriser: User) -> Certificate:
    """In force with one condition, on GOV-02; reviewed by `adviser`, signed by `authoriser`."""
    decided = decided_certificate(organisation, reviewer=adviser, signer=authoriser, levels={"GOV-02": 2})
    return put_in("in_force", decided)


@pytest.fixture
def condition(certificate: Certificate) -> CertificateCondition:
    return certificate.conditions.get()
