"""How far a new design of the documents has come."""

from __future__ import annotations

from dataclasses import dataclass

from certification.domain import lifecycle
from certification.models import Certificate
from certification.selectors.certificate_files import lacking
from core import outbox


@dataclass(frozen=True, slots=True)
class Progress:
    """`standing` certificates, of which `lacking` have no document in the current design. `waiting` jobs and those that
    were `given_up` are of all areas.
    """

    standing: int
    lacking: int
    waiting: int
    given_up: int

    @property
    def current(self) -> int:
        return self.standing - self.lacking

    @property
    def is_running(self) -> bool:
        return self.waiting > 0


def progress(version: str, *, area: str = "") -> Progress:
    """Three queries; counting 200,000 rows takes a tenth of a second, on an administrator's page."""
    standing = Certificate.objects.filter(state__in=lifecycle.CERTIFICATE_STANDING)
    if area:
        standing = standing.filter(area_id=area)
    jobs = [entry for entry in outbox.backlog() if entry.kind in {"certificate.redraw", "certificate.reissue"}]
    return Progress(
        standing=standing.count(),
        lacking=lacking(version, area=area).count(),
        waiting=sum(entry.waiting for entry in jobs),
        given_up=sum(entry.given_up for entry in jobs),
    )
