"""Conditions of a certificate in force, in situations, made by the services."""

from __future__ import annotations

import io
from datetime import date, timedelta

from django.utils import timezone

from accounts.models import User
from certification.models import Certificate, CertificateCondition, ConditionDischarge, ConditionExtension, Evidence
from certification.services import conditions, discharges

NOTE = "SECRET-NOTE the hatch was bolted."
REASON = "SECRET-WHY the builder is late."


def due(condition: CertificateCondition, day: date) -> CertificateCondition:
    """As if the decision had set that day."""
    CertificateCondition.objects.filter(pk=condition.pk).update(due_on=day)
    condition.refresh_from_db()
    return condition


def overdue(condition: CertificateCondition, days: int = 5) -> CertificateCondition:
    return due(condition, timezone.localdate() - timedelta(days=days))


def add(certificate: Certificate, code: str, day: date, text: str = "SECRET-CONDITION") -> CertificateCondition:
    return CertificateCondition.objects.create(certificate=certificate, criterion_code=code, text=text, due_on=day)


def submitted(condition: CertificateCondition, by: User, *, note: str = NOTE) -> ConditionDischarge:
    return discharges.submit(actor=by, condition_id=condition.pk, note=note)


def asked(condition: CertificateCondition, by: User, *, days: int = 30) -> ConditionExtension:
    until = max(condition.due_on, timezone.localdate()) + timedelta(days=days)
    return conditions.ask(actor=by, condition_id=condition.pk, until=until, reason=REASON)


def a_file(content: bytes = b"Invoice of the locksmith.") -> io.BytesIO:
    return io.BytesIO(content)


def clean_file(condition: CertificateCondition, by: User) -> Evidence:
    """Attached, and found clean."""
    kept = discharges.attach(actor=by, condition_id=condition.pk, upload=a_file(), name="invoice.txt")
    Evidence.objects.filter(pk=kept.pk).update(scan="clean", scanned_at=timezone.now(), scanner="demonstration")
    kept.refresh_from_db()
    return kept
