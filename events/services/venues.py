from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, User
from events import policies
from events.domain.subjects import VenueData
from events.models import Venue
from events.services import _subjects
from events.services._subjects import TierWouldChange

__all__ = ["TierWouldChange", "archive", "change", "register", "restore"]


def register(*, actor: User, organisation_id: UUID, data: VenueData) -> Venue:
    """Raises InvalidInput with the field's name; an organisation that is not the actor's is NotPermitted, known or not."""
    with transaction.atomic():
        now = timezone.now()
        Organisation.objects.select_for_update(of=("self",)).filter(pk=organisation_id).first()
        policies.can_register(actor, organisation_id, fresh=True).require()
        venue = Venue(organisation_id=organisation_id, use=data.use)
        _subjects.fill(venue, data)
        found = _subjects.determine(venue, data, at=now)
        return _subjects.store_new(venue, found, actor=actor, at=now)


def change(
    *, actor: User, venue_id: UUID, data: VenueData, expected_version: int, tier_change_confirmed: bool = False
) -> Venue:
    """Raises Conflict on a stale version, TierWouldChange unless a move of the tier is confirmed.

    Events held here keep the tier that was determined for them; their pages say that the venue's has moved on.
    """
    with transaction.atomic():
        now = timezone.now()
        venue = Venue.objects.select_for_update(of=("self",)).get(pk=venue_id)
        policies.can_edit_subject(actor, venue, fresh=True).require()
        _subjects.check_version(venue, expected_version)
        before = _subjects.snapshot(venue)
        venue.use = data.use
        _subjects.fill(venue, data)
        found = _subjects.determine(venue, data, at=now)
        return _subjects.store_change(
            venue, found, before, actor=actor, at=now, tier_change_confirmed=tier_change_confirmed
        )


def archive(*, actor: User, venue_id: UUID) -> Venue:
    """Out of the lists and of the search for a place to hold an event; nothing is deleted."""
    with transaction.atomic():
        venue = Venue.objects.select_for_update(of=("self",)).get(pk=venue_id)
        policies.can_archive_subject(actor, venue, fresh=True).require()
        return _subjects.store_archived(venue, actor=actor, at=timezone.now())


def restore(*, actor: User, venue_id: UUID) -> Venue:
    with transaction.atomic():
        venue = Venue.objects.select_for_update(of=("self",)).get(pk=venue_id)
        policies.can_archive_subject(actor, venue, fresh=True).require()
        return _subjects.store_archived(venue, actor=actor, at=None)
