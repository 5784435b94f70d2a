"""Reads for the pages of plans."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from accounts.selectors import Viewer
from certification.domain import lifecycle
from certification.models import Certificate, Plan, Submission
from core import keyset
from events.models import Subject

_NEWEST_FIRST = ("-created_at", "-id")


def visible(user: Viewer) -> QuerySet[Plan]:
    """With everything that a page of one plan names; not the standard's text, which is kept compiled."""
    found = Plan.objects.visible_to(user).select_related("standard", "venue", "event__venue", "project")
    return found.select_related("organisation", "area", "reviewer", "renews", "decision").defer("standard__document")


def with_venue(found: QuerySet[Plan]) -> QuerySet[Plan]:
    """For one criterion, which is read and saved most often: with the venue that most plans are for. An event or a
    project is read when it is asked for, since joining all of them to each takes longer than that.
    """
    return found.select_related("standard", "venue").defer("standard__document")


def of_subject(
    user: Viewer, subject: Subject, *, after: str = "", size: int = keyset.DEFAULT_SIZE
) -> keyset.Page[Plan]:
    """Newest first."""
    plans = (
        Plan.objects.visible_to(user)
        .filter(**{subject.kind: subject})
        .select_related("standard")
        .defer("standard__document")
    )
    return keyset.page(plans, order=_NEWEST_FIRST, after=after, size=size)


def certificates_of_subject(user: Viewer, subject: Subject) -> list[Certificate]:
    """One in force, and those before it: a handful in the life of a place, of which the newest 20 are shown."""
    found = Certificate.objects.visible_to(user).filter(**{subject.kind: subject})
    return list(found.order_by("-created_at", "-id")[:20])


def open_plan_of(subject: Subject) -> Plan | None:
    return Plan.objects.filter(**{subject.kind: subject}, state__in=lifecycle.PLAN_OPEN).first()


def submissions_of(plan: Plan) -> list[Submission]:
    """Newest first, without their snapshots."""
    return list(
        Submission.objects.filter(plan=plan).defer("snapshot").select_related("submitted_by").order_by("-number")
    )


def last_submission(plan: Plan) -> int | None:
    """Its number."""
    return Submission.objects.filter(plan=plan).order_by("-number").values_list("number", flat=True).first()


def submission(user: Viewer, plan_id: uuid.UUID) -> QuerySet[Submission]:
    """The submissions of a plan that the person may see."""
    return Submission.objects.filter(plan__in=Plan.objects.visible_to(user).filter(pk=plan_id)).select_related(
        "submitted_by"
    )
