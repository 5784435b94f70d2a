from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, User
from events import policies
from events.domain.subjects import ProjectData, project_faults
from events.models import Project
from events.services import _subjects
from events.services._subjects import TierWouldChange

__all__ = ["TierWouldChange", "archive", "change", "register", "restore"]


def register(*, actor: User, organisation_id: UUID, data: ProjectData) -> Project:
    """Raises InvalidInput with the field's name; an organisation that is not the actor's is NotPermitted, known or not."""
    with transaction.atomic():
        now = timezone.now()
        Organisation.objects.select_for_update(of=("self",)).filter(pk=organisation_id).first()
        policies.can_register(actor, organisation_id, fresh=True).require()
        _subjects.refuse(project_faults(data, today=timezone.localdate(now)))
        project = Project(organisation_id=organisation_id)
        _put(project, data)
        found = _subjects.determine(project, data, at=now)
        return _subjects.store_new(project, found, actor=actor, at=now)


def change(
    *, actor: User, project_id: UUID, data: ProjectData, expected_version: int, tier_change_confirmed: bool = False
) -> Project:
    """Raises Conflict on a stale version, TierWouldChange unless a move of the tier is confirmed."""
    with transaction.atomic():
        now = timezone.now()
        project = Project.objects.select_for_update(of=("self",)).get(pk=project_id)
        policies.can_edit_subject(actor, project, fresh=True).require()
        _subjects.check_version(project, expected_version)
        before = _subjects.snapshot(project)
        faults = project_faults(data, today=timezone.localdate(now), previous_opening=project.opens_on)
        _subjects.refuse(faults)
        _put(project, data)
        found = _subjects.determine(project, data, at=now)
        return _subjects.store_change(
            project, found, before, actor=actor, at=now, tier_change_confirmed=tier_change_confirmed
        )


def archive(*, actor: User, project_id: UUID) -> Project:
    """Out of the lists; nothing is deleted."""
    with transaction.atomic():
        project = Project.objects.select_for_update(of=("self",)).get(pk=project_id)
        policies.can_archive_subject(actor, project, fresh=True).require()
        return _subjects.store_archived(project, actor=actor, at=timezone.now())


def restore(*, actor: User, project_id: UUID) -> Project:
    with transaction.atomic():
        project = Project.objects.select_for_update(of=("self",)).get(pk=project_id)
        policies.can_archive_subject(actor, project, fresh=True).require()
        return _subjects.store_archived(project, actor=actor, at=None)


def _put(project: Project, data: ProjectData) -> None:
    _subjects.fill(project, data)
    project.project_type, project.use = data.project_type, data.use
    project.stage, project.opens_on = data.stage, data.opens_on
