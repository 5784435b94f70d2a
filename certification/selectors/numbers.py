"""The series of certificate numbers against the certificates and the audit trail: nothing missing, nothing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from certification.domain import certificate_number
from certification.domain.certificate_number import CertificateNumber, InvalidNumberError
from certification.models import Certificate, CertificateSerial
from core.models import AuditEvent

__all__ = ["Verdict", "verify"]

_BATCH: Final = 5000


@dataclass(frozen=True, slots=True)
class Verdict:
    """`problems` in the order of the series; empty when it holds."""

    series: int
    certificates: int
    problems: tuple[str, ...]


def verify() -> Verdict:
    """Every number of a series, from 1 to its last, is that of one certificate, whose making the trail records once under
    that number. A transaction that is rolled back gives its number back, so there is no gap that anything explains.

    Nobody signs while it walks. Memory in proportion to the number of certificates: two small values each.
    """
    with transaction.atomic():
        # Whoever makes a certificate holds this lock until it is committed: nobody is half-way while we look.
        last = dict(CertificateSerial.objects.select_for_update().values_list("year", "last"))
        held, problems = _held()
        recorded, more = _recorded()
    found = [*problems, *more, *_against_series(held, last), *_against_trail(held, recorded)]
    return Verdict(len(last), len(held), tuple(found))


def _held() -> tuple[dict[CertificateNumber, str], list[str]]:
    """Number → certificate."""
    held: dict[CertificateNumber, str] = {}
    problems = []
    for pk, number in Certificate.objects.order_by().values_list("pk", "number").iterator(chunk_size=_BATCH):
        parsed = _parsed(number)
        if parsed is None:
            problems.append(f"{number} of certificate {pk} is no certificate number.")
        else:
            held[parsed] = str(pk)
    return held, problems


def _recorded() -> tuple[dict[CertificateNumber, str], list[str]]:
    """Number → certificate, as the trail has it."""
    events = AuditEvent.objects.filter(action="certificate.created").order_by()
    recorded: dict[CertificateNumber, str] = {}
    problems = []
    times: Counter[CertificateNumber] = Counter()
    for target, facts in events.values_list("target_id", "facts").iterator(chunk_size=_BATCH):
        parsed = _parsed(str(facts.get("number", "")))
        if parsed is None:
            problems.append(f"The trail records certificate {target} without a number.")
            continue
        times[parsed] += 1
        recorded[parsed] = target
    problems += [f"{number} was given {count} times." for number, count in sorted(times.items()) if count > 1]
    return recorded, problems


def _against_series(held: dict[CertificateNumber, str], last: dict[int, int]) -> Iterator[str]:
    for year, highest in sorted(last.items()):
        for serial in range(1, highest + 1):
            number = CertificateNumber(year, serial)
            if number not in held:
                yield f"{number} is missing: the series of {year} has come to {highest}."
    for number in sorted(held):
        if number.serial > last.get(number.year, 0):
            yield f"{number} is beyond the series of {number.year}, which has come to {last.get(number.year, 0)}."


def _against_trail(held: dict[CertificateNumber, str], recorded: dict[CertificateNumber, str]) -> Iterator[str]:
    for number, certificate in sorted(held.items()):
        target = recorded.get(number)
        if target is None:
            yield f"{number} was made without a record in the audit trail."
        elif target != certificate:
            yield f"{number} is recorded for another certificate than the one that carries it."
    for number in sorted(set(recorded) - set(held)):
        yield f"{number} is in the audit trail, and no certificate carries it."


def _parsed(number: str) -> CertificateNumber | None:
    try:
        return certificate_number.parse(number)
    except InvalidNumberError:
        return None
