"""A number is never used twice, and the series has no gap."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, User
from certification.domain import certificate_number
from certification.models import Certificate, CertificateCondition, CertificateSerial
from certification.selectors import numbers
from certification.services import variations
from core.models import AuditEvent
from tests import flush
from tests.factories import certificates as make

YEAR = timezone.localdate().year


def number(serial: int) -> str:
    return certificate_number.make(YEAR, serial)


@pytest.fixture
def three(organisation: Organisation, adviser: User, authoriser: User) -> list[Certificate]:
    """Two decided on, and the second one's variation."""
    first = make.decided_certificate(organisation, reviewer=adviser, signer=authoriser)
    second = make.put_in("in_force", make.decided_certificate(organisation, reviewer=adviser, signer=authoriser))
    with transaction.atomic():
        third = variations.create_varied(actor=authoriser, certificate=second, scope="Other words.")
    return [first, second, third]


def test_decisions_and_variations_share_one_series_that_holds(three: list[Certificate]) -> None:
    assert [one.number for one in three] == [number(1), number(2), number(3)]
    assert numbers.verify() == numbers.Verdict(series=1, certificates=3, problems=())
    output = io.StringIO()
    call_command("verify_numbers", stdout=output)
    assert "3 certificates in 1 series" in output.getvalue()
    assert "Every number was given once, and none is missing." in output.getvalue()


def test_before_the_first_certificate_it_holds(db: None) -> None:
    assert numbers.verify().problems == ()


def forged(row: Certificate) -> None:
    """Somebody with the database in their hands takes the certificate away."""
    with flush.lifted("certification_certificate"), flush.lifted("certification_certificatecondition"):
        CertificateCondition.objects.filter(certificate=row).delete()
        Certificate.objects.filter(pk=row.pk)._raw_delete("default")


def test_a_forged_gap_is_found(three: list[Certificate]) -> None:
    forged(three[0])
    assert numbers.verify().problems == (
        f"{number(1)} is missing: the series of {YEAR} has come to 3.",
        f"{number(1)} is in the audit trail, and no certificate carries it.",
    )
    errors = io.StringIO()
    with pytest.raises(CommandError, match="2 faults") as raised:
        call_command("verify_numbers", stdout=io.StringIO(), stderr=errors)
    assert raised.value.returncode == 1
    assert errors.getvalue().splitlines() == list(numbers.verify().problems)


def test_a_gap_whose_record_was_taken_away_too_is_found(three: list[Certificate]) -> None:
    forged(three[0])
    with flush.lifted("core_auditevent"):
        AuditEvent.objects.filter(action="certificate.created", target_id=str(three[0].pk))._raw_delete("default")
    assert numbers.verify().problems == (f"{number(1)} is missing: the series of {YEAR} has come to 3.",)


def test_a_series_that_was_set_back_or_forward_is_found(three: list[Certificate]) -> None:
    CertificateSerial.objects.update(last=2)
    assert numbers.verify().problems == (f"{number(3)} is beyond the series of {YEAR}, which has come to 2.",)
    CertificateSerial.objects.update(last=4)
    assert numbers.verify().problems == (f"{number(4)} is missing: the series of {YEAR} has come to 4.",)


def test_a_certificate_that_changed_its_number_is_found(three: list[Certificate]) -> None:
    with flush.lifted("certification_certificate"):
        Certificate.objects.filter(pk=three[1].pk).update(number=number(9))
    assert numbers.verify().problems == (
        f"{number(2)} is missing: the series of {YEAR} has come to 3.",
        f"{number(9)} is beyond the series of {YEAR}, which has come to 3.",
        f"{number(9)} was made without a record in the audit trail.",
        f"{number(2)} is in the audit trail, and no certificate carries it.",
    )


def test_two_that_changed_places_are_found(three: list[Certificate]) -> None:
    first, second, _third = three
    with flush.lifted("certification_certificate"):
        Certificate.objects.filter(pk=first.pk).update(number="PSC-SPARE")
        Certificate.objects.filter(pk=second.pk).update(number=number(1))
        Certificate.objects.filter(pk=first.pk).update(number=number(2))
    assert numbers.verify().problems == (
        f"{number(1)} is recorded for another certificate than the one that carries it.",
        f"{number(2)} is recorded for another certificate than the one that carries it.",
    )


def test_a_number_with_a_wrong_check_character_is_found(three: list[Certificate]) -> None:
    with flush.lifted("certification_certificate"):
        Certificate.objects.filter(pk=three[0].pk).update(number="PSC-2026-000001-X")
    assert numbers.verify().problems[0] == (f"PSC-2026-000001-X of certificate {three[0].pk} is no certificate number.")
