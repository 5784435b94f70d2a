"""One confirmation's page, and the rows of the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import PoliceArea, User
from accounts.selectors import authority
from advisories.domain import threat
from advisories.models import ResponseMeasures, ThreatConfirmation, ThreatNotice
from advisories.selectors import measures
from certification.domain import lifecycle

__all__ = ["ConfirmationPage", "Numbered", "Row", "areas_of", "numbered", "page_of", "row_of"]


@dataclass(frozen=True, slots=True)
class Row:
    """`late`: past its time and not confirmed. `ended`: no longer asked, whatever its state."""

    confirmation: ThreatConfirmation
    late: bool
    ended: bool

    @property
    def open(self) -> bool:
        return not self.ended

    @property
    def tag(self) -> str:
        if self.ended:
            return "closed"
        return "overdue" if self.late else self.confirmation.state

    @property
    def words(self) -> str:
        if self.ended:
            return _("No longer asked")
        if not self.late:
            return str(self.confirmation.get_state_display()).capitalize()
        return _("Overdue, not yet on") if self.confirmation.state == threat.NOT_YET else _("Overdue, no answer")


@dataclass(frozen=True, slots=True)
class ConfirmationPage:
    """`measures` None: none are written for the level, or they are not the viewer's to read (`readable`)."""

    row: Row
    measures: ResponseMeasures | None
    measures_version: int
    readable: bool
    notices: tuple[ThreatNotice, ...]

    @property
    def confirmation(self) -> ThreatConfirmation:
        return self.row.confirmation

    @property
    def wants_measures(self) -> bool:
        return self.confirmation.response.response in threat.AGREED


def row_of(confirmation: ThreatConfirmation, now: datetime) -> Row:
    """`certificate` and `response` come with it."""
    certificate = confirmation.certificate
    over = certificate.state != lifecycle.IN_FORCE or certificate.valid_until < timezone.localdate(now)
    ended = confirmation.state == threat.CLOSED or confirmation.response.ended_at is not None or over
    late = not ended and confirmation.state in threat.OUTSTANDING and confirmation.due_at <= now
    return Row(confirmation, late=late, ended=ended)


def page_of(confirmation: ThreatConfirmation, *, readable: bool, now: datetime) -> ConfirmationPage:
    """Two queries."""
    found = measures.of_certificate(confirmation.certificate).get(confirmation.response.response)
    return ConfirmationPage(
        row=row_of(confirmation, now),
        measures=found if readable else None,
        measures_version=found.version if found is not None else 0,
        readable=readable,
        notices=tuple(confirmation.notices.order_by("created_at", "pk")),
    )


@dataclass(frozen=True, slots=True)
class Numbered:
    """With the version of the measures that stand for the level asked, 0 for none."""

    row: Row
    measures_version: int


def numbered(confirmations: Sequence[ThreatConfirmation], now: datetime) -> list[Numbered]:
    """One query for all of them."""
    versions = measures.versions([one.certificate for one in confirmations])
    return [
        Numbered(row_of(one, now), versions.get((measures.subject_key(one.certificate), one.response.response), 0))
        for one in confirmations
    ]


def areas_of(user: User) -> Mapping[str, str]:
    """Between which somebody may choose: an officer's own, an auditor's all; one query, none for whoever has one or none."""
    who = authority(user)
    if who.is_auditor:
        found = PoliceArea.objects.all()
    elif len(who.areas) > 1:
        found = PoliceArea.objects.filter(pk__in=list(who.areas))
    else:
        return {}
    return dict(found.values_list("code", "name"))
