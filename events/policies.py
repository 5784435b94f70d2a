"""Who may do what with a subject. `Model.objects.visible_to` says the same as `can_view_subject`, for lists."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _

from accounts.selectors import Viewer, authority
from core.policies import ALLOWED, Decision, denied
from events.models import Subject


def can_view_subject(user: Viewer, subject: Subject, *, fresh: bool = False) -> Decision:
    who = authority(user, fresh=fresh)
    if who.is_auditor or who.member_of(subject.organisation_id) or who.serves(subject.area_id):
        return ALLOWED
    return denied(_("This belongs to another organisation."))


def can_register(user: Viewer, organisation_id: uuid.UUID, *, fresh: bool = False) -> Decision:
    if authority(user, fresh=fresh).can_edit_for(organisation_id):
        return ALLOWED
    return denied(_("Only owners and editors of an organisation can register its places, events and projects."))


def can_edit_subject(user: Viewer, subject: Subject, *, fresh: bool = False) -> Decision:
    if not authority(user, fresh=fresh).can_edit_for(subject.organisation_id):
        return denied(_("Only owners and editors of the organisation can change this."))
    if subject.archived_at is not None:
        return denied(_("This is archived. Bring it back from the archive before you change it."))
    return ALLOWED


def can_archive_subject(user: Viewer, subject: Subject, *, fresh: bool = False) -> Decision:
    """Into the archive and back. Whether the state allows it is the service's question."""
    if not authority(user, fresh=fresh).can_edit_for(subject.organisation_id):
        return denied(_("Only owners and editors of the organisation can change this."))
    return ALLOWED


def can_hand_over(user: Viewer, subject: Subject, organisation_id: uuid.UUID, *, fresh: bool = False) -> Decision:
    """To another organisation: neither side decides on that, nor does anybody who belongs to one."""
    who = authority(user, fresh=fresh)
    if not who.authorises(subject.area_id):
        return denied(_("Only an authorising officer of the police area can hand this over to another organisation."))
    if who.member_of(subject.organisation_id) or who.member_of(organisation_id):
        return denied(_("You belong to one of the two organisations."))
    return ALLOWED


def can_register_anything(user: Viewer) -> Decision:
    """Also who may search the venues of all organisations for one to hold an event at."""
    who = authority(user)
    if any(who.can_edit_for(organisation_id) for organisation_id in who.organisations):
        return ALLOWED
    return denied(_("Only owners and editors of an organisation can register its places, events and projects."))


def belongs_nowhere(user: Viewer) -> Decision:
    """Somebody who signed up and is of no organisation, no police area and no national role yet."""
    who = authority(user)
    if who.user_id is not None and not who.organisations and not who.areas and not who.national_role:
        return ALLOWED
    return denied(_("This is for people who are not in an organisation yet."))
