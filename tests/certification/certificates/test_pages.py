from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories.certificates import issued_certificate, decided_certificate


def test_smoke(organisation, owner, adviser, authoriser, client_for, client, django_assert_num_queries):
    certificate = issued_certificate(organisation, reviewer=adviser, signer=authoriser, levels={"GOV-02": 2})
    c = client_for(owner)
    for name, args in [("certificates", []), ("certificate", [certificate.pk]), ("certificate_download", [certificate.pk])]:
        r = c.get(reverse("certification:" + name, args=args))
        assert r.status_code == 200, (name, r.content[:500])
    for url in ["/check/", f"/check/{certificate.token}/", f"/check/{certificate.number}/", "/register/", "/check/?number=PSC-2026-000001-0", "/check/abc/", f"/check/{certificate.token}/?format=json"]:
        r = client.get(url)
        assert r.status_code == 200, url
        print(url, r.headers["Content-Type"])
    r = client_for(adviser).get(reverse("certification:revocation", args=[certificate.pk]))
    assert r.status_code == 200
