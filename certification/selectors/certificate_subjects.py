"""What a certificate says of its subject: read from the submission that was decided on, never from the live row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from certification.selectors.snapshots import Snapshot
from core.govuk.formats import uk_date
from events.models import Event, Project

__all__ = ["DecidedSubject", "decided_subject"]


@dataclass(frozen=True, slots=True)
class DecidedSubject:
    """`starts_on` and `ends_on` are the UK dates of an event, `opens_on` a project's; None otherwise."""

    kind: str
    name: str
    place: str
    holder: str
    people: int
    starts_on: date | None = None
    ends_on: date | None = None
    opens_on: date | None = None
    stage: int | None = None

    @property
    def scope(self) -> str:
        """What is covered, in words that may be shown to anybody."""
        people = f"{self.people:,}"
        if self.starts_on is not None and self.ends_on is not None:
            return _("The event on %(dates)s, for no more than %(people)s people at one time, staff included.") % {
                "dates": _span(self.starts_on, self.ends_on),
                "people": people,
            }
        if self.opens_on is not None:
            return _(
                "The project at RIBA stage %(stage)s, designed for no more than %(people)s people at one time, "
                "until it opens (expected %(opens)s). It does not cover the opened building."
            ) % {"stage": self.stage, "people": people, "opens": uk_date(self.opens_on)}
        return _("The venue in its ordinary use, for no more than %(people)s people at one time, staff included.") % {
            "people": people
        }


def decided_subject(snapshot: Snapshot) -> DecidedSubject:
    subject, facts = snapshot.subject, snapshot.facts
    kind = str(subject["kind"])
    is_event, is_project = kind == Event.kind, kind == Project.kind
    return DecidedSubject(
        kind=kind,
        name=str(subject["name"]),
        place=f"{subject['town']}, {subject['postcode']}",
        holder=str(subject["organisation"]),
        people=int(subject["expected_attendance"]),
        starts_on=_uk_day(subject["starts_at"]) if is_event else None,
        ends_on=_uk_day(subject["ends_at"]) if is_event else None,
        opens_on=date.fromisoformat(subject["opens_on"]) if is_project else None,
        stage=int(str(facts["project_stage"])) if is_project else None,
    )


def _uk_day(moment: str) -> date:
    return timezone.localdate(datetime.fromisoformat(moment))


def _span(first: date, last: date) -> str:
    if first == last:
        return uk_date(first)
    return _("%(first)s to %(last)s") % {"first": uk_date(first), "last": uk_date(last)}
