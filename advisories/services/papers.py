"""A bulletin as a PDF: drawn by the worker when it is published, updated or retracted, kept under a name that says of what.

No row tells of it: the name is the bulletin, its state, its content and the design, so that what is found is right.
"""

from __future__ import annotations

from collections.abc import Mapping

from advisories.documents import bulletins as documents
from advisories.models import Bulletin
from core import outbox, pdf, storage

__all__ = ["opened", "promise", "render"]


def promise(bulletin: Bulletin) -> None:
    """In the transaction that moves it."""
    outbox.enqueue(
        kind="bulletin.paper",
        key=f"bulletin:{bulletin.pk}:paper:{bulletin.state}",
        payload={"bulletin": str(bulletin.pk)},
    )


def render(payload: Mapping[str, str]) -> None:
    """Outbox handler of `bulletin.paper`. As it stands when this runs; killed at any step and run again there is one file."""
    bulletin = Bulletin.objects.select_related("area").get(pk=payload["bulletin"])
    if not bulletin.is_released:
        return
    try:
        storage.once(_name(bulletin), lambda: pdf.render(documents.bulletin_pdf(bulletin)))
    except pdf.Unavailable as error:
        raise outbox.TryLater from error


def opened(bulletin: Bulletin) -> bytes | None:
    """None while the worker has not drawn it. Whoever asks has been let in by `visible_to`."""
    name = _name(bulletin)
    return storage.read_all(name) if bulletin.is_released and storage.exists(name) else None


def _name(bulletin: Bulletin) -> str:
    return f"advisories/papers/{bulletin.pk}/{bulletin.state}-{bulletin.content_hash}-{documents.TEMPLATE_VERSION}.pdf"
