from __future__ import annotations

import pytest

from tests.factories.certificates import issued_certificate


def test_smoke(organisation, adviser, authoriser):
    certificate = issued_certificate(organisation, reviewer=adviser, signer=authoriser)
    assert certificate.state == "in_force"
