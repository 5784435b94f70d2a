"""Reads over reports. Words are opened for those alone who may read them; lists hold none."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Appointment, PoliceArea, User
from accounts.selectors import Viewer, authority
from advisories.domain import sightings as rules
from advisories.models import Sighting, SightingFile, SightingStep
from core import crypto, keyset
from core.govuk.panels import FileRow, TimelineItem
from events.models import Event, Project, Subject, Venue

__all__ = [
    "Report",
    "SightingPage",
    "areas_with_officers",
    "file_name",
    "new_in_areas",
    "own",
    "own_subjects",
    "queue",
    "read_report",
    "reply_of",
    "sealed",
    "sighting_page",
    "steps_of",
]

_NEWEST_FIRST: Final = ("-reported_at", "-id")
_MOST_SUBJECTS: Final = 200


@dataclass(frozen=True, slots=True)
class Report:
    """What the reporter wrote, as it is sealed."""

    where: str = ""
    description: str = ""
    people: str = ""
    vehicles: str = ""


def sealed(report: Report, pk: uuid.UUID) -> str:
    return crypto.encrypt_text(json.dumps(asdict(report)), about=f"sighting:{pk}:report")


def read_report(sighting: Sighting) -> Report:
    """The caller has asked `policies.can_read`."""
    words = json.loads(crypto.decrypt_text(sighting.sealed_report, about=f"sighting:{sighting.pk}:report"))
    return Report(**{field.name: str(words.get(field.name, "")) for field in fields(Report)})


def own(user: User, *, after: str = "", size: int = keyset.DEFAULT_SIZE) -> keyset.Page[Sighting]:
    found = Sighting.objects.filter(reporter=user).select_related("area")
    return keyset.page(found, order=_NEWEST_FIRST, after=after, size=size)


def queue(user: User, *, state: str = "", after: str = "", size: int = keyset.DEFAULT_SIZE) -> keyset.Page[Sighting]:
    """Of the officer's areas, or for an auditor of all. Without a state, what is not closed."""
    found: QuerySet[Sighting] = Sighting.objects.all()
    if not authority(user).is_auditor:
        found = Sighting.objects.for_officer(user)
    found = found.filter(state=state) if state in rules.STATES else found.filter(state__in=rules.OPEN)
    return keyset.page(found.select_related("area", "handler"), order=_NEWEST_FIRST, after=after, size=size)


def new_in_areas(user: User) -> int:
    """How many nobody has looked at, for the officer's first pages."""
    return Sighting.objects.for_officer(user).filter(state=rules.NEW).count()


def areas_with_officers() -> QuerySet[PoliceArea]:
    """Where a report would be read by somebody."""
    serving = Appointment.objects.filter(ended_at__isnull=True, user__is_active=True).values("area_id")
    return PoliceArea.objects.filter(pk__in=serving).order_by("name")


def own_subjects(user: Viewer) -> Mapping[str, Subject]:
    """`kind:id` → subject, of the person's organisations; what is in use, newest first."""
    mine = list(authority(user).organisations)
    if not mine:
        return {}
    found: dict[str, Subject] = {}
    for model in (Venue, Event, Project):
        rows = model.objects.filter(organisation_id__in=mine, archived_at__isnull=True).select_related("area")
        found |= {f"{model.kind}:{row.pk}": row for row in rows.order_by("-created_at", "-pk")[:_MOST_SUBJECTS]}
    return found


@dataclass(frozen=True, slots=True)
class SightingPage:
    """`report` None: the viewer may know of it and not read it; then there are no files and no replies either."""

    sighting: Sighting
    report: Report | None
    files: tuple[FileRow, ...]
    timeline: tuple[TimelineItem, ...]
    own: bool


def sighting_page(sighting: Sighting, user: User, *, may_read: bool) -> SightingPage:
    """Two queries: files and steps. The caller says what `policies.sightings` answered."""
    own_report = sighting.reporter_id == user.pk
    files = sighting.files.order_by("uploaded_at", "pk") if may_read else ()
    return SightingPage(
        sighting=sighting,
        report=read_report(sighting) if may_read else None,
        files=tuple(_file(file) for file in files),
        timeline=tuple(_item(step, readable=may_read, own=own_report) for step in steps_of(sighting)),
        own=own_report,
    )


def steps_of(sighting: Sighting) -> list[SightingStep]:
    return list(sighting.steps.select_related("by", "area").order_by("at", "pk"))


def reply_of(step: SightingStep) -> str:
    """The caller has asked `policies.can_read`."""
    return crypto.decrypt_text(step.sealed_reply, about=f"sightingstep:{step.pk}:reply") if step.sealed_reply else ""


def file_name(file: SightingFile) -> str:
    return crypto.decrypt_text(file.sealed_name, about=f"sightingfile:{file.pk}:name")


def _file(file: SightingFile) -> FileRow:
    opens = file.scan == SightingFile.Scan.CLEAN
    return FileRow(
        name=file_name(file),
        size=file.size,
        status=file.scan,
        status_text=_scan_text(file.scan),
        url=reverse("advisories:sighting_file", args=[file.sighting_id, file.pk]) if opens else "",
        remove_url="",
        when=file.uploaded_at,
        who="",
    )


def _scan_text(scan: str) -> str:
    return {
        SightingFile.Scan.PENDING: _("Being scanned"),
        SightingFile.Scan.CLEAN: _("Scanned"),
        SightingFile.Scan.INFECTED: _("Refused: malware found"),
        SightingFile.Scan.HELD: _("Held: no scanner"),
    }[SightingFile.Scan(scan)]


def _item(step: SightingStep, *, readable: bool, own: bool) -> TimelineItem:
    titles = {
        "report": _("Reported"),
        "see": _("Read by the police"),
        "readdress": _("Sent to %(area)s") % {"area": step.area},
        "pass_on": _("Passed on"),
        "close": _("Closed"),
        "reopen": _("Opened again"),
    }
    outcome = f"{step.get_outcome_display().capitalize()}. " if step.outcome else ""
    # The reporter deals with the police of an area, not with one officer.
    who = _("police, %(area)s") % {"area": step.area} if own and step.action != "report" else str(step.by)
    return TimelineItem(
        title=titles[step.action], when=step.at, who=who, body=f"{outcome}{reply_of(step) if readable else ''}".strip()
    )
