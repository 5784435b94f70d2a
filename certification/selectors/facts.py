"""The facts that a plan is judged by: the subject's own while it is written, the snapshot's once submitted."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from certification.models import Plan
from events import selectors as events
from events.models import Event, Project, Subject, Venue


def subject_of(plan: Plan) -> Subject:
    """The one of three that is set (a constraint sees to it)."""
    subject = plan.venue or plan.event or plan.project
    assert subject is not None  # noqa: S101 - by certification_plan_one_subject
    return subject


def kind_of(plan: Plan) -> str:
    """Without loading the subject."""
    if plan.venue_id is not None:
        return Venue.kind
    return Event.kind if plan.event_id is not None else Project.kind


def facts_of(plan: Plan) -> dict[str, object]:
    """The facts of `when`, as the subject stands now."""
    return events.subject_facts(subject_of(plan))


def needed_by(subject: Subject, *, certificate_until: date | None = None) -> date | None:
    """The day by which a decision is wanted: the event starts, the project opens, the present certificate ends."""
    if certificate_until is not None:
        return certificate_until
    if isinstance(subject, Event):
        return timezone.localdate(subject.starts_at)
    return subject.opens_on if isinstance(subject, Project) else None
