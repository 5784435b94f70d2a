"""From an upload to a file that may be opened: kept in the vault, scanned once, and scanned later where there was no scanner.

Three apps' rows are such files; what they are about, who is told and what the trail says stays with their services.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Final, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from core import outbox, scanner, storage
from core.uploads.inspection import Inspected, inspect

__all__ = ["CLEAN", "HELD", "INFECTED", "PENDING", "OpenedFile", "Vaulted", "judge", "keep", "promise_scans", "scan"]

PENDING: Final = "pending"
CLEAN: Final = "clean"
INFECTED: Final = "infected"
HELD: Final = "held"
_WAITING: Final = (PENDING, HELD)

CHUNK: Final = 200
_PIECE: Final = 256 * 1024


class Vaulted(Protocol):
    """A row with a file in the vault. `scan` is one of the four words above."""

    scan: str
    scanned_at: datetime | None
    scanner: str
    storage_name: str


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """`chunks` is decrypted as it is read."""

    name: str
    content_type: str
    size: int
    chunks: Iterator[bytes]


@contextmanager
def keep(upload: BinaryIO, *, name: str, folder: str) -> Iterator[tuple[Inspected, str]]:
    """The file looked at and its name in the vault, where it stays unless the caller's transaction fails.

    Both are slow, so it is entered before the transaction. Raises InvalidInput (field `file`).
    """
    inspected = inspect(upload, name=name)
    stored = f"{folder}/{secrets.token_hex(16)}"
    storage.write(stored, iter(lambda: upload.read(_PIECE), b""))
    try:
        yield inspected, stored
    except BaseException:
        storage.delete(stored)
        raise


def scan(file: Vaulted, settle: Callable[[scanner.Verdict | None], object]) -> None:
    """What an outbox handler does: `settle` gets the verdict, or None where there is no scanner.

    A file that is judged already is left alone; a scanner that is down puts the job back.
    """
    if file.scan not in _WAITING:
        return
    engine = scanner.configured()
    if engine is None:
        settle(None)
        return
    try:
        verdict = engine.scan(storage.read(file.storage_name))
    except scanner.ScannerDown as error:
        raise outbox.TryLater(str(error)) from error
    settle(verdict)


def judge(file: Vaulted, verdict: scanner.Verdict | None, *, at: datetime) -> bool:
    """Sets the verdict on a locked row, for the caller to save; False where it was stored before. An infected file leaves
    the vault when the caller's transaction is through.
    """
    if file.scan not in _WAITING or (verdict is None and file.scan == HELD):
        return False
    if verdict is None:
        file.scan = HELD
        return True
    file.scan = CLEAN if verdict.clean else INFECTED
    file.scanned_at, file.scanner = at, verdict.scanner
    if file.scan == INFECTED:
        stored = file.storage_name
        transaction.on_commit(lambda: storage.delete(stored))
    return True


def promise_scans(files: QuerySet[Any], *, kind: str, name: str, key: str, now: datetime) -> int:
    """Promises a scan of each held one of `files`, now that there is a scanner; how many. Without one it does nothing.

    In chunks with a transaction each. `name` is the payload's; `key` begins the job's. A file whose scan is promised already
    is left alone, and a key for each hour keeps two sweeps at once from promising twice.
    """
    if scanner.configured() is None:
        return 0
    return sum(_promise(ids, kind=kind, name=name, key=key, now=now) for ids in _held(files))


def _held(files: QuerySet[Any]) -> Iterator[list[UUID]]:
    held = files.filter(scan=HELD).order_by("uploaded_at", "id")
    found = held
    while rows := list(found.values_list("uploaded_at", "id")[:CHUNK]):
        yield [pk for _at, pk in rows]
        at, last = rows[-1]
        found = held.filter(Q(uploaded_at__gt=at) | Q(uploaded_at=at, id__gt=last), uploaded_at__gte=at)


def _promise(ids: Sequence[UUID], *, kind: str, name: str, key: str, now: datetime) -> int:
    names = [str(pk) for pk in ids]
    with transaction.atomic():
        promised = set(outbox.open_values(kind=kind, name=name, values=names))
        jobs = {f"{key}:{pk}:rescan:{now:%Y%m%d%H}": {name: pk} for pk in names if pk not in promised}
        outbox.enqueue_all(kind=kind, jobs=jobs)
    return len(jobs)
