"""Which standard is in force, and a stored standard as the typed data that scores are made of."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date
from threading import Lock
from typing import Final

from certification.domain.standard import Standard
from certification.models import StandardVersion

_KEPT: Final = 16
_compiled: OrderedDict[str, Standard] = OrderedDict()
_lock = Lock()


def standard_in_force(on: date) -> StandardVersion | None:
    """The newest published version whose date has come; its document is loaded only if asked for."""
    return (
        StandardVersion.objects.filter(state=StandardVersion.State.PUBLISHED, effective_from__lte=on)
        .defer("document")
        .order_by("-effective_from", "-pk")
        .first()
    )


def compiled(version: StandardVersion) -> Standard:
    """Kept by the document's hash, so a row whose document changed is compiled anew and equal documents once."""
    with _lock:
        known = _compiled.get(version.sha256)
        if known is not None:
            _compiled.move_to_end(version.sha256)
            return known
    standard = Standard.from_dict(version.document)
    with _lock:
        _compiled[version.sha256] = standard
        while len(_compiled) > _KEPT:
            _compiled.popitem(last=False)
    return standard


def versions() -> list[StandardVersion]:
    """Every version, newest first. An administrator's list: there are a handful in a decade."""
    return list(
        StandardVersion.objects.defer("document")
        .select_related("published_by")
        .order_by("-effective_from", "-pk")[:200]
    )
