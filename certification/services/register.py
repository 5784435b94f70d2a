"""Keeping the rows that the register is searched by in step with the certificates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from certification.domain import lifecycle, search_words
from certification.models import Certificate, RegisterIndex, RegisterSpelling
from certification.selectors.certificates import kind_of
from certification.selectors.listing import is_kept_off

CHUNK: Final = 1000
_LONGEST_NAME: Final = 200
_COLUMNS: Final = ("sort_name", "text", "area", "kind", "state", "valid_until")


def enter(certificate: Certificate, *, at: datetime) -> None:
    """In the caller's transaction, with the certificate as it is in memory: its row comes, changes or goes.

    Called where a certificate's state moves (`_moves.move_certificate`) and where its place on the register does, and
    nowhere else. One that is not stored yet has no place.
    """
    if certificate._state.adding:
        return
    if not _belongs(certificate):
        RegisterIndex.objects.filter(pk=certificate.pk).delete()
        return
    known = RegisterIndex.objects.filter(pk=certificate.pk)
    # The words of an issued certificate never change.
    if known.update(state=certificate.state, changed_at=at):
        return
    row = _row(certificate, at)
    row.save(force_insert=True)
    _learn(search_words.spelled(row.text))


def settle_listing(certificate: Certificate) -> None:
    """As it is issued: what is kept off the list stays off it with its next certificate (renewed, varied, transferred)."""
    if certificate._state.adding or not certificate.listed or not is_kept_off(certificate):
        return
    certificate.listed = False
    Certificate.objects.filter(pk=certificate.pk).update(listed=False)


def _belongs(certificate: Certificate) -> bool:
    """Issued once, whatever became of it since; never what was revoked before its document was made."""
    issued = certificate.issued_at is not None and certificate.state != lifecycle.BEING_ISSUED
    return certificate.listed and issued


def _row(certificate: Certificate, at: datetime) -> RegisterIndex:
    said = f"{certificate.subject_name} {certificate.subject_place} {certificate.holder_name}"
    return RegisterIndex(
        certificate=certificate,
        sort_name=search_words.fold(certificate.subject_name)[:_LONGEST_NAME],
        text=f" {search_words.fold(said)} ",
        area_id=certificate.area_id,
        kind=kind_of(certificate),
        state=certificate.state,
        valid_until=certificate.valid_until,
        changed_at=at,
    )


def _learn(words: Iterable[str]) -> None:
    wanted = sorted(words)
    known = set(RegisterSpelling.objects.filter(key__in=wanted, word__in=wanted).values_list("word", flat=True))
    fresh = (word for word in wanted if word not in known)
    RegisterSpelling.objects.bulk_create(
        [RegisterSpelling(key=key, word=word) for word in fresh for key in sorted(search_words.keys(word))],
        batch_size=CHUNK,
        ignore_conflicts=True,
    )


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """`written` rows were missing or wrong, `removed` ones had no business there. Both are 0 where all was well."""

    rows: int = 0
    written: int = 0
    removed: int = 0

    def __add__(self, other: Rebuilt) -> Rebuilt:
        return Rebuilt(self.rows + other.rows, self.written + other.written, self.removed + other.removed)


def rebuild() -> Rebuilt:
    """Every row as its certificate says, in chunks with a transaction each; the register is open meanwhile."""
    return sum((refresh(ids) for ids in _chunks()), Rebuilt())


def refresh(ids: Sequence[UUID]) -> Rebuilt:
    """The same for some certificates."""
    with transaction.atomic():
        found = Certificate.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("-created_at", "-pk")
        belonging = [certificate for certificate in found if _belongs(certificate)]
        strays = RegisterIndex.objects.filter(pk__in=set(ids) - {c.pk for c in belonging})
        return Rebuilt(len(belonging), _write(belonging), strays.delete()[0])


def _write(certificates: Sequence[Certificate]) -> int:
    now = timezone.now()
    known = RegisterIndex.objects.in_bulk([certificate.pk for certificate in certificates])
    wanted = [_row(certificate, now) for certificate in certificates]
    wrong = [row for row in wanted if row.pk not in known or _differs(row, known[row.pk])]
    RegisterIndex.objects.bulk_create(
        wrong,
        batch_size=CHUNK,
        update_conflicts=True,
        unique_fields=["certificate"],
        update_fields=[*_COLUMNS, "changed_at"],
    )
    _learn({word for row in wrong for word in search_words.spelled(row.text)})
    return len(wrong)


def _differs(row: RegisterIndex, known: RegisterIndex) -> bool:
    return any(getattr(row, name) != getattr(known, name) for name in ("area_id", *_COLUMNS) if name != "area")


def _chunks() -> Iterator[list[UUID]]:
    last: UUID | None = None
    while True:
        found = Certificate.objects.order_by("pk")
        found = found.filter(pk__gt=last) if last else found
        ids = list(found.values_list("pk", flat=True)[:CHUNK])
        if not ids:
            return
        last = ids[-1]
        yield ids
