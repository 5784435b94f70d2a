"""A condition is what was signed, even for somebody who writes past the services."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from certification.models import Certificate, CertificateCondition

# What may move, and by what: an extension, the holder's naming of somebody, an officer's wait, the discharge.
FREE = {"due_on", "due_set_at", "owner", "waiting_until", "discharged_at"}
FIXED = {field.name for field in CertificateCondition._meta.concrete_fields} - FREE


def write(condition: CertificateCondition, **values: object) -> None:
    with transaction.atomic():
        CertificateCondition.objects.filter(pk=condition.pk).update(**values)


def test_what_was_signed_stays(condition: CertificateCondition, certificate: Certificate) -> None:
    before = CertificateCondition.objects.filter(pk=condition.pk).values(*FIXED).get()
    others = {"id": condition.pk + 1, "certificate": None, "criterion_code": "GOV-99", "text": condition.text + "!"}
    others |= {"stands_from": condition.pk, "origin": condition.pk}
    assert set(others) == FIXED

    for name, value in others.items():
        with pytest.raises(DatabaseError, match="append-only"):
            write(condition, **{name: value})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        CertificateCondition.objects.filter(pk=condition.pk)._raw_delete("default")

    assert CertificateCondition.objects.filter(pk=condition.pk).values(*FIXED).get() == before


def test_it_is_met_once(condition: CertificateCondition) -> None:
    now = timezone.now()
    write(condition, due_on=condition.due_on + timedelta(days=30), due_set_at=now, discharged_at=now)
    for other in (None, now + timedelta(days=1)):
        with pytest.raises(DatabaseError, match="append-only"):
            write(condition, discharged_at=other)
    condition.refresh_from_db()
    assert condition.discharged_at == now
