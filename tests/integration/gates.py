"""Points at which a real process waits, so that a test can kill it exactly there.

A point is closed for one thing (a certificate, a chunk) by a file named after both; whoever arrives writes that it did
and waits. Nothing of this is known to the service: the settings of these tests name the handler below.
"""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

# In the order in which a test sends somebody to each: whoever is laying out burns a processor, and on SQLite whoever
# waits inside a transaction keeps everybody else from writing.
RENDER_POINTS: Final = ("sealed", "half-stored", "stored", "issued", "laying-out", "in-transaction")
REMINDERS_CHUNK: Final = 40
# How many places an advisory goes to. ADDRESSED_PLACES=100000 proves it at national size, in parts of the real size.
PLACES: Final = int(os.environ.get("ADDRESSED_PLACES", "200"))
NATIONAL: Final = PLACES >= 5000
ADDRESSING_CHUNK: Final = 500 if NATIONAL else 40
MAILINGS_BATCH: Final = 1000 if NATIONAL else 15
_POLL: Final = 0.05


def directory() -> Path:
    return Path(os.environ["WARDMARK_TEST_GATES"])


def close(where: Path, point: str, thing: object) -> None:
    (where / f"{point}.{thing}.closed").touch()


def reached(where: Path, point: str, thing: object) -> bool:
    return (where / f"{point}.{thing}.reached").exists()


def open_all(where: Path) -> None:
    for path in where.iterdir():
        path.unlink()


def is_closed(point: str, thing: object) -> bool:
    """True once for whoever arrives, who thereby is known to have arrived."""
    if not (directory() / f"{point}.{thing}.closed").exists():
        return False
    (directory() / f"{point}.{thing}.reached").touch()
    return True


def wait_at(point: str, thing: object) -> None:
    while is_closed(point, thing):
        time.sleep(_POLL)


def render(payload: Mapping[str, str]) -> None:
    """The real handler, with a gate before, between and after its steps."""
    from certification.services import documents

    certificate = payload["certificate"]
    real_render, real_half, real_seal = documents.pdf.render, documents.storage._half, documents.sealing.seal
    real_issue, real_tell = documents._issue, documents._tell

    def laying_out(source: Any) -> bytes:
        # At work while it waits: the kill lands in the middle of a layout.
        while is_closed("laying-out", certificate):
            real_render(source)
        return real_render(source)

    def seal(content: bytes) -> bytes:
        signed = real_seal(content)
        wait_at("sealed", certificate)
        return signed

    def half_stored(path: Path, name: str, chunks: Iterable[bytes]) -> Any:
        return real_half(path, name, _pausing(chunks, certificate))

    def issue(*args: Any) -> None:
        wait_at("stored", certificate)
        real_issue(*args)

    def tell(*args: Any) -> None:
        real_tell(*args)
        wait_at("in-transaction", certificate)

    with (
        patch.object(documents.pdf, "render", laying_out),
        patch.object(documents.sealing, "seal", seal),
        patch.object(documents.storage, "_half", half_stored),
        patch.object(documents, "_issue", issue),
        patch.object(documents, "_tell", tell),
    ):
        documents.render(payload)
    wait_at("issued", certificate)


def _pausing(chunks: Iterable[bytes], certificate: str) -> Iterator[bytes]:
    for chunk in chunks:
        middle = len(chunk) // 2
        yield chunk[:middle]
        wait_at("half-stored", certificate)
        yield chunk[middle:]


def install() -> None:
    """For the life of a worker: reminders, addressing, networks and the holders of a response in small chunks and jobs of few
    messages, and a gate in each one's transaction after everything is written.
    """
    from advisories.models import BulletinRecipient
    from advisories.services import delivery, network_mail, responses
    from certification.services import reminders

    real, real_lists, real_address = responses.notify.send_all, reminders._promise_lists, delivery._address
    chunks, parts = itertools.count(1), itertools.count(1)

    def send_all(messages: Sequence[Any], **options: Any) -> int:
        written = real(messages, **options)
        wait_at("reminding", next(chunks))
        return written

    def promise_lists(*args: Any, **more: Any) -> int:
        promised = real_lists(*args, **more)
        wait_at("reminding", next(parts))
        return promised

    def address(bulletin: Any, *args: Any) -> None:
        real_address(bulletin, *args)
        wait_at("addressing", BulletinRecipient.objects.filter(bulletin=bulletin).count())

    # The floor's own function: whoever tells many people at once comes by.
    responses.notify.send_all = send_all
    reminders.CHUNK = REMINDERS_CHUNK  # type: ignore[misc]
    responses.notify.TOGETHER = MAILINGS_BATCH  # type: ignore[misc]
    reminders._promise_lists = promise_lists
    responses.CHUNK = REMINDERS_CHUNK  # type: ignore[misc]
    network_mail.CHUNK = REMINDERS_CHUNK  # type: ignore[misc]
    delivery.CHUNK = ADDRESSING_CHUNK  # type: ignore[misc]
    delivery._address = address
