from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from core.errors import InvalidInput
from events import policies
from events.domain.subjects import EventData, event_faults
from events.models import Event, Venue
from events.services import _subjects
from events.services._subjects import TierWouldChange

__all__ = ["TierWouldChange", "archive", "change", "register", "restore"]


def register(*, actor: User, organisation_id: UUID, data: EventData) -> Event:
    """Raises InvalidInput with the field's name; an organisation that is not the actor's is NotPermitted, known or not."""
    with transaction.atomic():
        now = timezone.now()
        Organisation.objects.select_for_update(of=("self",)).filter(pk=organisation_id).first()
        policies.can_register(actor, organisation_id, fresh=True).require()
        _subjects.refuse(event_faults(data, now=now))
        event = Event(organisation_id=organisation_id)
        _put(event, data)
        found = _subjects.determine(event, data, at=now)
        return _subjects.store_new(event, found, actor=actor, at=now)


def change(
    *, actor: User, event_id: UUID, data: EventData, expected_version: int, tier_change_confirmed: bool = False
) -> Event:
    """Raises Conflict on a stale version, TierWouldChange unless a move of the tier is confirmed."""
    with transaction.atomic():
        now = timezone.now()
        event = Event.objects.select_for_update(of=("self",)).get(pk=event_id)
        policies.can_edit_subject(actor, event, fresh=True).require()
        _subjects.check_version(event, expected_version)
        before = _subjects.snapshot(event)
        _subjects.refuse(event_faults(data, now=now, previous_start=event.starts_at))
        _put(event, data)
        found = _subjects.determine(event, data, at=now)
        return _subjects.store_change(
            event, found, before, actor=actor, at=now, tier_change_confirmed=tier_change_confirmed
        )


def archive(*, actor: User, event_id: UUID) -> Event:
    """Out of the lists; nothing is deleted."""
    with transaction.atomic():
        event = Event.objects.select_for_update(of=("self",)).get(pk=event_id)
        policies.can_archive_subject(actor, event, fresh=True).require()
        return _subjects.store_archived(event, actor=actor, at=timezone.now())


def restore(*, actor: User, event_id: UUID) -> Event:
    with transaction.atomic():
        event = Event.objects.select_for_update(of=("self",)).get(pk=event_id)
        policies.can_archive_subject(actor, event, fresh=True).require()
        return _subjects.store_archived(event, actor=actor, at=None)


def _put(event: Event, data: EventData) -> None:
    """At a venue of the register, of whichever organisation, place and police area are the venue's.

    Coordinates are left out there: they are the venue's own, and its organisation never gave them to this one.
    """
    venue = _host(event, data)
    if venue is not None:
        host_facts = {name: value for name, value in data.facts.items() if name not in {"host_tier", "host_use"}}
        data = replace(
            data,
            address=venue.address,
            town=venue.town,
            postcode=venue.postcode,
            area_code=venue.area_id,
            latitude=None,
            longitude=None,
            facts=host_facts,
        )
    _subjects.fill(event, data)
    event.venue = venue
    event.starts_at, event.ends_at = data.starts_at, data.ends_at
    event.police_assets_requested = data.police_assets_requested


def _host(event: Event, data: EventData) -> Venue | None:
    """A venue archived since may stay the host of an event that it has already, and become nobody's anew."""
    if data.venue_id is None:
        return None
    venue = Venue.objects.filter(pk=data.venue_id).first()
    if venue is None or (venue.archived_at is not None and venue.pk != event.venue_id):
        raise InvalidInput(_("This venue is not in the register any more. Choose another place."), "venue")
    return venue
